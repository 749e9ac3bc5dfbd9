"""Whatever a person gives who wants to add sounds: files, folders, tables, archives, or a mixture."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from fsl_desktop.core.audio.archives import is_archive, unpack
from fsl_desktop.core.audio.columns import TableOptions
from fsl_desktop.core.audio.event_clips import Beside, events_format, from_events
from fsl_desktop.core.audio.folders import LEFT_OUT, from_folder
from fsl_desktop.core.audio.found import Found, FoundClip, FoundProblem, Progress
from fsl_desktop.core.audio.info import SoundInfo
from fsl_desktop.core.audio.kinds import is_sound_name
from fsl_desktop.core.audio.sound import probe
from fsl_desktop.core.audio.tables import from_table
from fsl_desktop.core.audio.trees import is_table_name
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.files import open_binary
from fsl_desktop.core.readers.source import Cancelled, stop_if

NO_SOUND_FILE = "{file} is no sound, table or zip. Choose WAV, FLAC, OGG, MP3 or M4A files."
ENDS_BEFORE = (
    "{file} is {seconds} seconds long, so there is nothing at {start}. Correct the start of the clip."
)


def find(
    given: Sequence[str | os.PathLike[str]],
    options: TableOptions | None = None,
    *,
    unpack_to: Path | None = None,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> Found:
    """The clips in files, folders, tables and zips, in the order given; nothing is decoded yet.

    Zips are unpacked into ``unpack_to``. What cannot be used is a problem, and the others go on. Raises
    :class:`UserError` where nothing at all can be used, with the first reason, and ``Stopped``.
    """
    found = Found()
    first: UserError | None = None
    for count, one in enumerate(given):
        stop_if(cancelled)

        def part(share: float, before: int = count) -> None:
            progress((before + share) / len(given))

        path = Path(os.path.abspath(one))
        try:
            found = found.and_(_find_one(path, options, unpack_to, part, cancelled))
        except UserError as error:
            first = first or error
            found = found.and_(Found(problems=(FoundProblem(path, None, error.message),)))
        part(1.0)
    if not found.clips:
        if first is not None:
            raise first
        if found.problems:
            raise UserError.of(found.problems[0].message)
        raise UserError("Nothing was chosen. Choose sound files or a folder with recordings.")
    return found


def check(
    found: Found,
    *,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> tuple[Found, dict[Path, SoundInfo]]:
    """Open every file once: what is no sound, or has nothing at a clip's start, becomes a problem.

    With it come the facts about each file that can be read. Raises ``Stopped`` alone.
    """
    infos: dict[Path, SoundInfo] = {}
    refused: dict[Path, Message] = {}
    good: list[FoundClip] = []
    problems = list(found.problems)
    for count, clip in enumerate(found.clips):
        stop_if(cancelled)
        path = clip.path
        if path not in infos and path not in refused:
            try:
                infos[path] = probe(path)
            except UserError as error:
                refused[path] = error.message
        message = refused.get(path) or _outside(clip, infos[path])
        if message is None:
            good.append(clip)
        else:
            problems.append(FoundProblem(path, clip.row, message))
        progress((count + 1) / len(found.clips))
    return Found(tuple(good), tuple(problems), found.notes), infos


def _find_one(
    path: Path,
    options: TableOptions | None,
    unpack_to: Path | None,
    progress: Progress,
    cancelled: Cancelled,
) -> Found:
    if path.is_dir():
        return from_folder(path, options, progress=progress, cancelled=cancelled)
    if is_archive(path):
        return _in_archive(path, options, unpack_to, progress, cancelled)
    if is_sound_name(path.name):
        with open_binary(path):
            return Found((FoundClip(path),))
    near = Beside(path.parent)
    if (events := events_format(path, near)) is not None:
        return from_events(path, events, near)
    if is_table_name(path.name):
        return from_table(path, options, progress=progress, cancelled=cancelled)
    with open_binary(path):
        raise UserError(NO_SOUND_FILE, file=path.name)


def _in_archive(
    path: Path,
    options: TableOptions | None,
    unpack_to: Path | None,
    progress: Progress,
    cancelled: Cancelled,
) -> Found:
    if unpack_to is None:
        raise UserError(
            "{file} is compressed (zip). Unpack it first, then choose the folder inside.", file=path.name
        )
    unpacked = unpack(path, unpack_to, progress=lambda share: progress(0.9 * share), cancelled=cancelled)
    try:
        inside = from_folder(unpacked.folder, options, inside=True, cancelled=cancelled)
    except BaseException:
        shutil.rmtree(unpacked.folder, ignore_errors=True)
        raise
    notes = (Message.of(LEFT_OUT, n=unpacked.left_out),) if unpacked.left_out else ()
    return Found((), unpacked.problems, notes).and_(inside)


def _outside(clip: FoundClip, info: SoundInfo) -> Message | None:
    if clip.start is None or clip.start < info.seconds:
        return None
    return Message.of(
        ENDS_BEFORE, file=clip.path.name, seconds=f"{info.seconds:.2f}", start=f"{clip.start:.2f}"
    )
