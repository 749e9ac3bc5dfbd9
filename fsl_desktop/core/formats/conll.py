"""CoNLL's columns: a token with its tag on each line, an empty line behind each sentence.

The tags are BIO (IOB2, IOB1) or BIOES in the last column (CoNLL 2003, https://aclanthology.org/W03-0419/);
lines like ``# name = value`` before a sentence are about it (CoNLL-U, universaldependencies.org/format.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fsl_desktop.core.formats.spans import Span

ENDINGS = frozenset([".conll", ".bio", ".iob", ".iob2", ".bioes", ".conll2003"])
_TAG = re.compile(r"O|[BIESLU]-\S.*", re.DOTALL)
_ABOUT = re.compile(r"#\s*([^=]{1,100}?)\s*=\s*(.*)")
TEXT = "text"
_MOST_TOKENS = 100_000
_DOCUMENT = "-DOCSTART-"
# A token is a word, a mark, or one character of a script without spaces between words.
_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7a3]|[^\W_]+(?:['’][^\W_]+)*|\S")
_NO_SPACES = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff]")


@dataclass
class Sentence:
    """One block of lines; ``line`` is the number of its first token."""

    line: int
    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    bad: int = 0
    """A line without a tag; 0 for none."""

    def text(self) -> tuple[str, list[tuple[int, int]]]:
        """The text, and where each token stands in it. Where no comment tells the text, there is one space
        between words, and none between the characters of Chinese and Japanese."""
        told = self.about.get(TEXT, "")
        if told and (found := _aligned(told, self.tokens)):
            return told, found
        parts: list[str] = []
        places: list[tuple[int, int]] = []
        length = 0
        for token in self.tokens:
            if parts and not (_NO_SPACES.match(parts[-1][-1]) and _NO_SPACES.match(token[0])):
                parts.append(" ")
                length += 1
            parts.append(token)
            places.append((length, length + len(token)))
            length += len(token)
        return "".join(parts), places


def _aligned(text: str, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Where the tokens stand in ``text``, with nothing but spaces between; ``[]`` where they do not."""
    places: list[tuple[int, int]] = []
    reached = 0
    for token in tokens:
        start = text.find(token, reached)
        if start < 0 or text[reached:start].strip():
            return []
        reached = start + len(token)
        places.append((start, reached))
    return places if not text[reached:].strip() else []


def looks_like_conll(lines: Sequence[str]) -> bool:
    """Are these lines tokens with tags in the last column, parted by empty lines?"""
    filled = [line.split() for line in lines if line.strip() and not line.startswith(("#", _DOCUMENT))]
    if len(filled) < 2 or not any(not line.strip() for line in lines):
        return False
    tagged = sum(len(cells) > 1 and _TAG.fullmatch(cells[-1]) is not None for cells in filled)
    return tagged >= 0.95 * len(filled) and len({len(cells) for cells in filled}) <= 2


def sentences(lines: Iterable[tuple[int, str]]) -> Iterator[Sentence]:
    """The sentences in numbered lines. A line without a tag makes its sentence a bad one."""
    now: Sentence | None = None
    about: dict[str, str] = {}
    for number, line in lines:
        text = line.strip("\ufeff\r\n")
        if not text.strip():
            if now is not None:
                yield now
                now = None
            continue
        told = _ABOUT.fullmatch(text) if now is None else None
        if told is not None:
            about[told[1]] = told[2]
            continue
        if now is not None and len(now.tokens) >= _MOST_TOKENS:
            now.bad = now.bad or number
            continue
        cells = text.split("\t") if "\t" in text else text.split()
        if cells[0] == _DOCUMENT:
            continue
        if now is None:
            now, about = Sentence(number, about=about), {}
        if len(cells) < 2 or _TAG.fullmatch(cells[-1].strip()) is None or not cells[0].strip():
            now.bad = now.bad or number
            continue
        now.tokens.append(cells[0].strip())
        now.tags.append(cells[-1].strip())
    if now is not None:
        yield now


def spans_of(tags: Sequence[str], places: Sequence[tuple[int, int]]) -> list[Span]:
    """The spans that BIO or BIOES tags mean; an I without a B before it begins one (IOB1)."""
    found: list[Span] = []
    start, kind = -1, ""
    for place, tag in enumerate([*tags, "O"]):
        prefix, _, name = tag.partition("-")
        goes_on = prefix in ("I", "E", "L") and kind == name and start >= 0
        if start >= 0 and not goes_on:
            found.append(Span(places[start][0], places[place - 1][1], kind))
            start = -1
        if prefix != "O" and start < 0:
            start, kind = place, name
        if prefix in ("E", "L", "S", "U") and start >= 0:
            found.append(Span(places[start][0], places[place][1], kind))
            start = -1
    return found


def tokens_of(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Where the tokens of a text are: parted at spaces, and further where marks or borders of spans are."""
    borders = sorted({place for span in spans for place in span[:2]})
    found: list[tuple[int, int]] = []
    for word in re.finditer(r"\S+", text):
        inner = [place for place in borders if word.start() < place < word.end()]
        for start, end in zip([word.start(), *inner], [*inner, word.end()], strict=True):
            found += [(start + hit.start(), start + hit.end()) for hit in _TOKEN.finditer(text[start:end])]
    return found


def lines_of(
    text: str, spans: Sequence[Span], about: dict[str, str], tokens: Sequence[str] = ()
) -> list[str]:
    """A sentence as lines, the empty one behind it included. ``tokens`` are those that an import gave; they
    are used where they make the text. Of spans that overlap the earlier counts."""
    text, spans = _on_one_line(text, spans)
    places = _aligned(text, tokens) or tokens_of(text, spans)
    plain = Sentence(0, [text[start:end] for start, end in places]).text()[0]
    about = about if plain == text else {TEXT: text, **about}
    lines = [f"# {_flat(name.replace('=', ' '))} = {_flat(value)}" for name, value in about.items()]
    tags = ["O"] * len(places)
    reached = -1
    for span in sorted(spans):
        covered = [k for k, (start, end) in enumerate(places) if start < span.end and end > span.start]
        if not covered or covered[0] <= reached:
            continue
        reached = covered[-1]
        for k in covered:
            tags[k] = f"{'B' if k == covered[0] else 'I'}-{'_'.join(span.label.split())}"
    lines += [f"{text[start:end]}\t{tag}" for (start, end), tag in zip(places, tags, strict=True)]
    return [*lines, ""]


def _flat(text: str) -> str:
    return re.sub(r"\s", " ", text).strip()


def _on_one_line(text: str, spans: Sequence[Span]) -> tuple[str, Sequence[Span]]:
    """Ends of lines and the like as spaces; none at both ends, or the comment could not hold them."""
    flat = re.sub(r"\s", " ", text)
    before = len(flat) - len(flat.lstrip())
    moved = [Span(max(0, one.start - before), max(0, one.end - before), one.label) for one in spans]
    return flat.strip(), moved
