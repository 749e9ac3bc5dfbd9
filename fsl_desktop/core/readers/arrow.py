"""Arrow files, and folders that Hugging Face ``datasets`` saved: ``save_to_disk``, or Parquet as on its hub.

Format: https://huggingface.co/docs/datasets/about_arrow and the folders that datasets 4 and 5 write.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.arrow_cells import class_names, texts_of
from fsl_desktop.core.readers.files import open_binary
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.parquet import parquet_file
from fsl_desktop.core.readers.source import SAMPLE_ROWS, Cancelled, Entry, damaged, stop_if

SPLIT = "split"
_STATE, _SPLITS = "state.json", "dataset_dict.json"
_MOST_JSON = 10_000_000
_LONGEST = 200
_SHARD = re.compile(r"(?P<split>[A-Za-z][\w.]*?)-\d{5}-of-\d{5}\.parquet")


class ArrowFiles:
    """Shards of one table, one after the other; row 1 is the first row. With several splits there is a
    column called ``split``."""

    format = "datasets"
    encoding = ""
    delimiter = ""
    header = True
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, shards: list[tuple[str, Path]]) -> None:
        """``shards`` are pairs of a split ("" for none) and a file."""
        self.path = path
        self.notes: list[Message] = []
        self._row = 0
        self._shards = shards
        splits = {split for split, _ in shards} - {""}
        self._split = len(splits) > 1
        self._columns = self._names(shards[0][1])
        self.names = unique_names([*self._columns, *([SPLIT] if self._split else [])])
        self._sizes = [_size(file) for _, file in shards]
        self.total = sum(self._sizes)
        self._done = 0

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]:
        self._row = self._done = 0
        for (split, file), size in zip(self._shards, self._sizes, strict=True):
            yield from self._of_shard(split, file, cancelled)
            self._done += size

    def _of_shard(self, split: str, file: Path, cancelled: Cancelled) -> Iterator[Entry]:
        reader = self._open(file)
        try:
            places = [reader.schema.names.index(name) for name in self._columns]
            names = class_names(reader.schema)
        except ValueError as error:
            damaged(file.name, "a data set, as its parts have different columns", error)
        more = [split] if self._split else []
        while True:
            stop_if(cancelled)
            try:
                batch = reader.read_next_batch()
                batch.validate(full=True)  # a damaged offset would end the process
            except StopIteration:
                return
            except Exception as error:  # pyarrow's own, OSError or ValueError
                damaged(file.name, "Arrow", error)
            for start in range(0, batch.num_rows, SAMPLE_ROWS):
                part = batch.slice(start, SAMPLE_ROWS)
                try:
                    columns = [texts_of(part.column(place), names.get(place)) for place in places]
                except Exception as error:
                    damaged(file.name, "Arrow", error)
                for cells in zip(*columns, strict=True):
                    self._row += 1
                    yield self._row, [*cells, *more]

    def _names(self, file: Path) -> list[str]:
        reader = self._open(file)
        try:
            return [str(name) for name in reader.schema.names]
        except ValueError as error:  # letters that are none
            damaged(file.name, "Arrow", error)
        finally:
            with suppress(Exception):
                reader.close()

    def _open(self, file: Path) -> Any:
        import pyarrow

        open_binary(file).close()
        try:
            if file.suffix.lower() == ".parquet":
                return _Parquet(file)
            source = pyarrow.memory_map(str(file))
            try:
                return pyarrow.ipc.open_stream(source)
            except pyarrow.ArrowInvalid:
                return _InBatches(pyarrow.ipc.open_file(source))
        except Exception as error:
            damaged(file.name, "Arrow", error)

    @property
    def done(self) -> int:
        return self._done

    def estimate_rows(self, entries: int, done: int, complete: bool) -> int:
        return entries

    def close(self) -> None:
        self._shards, self._sizes = [], []


class _InBatches:
    """A file with an index, read as a stream is."""

    def __init__(self, file: Any) -> None:
        self._file, self._next, self.schema = file, 0, file.schema

    def read_next_batch(self) -> Any:
        if self._next >= self._file.num_record_batches:
            raise StopIteration
        self._next += 1
        return self._file.get_batch(self._next - 1)


class _Parquet:
    def __init__(self, path: Path) -> None:
        self._file = parquet_file(path)
        self.schema = self._file.schema_arrow
        self._batches = self._file.iter_batches(batch_size=SAMPLE_ROWS)

    def read_next_batch(self) -> Any:
        return next(self._batches)

    def close(self) -> None:
        self._file.close()


def is_dataset_folder(path: Path) -> bool:
    """Does a folder look like one that ``datasets`` saved?"""
    try:
        return path.is_dir() and (
            (path / _STATE).is_file() or (path / _SPLITS).is_file() or bool(_parquet_shards(path))
        )
    except OSError:
        return False


def open_dataset(path: Path) -> ArrowFiles:
    """The table in a folder of ``datasets``. :class:`UserError` for any other folder."""
    if (path / _SPLITS).is_file():
        names = _read_json(path / _SPLITS).get("splits")
        splits = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
        shards = [(name, file) for name in splits for file in _arrow_shards(_inside(path, name))]
    elif (path / _STATE).is_file():
        shards = [("", file) for file in _arrow_shards(path)]
    else:
        shards = _parquet_shards(path)
    if not shards:
        raise UserError(
            "{file} is a folder without a table of texts. Choose a file, or a folder saved by Hugging Face"
            " datasets.",
            file=path.name,
        )
    return ArrowFiles(path, shards)


def _arrow_shards(folder: Path) -> list[Path]:
    listed = _read_json(folder / _STATE).get("_data_files")
    names = (
        [one.get("filename") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    )
    return [_inside(folder, name) for name in names if isinstance(name, str)]


def _parquet_shards(path: Path) -> list[tuple[str, Path]]:
    folders = [folder for folder in (path, path / "data") if folder.is_dir()]
    files = [file for folder in folders for file in sorted(folder.glob("*.parquet"))]
    return [(hit["split"], file) for file in files if (hit := _SHARD.fullmatch(file.name))]


def _inside(folder: Path, name: str) -> Path:
    """A file or folder of the data set; nothing that its own files name may lead out of it."""
    path = folder / name
    plain = 0 < len(name) < _LONGEST and name.isprintable() and Path(name).name == name != ".."
    if not plain or path.is_symlink():
        raise UserError(
            "{file} names a file outside of its folder. Do not use it, or ask where it came from.",
            file=folder.name,
            details=name[:200],
        )
    return path


def _size(path: Path) -> int:
    with open_binary(path) as file:
        return os.fstat(file.fileno()).st_size


def _read_json(path: Path) -> dict[str, Any]:
    with open_binary(path) as file:
        source = file.read(_MOST_JSON)
    try:
        found = json.loads(source)
    except (ValueError, RecursionError) as error:
        damaged(path.name, "JSON", error)
    return found if isinstance(found, dict) else {}
