"""Parquet files, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.source import CHUNK_ROWS, SAMPLE_ROWS, Cancelled, Entry, damaged, stop_if
from fsl_desktop.core.readers.xlsx import as_text


class ParquetTable:
    """An open Parquet file; row 1 is the first row."""

    format = "parquet"
    encoding = ""
    delimiter = ""
    header = True
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet

        self.path = path
        self.notes: list[Message] = []
        self._row = 0
        try:
            self._file = pyarrow.parquet.ParquetFile(path, pre_buffer=False)
            schema = self._file.schema_arrow
            texts = [field.name for field in schema if _is_text(field.type)]
            if texts:
                # A text that is there a thousand times stays one: a small file may hold gigabytes of them.
                self._file.close()
                self._file = pyarrow.parquet.ParquetFile(path, pre_buffer=False, read_dictionary=texts)
            self.names = unique_names(schema.names)
            self.total = int(self._file.metadata.num_rows)
            self._class_names = _class_names(schema)
        except Exception as error:  # pyarrow raises its own, OSError, or ValueError on broken footers
            damaged(path.name, "Parquet", error)

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]:
        self._row = 0
        batches = self._file.iter_batches(batch_size=min(CHUNK_ROWS, SAMPLE_ROWS))
        while True:
            stop_if(cancelled)
            try:
                batch = next(batches, None)
                if batch is None:
                    return
                columns = [self._texts(position, column) for position, column in enumerate(batch.columns)]
            except Exception as error:
                damaged(self.path.name, "Parquet", error)
            for cells in zip(*columns, strict=True):
                self._row += 1
                yield self._row, list(cells)

    def _texts(self, position: int, column: Any) -> list[str]:
        import pyarrow

        classes = self._class_names.get(position)
        if isinstance(column, pyarrow.DictionaryArray):
            return _of_dictionary(column)
        values = column.to_pylist()
        if classes is None:
            return [_as_text(value) for value in values]
        return [
            classes[value] if isinstance(value, int) and 0 <= value < len(classes) else "" for value in values
        ]

    @property
    def done(self) -> int:
        return self._row

    def estimate_rows(self, entries: int, done: int, complete: bool) -> int:
        return entries if complete else self.total

    def close(self) -> None:
        self._file.close()


def _is_text(type: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(type) or types.is_binary(type))


def _of_dictionary(column: Any) -> list[str]:
    """The texts of a column that has numbers of texts; each text is made once."""
    import numpy as np

    numbers = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    used, places = np.unique(numbers, return_inverse=True)
    known = used >= 0
    values = iter(column.dictionary.take(used[known]).to_pylist())
    texts = [_as_text(next(values)) if there else "" for there in known]
    return [texts[place] for place in places.tolist()]


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return "" if value != value else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return as_text(value)


def _class_names(schema: Any) -> dict[int, list[str]]:
    """Data sets of Hugging Face keep labels as numbers, and their names in the file's metadata."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        return {
            position: [str(label) for label in features[name]["names"]]
            for position, name in enumerate(schema.names)
            if isinstance(features.get(name), dict) and features[name].get("_type") == "ClassLabel"
        }
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return {}
