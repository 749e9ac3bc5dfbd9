"""Tables as Parquet: columns have types, numbers stay numbers and lists lists."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

_BLOCK = 10_000


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write the table and return the number of rows. A column of texts and numbers becomes one of texts; an
    empty text in a column of numbers or lists becomes null. ``OSError``."""
    import pyarrow
    import pyarrow.parquet

    blocks: list[list[Any]] = [[] for _ in columns]
    count = 0
    given = iter(rows)
    while block := list(islice(given, _BLOCK)):
        count += len(block)
        for cells, arrays in zip(zip(*block, strict=True), blocks, strict=True):
            arrays.append(_array(list(cells)))
    made = [_joined(arrays) for arrays in blocks]
    table = pyarrow.Table.from_arrays(made, names=list(columns))
    pyarrow.parquet.write_table(table, path)
    return count


def _array(cells: list[object]) -> Any:
    import pyarrow

    texts = any(isinstance(cell, str) and cell for cell in cells)
    if not texts and any(isinstance(cell, int | float | list) for cell in cells):
        cells = [None if cell == "" else cell for cell in cells]
    cells = [None if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in cells]
    try:
        return pyarrow.array(cells)
    except (pyarrow.ArrowException, ValueError):  # texts with numbers, half of a character
        return _as_texts(cells)


def _joined(arrays: list[Any]) -> Any:
    """Blocks of a column with one type for all."""
    import pyarrow

    kinds = {array.type for array in arrays if array.type != pyarrow.null()}
    if not kinds:
        return pyarrow.chunked_array([_as_texts(array.to_pylist()) for array in arrays], pyarrow.string())
    if len(kinds) > 1:
        numbers = kinds <= {pyarrow.int64(), pyarrow.float64()}
        kinds = {pyarrow.float64() if numbers else pyarrow.string()}
    (kind,) = kinds
    if kind == pyarrow.string():
        arrays = [array if array.type == kind else _as_texts(array.to_pylist()) for array in arrays]
    return pyarrow.chunked_array([array.cast(kind) for array in arrays], kind)


def _as_texts(cells: Sequence[object]) -> Any:
    import pyarrow

    texts = [None if cell is None else str(cell).encode(errors="replace").decode() for cell in cells]
    return pyarrow.array(texts, pyarrow.string())
