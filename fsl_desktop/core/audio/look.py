"""What is in the files, folders, tables and zips that a person chose, before any of it is read in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core.audio.archives import is_archive
from fsl_desktop.core.audio.columns import TableOptions
from fsl_desktop.core.audio.found import Found, Progress
from fsl_desktop.core.audio.info import HEARD_SECONDS
from fsl_desktop.core.audio.sound import probe
from fsl_desktop.core.audio.sources import find
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.source import Cancelled, stop_if
from fsl_desktop.core.readers.types import RowProblem

MOST_TOLD = 200
"""Problems that are told one by one."""
_PROBED = 60
"""Files whose length is looked at; of more, some all over the list."""


@dataclass(frozen=True, slots=True)
class SoundLook:
    """Nothing was decoded, so a file may yet turn out to be none."""

    n_clips: int
    n_labelled: int
    labels: tuple[str, ...]
    """In order of their names; different ones."""
    problems: tuple[RowProblem, ...]
    """``row`` is 0 where it is about a file and not about a row of a table."""
    n_problems: int
    notes: tuple[Message, ...]
    longest: float
    """Seconds of the longest of the files that were looked at; 0 where none could be."""
    share_long: float
    """The share of those that are longer than what is listened to of a clip."""


def look(
    given: Sequence[str | os.PathLike[str]],
    options: TableOptions | None = None,
    *,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> SoundLook:
    """Find the clips. Raises ``UserError`` where nothing at all can be used, and ``Stopped``.

    Zips are unpacked into a folder that is gone afterwards.
    """
    if any(is_archive(Path(one)) for one in given):
        with tempfile.TemporaryDirectory(prefix="fsl-look-", ignore_cleanup_errors=True) as folder:
            room = Path(folder)
            found = find(given, options, unpack_to=room, progress=progress, cancelled=cancelled)
            return _looked(found, cancelled)
    return _looked(find(given, options, progress=progress, cancelled=cancelled), cancelled)


def _looked(found: Found, cancelled: Cancelled) -> SoundLook:
    labels = sorted({clip.label for clip in found.clips if clip.label})
    problems = [RowProblem(one.row or 0, one.message) for one in found.problems]
    lengths = _lengths(list(dict.fromkeys(clip.path for clip in found.clips if clip.end is None)), cancelled)
    return SoundLook(
        len(found.clips),
        sum(bool(clip.label) for clip in found.clips),
        tuple(labels),
        tuple(problems[:MOST_TOLD]),
        len(problems),
        found.notes,
        max(lengths, default=0.0),
        sum(length > HEARD_SECONDS for length in lengths) / max(1, len(lengths)),
    )


def _lengths(paths: list[Path], cancelled: Cancelled) -> list[float]:
    """Seconds of some of the files."""
    step = max(1, len(paths) // _PROBED)
    found = []
    for path in paths[::step][:_PROBED]:
        stop_if(cancelled)
        try:
            found.append(probe(path).seconds)
        except UserError:
            continue  # the import tells it, file by file
    return found
