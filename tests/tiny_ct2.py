"""A Whisper model in CTranslate2's format, small enough to make on the spot, and what lies beside it."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, INNER, HEADS, BANDS, FRAMES, TOKENS = 8, 12, 2, 6, 30, 10
SPECIAL = ("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|yue|>", "<|translate|>")
SPECIAL += ("<|transcribe|>", "<|startofprev|>", "<|notimestamps|>", "<|0.00|>")
VOCABULARY = 4 + len(SPECIAL)


def variables(layers: int = 2) -> dict[str, NDArray[np.generic]]:
    """Every variable with values of its own; keys have no bias, so theirs are zeros."""
    chance = np.random.default_rng(3)
    found: dict[str, NDArray[np.generic]] = {}

    def put(name: str, *shape: int) -> None:
        found[name] = chance.normal(0, 0.3, shape).astype("<f2")

    def norm(name: str) -> None:
        put(f"{name}/gamma", WIDTH)
        put(f"{name}/beta", WIDTH)

    def linear(name: str, out: int, into: int) -> None:
        put(f"{name}/weight", out, into)
        put(f"{name}/bias", out)

    put("encoder/conv1/weight", WIDTH, BANDS, 3)
    put("encoder/conv1/bias", WIDTH)
    put("encoder/conv2/weight", WIDTH, WIDTH, 3)
    put("encoder/conv2/bias", WIDTH)
    put("encoder/position_encodings/encodings", FRAMES, WIDTH)
    put("decoder/position_encodings/encodings", TOKENS, WIDTH)
    put("decoder/embeddings/weight", VOCABULARY, WIDTH)
    for side in ("encoder", "decoder"):
        norm(f"{side}/layer_norm")
        found[f"{side}/num_heads"] = np.array(HEADS, "<i2")
        found[f"{side}/pre_norm"] = np.array(1, "<i1")
        for layer in (f"{side}/layer_{index}" for index in range(layers)):
            linear(f"{layer}/self_attention/linear_0", 3 * WIDTH, WIDTH)
            found[f"{layer}/self_attention/linear_0/bias"][WIDTH : 2 * WIDTH] = 0
            linear(f"{layer}/self_attention/linear_1", WIDTH, WIDTH)
            norm(f"{layer}/self_attention/layer_norm")
            if side == "decoder":
                linear(f"{layer}/attention/linear_0", WIDTH, WIDTH)
                linear(f"{layer}/attention/linear_1", 2 * WIDTH, WIDTH)
                found[f"{layer}/attention/linear_1/bias"][:WIDTH] = 0
                linear(f"{layer}/attention/linear_2", WIDTH, WIDTH)
                norm(f"{layer}/attention/layer_norm")
            linear(f"{layer}/ffn/linear_0", INNER, WIDTH)
            linear(f"{layer}/ffn/linear_1", WIDTH, INNER)
            norm(f"{layer}/ffn/layer_norm")
    return found


def packed(found: dict[str, NDArray[np.generic]], kind: bytes = b"WhisperSpec\0") -> bytes:
    """The file with these variables."""
    kinds = {"<f4": 0, "|i1": 1, "<i2": 2, "<f2": 4}
    out = struct.pack("<I", 6) + struct.pack("<H", len(kind)) + kind + struct.pack("<II", 3, len(found))
    for name, values in found.items():
        text = name.encode() + b"\0"
        out += struct.pack("<H", len(text)) + text + struct.pack("<B", values.ndim)
        out += struct.pack(f"<{values.ndim}I", *values.shape)
        out += struct.pack("<BI", kinds[values.dtype.str], values.nbytes) + values.tobytes()
    return out + struct.pack("<I", 0)


def companions() -> dict[str, bytes]:
    """File name -> content of what the converter finds beside the carrier."""
    tokens = [{"id": 4 + place, "content": token} for place, token in enumerate(SPECIAL)]
    config = {"alignment_heads": [[1, 0]], "suppress_ids": [1, 2], "suppress_ids_begin": [3]}
    return {
        "config.json": json.dumps(config).encode(),
        "tokenizer.json": json.dumps({"added_tokens": tokens}).encode(),
    }


def write_carrier(folder: Path, data: bytes) -> Path:
    """``data`` as ``model.bin`` in ``folder``, with its companions."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"model.bin": data, **companions()}.items():
        (folder / name).write_bytes(content)
    return folder / "model.bin"
