"""Which language the rows are written in: told by script, letters and the smallest words.

Small and without a model, because one question is asked of many rows at once: even where a single short
text cannot be told, hundreds of them can. The texts never leave this function.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from fsl_desktop.core.language_words import BY_SCRIPT, DENSE, LETTERS, NAMES, SCRIPTS, WORDS

UNDETERMINED = "und"
"""ISO 639's code for a language that cannot be told."""

_SAMPLE = 500
_CHARACTERS = 300
_TELLING_WORDS = 4
"""A text of so many words has one of the small words in it, in a language that is in the table."""
_TOLD = 0.35
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ANY_LETTER = re.compile("|".join(f"([{ranges}])" for _, ranges in SCRIPTS))
_ASCII_LETTER = re.compile(r"[A-Za-z]")
_WEB = re.compile(r"https?://\S+|[@#]\w+|\S+@\S+")


def sampled(n: int) -> list[int]:
    """Which of ``n`` rows are looked at: at most 500, evenly spread."""
    count = min(n, _SAMPLE)
    return [place * n // count for place in range(count)]


class LanguageVote:
    """Counts the languages of texts that are shown to it one by one."""

    def __init__(self) -> None:
        self._votes: Counter[str] = Counter()
        self._silent = 0

    def add(self, text: str) -> None:
        found = language_of(text)
        if found == UNDETERMINED:
            self._silent += 1
        elif found:
            self._votes[found] += 1

    def result(self) -> tuple[str, float]:
        """(ISO 639-1 code, share of the texts that could be told) of the most frequent language.

        ``und`` where there are words of no known language, "" where there are no words at all.
        """
        told = self._votes.total()
        if told + self._silent and told < _TOLD * (told + self._silent):
            return UNDETERMINED, 0.0
        if not told:
            return "", 0.0
        code, most = min(self._votes.items(), key=lambda item: (-item[1], item[0]))
        return code, most / told


def dominant_language(texts: Sequence[str]) -> tuple[str, float]:
    """The result of a vote of :func:`sampled` rows of ``texts``: 20 to 60 ms however long the table is, and
    the same answer each time."""
    vote = LanguageVote()
    for row in sampled(len(texts)):
        vote.add(texts[row])
    return vote.result()


def language_of(text: str) -> str:
    """The language of one text; "" where it says too little, ``und`` where its words are of none known."""
    text = _WEB.sub(" ", text[:_CHARACTERS])
    script = _script(text)
    if script == "latin":
        return _by_words(text, _latin())
    if script in BY_SCRIPT:
        found = _by_words(text, BY_SCRIPT[script])
        return BY_SCRIPT[script][0] if found in ("", UNDETERMINED) else found
    return script


def language_name(code: str) -> str:
    """English name of a language; the code itself where it has none here."""
    return NAMES.get(code, code)


def _script(text: str) -> str:
    """The script of most of the text; of Han and kana the language. "" without letters."""
    if text.isascii():
        return "latin" if _ASCII_LETTER.search(text) else ""
    counts: Counter[str] = Counter()
    for found in _ANY_LETTER.finditer(text):
        name = SCRIPTS[(found.lastindex or 1) - 1][0]
        counts[name] += 3 if name in DENSE else 1
    # Japanese is written in both; a single kana is a fashion in Chinese shop names.
    if counts["kana"] * 6 >= counts["han"] + counts["kana"]:
        counts["ja"] = counts.pop("kana", 0) + counts.pop("han", 0)
    else:
        counts["zh"] = counts.pop("kana", 0) + counts.pop("han", 0)
    name, most = max(counts.items(), key=lambda item: (item[1], item[0]))
    return name if most else ""


def _by_words(text: str, languages: Iterable[str]) -> str:
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    known, letters = _weights()
    scores = dict.fromkeys(languages, 0.0)
    for word in words:
        for language, weight in known.get(word, ()):
            if language in scores:
                scores[language] += weight
    for letter in set(text.lower()):
        for language, weight in letters.get(letter, ()):
            if language in scores:
                scores[language] += weight
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if ranked[0][1] > ranked[1][1]:
        return ranked[0][0]
    return UNDETERMINED if len(words) >= _TELLING_WORDS and ranked[0][1] == 0.0 else ""


@lru_cache(maxsize=1)
def _latin() -> tuple[str, ...]:
    others = {language for group in BY_SCRIPT.values() for language in group}
    return tuple(language for language in WORDS if language not in others)


Weights = dict[str, tuple[tuple[str, float], ...]]


@lru_cache(maxsize=1)
def _weights() -> tuple[Weights, Weights]:
    """Words and letters with their languages; what several share counts less for each."""
    return _shared({code: words.split() for code, words in WORDS.items()}), _shared(LETTERS)


def _shared(table: dict[str, list[str]] | dict[str, str]) -> Weights:
    owners: dict[str, list[str]] = {}
    for code, items in table.items():
        for item in items:
            owners.setdefault(item, []).append(code)
    return {item: tuple((code, 1.0 / len(codes)) for code in codes) for item, codes in owners.items()}
