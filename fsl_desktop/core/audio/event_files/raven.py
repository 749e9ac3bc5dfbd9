"""Selection tables of Raven: a head, a row per box, parted by tabs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.lines import bad, number, one_line, read_text, span_in
from fsl_desktop.core.audio.info import RATE

START, END = "Begin Time (s)", "End Time (s)"
_LOW, _HIGH = "Low Freq (Hz)", "High Freq (Hz)"
_LABEL, _CONFIDENCE, _FILE, _PATH = "Annotation", "Confidence", "Begin File", "Begin Path"
_COLUMNS = ("Selection", "View", "Channel", START, END, _LOW, _HIGH, _FILE, _LABEL, _CONFIDENCE)
_LABELS = (_LABEL, "Label", "Class", "Species", "Common Name", "Species Code", "Call Type", "Type", "Tag")
"""Columns that labels are looked for in, in this order: everybody names theirs as they like."""
_OWN = frozenset(
    [_PATH, "File Offset (s)", "Delta Time (s)", "Begin Clock Time", "End Clock Time", *_COLUMNS]
)
HIGHEST = RATE / 2


def read_raven(path: Path) -> list[Detection]:
    """The selections of a table, each once where it has a row for the waveform and one for the spectrogram.

    Raises :class:`UserError`.
    """
    lines = read_text(path).split("\n")
    head = [cell.strip() for cell in lines[0].split("\t")]
    if START not in head or END not in head:
        raise bad(
            path,
            1,
            "Line {line} of {file} has no columns {start} and {end}. Save the table in Raven again.",
            start=START,
            end=END,
        )
    place_of = {name: place for place, name in reversed(list(enumerate(head)))}
    label = _label_column(head)
    found: dict[tuple[object, ...], Detection] = {}
    for number_of_line, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = line.split("\t")

        def cell(name: str, cells: list[str] = cells) -> str:
            place = place_of.get(name, len(cells))
            return cells[place] if place < len(cells) else ""

        start, end = span_in(path, number_of_line, cell(START), cell(END))
        selection = cell("Selection").strip()
        key = (selection, start, end) if selection else (number_of_line,)
        if key in found and cell("View").startswith("Waveform"):
            continue
        found[key] = Detection(
            start,
            end,
            cell(label).strip() if label else "",
            number(cell(_CONFIDENCE)),
            number(cell(_LOW)),
            number(cell(_HIGH)),
            cell(_FILE).strip() or cell(_PATH).strip(),
        )
    return list(found.values())


def raven_text(events: Sequence[Detection], file: str = "") -> str:
    """A selection table of the recording called ``file``. A box without frequencies reaches from 0 to what
    can be heard here, 8 kHz; tabs and line ends in names become spaces."""
    with_file = bool(file)
    names = [name for name in _COLUMNS if with_file or name != _FILE]
    rows = ["\t".join(names)]
    for place, one in enumerate(sorted(events, key=lambda one: (one.start, one.end)), start=1):
        low = 0.0 if one.low is None else one.low
        high = HIGHEST if one.high is None else one.high
        cells = [str(place), "Spectrogram 1", "1", f"{one.start:.6f}", f"{one.end:.6f}"]
        cells += [f"{low:.1f}", f"{high:.1f}", *([one_line(file)] if with_file else []), one_line(one.label)]
        rows.append("\t".join([*cells, "" if one.confidence is None else f"{one.confidence:.6f}"]))
    return "".join(f"{row}\n" for row in rows)


def _label_column(head: Sequence[str]) -> str:
    """Where the labels are, "" where nowhere: a known name, else the first column that is not Raven's own."""
    known = {name.casefold(): name for name in reversed(head)}
    for name in _LABELS:
        if name.casefold() in known:
            return known[name.casefold()]
    return next((name for name in head if name and name not in _OWN and "(" not in name), "")
