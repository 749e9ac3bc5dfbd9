"""Label tracks of Audacity: start, end and label, parted by tabs; a second line may give frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.lines import bad, number, one_line, read_text, span_in

_BOX = "\\"
"""How a line with frequencies begins; it belongs to the line above."""


def read_audacity(path: Path) -> list[Detection]:
    """The labels of a track. Those of a moment have equal start and end. Raises :class:`UserError`."""
    found: list[Detection] = []
    for place, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        cells = line.split("\t", 2)
        if cells[0].strip() == _BOX and found:
            low, high = (number(cell) for cell in (*cells[1:], "", "")[:2])
            found[-1] = replace(found[-1], low=_known(low), high=_known(high))
            continue
        if len(cells) < 2:
            raise bad(
                path,
                place,
                "Line {line} of {file} has no start, end and label with tabs between. "
                "Correct it, or export the labels from Audacity again.",
            )
        start, end = span_in(path, place, cells[0], cells[1])
        found.append(Detection(start, end, cells[2].strip() if len(cells) > 2 else ""))
    return found


def audacity_text(events: Sequence[Detection]) -> str:
    """A label track. It has no place for confidences; tabs and line ends in names become spaces."""
    lines = []
    for one in sorted(events, key=lambda one: (one.start, one.end)):
        lines.append(f"{one.start:.6f}\t{one.end:.6f}\t{one_line(one.label)}")
        if one.low is not None and one.high is not None:
            lines.append(f"{_BOX}\t{one.low:.6f}\t{one.high:.6f}")
    return "".join(f"{line}\n" for line in lines)


def _known(frequency: float | None) -> float | None:
    """Audacity says -1 for a border that was not set."""
    return frequency if frequency is not None and frequency >= 0 else None
