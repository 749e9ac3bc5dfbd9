"""Events of a long recording become rows of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.clip_rows import NewClip
from fsl_desktop.core.sound_places import recorded
from fsl_desktop.ui.session import Session

_SAME = 1e-3
"""Seconds between times that are one."""


def make_rows(
    session: Session, recording: Path, events: Sequence[Detection], class_ids: Mapping[str, int] | None
) -> tuple[int, int] | None:
    """(rows that were added, events that are rows already), one step to undo; ``None`` where it failed (and
    was told). With ``class_ids`` by label the rows are labelled with what was heard."""
    known = _spans_of(session, recording)
    there = {info.id for info in session.classes}
    clips, doubles = [], 0
    for one in events:
        if len(known) and bool((np.abs(known - (one.start, one.end)) < _SAME).all(axis=1).any()):
            doubles += 1
            continue
        class_id = (class_ids or {}).get(one.label)
        labels = (class_id,) if class_id in there else ()
        clips.append(NewClip(recording, one.start, one.end, labels))
    if clips and session.add_clips(clips) is None:
        return None
    return len(clips), doubles


def _spans_of(session: Session, recording: Path) -> np.ndarray:
    """(n, 2) start and end of the parts of a recording that are rows and not removed."""
    clips = session.table.clips
    if clips is None:
        return np.zeros((0, 2))
    written = recorded(session.project.folder, recording)
    rows = clips.rows_of(file.id for file in clips.files.values() if file.path == written)
    rows = rows[~session.table.removed[rows]]
    return np.stack([clips.starts[rows], clips.ends[rows]], axis=1)
