"""TextGrids of Praat, long and short: tiers of intervals that follow each other without a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.layers import layers
from fsl_desktop.core.audio.event_files.lines import bad, number, read_text

_TOKEN = re.compile(r'"(?:[^"]|"")*"|"|<\w+>|!.*|\S+')
"""Praat reads texts, flags and numbers that stand alone, and passes over everything else: so the long and the
short format are one. ``!`` begins a remark; a single quotation mark is never closed."""
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_MOST_TIERS = 10_000
_MOST_ITEMS = 5_000_000


def read_textgrid(path: Path) -> list[Detection]:
    """Every interval and point that has a text, by start; a point's start is its end. Which tier it is on is
    not told. Raises :class:`UserError`."""
    tokens = _Tokens(path, read_text(path))
    if tokens.text() != "ooTextFile" or tokens.text() != "TextGrid":
        raise bad(path, 1, "{file} is no TextGrid of Praat, line {line} says. Choose another file.")
    tokens.number()
    tokens.number()
    found: list[Detection] = []
    if tokens.flag() != "<exists>":
        return found
    for _ in range(tokens.count(_MOST_TIERS)):
        kind = tokens.text()
        points = kind == "TextTier"
        if not points and kind != "IntervalTier":
            raise tokens.bad()
        tokens.text()
        tokens.number()
        tokens.number()
        for _ in range(tokens.count(_MOST_ITEMS)):
            start = tokens.number()
            end = start if points else tokens.number()
            line = tokens.line
            label = tokens.text().strip()
            if end < start or start < 0:
                raise bad(path, line, "Line {line} of {file} ends before it begins. Correct its times.")
            if label:
                found.append(Detection(start, end, label))
    return sorted(found, key=lambda one: (one.start, one.end))


def textgrid_text(events: Sequence[Detection], seconds: float) -> str:
    """A TextGrid in the long format for a recording of ``seconds``: a tier per class, named after it, whose
    intervals carry the name too. Where events of a class overlap there are further tiers of that name.
    Confidences and frequencies have no place in it."""
    end = max([seconds, *(one.end for one in events)])
    tiers: list[tuple[str, list[Detection]]] = []
    for name in sorted({one.label for one in events}):
        tiers += [(name, layer) for layer in layers([one for one in events if one.label == name])]
    if not tiers:
        tiers = [("", [])]  # Praat opens no grid without a tier
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {end:.6f}"]
    lines += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for place, (name, layer) in enumerate(tiers, start=1):
        intervals = list(_without_gaps(layer, end))
        lines += [f"    item [{place}]:", '        class = "IntervalTier"', f"        name = {_quoted(name)}"]
        lines += [
            "        xmin = 0",
            f"        xmax = {end:.6f}",
            f"        intervals: size = {len(intervals)}",
        ]
        for count, (first, last, text) in enumerate(intervals, start=1):
            lines += [f"        intervals [{count}]:", f"            xmin = {first:.6f}"]
            lines += [f"            xmax = {last:.6f}", f"            text = {_quoted(text)}"]
    return "".join(f"{line}\n" for line in lines)


def _without_gaps(layer: Sequence[Detection], end: float) -> Iterator[tuple[float, float, str]]:
    reached = 0.0
    for one in layer:
        first, last = round(one.start, 6), round(one.end, 6)
        if first > reached:
            yield reached, first, ""
        yield max(first, reached), last, one.label
        reached = last
    if round(end, 6) > reached or not layer:
        yield reached, end, ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\0", "").replace('"', '""') + '"'


class _Tokens:
    """What stands in a file of Praat's, one after the other."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text
        self._found = _TOKEN.finditer(text)
        self._at = self._counted = 0
        self._line = 1

    @property
    def line(self) -> int:
        """Of the token that was read last, from 1."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def bad(self) -> Exception:
        return bad(
            self._path,
            self.line,
            "{file} is damaged at line {line}: it is not what a TextGrid has there. Save it in Praat again.",
        )

    def text(self) -> str:
        token = self._next()
        if token[0] != '"' or len(token) < 2:
            raise self.bad()
        return token[1:-1].replace('""', '"')

    def number(self) -> float:
        value = number(self._next())
        if value is None:
            raise self.bad()
        return value

    def flag(self) -> str:
        token = self._next()
        if token[0] != "<":
            raise self.bad()
        return token

    def count(self, most: int) -> int:
        value = self.number()
        if value != int(value) or not 0 <= value <= most:
            raise self.bad()
        return int(value)

    def _next(self) -> str:
        for hit in self._found:
            token = hit.group()
            if token[0] in '"<' or _NUMBER.fullmatch(token):
                self._at = hit.start()
                return token
        self._at = len(self._text)
        raise self.bad()
