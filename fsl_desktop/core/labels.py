"""Classes and the states a row's label can be in."""

from __future__ import annotations

from dataclasses import dataclass

UNLABELLED = 0
SKIPPED = -1
"""The user passed over the row; it is not asked about again and not trained on."""
UNSURE = -2
"""The user could not tell; not trained on, worth a second look."""

FIRST_SET = 1 << 20
"""Labels from here on stand for a set of classes, see ``label_sets``; class ids stay far below."""

MAX_CLASSES = 500


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """One class: ``id`` (1 and up, never reused in a project) is what rows refer to.

    ``position`` (0 and up) orders classes and decides key and colour.
    """

    id: int
    name: str
    position: int
    description: str = ""


def spoken_name(name: str) -> str:
    """A class name as words: ``card_arrival`` and ``CardArrival`` become ``card arrival``."""
    words: list[str] = []
    word = ""
    previous = ""
    for char in name:
        if char in "_-/. \t":
            words.append(word)
            word = ""
        elif char.isupper() and previous.islower():
            words.append(word)
            word = char
        else:
            word += char
        previous = char
    words.append(word)
    return " ".join(part for part in words if part).lower()
