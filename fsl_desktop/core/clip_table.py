"""Which part of which file each row of a sound project is, in memory."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.apply import set_meta
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.sound_places import known_places, recorded, resolved

NOT_KNOWN = "It is not known any more which recording this row is. Remove the row and import it again."
NOT_THERE = "The recording {file} is not there any more. Put it back, or choose the folder it was moved to."


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A recording of the project, as it was when it was imported."""

    id: int
    path: str
    """As the project writes it down: see ``sound_places``."""
    content: str = ""
    """``audio.content.content_hash``; "" where it is not known."""
    seconds: float = 0.0
    rate: int = 0
    channels: int = 0

    @property
    def name(self) -> str:
        return self.path.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class RowClip:
    """What a row is: the part of ``path`` from ``start`` to ``end`` (seconds; None: to the end)."""

    file: SoundFile
    path: Path
    start: float
    end: float | None

    @property
    def seconds(self) -> float:
        """Its length, as far as it was known at the import."""
        return max(0.0, (self.file.seconds if self.end is None else self.end) - self.start)


class ClipTable:
    """One clip per position of an ``ExampleTable``; like it, it only grows.

    ``file_ids`` int64 (0 where a row has no clip), ``starts`` and ``ends`` float64 (NaN: to the end) are
    views of length n.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._n = 0
        self._cells = np.zeros((3, 0))
        self.files: dict[int, SoundFile] = {}
        """By id; those of the rows that the table holds."""

    def __len__(self) -> int:
        return self._n

    @property
    def file_ids(self) -> NDArray[np.int64]:
        return self._cells[0, : self._n].astype(np.int64)

    @property
    def starts(self) -> NDArray[np.float64]:
        return self._cells[1, : self._n]

    @property
    def ends(self) -> NDArray[np.float64]:
        return self._cells[2, : self._n]

    def put_files(self, files: Iterable[SoundFile]) -> None:
        """Take in new files, and new facts about known ones."""
        self.files |= {file.id: file for file in files}

    def append(self, file_ids: Sequence[int], starts: Sequence[float], ends: Sequence[float]) -> None:
        """The clips of rows that the table has just been given, amortised O(1) each."""
        end = self._n + len(file_ids)
        if end > self._cells.shape[1]:
            grown = np.zeros((3, max(end, 2 * self._cells.shape[1], 1024)))
            grown[:, : self._n] = self._cells[:, : self._n]
            self._cells = grown
        self._cells[:, self._n : end] = file_ids, starts, ends
        self._n = end

    def lengths(self) -> NDArray[np.float64]:
        """Seconds of each clip (n,), as far as they were known at the import; 0 where they are not."""
        ids = self.file_ids
        known = np.fromiter(sorted(self.files), np.int64, len(self.files))
        if not len(known):
            return np.zeros(self._n)
        whole = np.array([self.files[int(one)].seconds for one in known])
        place = np.searchsorted(known, ids).clip(0, len(known) - 1)
        ends = np.where(np.isnan(self.ends), np.where(known[place] == ids, whole[place], 0.0), self.ends)
        return np.maximum(0.0, ends - self.starts)

    def span(self, position: int) -> tuple[int, float, float | None]:
        """File id (0: none), start and end (None: to the end) of one clip; touches no disk."""
        file_id, start, end = self._cells[:, : self._n][:, position].tolist()
        return int(file_id), start, None if np.isnan(end) else end

    def at(self, position: int) -> RowClip:
        """The clip at a position of the table. ``UserError`` where its file may not be read here or is not
        known; whether the file is there shows when it is read."""
        return self._clip(position, None)

    def many(self, positions: Iterable[int]) -> list[RowClip | Message]:
        """:meth:`at` for many; a sentence in the place of what has no clip that may be read."""
        places = known_places()
        paths: dict[int, Path | UserError] = {}
        found: list[RowClip | Message] = []
        for position in positions:
            try:
                found.append(self._clip(position, places, paths))
            except UserError as error:
                found.append(error.message)
        return found

    def path_of(self, file_id: int, places: frozenset[str] | None = None) -> Path:
        """Where a file is; it need not be there. ``UserError`` as in :meth:`at`."""
        file = self.files.get(int(file_id))
        if file is None:
            raise UserError(NOT_KNOWN)
        return resolved(self.folder, file.path, places)

    def troubles(self) -> dict[int, Message]:
        """The files that are not there or may not be read here, and why; looks at each on the disk."""
        places = known_places()
        found: dict[int, Message] = {}
        for file_id, file in self.files.items():
            try:
                if not os.path.isfile(self.path_of(file_id, places)):
                    found[file_id] = Message.of(NOT_THERE, file=file.name)
            except UserError as error:
                found[file_id] = error.message
        return found

    def rows_of(self, file_ids: Iterable[int]) -> NDArray[np.int64]:
        """Positions of the clips of these files, ascending."""
        return np.flatnonzero(np.isin(self.file_ids, np.fromiter(file_ids, np.int64)))

    def _clip(
        self,
        position: int,
        places: frozenset[str] | None,
        paths: dict[int, Path | UserError] | None = None,
    ) -> RowClip:
        if not 0 <= position < self._n:
            raise IndexError(position)
        file_id = int(self._cells[0, position])
        known = paths if paths is not None else {}
        if file_id not in known:
            try:
                known[file_id] = self.path_of(file_id, places)
            except UserError as error:
                known[file_id] = error
        path = known[file_id]
        if isinstance(path, UserError):
            raise UserError.of(path.message)
        start, end = float(self._cells[1, position]), float(self._cells[2, position])
        return RowClip(self.files[file_id], path, start, None if np.isnan(end) else end)


def write_places(db: sqlite3.Connection, folder: Path, paths: Iterable[tuple[int, Path]]) -> None:
    """Inside the caller's transaction: where files (by id) of the project in ``folder`` are now."""
    written = ((recorded(folder, path), file_id) for file_id, path in paths)
    db.executemany("UPDATE files SET path = ? WHERE id = ?", written)
    set_meta(db, _MOVES, str(moves(db) + 1))


def moves(db: sqlite3.Connection) -> int:
    """Grows whenever files are written down elsewhere, which no edit says."""
    found = db.execute("SELECT value FROM meta WHERE key = ?", (_MOVES,)).fetchone()
    return int(found[0]) if found and str(found[0]).isdecimal() else 0


def renew_files(db: sqlite3.Connection, clips: ClipTable) -> None:
    """Read anew where the known files are."""
    found = (_file(record) for record in db.execute(f"SELECT {_FILE} FROM files f").fetchall())
    clips.put_files(file for file in found if file.id in clips.files)


def read_clips(db: sqlite3.Connection, clips: ClipTable, row_ids: Sequence[int]) -> None:
    """Append the clips of rows (ascending ids) that were just read."""
    found = {
        row_id: (file, start, end)
        for row_id, file, start, end in db.execute(
            'SELECT row_id, file, start, "end" FROM clips WHERE row_id BETWEEN ? AND ?',
            (row_ids[0], row_ids[-1]),
        )
    }
    cells = [_cell(*found.get(row_id, (0, 0.0, None))) for row_id in row_ids]
    file_ids, starts, ends = zip(*cells, strict=True)
    # Those that are known too: an import may have found that a file is another one now.
    wanted = json.dumps(sorted(set(file_ids) - {0}))
    found_files = db.execute(
        f"SELECT {_FILE} FROM json_each(?) e CROSS JOIN files f ON f.id = e.value", (wanted,)
    )
    clips.put_files(map(_file, found_files.fetchall()))
    clips.append(file_ids, starts, ends)


_MOVES = "files_moved"
_FILE = "f.id, f.path, f.content, f.seconds, f.rate, f.channels"


def _file(record: Sequence[object]) -> SoundFile:
    """A project may come from anybody: a field may be anything."""
    number, path, content, seconds, rate, channels = record
    return SoundFile(
        int(str(number)),
        path if isinstance(path, str) else "",
        content if isinstance(content, str) else "",
        _number(seconds),
        int(_number(rate)),
        int(_number(channels)),
    )


def _cell(file: object, start: object, end: object) -> tuple[int, float, float]:
    begin = _number(start)
    last = _number(end) if end is not None else float("nan")
    known = file if isinstance(file, int) and 0 <= file < 1 << 52 else 0
    return known, begin, last if last > begin or end is None else float("nan")


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 <= value < 1e12 else 0.0
