"""Every recording becomes mono samples at one rate, whole or in blocks; what is none gets one sentence."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sounds import save, tone

from fsl_desktop.core.audio.sound import probe, read, stream
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.message import Message

FORMATS = [
    ("a.wav", "WAV", "PCM_16", 16),
    ("a.wav", "WAV", "PCM_U8", 8),
    ("a.wav", "WAV", "PCM_24", 24),
    ("a.wav", "WAV", "FLOAT", 32),
    ("a.wav", "WAV", "DOUBLE", 64),
    ("a.wav", "WAV", "ULAW", 0),
    ("A.WAV", "WAV", "PCM_16", 16),
    ("a.flac", "FLAC", "PCM_24", 24),
    ("a.ogg", "OGG", "VORBIS", 0),
    ("a.opus", "OGG", "OPUS", 0),
    ("a.MP3", "MP3", "MPEG_LAYER_III", 0),
    ("a.aiff", "AIFF", "PCM_16", 16),
    ("a.au", "AU", "PCM_16", 16),
    ("a.caf", "CAF", "PCM_16", 16),
    ("a.w64", "W64", "PCM_16", 16),
]


def refusals(path: Path) -> str:
    """The one sentence with which ``probe``, ``read`` and ``stream`` refuse a file."""
    sentences = set()
    for ask in (probe, read, lambda p: list(stream(p))):
        with pytest.raises(UserError) as caught:
            ask(path)
        sentences.add(caught.value.message.text)
    assert len(sentences) == 1, sentences
    return sentences.pop()


def similarity(a: np.ndarray, b: np.ndarray) -> float:
    n = min(len(a), len(b))
    return float(a[:n] @ b[:n] / (np.linalg.norm(a[:n]) * np.linalg.norm(b[:n])))


@pytest.mark.parametrize(("name", "format", "subtype", "bits"), FORMATS)
def test_every_format_is_read(tmp_path: Path, name: str, format: str, subtype: str, bits: int) -> None:
    wave = tone(0.6)
    path = save(tmp_path / name, wave, format=format, subtype=subtype)
    info = probe(path)
    assert (info.format, info.subtype, info.bits, info.channels) == (format, subtype, bits, 1)
    assert info.rate == 16_000
    assert info.seconds == pytest.approx(0.6, abs=0.08)
    assert info.frames == round(info.seconds * info.rate)
    assert info.notes == ()
    samples = read(path)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == info.frames
    assert 0.4 < np.abs(samples[4000:8000]).max() < 0.65
    if subtype in ("PCM_16", "PCM_24", "FLOAT", "DOUBLE"):
        assert np.abs(samples - wave).max() < 1e-4


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_every_rate_becomes_sixteen_thousand(tmp_path: Path, rate: int) -> None:
    path = save(tmp_path / "a.wav", tone(0.5, rate, noise=0), rate, subtype="FLOAT")
    samples = read(path)
    assert len(samples) == pytest.approx(8000, abs=1)
    expected = tone(0.5, 16_000, noise=0)
    assert np.abs(samples[200:-200] - expected[200 : len(samples) - 200]).max() < 0.01
    assert len(read(path, rate=8_000)) == pytest.approx(4000, abs=1)


def test_channels_become_their_mean(tmp_path: Path) -> None:
    channels = np.stack([(k + 1) * 0.02 * tone(0.3, 96_000, noise=0) for k in range(8)], axis=1)
    path = save(tmp_path / "a.wav", channels, 96_000, subtype="FLOAT")
    info = probe(path)
    assert (info.channels, info.rate, info.bits, info.subtype) == (8, 96_000, 32, "FLOAT")
    assert info.seconds == pytest.approx(0.3)
    expected = 0.09 * tone(0.3, 16_000, noise=0)
    assert np.abs(read(path) - expected)[200:-200].max() < 0.002


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("block", [0.05, 0.3, 100.0])
def test_blocks_put_together_are_the_whole(tmp_path: Path, rate: int, block: float) -> None:
    path = save(tmp_path / "a.flac", tone(2.0, rate, noise=0.2), rate)
    blocks = list(stream(path, block_seconds=block))
    assert {len(b) for b in blocks[:-1]} <= {round(block * 16_000)}
    assert 0 < len(blocks[-1]) <= round(block * 16_000)
    joined = np.concatenate(blocks)
    whole = read(path)
    assert len(joined) == len(whole)
    assert np.abs(joined - whole).max() < 1e-6


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3"])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_a_part_is_what_stands_there_in_the_whole(tmp_path: Path, name: str, rate: int) -> None:
    path = save(tmp_path / name, tone(2.0, rate, noise=0.1), rate)
    whole = read(path)
    part = read(path, 0.5, 1.25)
    assert len(part) == pytest.approx(12_000, abs=1)
    assert similarity(part, whole[8_000:20_000]) > 0.999
    tail = read(path, 1.5)
    assert len(tail) == pytest.approx(len(whole) - 24_000, abs=1)
    assert len(read(path, 1.5, 99.0)) == len(tail)


def test_the_decoder_of_long_files_is_seamless_over_its_own_blocks(tmp_path: Path) -> None:
    """More than the 2^18 values that are decoded at a time, in three channels."""
    wave = tone(16.0, 48_000, noise=0.1)
    path = save(tmp_path / "a.wav", np.stack([wave] * 3, axis=1), 48_000, subtype="FLOAT")
    import soxr

    assert np.abs(read(path) - soxr.resample(wave, 48_000, 16_000)).max() < 1e-5


def test_one_sample_is_a_sound(tmp_path: Path) -> None:
    for rate in (8_000, 16_000, 44_100, 192_000):
        path = save(tmp_path / f"{rate}.wav", np.full(1, 0.5, np.float32), rate)
        assert probe(path).frames == 1
        assert 1 <= len(read(path)) <= 2
        assert sum(map(len, stream(path))) == len(read(path))


def test_what_is_no_number_is_silence_and_is_told(tmp_path: Path) -> None:
    wave = tone(0.5)
    wave[100:103] = [np.nan, np.inf, -np.inf]
    wave[200] = 3e38
    path = save(tmp_path / "a.wav", np.stack([wave, wave], axis=1), subtype="FLOAT")
    notes: list[Message] = []
    samples = read(path, notes=notes)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() < 1
    assert (samples[[100, 101, 102, 200]] == 0).all()
    assert [note.text for note in notes] == [
        "a.wav has 8 samples that are no numbers or absurdly large. They are taken as silence."
    ]


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg"])
def test_what_is_there_of_a_cut_file_is_read(tmp_path: Path, name: str) -> None:
    path = save(tmp_path / name, tone(4.0, noise=0.3))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    notes: list[Message] = []
    samples = read(path, notes=notes)
    assert 0.5 < len(samples) / 16_000 < 2.5
    assert np.abs(samples).max() > 0.4
    told = [*probe(path).notes, *notes]
    if name != "a.ogg":  # an OGG file says its length nowhere but at its end
        assert len(told) >= 1
        assert told[0].text.startswith(f"{name} breaks off after ")
        assert "of 4.0 seconds" in told[0].text
    assert read(path, 0.2, 0.5).shape == (4800,)


def test_a_header_that_claims_hours_costs_no_memory(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(0.5))
    data = bytearray(path.read_bytes())
    data[40:44] = (2_000_000_000).to_bytes(4, "little")
    data[4:8] = (2_000_000_036).to_bytes(4, "little")
    path.write_bytes(data)
    tracemalloc.start()
    info = probe(path)
    samples = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert info.seconds == pytest.approx(0.5)
    assert len(samples) == 8000
    assert "breaks off after 0.5 of 62500.0 seconds" in info.notes[0].text
    assert peak < 10_000_000


def test_a_length_that_was_never_filled_in_is_no_break(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(0.5))
    data = bytearray(path.read_bytes())
    data[40:44] = data[4:8] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert probe(path).notes == ()
    assert len(read(path)) == 8000


def test_names_in_any_script(tmp_path: Path) -> None:
    for name in (
        "with blanks.wav",
        "鸟鸣 録音.flac",
        "🐦🎵.ogg",
        "-i.wav",
        "a%20b?.wav" if os.name != "nt" else "b.wav",
    ):
        path = save(tmp_path / "ордер é" / name, tone(0.2))
        assert len(read(str(path))) == 3200


def test_a_text_named_wav(tmp_path: Path) -> None:
    for text in ("This is no sound.\n" * 30, "文字" * 50, "x"):
        (tmp_path / "a.wav").write_text(text, encoding="utf-8")
        assert refusals(tmp_path / "a.wav") == (
            "a.wav is a text and not a sound, whatever its name says. Remove it or put the recording there."
        )


def test_what_is_no_sound_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    assert refusals(tmp_path / "empty.wav") == "empty.wav is empty. Record it again or remove it."
    (tmp_path / "noise.mp3").write_bytes(np.random.default_rng(3).bytes(5000).replace(b"\xff", b"\x00"))
    assert "cannot be read as sound" in refusals(tmp_path / "noise.mp3")
    (tmp_path / "a.raw").write_bytes(bytes(range(256)) * 10)
    assert "cannot be read as sound" in refusals(tmp_path / "a.raw")
    save(tmp_path / "none.wav", np.zeros(0, np.float32))
    assert refusals(tmp_path / "none.wav") == "none.wav has no sound in it. Record it again or remove it."
    save(tmp_path / "none.flac", np.zeros(0, np.float32))
    refusals(tmp_path / "none.flac")
    assert refusals(tmp_path) == f"{tmp_path.name} is a folder. Choose a file in it."
    assert refusals(tmp_path / "no.wav") == "no.wav is not there. Choose the file again."
    data = save(tmp_path / "full.wav", tone(0.2)).read_bytes()
    (tmp_path / "head.wav").write_bytes(data[:30])
    refusals(tmp_path / "head.wav")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.wav")
        assert "not an ordinary file" in refusals(tmp_path / "pipe.wav")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.wav", tone(0.2))

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)
    assert refusals(path) == (
        "a.wav may not be read. Close it in other programs, or ask for permission to read it."
    )


def test_absurd_rates_are_refused(tmp_path: Path) -> None:
    for rate in (1, 999):
        path = save(tmp_path / "a.wav", tone(0.2), rate)
        assert f"says that it has {rate} samples per second" in refusals(path)


def test_parts_that_cannot_be(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(1.0))
    for start, end in ((0.5, 0.5), (0.5, 0.2), (-1.0, 0.5), (float("nan"), 1.0)):
        with pytest.raises(UserError, match="not after its start"):
            read(path, start, end)
    for start in (1.0, 5.0):
        with pytest.raises(UserError, match=f"a.wav ends before {start:.2f} seconds"):
            read(path, start)


def test_too_long_for_one_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fsl_desktop.core.audio.sound.MAX_CLIP_HOURS", 1 / 12)
    path = tmp_path / "a.flac"
    with soundfile.SoundFile(path, "w", 16_000, 1) as file:
        for _ in range(6):
            file.write(np.zeros(60 * 16_000, np.float32))
    with pytest.raises(UserError, match="longer than"):
        read(path)
    assert len(read(path, 300.0)) == 60 * 16_000
    tracemalloc.start()
    total = sum(map(len, stream(path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 6 * 60 * 16_000
    assert peak < 20_000_000


def test_a_stop_is_heard_between_blocks(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(2.0))
    heard: list[int] = []
    blocks = stream(path, block_seconds=0.1, cancelled=lambda: len(heard) == 3)
    with pytest.raises(Stopped):
        heard.extend(len(block) for block in blocks)
    assert len(heard) == 3
