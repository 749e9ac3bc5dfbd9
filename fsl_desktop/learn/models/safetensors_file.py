"""Writing a safetensors file so that the same values are always the same bytes, on every computer.

The library's own writer may order or pad otherwise in a later version; what is made from a carrier is
compared with the catalogue by its hash.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_KINDS = {"F16": "<f2", "F32": "<f4"}


@dataclass(frozen=True, slots=True)
class Place:
    """One tensor of the file: its name, "F16" or "F32", and its shape."""

    name: str
    kind: str
    shape: tuple[int, ...]

    @property
    def bytes_written(self) -> int:
        return math.prod(self.shape) * np.dtype(_KINDS[self.kind]).itemsize


def write(
    path: Path,
    places: Sequence[Place],
    values: Iterable[NDArray[np.generic]],
    step: Callable[[float], None],
) -> None:
    """The header's length, the header in JSON, the values: those of ``places``, one after another, in as many
    pieces as one likes, each little-endian and of the kind that its place says. ``step`` is told the share.

    Raises ``ValueError`` where the pieces are more or fewer bytes than the places have.
    """
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    total = 0
    for place in places:
        end = total + place.bytes_written
        header[place.name] = {"dtype": place.kind, "shape": list(place.shape), "data_offsets": [total, end]}
        total = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    done = 0
    with path.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for piece in values:
            out.write(piece.tobytes())
            done += piece.nbytes
            step(min(1.0, done / total))
    if done != total:
        raise ValueError(f"{done} bytes of weights instead of {total}")


def write_arrays(path: Path, arrays: dict[str, NDArray[np.generic]], step: Callable[[float], None]) -> None:
    """As :func:`write`, in the dictionary's order; float16 stays float16, all else becomes float32."""
    kinds = {name: "F16" if array.dtype == np.float16 else "F32" for name, array in arrays.items()}
    places = [Place(name, kinds[name], array.shape) for name, array in arrays.items()]
    write(path, places, (array.astype(_KINDS[kinds[name]]) for name, array in arrays.items()), step)
