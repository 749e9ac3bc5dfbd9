"""Which dialect a table in plain text is written in: the one that makes its rows most alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fsl_desktop.core.readers.columns import name_match
from fsl_desktop.core.readers.dialect import Dialect
from fsl_desktop.core.readers.known_names import LABEL_NAMES, TEXT_NAMES
from fsl_desktop.core.readers.records import parse_sample

DELIMITERS = (",", ";", "\t", "|")


def sniff(lines: Sequence[str], *, ending: str, delimiter: str | None) -> tuple[Dialect, int]:
    """The dialect of the first lines of a file, and the number of fields that most rows have.

    ``delimiter`` is what the user chose, ``ending`` the format that the file's name promises.
    """
    usual = "\t" if ending == "tsv" else ","
    candidates = (delimiter,) if delimiter is not None else DELIMITERS
    best = Dialect("" if delimiter is None else delimiter)
    best_score = 0.5  # below that, the commas are those of sentences
    best_width = 1
    text = "".join(lines)
    for candidate in candidates:
        if delimiter is None and candidate not in text:
            continue
        for dialect in _variants(candidate, text):
            rows, bad = parse_sample(lines, dialect)
            score, width = _score(rows, bad)
            if delimiter is None:
                score += 0.01 * (candidate == usual)
            else:
                score = max(score, 0.51)
            # A plainer way of reading that does as well comes first and is kept.
            if score > best_score + 0.005:
                best, best_score, best_width = dialect, score, width
    return best, best_width


def _variants(delimiter: str, text: str) -> list[Dialect]:
    plain = Dialect(delimiter)
    if '"' not in text:
        return [plain]
    variants = [plain]
    if delimiter and f'{delimiter} "' in text:
        variants.append(replace(plain, blanks=True))
    if '\\"' in text:
        variants.append(replace(plain, backslash=True))
    variants.append(replace(plain, quotes=False))
    return variants


def _score(rows: Sequence[Sequence[str]], bad: int) -> tuple[float, int]:
    """How regular a way of reading makes the sample, 0..1.5, and the usual number of fields."""
    if not rows:
        return 0.0, 1
    counts = Counter(map(len, rows))
    width, frequency = max(counts.items(), key=lambda item: (item[1], item[0]))
    first = rows[0]
    named = len(first) > 1 and any(name_match(cell, TEXT_NAMES | LABEL_NAMES) == 2 for cell in first)
    if width == 1 and not named:
        return 0.0, 1
    share = frequency / (len(rows) + bad)
    if named:
        share += 0.5
    elif len(first) not in (width, width - 1):
        share *= 0.7
    return share, width
