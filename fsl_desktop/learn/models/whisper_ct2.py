"""Whisper (Radford et al. 2022) out of a CTranslate2 carrier, as a folder in the Hugging Face layout.

The file (little-endian): a version, the name of its kind, then variables: name, shape, kind of number,
values. Queries, keys and values of an attention are one matrix, which is taken apart here. Beside the file
lie its ``config.json`` (tokens that are never said) and ``tokenizer.json``.
"""

from __future__ import annotations

import json
import math
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.models.safetensors_file import write_arrays
from fsl_desktop.learn.models.whisper_folder import Network, folder_texts

KIND = b"WhisperSpec\0"
_DTYPES = {0: "<f4", 1: "<i1", 2: "<i2", 4: "<f2"}
_NORMS = {
    "self_attention/layer_norm": "self_attn_layer_norm",
    "attention/layer_norm": "encoder_attn_layer_norm",
    "ffn/layer_norm": "final_layer_norm",
}
# Which parts of an attention each matrix holds, one above the other.
_SELF = {"linear_0": ("q_proj", "k_proj", "v_proj"), "linear_1": ("out_proj",)}
_CROSS = {"linear_0": ("q_proj",), "linear_1": ("k_proj", "v_proj"), "linear_2": ("out_proj",)}
_ENDS = {
    "conv1": "conv1",
    "conv2": "conv2",
    "layer_norm": "layer_norm",
    "embeddings": "embed_tokens",
    "position_encodings": "embed_positions",
}
_VALUES = {"weight": "weight", "encodings": "weight", "gamma": "weight", "bias": "bias", "beta": "bias"}

Array = NDArray[np.generic]


@dataclass(slots=True)
class _Reader:
    data: memoryview
    place: int = 0

    def number(self, layout: str) -> int:
        value: int = struct.unpack_from("<" + layout, self.data, self.place)[0]
        self.place += struct.calcsize("<" + layout)
        return value

    def raw(self, count: int) -> memoryview:
        if self.place + count > len(self.data):
            raise ValueError("the file ends too early")
        self.place += count
        return self.data[self.place - count : self.place]

    def text(self) -> bytes:
        return bytes(self.raw(self.number("H")))


def convert(carrier: Path, folder: Path, step: Callable[[float], None]) -> None:
    """Write config, tokenizer and weights (float16, as the carrier has them) into ``folder``.

    ``step`` is told the share that is done and may raise to stop. ``ValueError`` for a file of another kind.
    """
    try:
        variables = dict(_variables(_Reader(memoryview(carrier.read_bytes()))))
        step(0.2)
        arrays = dict(_renamed(variables))
        network = _network(variables)
    except (struct.error, UnicodeDecodeError, KeyError, IndexError) as error:
        raise ValueError(f"a damaged CTranslate2 file: {error}") from error
    try:
        said = json.loads((carrier.parent / "config.json").read_text(encoding="utf-8"))
        tokenizer = json.loads((carrier.parent / "tokenizer.json").read_text(encoding="utf-8"))
        texts = folder_texts(network, said, tokenizer)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"what belongs to the model cannot be read: {error}") from error
    for name, content in texts.items():
        with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
            file.write(content)
    shutil.copyfile(carrier.parent / "tokenizer.json", folder / "tokenizer.json")
    write_arrays(folder / "model.safetensors", arrays, lambda share: step(0.2 + 0.8 * share))


def _variables(reader: _Reader) -> Iterator[tuple[str, Array]]:
    reader.number("I")  # the version of the format
    if reader.text() != KIND:
        raise ValueError("this is no Whisper model of CTranslate2")
    reader.number("I")
    for _ in range(reader.number("I")):
        name = reader.text().rstrip(b"\0").decode("ascii")
        shape = tuple(reader.number("I") for _ in range(reader.number("B")))
        kind, count = reader.number("B"), reader.number("I")
        if kind not in _DTYPES:
            raise ValueError(f"{name} is of an unknown kind ({kind})")
        dtype = np.dtype(_DTYPES[kind])
        if math.prod(shape) * dtype.itemsize != count:
            raise ValueError(f"{name} has {count} bytes, not {shape}")
        yield name, np.frombuffer(reader.raw(count), dtype).reshape(shape)


def _network(variables: dict[str, Array]) -> Network:
    vocabulary, width = variables["decoder/embeddings/weight"].shape
    layers = [
        len(
            {
                name.split("/")[1]
                for name in variables
                if name.startswith(f"{side}/layer_") and "/ffn/" in name
            }
        )
        for side in ("encoder", "decoder")
    ]
    return Network(
        width=width,
        layers=layers[0],
        decoder_layers=layers[1],
        heads=int(variables["encoder/num_heads"]),
        inner=variables["encoder/layer_0/ffn/linear_0/bias"].shape[0],
        vocabulary=vocabulary,
        bands=variables["encoder/conv1/weight"].shape[1],
        frames=variables["encoder/position_encodings/encodings"].shape[0],
        tokens=variables["decoder/position_encodings/encodings"].shape[0],
    )


def _renamed(variables: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    """Names and matrices of the Hugging Face layout; the output layer is the table of the tokens again."""
    for name, values in variables.items():
        side, _, rest = name.partition("/")
        path, _, kind = rest.rpartition("/")
        if kind not in _VALUES or values.ndim == 0:
            continue  # settings
        kind = _VALUES[kind]
        if not path.startswith("layer_") or path == "layer_norm":
            yield f"model.{side}.{_ENDS[path]}.{kind}", values
            continue
        number, _, block = path.partition("/")
        layer = f"model.{side}.layers.{int(number.removeprefix('layer_'))}"
        if block in _NORMS:
            yield f"{layer}.{_NORMS[block]}.{kind}", values
            continue
        group, _, matrix = block.partition("/")
        if group == "ffn":
            yield f"{layer}.fc{int(matrix.removeprefix('linear_')) + 1}.{kind}", values
            continue
        known = {"self_attention": (_SELF, "self_attn"), "attention": (_CROSS, "encoder_attn")}
        parts, named = known[group]
        for part, piece in zip(parts[matrix], np.split(values, len(parts[matrix])), strict=True):
            if part == "k_proj" and kind == "bias":
                if piece.any():
                    raise ValueError(f"{name}: keys with a bias")
                continue  # Whisper has none there; the carrier fills the place with zeros
            yield f"{layer}.{named}.{part}.{kind}", piece
