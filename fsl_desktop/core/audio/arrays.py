"""Several arrays in one cache file: written at once or not at all, read by memory map."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from fsl_desktop.core.atomic import write_bytes_atomic

_KINDS = "iuf"
# A header is read as a Python literal: what a damaged one raises is whatever tokenizing and parsing raise.
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    OverflowError,
    TypeError,
    RecursionError,
    MemoryError,
    TokenError,
)


def save_arrays(path: Path, arrays: Sequence[NDArray[Any]]) -> None:
    """Write arrays of numbers, none of them empty, one after the other in NumPy's own format.

    Raises :class:`UserError` where the folder cannot be written.
    """
    buffer = io.BytesIO()
    for array in arrays:
        npy.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    write_bytes_atomic(path, buffer.getvalue())


def load_arrays(path: Path) -> list[NDArray[Any]] | None:
    """The arrays of a file, mapped and read-only; ``None`` where it is not there or not what it should be."""
    found: list[NDArray[Any]] = []
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            while file.tell() < size:
                if npy.read_magic(file) != (1, 0):
                    return None
                shape, fortran, dtype = npy.read_array_header_1_0(file)
                place = file.tell()
                length = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
                if fortran or dtype.kind not in _KINDS or not 0 < length <= size - place:
                    return None
                found.append(np.memmap(path, dtype=dtype, mode="r", offset=place, shape=shape))
                file.seek(place + length)
    except _DAMAGE:
        return None
    return found or None
