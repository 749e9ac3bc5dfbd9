"""Column names: every column has one, and no two share it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_UNWRITABLE = re.compile("[\ud800-\udfff]")


def unique_names(raw: Iterable[str]) -> list[str]:
    """Names stripped and folded onto one line; "" becomes "column 3", a second "text" becomes "text 2". What
    no database takes in a name is dropped (a NUL byte) or replaced (half a character)."""
    taken: set[str] = set()
    names = []
    cleaned = [_UNWRITABLE.sub("\ufffd", " ".join(name.replace("\x00", "").split())[:200]) for name in raw]
    given = set(cleaned)
    for position, name in enumerate(cleaned, start=1):
        base = name or f"column {position}"
        unique = base
        count = 2
        # A made-up name must not push out a column that is really called so.
        while unique in taken or (unique != name and unique in given):
            unique = f"{base} {count}"
            count += 1
        taken.add(unique)
        names.append(unique)
    return names


def first_free(name: str, form: str, taken: Callable[[str], bool]) -> str:
    """``name``, or ``form`` (of ``{name}`` and ``{number}``) with the first number from 2 that is free."""
    number, found = 1, name
    while taken(found):
        number += 1
        found = form.format(name=name, number=number)
    return found
