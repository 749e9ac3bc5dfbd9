"""One door to all formats of events."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.audacity import audacity_text, read_audacity
from fsl_desktop.core.audio.event_files.elan import HEAD, read_elan, write_elan
from fsl_desktop.core.audio.event_files.lines import number, read_text
from fsl_desktop.core.audio.event_files.raven import END, START, raven_text, read_raven
from fsl_desktop.core.audio.event_files.table import read_event_table, write_event_table
from fsl_desktop.core.audio.event_files.textgrid import read_textgrid, textgrid_text
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.writers_target import replacing


class Format(StrEnum):
    AUDACITY = "audacity"
    RAVEN = "raven"
    TEXTGRID = "textgrid"
    ELAN = "elan"
    CSV = "csv"


ENDINGS = {
    Format.AUDACITY: ".txt",
    Format.RAVEN: ".selections.txt",
    Format.TEXTGRID: ".TextGrid",
    Format.ELAN: ".eaf",
    Format.CSV: ".csv",
}

_READERS = {
    Format.AUDACITY: read_audacity,
    Format.RAVEN: read_raven,
    Format.TEXTGRID: read_textgrid,
    Format.ELAN: read_elan,
}


def write_events(
    path: Path, format: Format, events: Sequence[Detection], seconds: float, file: str = ""
) -> None:
    """Write the events of a recording that is called ``file`` and ``seconds`` long; an old file is replaced
    when the new one is complete. Raises :class:`UserError`."""
    if format is Format.CSV:
        write_event_table(path, [(file, events)], named=bool(file))
        return
    if format is Format.ELAN:
        with replacing(path) as temporary:
            write_elan(temporary, events, file)
        return
    if format is Format.AUDACITY:
        text = audacity_text(events)
    elif format is Format.RAVEN:
        text = raven_text(events, file)
    else:
        text = textgrid_text(events, seconds)
    with replacing(path) as temporary:
        # A lone surrogate cannot be written at all; a question mark beats a failed export.
        temporary.write_bytes(text.encode("utf-8", errors="replace"))


def format_of(path: Path) -> Format:
    """What a file is by its content. Raises :class:`UserError` for what is none of the formats."""
    text = read_text(path).lstrip()
    if text.startswith("<") and HEAD in text[:4000]:
        return Format.ELAN
    head = text.split("\n", 1)[0]
    if '"ooTextFile"' in head or head.strip() == "ooTextFile":
        return Format.TEXTGRID
    if START in head and END in head and "\t" in head:
        return Format.RAVEN
    cells = head.split("\t")
    if len(cells) > 1 and number(cells[0]) is not None and number(cells[1]) is not None:
        return Format.AUDACITY
    if any(separator in head for separator in ",;\t"):
        return Format.CSV
    raise UserError(
        "{file} is no list of events that is known here. Choose a label track of Audacity, a selection table"
        " of Raven, a TextGrid of Praat, a file of ELAN, or a CSV with the columns start, end and label.",
        file=path.name,
    )


def read_events(path: Path, format: Format | None = None) -> list[Detection]:
    """The events in a file, of whatever recording; ``None`` looks what it is. Raises :class:`UserError`."""
    kind = format_of(path) if format is None else format
    if kind is Format.CSV:
        return [one for events in read_event_table(path).values() for one in events]
    return _READERS[kind](path)
