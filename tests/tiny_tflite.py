"""A TensorFlow Lite file with a network of three layers, written field by field."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = ("Speech", "Dog", "Rain, on a roof")
SCALES = np.array([0.5, 0.25], "<f4")
CONV = np.arange(-9, 9, dtype="<i1").reshape(2, 3, 3, 1)
DEPTHWISE = np.arange(-8, 10, dtype="<i1").reshape(1, 3, 3, 2)
DENSE = np.array([[1, -2], [3, -4], [5, 127]], "<i1")
BANDS = np.linspace(0, 1, 64 * 257, dtype="<f4").reshape(64, 257)
_TYPES = {"<f4": 0, "<i4": 2, "|i1": 9}


def tiny_tflite(names: tuple[str, ...] = NAMES, mark: bytes = b"TFL3") -> bytes:
    """A convolution, a depthwise one and a dense layer with ``names`` as classes; mel bands before them."""
    tensors: list[dict[int, Any]] = []
    buffers: list[dict[int, Any]] = []

    def tensor(values: NDArray[Any], scales: NDArray[Any] | None = None, axis: int = 0) -> int:
        fields: dict[int, Any] = {
            0: np.array(values.shape, "<i4"),
            1: ("b", _TYPES[values.dtype.str]),
            2: ("I", len(buffers)),
        }
        if scales is not None:
            zeros = np.zeros(len(scales), "<i8")
            fields[4] = {2: scales.astype("<f4"), 3: zeros, 6: ("i", axis)}
        buffers.append({0: np.frombuffer(values.tobytes(), "u1")})
        tensors.append(fields)
        return len(tensors) - 1

    def layer(code: int, weight: int, bias: int) -> dict[int, Any]:
        return {0: ("I", code), 1: np.array([0, weight, bias], "<i4")}

    tensor(np.zeros((1, 1), "<f4"))  # what goes in
    one = np.array([1.0], "<f4")
    operations = [
        layer(2, tensor(BANDS), tensor(np.zeros(64, "<f4"))),
        layer(0, tensor(CONV, SCALES), tensor(np.array([4, -4], "<i4"), SCALES)),
        layer(1, tensor(DEPTHWISE, SCALES, 3), tensor(np.array([8, 8], "<i4"), SCALES)),
        layer(2, tensor(DENSE, one), tensor(np.array([1, 2, 3], "<i4"), one)),
    ]
    codes = [{0: ("b", code), 3: ("i", code)} for code in (3, 4, 9)]
    model = {1: codes, 2: [{0: tensors, 3: operations}], 4: buffers}
    out = bytearray(struct.pack("<I", 8) + mark)
    struct.pack_into("<I", out, 0, _table(out, model))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("yamnet_label_list.txt", "\n".join(names) + "\n")
    return bytes(out) + archive.getvalue()


def _table(out: bytearray, fields: dict[int, Any]) -> int:
    """Append a table; where it lies."""
    count = max(fields) + 1
    names = len(out)
    out += struct.pack("<HH", 4 + 2 * count, 0) + b"\0\0" * count
    out += b"\0" * (-len(out) % 4)
    place = len(out)
    out += struct.pack("<i", place - names)
    later: list[tuple[int, Any]] = []
    for field, value in sorted(fields.items()):
        struct.pack_into("<H", out, names + 4 + 2 * field, len(out) - place)
        if isinstance(value, tuple):
            out += struct.pack("<" + value[0], value[1])
            out += b"\0" * (-len(out) % 4)
        else:
            later.append((len(out), value))
            out += b"\0\0\0\0"
    for at, value in later:
        struct.pack_into("<I", out, at, _value(out, value) - at)
    return place


def _value(out: bytearray, value: Any) -> int:
    if isinstance(value, dict):
        return _table(out, value)
    out += b"\0" * (-len(out) % 4)
    place = len(out)
    out += struct.pack("<I", len(value))
    if isinstance(value, np.ndarray):
        out += value.tobytes()
        return place
    starts = [len(out) + 4 * index for index in range(len(value))]
    out += b"\0\0\0\0" * len(value)
    for at, table in zip(starts, value, strict=True):
        struct.pack_into("<I", out, at, _table(out, table) - at)
    return place
