"""Parquet files, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.arrow_cells import class_names, is_text, texts_of
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.source import CHUNK_ROWS, SAMPLE_ROWS, Cancelled, Entry, damaged, stop_if


class ParquetTable:
    """An open Parquet file; row 1 is the first row."""

    format = "parquet"
    encoding = ""
    delimiter = ""
    header = True
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[Message] = []
        self._row = 0
        try:
            self._file = parquet_file(path)
            schema = self._file.schema_arrow
            self.names = unique_names(schema.names)
            self.total = int(self._file.metadata.num_rows)
            self._class_names = class_names(schema)
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
                columns = [
                    texts_of(column, self._class_names.get(position))
                    for position, column in enumerate(batch.columns)
                ]
            except Exception as error:
                damaged(self.path.name, "Parquet", error)
            for cells in zip(*columns, strict=True):
                self._row += 1
                yield self._row, list(cells)

    @property
    def done(self) -> int:
        return self._row

    def estimate_rows(self, entries: int, done: int, complete: bool) -> int:
        return entries if complete else self.total

    def close(self) -> None:
        self._file.close()


def parquet_file(path: Path) -> Any:
    """An open file of pyarrow's. A text that is there a thousand times stays one: a small file may hold
    gigabytes of them. Raises whatever pyarrow does."""
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path, pre_buffer=False)
    texts = [field.name for field in file.schema_arrow if is_text(field.type)]
    if not texts:
        return file
    file.close()
    return pyarrow.parquet.ParquetFile(path, pre_buffer=False, read_dictionary=texts)
