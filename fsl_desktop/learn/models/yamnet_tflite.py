"""YAMNet (Plakal and Ellis 2020; MobileNetV1, Howard et al. 2017) out of a TensorFlow Lite carrier.

The file holds the network as operations over tensors: 8-bit weights with one scale per output channel (batch
norm is folded in), 32-bit biases with the scale input x weight, and the matrix of the mel bands. What it
says of activations (8-bit too) is left out: here they are floats. The names of the 521 classes are a text in
a zip at the end of the file.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.models.flatbuffer import Table
from fsl_desktop.learn.models.safetensors_file import write_arrays

NAMES = "yamnet_label_list.txt"
_CONVOLUTION, _DEPTHWISE, _DENSE = 3, 4, 9
"""Operations as the format numbers them."""
_DTYPES = {0: "<f4", 2: "<i4", 9: "<i1"}


def convert(carrier: Path, folder: Path, step: Callable[[float], None]) -> None:
    """Write ``config.json`` (the classes' names) and ``model.safetensors`` (float32) into ``folder``.

    ``step`` is told the share that is done and may raise to stop. ``ValueError`` for a file of another kind.
    """
    data = carrier.read_bytes()
    arrays = dict(_arrays(Table.root(data, b"TFL3")))
    names = _names(data)
    classes = arrays["classifier.bias"].size if "classifier.bias" in arrays else 0
    if classes != len(names):
        raise ValueError(f"{classes} classes and {len(names)} names")
    step(0.2)
    config = {
        "architectures": ["YAMNet"],
        "model_type": "fsl_yamnet",
        "id2label": {str(place): name for place, name in enumerate(names)},
    }
    with (folder / "config.json").open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(config, indent=1, ensure_ascii=False) + "\n")
    write_arrays(folder / "model.safetensors", arrays, lambda share: step(0.2 + 0.8 * share))


def _arrays(model: Table) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """(name in :class:`~fsl_desktop.learn.encoders.yamnet.YAMNet`, values)"""
    graphs = model.tables(2)
    if len(graphs) != 1:
        raise ValueError(f"{len(graphs)} networks in one file")
    codes = [max(int(code.number(0, "b")), int(code.number(3, "i"))) for code in model.tables(1)]
    tensors = graphs[0].tables(0)
    buffers = model.tables(4)

    def values(index: int) -> NDArray[np.generic]:
        if not 0 <= index < len(tensors):
            raise ValueError(f"there is no tensor {index}")
        return _values(tensors[index], buffers)

    convolution = 0
    for operation in graphs[0].tables(3):
        place = int(operation.number(0, "I"))
        code = codes[place] if place < len(codes) else -1
        inputs = operation.array(1, "<i4").tolist()
        if code not in (_CONVOLUTION, _DEPTHWISE, _DENSE):
            continue
        if len(inputs) != 3:
            raise ValueError("a layer without weight or bias")
        weight, bias = values(inputs[1]), values(inputs[2])
        if code == _DENSE:
            if weight.shape == (64, 257):  # the first one makes mel bands of a spectrum
                yield "mel", weight
            else:
                yield "classifier.weight", weight
                yield "classifier.bias", bias
            continue
        if weight.ndim != 4:
            raise ValueError(f"a convolution of shape {weight.shape}")
        # (out, height, width, in), or (1, height, width, channels): torch has (out, in, height, width)
        axes = (0, 3, 1, 2) if code == _CONVOLUTION else (3, 0, 1, 2)
        yield f"convolutions.{convolution}.weight", weight.transpose(axes)
        yield f"convolutions.{convolution}.bias", bias
        convolution += 1


def _values(tensor: Table, buffers: list[Table]) -> NDArray[np.generic]:
    """The tensor in float32, in its own shape."""
    shape = tuple(int(size) for size in tensor.array(0, "<i4"))
    kind, buffer = int(tensor.number(1, "b")), int(tensor.number(2, "I"))
    if kind not in _DTYPES or buffer >= len(buffers):
        raise ValueError(f"a tensor of an unknown kind ({kind})")
    raw = buffers[buffer].array(0, "u1")
    dtype = np.dtype(_DTYPES[kind])
    if any(size < 1 for size in shape) or math.prod(shape) * dtype.itemsize != len(raw):
        raise ValueError(f"{len(raw)} bytes for a tensor of shape {shape}")
    stored = np.frombuffer(raw.tobytes(), dtype).reshape(shape)
    if kind == 0:
        return stored
    quantised = tensor.table(4)
    scales = quantised.array(2, "<f4") if quantised is not None else np.zeros(0, "<f4")
    zeros = quantised.array(3, "<i8") if quantised is not None else np.zeros(0, "<i8")
    axis = int(quantised.number(6, "i")) if quantised is not None else 0
    if not 0 <= axis < len(shape) or len(scales) not in (1, shape[axis]) or zeros.any():
        raise ValueError(f"a tensor of shape {shape} with {len(scales)} scales")
    across = [1] * len(shape)
    across[axis] = len(scales)
    # Products of a 32-bit number and a scale are rounded once, so that every computer gets the same.
    exact = stored.astype(np.float64) * scales.astype(np.float64).reshape(across)
    if not (np.abs(exact) < 1e30).all():
        raise ValueError("a tensor with values out of all bounds")
    return exact.astype(np.float32)


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            text = archive.read(NAMES)[:100_000].decode("utf-8")
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"the names of the classes cannot be read: {error}") from error
    return [line.strip() for line in text.splitlines() if line.strip()]
