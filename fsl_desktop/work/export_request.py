"""Taking labels away in another program's format: what the window asks for, and what it gets."""

from __future__ import annotations

from dataclasses import dataclass

from fsl_desktop.core.exports.kinds import Kind
from fsl_desktop.core.message import Message
from fsl_desktop.work.request import Request


@dataclass(frozen=True, slots=True)
class ExportLabels(Request):
    """Write the labels of a project as ``kind`` to ``path``, a file or a new folder -> Reply(Exported). Tells
    ``Progress(WRITING)``."""

    project: str
    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Exported:
    path: str
    n_rows: int = 0
    notes: tuple[Message, ...] = ()
    """What the format could not hold."""
