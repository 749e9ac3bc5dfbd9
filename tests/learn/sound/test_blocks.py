"""Blocks of clips: what the encoders give, what is kept, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sound_reference import installed

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.learn.sound import blocks as module
from fsl_desktop.learn.sound.blocks import BlockCache, SoundEncoders, heard
from fsl_desktop.learn.sound.listeners import active


class Simple:
    """Two blocks of a clip: its length in samples; its mean and its peak."""

    blocks = (("length", 1), ("level", 2))
    asked: list[int]

    def __init__(self, folder: Path) -> None:
        assert folder.is_dir()

    def hear(self, clips: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        self.asked.extend(len(clip) for clip in clips)
        lengths = torch.tensor([[len(clip) / 1000] for clip in clips])
        return [lengths, torch.stack([torch.stack([clip.mean(), clip.abs().max()]) for clip in clips])]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model folder of the encoder "simple"."""
    made = tmp_path / "simple"
    made.mkdir()
    (made / "model.safetensors").write_bytes(b"weights")
    (made / "config.json").write_bytes(b"{}")
    monkeypatch.setattr(Simple, "asked", [], raising=False)
    monkeypatch.setattr(module, "LISTENERS", {"simple": Simple})
    return made


def tones(*lengths: int) -> list[NDArray[np.float32]]:
    return [np.sin(np.arange(length) / (3 + length % 7)).astype(np.float32) for length in lengths]


def test_blocks_come_in_the_order_of_the_clips(folder: Path) -> None:
    encoders = SoundEncoders({"simple": folder})
    told: list[tuple[int, int]] = []
    length, level = encoders.blocks(
        tones(3000, 200_000, 1000, 3000), progress=lambda done, total: told.append((done, total))
    )
    assert encoders.names == ("length", "level")
    np.testing.assert_allclose(length[:, 0], [3, 80, 1, 3])
    np.testing.assert_allclose(level[:, 1], 0.8, atol=1e-3)
    assert level.dtype == np.float32
    assert sorted(Simple.asked) == [1000, 3000, 80_000], "5 s at most, and the same clip once"
    assert told == sorted(told)
    assert told[-1] == (4, 4)
    assert [part.shape for part in encoders.blocks([])] == [(0, 1), (0, 2)]


def test_what_was_heard_once_is_kept_by_content(tmp_path: Path, folder: Path) -> None:
    clips = tones(2000, 900, 5000)
    first = SoundEncoders({"simple": folder}, BlockCache(tmp_path / "cache")).blocks(clips)
    again = SoundEncoders({"simple": folder}, BlockCache(tmp_path / "cache")).blocks(clips[::-1])
    assert len(Simple.asked) == 3
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other[::-1])
    (folder / "model.safetensors").write_bytes(b"other weights")
    SoundEncoders({"simple": folder}, BlockCache(tmp_path / "cache")).blocks(clips)
    assert len(Simple.asked) == 6, "another model hears for itself"


def test_without_a_cache_the_numbers_are_the_same(tmp_path: Path, folder: Path) -> None:
    clips = tones(2000, 901)
    bare = SoundEncoders({"simple": folder}).blocks(clips)
    cached = SoundEncoders({"simple": folder}, BlockCache(tmp_path / "cache"))
    cached.blocks(clips)
    for one, other in zip(bare, cached.blocks(clips), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_was_heard_before_a_stop_is_kept(tmp_path: Path, folder: Path) -> None:
    encoders = SoundEncoders({"simple": folder}, BlockCache(tmp_path / "cache"))
    clips = tones(*range(70_000, 70_010))
    told: list[int] = []
    with pytest.raises(Stopped):
        encoders.blocks(
            clips,
            progress=lambda done, total: told.append(done),
            cancelled=lambda: bool(told) and told[-1] > 4,
        )
    before = len(Simple.asked)
    assert 0 < before < 10
    encoders.blocks(clips)
    assert len(Simple.asked) == 10


@pytest.mark.parametrize(
    "clip",
    [
        np.zeros(0),
        np.zeros(1),
        np.ones(1),
        np.zeros(8000),
        np.full(8000, np.nan),
        np.full(8000, np.inf),
        np.full(8000, 1e30),
        np.full(8000, 1e-30),
    ],
    ids=["nothing", "one zero", "one", "silence", "nan", "inf", "huge", "tiny"],
)
def test_odd_clips_are_finite_and_long_enough(clip: NDArray[np.float64]) -> None:
    found = heard(clip.astype(np.float32))
    assert found.isfinite().all()
    assert len(found) >= 400
    assert float(found.abs().max()) <= 0.81
    first, last = active(found)
    assert 0 <= first < last


def test_frames_that_are_quiet_at_both_ends_do_not_count() -> None:
    clip = torch.zeros(16_000)
    clip[4_000:8_000] = 0.8 * torch.sin(torch.arange(4_000) / 5)
    clip[12_000:12_320] = 0.001
    assert active(clip) == (12, 25)


def test_save_writes_each_encoder_and_saved_reads_them(tmp_path: Path, folder: Path) -> None:
    clips = tones(1234)
    encoders = SoundEncoders({"simple": folder})
    encoders.save(tmp_path / "out")
    again = SoundEncoders.saved(tmp_path / "out", encoders.models)
    for one, other in zip(encoders.blocks(clips), again.blocks(clips), strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_encoder_that_is_not_installed_is_one_sentence(home: Path) -> None:
    with pytest.raises(UserError, match="fsl-desktop models install yamnet"):
        SoundEncoders.installed(Catalogue.load())


@pytest.fixture(scope="module")
def encoders() -> SoundEncoders:
    return SoundEncoders({model: installed(model) for model in ("yamnet", "whisper-base", "speaker")})


@pytest.mark.model
def test_five_blocks_of_ten_clips(encoders: SoundEncoders, clips: list[NDArray[np.float32]]) -> None:
    long = np.tile(clips[0], 20)
    found = encoders.blocks([*clips, long])
    assert encoders.names == ("Y", "Y16", "W45", "W2", "R")
    assert [part.shape for part in found] == [(11, 3072), (11, 1024), (11, 1024), (11, 1024), (11, 512)]
    assert all(np.isfinite(part).all() for part in found)
    assert not found[0][:10, 1024:2048].any(), "one patch has no deviation"
    assert found[0][10, 1024:2048].any()


@pytest.mark.model
def test_a_clip_has_the_same_blocks_alone_soft_or_in_company(
    encoders: SoundEncoders, clips: list[NDArray[np.float32]]
) -> None:
    lengths = [clips[0], np.tile(clips[1], 3), np.tile(clips[2], 9)]
    together = encoders.blocks(lengths)
    for index, clip in enumerate(lengths):
        for alone, soft, all_ in zip(
            encoders.blocks([clip]), encoders.blocks([clip * 0.01]), together, strict=True
        ):
            scale = np.abs(alone).max()
            np.testing.assert_allclose(alone[0], all_[index], atol=2e-3 * scale)
            np.testing.assert_allclose(alone[0], soft[0], atol=5e-3 * scale)


@pytest.mark.model
def test_a_clip_under_noise_is_nearer_to_itself_than_to_another(
    encoders: SoundEncoders, clips: list[NDArray[np.float32]]
) -> None:
    chance = np.random.default_rng(2)
    noisy = [(clip + 0.003 * chance.normal(size=len(clip))).astype(np.float32) for clip in clips]
    both = zip(encoders.names, encoders.blocks(clips), encoders.blocks(noisy), strict=True)
    for name, clean, rough in both:
        a, b = clean - clean.mean(0), rough - rough.mean(0)
        a, b = (part / np.linalg.norm(part, axis=1, keepdims=True) for part in (a, b))
        right = ((b @ a.T).argmax(1) == np.arange(10)).mean()
        assert right >= 0.8, (name, right)
