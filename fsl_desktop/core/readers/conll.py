"""Files of tokens with tags as texts: a row is a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from fsl_desktop.core.formats.conll import TEXT, Sentence, sentences, spans_of, tokens_of
from fsl_desktop.core.formats.spans import SPANS, as_cell
from fsl_desktop.core.readers.lines import TextFile
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.source import Cancelled, Entry, problem, too_long

NO_TAG = "Row {row} has a token without a tag. Write a tag such as O or B-PER behind it."
TOKENS = "tokens"
_MAX_COLUMNS = 100
_BAD = "\x00"
"""In the place of a line that cannot be read: it has no tag, so its sentence is told of."""


class ConllFile(TextFile):
    """An open file; a row's number is the line of its first token. The columns are ``text``, ``spans`` (as
    ``formats.spans`` writes them), ``tokens`` (a JSON list, only where the text does not tell them), and what
    comments say."""

    format = "conll"
    delimiter = ""
    header = True
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, encoding: str | None) -> None:
        super().__init__(path, encoding)
        self.names = ["text", SPANS, TOKENS]
        self._about: dict[str, int] = {}
        self._faults: dict[int, Entry] = {}

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]:
        self._faults.clear()
        for sentence in sentences(self._lines(cancelled)):
            if sentence.bad:
                yield self._faults.get(sentence.bad) or problem(sentence.bad, NO_TAG)
            elif sentence.tokens:
                yield sentence.line, self._cells(sentence)

    def _lines(self, cancelled: Cancelled) -> Iterator[tuple[int, str]]:
        for number, line in self.numbered(cancelled):
            fault = too_long(number) if line is None else self.fault(number, line)
            if fault is not None:
                self._faults[number] = fault
            yield number, _BAD if line is None or fault is not None else line

    def _cells(self, sentence: Sentence) -> list[str]:
        text, places = sentence.text()
        spans = spans_of(sentence.tags, places)
        tokens = "" if tokens_of(text, spans) == places else json.dumps(sentence.tokens, ensure_ascii=False)
        cells = [text, as_cell(spans), tokens]
        for name, value in sentence.about.items():
            if name != TEXT and (place := self._place(name)):
                cells += [""] * (place + 1 - len(cells))
                cells[place] = value
        return cells

    def _place(self, name: str) -> int:
        """The column of what comments call ``name``; 0 where there are too many already."""
        if name not in self._about and len(self.names) < _MAX_COLUMNS:
            self._about[name] = len(self.names)
            self.names.append(unique_names([*self.names, name])[-1])
        return self._about.get(name, 0)
