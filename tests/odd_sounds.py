"""Files that people call recordings and that something is wrong with, and what is said of each."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from sounds import save, tone


def refused(folder: Path) -> dict[str, str]:
    """Writes what cannot be heard; name below ``folder`` -> the sentence about it."""
    folder.mkdir(parents=True, exist_ok=True)
    said: dict[str, str] = {}

    def put(name: str, content: bytes, words: str) -> None:
        (folder / name).write_bytes(content)
        said[name] = words

    whole = save(folder / "whole.wav", tone(0.5)).read_bytes()
    (folder / "whole.wav").unlink()
    put("empty.wav", b"", "empty.wav is empty. Record it again or remove it.")
    put("header.wav", whole[:44], "header.wav has no sound in it. Record it again or remove it.")
    text = "text.wav is a text and not a sound, whatever its name says. Remove it or put the recording there."
    put("text.wav", b"These are field notes and no sound.\n" * 30, text)
    damaged = (
        "{} cannot be read as sound: it is damaged or of a kind that is not known here. Save it as WAV or"
    )
    picture = b"\x89PNG\r\n\x1a\n" + np.random.default_rng(0).bytes(4000)
    put("picture.mp3", picture, damaged.format("picture.mp3"))
    put("stump.flac", b"fLaC\0\0\0\x22", damaged.format("stump.flac"))
    return said


def odd(folder: Path) -> dict[str, str]:
    """Writes what can be heard all the same; name below ``folder`` -> what its row says ("": nothing)."""
    said: dict[str, str] = {}

    def put(name: str, samples: np.ndarray, words: str = "", rate: int = 16_000, **how: str) -> Path:
        said[name] = words
        return save(folder / name, samples, rate, **how)

    put("one sample.wav", np.full(1, 0.5, np.float32), "This clip is silent.")
    put("zeros.wav", np.zeros(16_000, np.float32), "This clip is silent. Record it again or leave it out.")
    put("clipped.wav", np.clip(8 * tone(0.5), -1, 1), "This clip was recorded too loud")
    wave = tone(0.5)
    wave[100:300] = np.nan
    put("nan.wav", wave, "nan.wav has 200 samples that are no numbers", subtype="FLOAT")
    cut = put("truncated.wav", tone(2.0), "truncated.wav breaks off after 1.0 of 2.0 seconds")
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    put("really flac.wav", tone(0.6), format="FLAC", subtype="PCM_16")
    put("really wav.MP3", tone(0.6), format="WAV", subtype="PCM_16")
    ears = np.stack([tone(0.5, 96_000)] * 8, axis=1)
    put("eight ears.wav", ears, rate=96_000, subtype="FLOAT")
    for name in ("with two  blanks.wav", "鸟鸣 録音 새.flac", "🐦🎵.ogg"):
        put(name, tone(0.5))
    return said


def write_hours(path: Path, hours: float) -> Path:
    """Silence for hours with a tone in the last second; the disk gives it hardly any room."""
    end = (tone(1.0, 8_000) * 32_767).astype("<i2").tobytes()
    size = int(hours * 3600 * 8_000) * 2
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16) + b"data" + struct.pack("<I", size)
    with path.open("wb") as file:
        file.write(head)
        file.seek(44 + size - len(end))
        file.write(end)
    return path
