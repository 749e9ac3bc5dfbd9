"""Clips that were heard before are not decoded again, as long as their files are the same."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from sounds import save, tone

from fsl_desktop.core.events import Progress
from fsl_desktop.learn.sound import blocks as module
from fsl_desktop.learn.sound.blocks import BlockCache, SoundEncoders
from fsl_desktop.learn.sound.clips import Clip
from fsl_desktop.learn.sound.listening import HeardClips, hear


class Length:
    """One block of a clip: its length in seconds."""

    blocks = (("length", 1),)

    def __init__(self, folder: Path) -> None: ...

    def hear(self, clips: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        return [torch.tensor([[len(clip) / 16_000] for clip in clips])]


@pytest.fixture
def ears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoundEncoders:
    folder = tmp_path / "length"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    monkeypatch.setattr(module, "LISTENERS", {"length": Length})
    return SoundEncoders({"length": folder}, BlockCache(tmp_path))


def heard(ears: SoundEncoders, clips: Sequence[Clip]) -> tuple[HeardClips, list[int], list[str]]:
    """(what was heard, the counts that were told, the files that were read)."""
    read: list[str] = []
    told: list[int] = []
    known = Clip.samples

    def noted(clip: Clip) -> module.Samples:
        read.append(clip.path.name)
        return known(clip)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clip, "samples", noted)
        going = hear(ears, clips, 0, len(clips), lambda: False)
        while True:
            try:
                event = next(going)
            except StopIteration as end:
                return end.value, told, read
            assert isinstance(event, Progress)
            told.append(event.done)


def test_only_new_and_changed_files_are_read_again(tmp_path: Path, ears: SoundEncoders) -> None:
    files = [save(tmp_path / f"{n}.wav", tone(1 + n)) for n in range(3)]
    first, told, read = heard(ears, [Clip(file) for file in files])
    assert (read, told) == (["0.wav", "1.wav", "2.wav"], [3])
    (tmp_path / "broken.wav").write_text("no sound")
    save(files[1], tone(1.5))
    os.utime(files[1], ns=(0, 0))  # as a copy that brings its date along
    new = Clip(files[2], 0.0, 0.5)
    again, told, read = heard(ears, [*(Clip(file) for file in files), Clip(tmp_path / "broken.wav"), new])
    assert read == ["1.wav", "broken.wav", "2.wav"]
    assert told[-1] == 5
    assert told == sorted(told)
    np.testing.assert_allclose(first.blocks[0][:, 0], [1, 2, 3])
    np.testing.assert_allclose(again.blocks[0][:, 0], [1, 1.5, 3, 0.5])
    assert again.places == [0, 1, 2, 4]
    assert [trouble.place for trouble in again.troubles] == [3]
    assert again.samples == 16_000 * 6


def test_a_file_that_is_gone_is_not_taken_for_known(tmp_path: Path, ears: SoundEncoders) -> None:
    file = save(tmp_path / "a.wav", tone())
    heard(ears, [Clip(file)])
    file.unlink()
    found, _, _ = heard(ears, [Clip(file)])
    assert found.places == []
    assert len(found.troubles) == 1


def test_what_fell_out_of_the_cache_is_read_again(tmp_path: Path, ears: SoundEncoders) -> None:
    file = save(tmp_path / "a.wav", tone())
    heard(ears, [Clip(file)])
    assert ears._cache is not None
    ears._cache.store._discard()
    ears._cache.close()
    found, _, read = heard(ears, [Clip(file)])
    assert read == ["a.wav"]
    assert found.places == [0]
