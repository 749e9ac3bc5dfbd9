"""A folder of recordings: one sub-folder per class, a flat heap, or a table that says what is what."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

from fsl_desktop.core.audio.columns import TableOptions
from fsl_desktop.core.audio.event_clips import in_tree
from fsl_desktop.core.audio.found import Found, FoundClip, FoundProblem, Progress
from fsl_desktop.core.audio.tables import from_table
from fsl_desktop.core.audio.trees import Tree, walk
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import clean_label
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.rows import MAX_LABEL
from fsl_desktop.core.readers.source import Cancelled

SPLITS = frozenset(
    ["train", "training", "test", "testing", "valid", "validation", "val", "dev", "eval", "evaluation"]
)
_TELLING = ("metadata", "labels")
"""Tables with these names say what is in the folder, even beside sub-folders."""
_NOT_TABLES = frozenset([".txt", ".text", ".json"])
"""Read-me files and settings lie in such folders more often than tables do."""
_TABLE_DEPTH = 3

NOT_USED = "{table} names no sound file of this folder, so the folder itself was read."
LEFT_OUT = "Files that are no sound and were left out: {n}."
NOT_NAMED = "Sound files that {table} does not name and that were left out: {n}."


def from_folder(
    folder: Path,
    options: TableOptions | None = None,
    *,
    inside: bool = False,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> Found:
    """Every recording under a folder.

    With a ``metadata`` or ``labels`` table in it (or any one table, where there are no sub-folders that could
    be classes) the table's rows are the clips. Else each file is one, and the name of the sub-folder its
    label, unless a file of events (Audacity, Raven, Praat, ELAN) is named after it: then its events are the
    clips. Sub-folders called train, test and the like are not classes but go into ``extra["split"]``. A
    folder around everything is passed over. ``inside`` refuses rows that lead out of the folder. Raises
    :class:`UserError` for a folder without sound, and ``Stopped``.
    """
    tree = walk(folder, cancelled)
    wrapped = _unwrapped(tree)
    found, used = _by_tables(tree, wrapped, options or TableOptions(), inside, progress, cancelled)
    by_events = 0
    if not used:
        splits = _has_splits(tree, wrapped)
        events, heard, by_events = in_tree(tree, tree.root if inside else None, cancelled)
        clips = (_clip(tree.root, parts, wrapped, splits) for parts in tree.sounds)
        whole = tuple(clip for clip in clips if clip.path not in heard)
        found = Found(whole).and_(events).and_(found)
    if not found.clips and not found.problems and not tree.problems:
        raise UserError(
            "There is no sound file in {folder}. Choose a folder with recordings in it.", folder=folder.name
        )
    left = tree.others + max(0, len(tree.tables) + len(tree.events) - used - by_events)
    notes = (Message.of(LEFT_OUT, n=left),) if left else ()
    bad = tuple(_long_label(clip) for clip in found.clips if len(clip.label or "") > MAX_LABEL)
    good = tuple(clip for clip in found.clips if len(clip.label or "") <= MAX_LABEL)
    return Found(good, (*tree.problems, *found.problems, *bad), (*found.notes, *notes))


def _unwrapped(tree: Tree) -> int:
    """How many folders lie around everything: those of archives, or the parent of what was meant."""
    depth = 0
    files = [*tree.sounds, *tree.tables]
    while tree.sounds and min(map(len, tree.sounds)) > depth + 1:
        if len({parts[depth] for parts in files}) != 1:
            break
        has_table = any(len(parts) == depth + 2 for parts in tree.tables)
        if not has_table and min(map(len, tree.sounds)) < depth + 3:
            break  # it is the one class
        depth += 1
    return depth


def _has_splits(tree: Tree, wrapped: int) -> bool:
    tops = {parts[wrapped].casefold() for parts in tree.sounds if len(parts) > wrapped + 1}
    return bool(tops) and tops <= SPLITS


def _clip(root: Path, parts: tuple[str, ...], wrapped: int, splits: bool) -> FoundClip:
    extra: dict[str, str] = {}
    folders = parts[wrapped:-1]
    if splits and folders:
        extra = {"split": folders[0]}
        folders = folders[1:]
    label = clean_label(_composed(folders[0])) if folders else None
    return FoundClip(root.joinpath(*parts), label, extra=extra)


def _composed(name: str) -> str:
    """macOS takes letters and their accents apart; the same class must not become two."""
    return unicodedata.normalize("NFC", name)


def _by_tables(
    tree: Tree, wrapped: int, options: TableOptions, inside: bool, progress: Progress, cancelled: Cancelled
) -> tuple[Found, int]:
    """The clips of the tables in the folder, and how many of these name sounds."""
    found = Found()
    used: list[str] = []
    for parts in _telling_tables(tree, wrapped):
        within = tree.root if inside else None
        path = tree.root.joinpath(*parts)
        try:
            one = from_table(
                path, options, inside=within, search=tree.root, progress=progress, cancelled=cancelled
            )
        except UserError:
            one = Found()
        if not one.clips:
            # A table about something else; the folders speak for themselves.
            found = found.and_(Found(notes=(Message.of(NOT_USED, table=parts[-1]),)))
            continue
        split = parts[-2] if len(parts) > 1 and parts[-2].casefold() in SPLITS else ""
        if split:
            one = replace(one, clips=tuple(_with_split(clip, split) for clip in one.clips))
        found = found.and_(one)
        used.append(parts[-1])
    if used:
        found = _with_folders(tree, wrapped, found, used[0])
    return found, len(used)


def _with_folders(tree: Tree, wrapped: int, found: Found, table: str) -> Found:
    """What the folders add to the rows of tables: files that no row names, labels that no column has."""
    by_path = {tree.root.joinpath(*parts): parts for parts in tree.sounds}
    left = len(by_path.keys() - {clip.path for clip in found.clips})
    if left:
        found = replace(found, notes=(*found.notes, Message.of(NOT_NAMED, table=table, n=left)))
    if any(clip.label is not None for clip in found.clips):
        return found
    # A table about lengths or speakers beside folders that are the classes.
    splits = _has_splits(tree, wrapped)
    labels = {path: _clip(tree.root, parts, wrapped, splits).label for path, parts in by_path.items()}
    if len({label for label in labels.values() if label is not None}) < 2:
        return found  # the folder that holds the sounds
    return replace(found, clips=tuple(replace(clip, label=labels.get(clip.path)) for clip in found.clips))


def _telling_tables(tree: Tree, wrapped: int) -> list[tuple[str, ...]]:
    near = [
        parts
        for parts in tree.tables
        if len(parts) <= wrapped + _TABLE_DEPTH and Path(parts[-1]).suffix.lower() not in _NOT_TABLES
    ]
    for name in _TELLING:
        telling = [parts for parts in near if Path(parts[-1]).stem.casefold() == name]
        if telling:
            return telling
    classes = {parts[wrapped] for parts in tree.sounds if len(parts) > wrapped + 1}
    return near if len(near) == 1 and len(classes) < 2 else []


def _with_split(clip: FoundClip, split: str) -> FoundClip:
    return replace(clip, extra={"split": split, **clip.extra})


def _long_label(clip: FoundClip) -> FoundProblem:
    template = "{file} lies in a folder whose name is too long for a class. Give the folder a shorter name."
    return FoundProblem(clip.path, None, Message.of(template, file=clip.path.name))
