"""Events as a table: a row each, with the recording's name where there are several."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from fsl_desktop.core.audio.columns import END_NAMES, FILE_NAMES, START_NAMES, seconds_of
from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.lines import bad, number, read_text
from fsl_desktop.core.writers import looks_like_formula, write_table

COLUMNS = ("file", "start", "end", "label", "confidence", "low", "high")
_LABEL_NAMES = frozenset(
    ("label", "labels", "class", "annotation", "event", "event_label", "event_labels", "species", "tag")
).union(("name", "text", "标签", "类别", "ラベル"))
_DURATION_NAMES = frozenset(["duration", "dur", "length", "duration (s)"])


def write_event_table(
    path: Path, files: Iterable[tuple[str, Sequence[Detection]]], *, named: bool = True
) -> int:
    """Write a table (by its ending CSV, TSV, XLSX or JSONL) of pairs of a recording's name and its events;
    returns the number of events. ``named``: with a column for the recordings. Raises :class:`UserError`."""
    columns = COLUMNS if named else COLUMNS[1:]
    rows = (
        [*([file] if named else []), one.start, one.end, one.label, one.confidence, one.low, one.high]
        for file, events in files
        for one in events
    )
    return write_table(path, columns, rows)


def read_event_table(path: Path) -> dict[str, list[Detection]]:
    """Events by the recording's name, all under "" where no column names any. CSV with comma, semicolon or
    tab.

    Raises :class:`UserError`.
    """
    text = read_text(path)
    head = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: dict[str, list[Detection]] = {}
    places: dict[str, int] = {}
    try:
        for row in reader:
            if not places:
                places = _places(path, row)
                continue
            if not any(cell.strip() for cell in row):
                continue
            file, event = _event(path, reader.line_num, row, places)
            found.setdefault(file, []).append(event)
    except csv.Error as error:
        raise bad(
            path, reader.line_num, "Line {line} of {file} is damaged. Correct it or remove it."
        ) from error
    if not places:
        _places(path, [])
    return found


def _places(path: Path, head: Sequence[str]) -> dict[str, int]:
    """Which column is what."""
    names = [cell.strip().casefold() for cell in head]
    known = (
        ("file", FILE_NAMES),
        ("start", START_NAMES),
        ("end", END_NAMES),
        ("duration", _DURATION_NAMES),
        ("label", _LABEL_NAMES),
        ("confidence", frozenset(["confidence", "score", "probability"])),
        ("low", frozenset(["low", "low freq (hz)", "low_hz", "fmin"])),
        ("high", frozenset(["high", "high freq (hz)", "high_hz", "fmax"])),
    )
    places = {
        what: next(place for place, name in enumerate(names) if name in wanted)
        for what, wanted in known
        if any(name in wanted for name in names)
    }
    if "start" not in places or "label" not in places or not {"end", "duration"} & places.keys():
        raise bad(
            path,
            1,
            "Line {line} of {file} does not name columns start, end and label. Add a first line that does.",
        )
    return places


def _event(path: Path, line: int, row: Sequence[str], places: dict[str, int]) -> tuple[str, Detection]:
    def cell(what: str) -> str:
        place = places.get(what, len(row))
        return row[place].strip() if place < len(row) else ""

    start = seconds_of(cell("start"))
    end = seconds_of(cell("end"))
    lasting = seconds_of(cell("duration"))
    if end is None and start is not None and lasting is not None:
        end = start + lasting
    if start is None or end is None:
        raise bad(
            path,
            line,
            "Line {line} of {file} has no start and end in seconds. Correct it or remove the line.",
        )
    if end < start:
        raise bad(path, line, "Line {line} of {file} ends before it begins. Correct its times.")
    label = row[places["label"]] if places["label"] < len(row) else ""
    event = Detection(
        start, end, _plain(label), number(cell("confidence")), number(cell("low")), number(cell("high"))
    )
    return _plain(cell("file")), event


def _plain(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a text."""
    return text[1:] if text[:1] == "'" and looks_like_formula(text[1:]) else text
