"""The speaker encoder against Resemblyzer, and its converter against files of every kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from safetensors.numpy import load_file
from sound_reference import cosines, installed, reference

from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.encoders.speaker import SpeakerEncoder
from fsl_desktop.learn.models.speaker_pt import convert

SAME = 0.9999
"""Both compute in float32 from the same weights; the reference was rounded to float16 for keeping."""


@pytest.fixture(scope="module")
def speaker() -> SpeakerEncoder:
    return SpeakerEncoder.load(installed("speaker"))


@pytest.mark.model
def test_ten_clips_are_heard_as_by_resemblyzer(
    speaker: SpeakerEncoder, clips: list[NDArray[np.float32]]
) -> None:
    kept = reference("speaker")
    bands, lengths = speaker.listen([torch.from_numpy(clip) for clip in clips])
    with torch.inference_mode():
        states = speaker(bands)
    means = np.stack([own[:length].mean(0).numpy() for own, length in zip(states, lengths, strict=True)])
    assert cosines(means, kept["mean"]).min() > SAME
    # Resemblyzer pads to 1.6 s; all but the bands of the last two frames of a clip are the same.
    padded = F.pad(bands, (0, 0, 0, 160 - bands.shape[1]))
    for own, theirs, length in zip(padded, kept["bands"], lengths, strict=True):
        whole = (length - 2) // 8
        np.testing.assert_allclose(own[::8][:whole].numpy(), theirs[:whole], atol=2e-3)
    with torch.inference_mode():
        embedding = speaker.embed(speaker(padded)[:, -1]).numpy()
    assert cosines(embedding, kept["embedding"]).min() > 0.999, "two frames of some 50 differ"


@pytest.mark.model
def test_gradients_reach_every_layer(speaker: SpeakerEncoder, clips: list[NDArray[np.float32]]) -> None:
    bands, _ = speaker.listen([torch.from_numpy(clip) for clip in clips[:2]])
    speaker.embed(speaker(bands)[:, -1])[:, :9].sum().backward()
    still = [name for name, one in speaker.named_parameters() if one.grad is None or not one.grad.any()]
    speaker.zero_grad()
    assert still == []


def test_loudness_decides_nothing_and_silence_is_no_trouble() -> None:
    model = SpeakerEncoder()
    samples = torch.randn(8_000)
    loud, soft, silent = model.listen([samples * 0.9, samples * 0.001, torch.zeros(8_000)])[0]
    np.testing.assert_allclose(loud.numpy(), soft.numpy(), rtol=1e-3, atol=1e-6)
    assert not silent.any()


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    state = SpeakerEncoder(bands=4, width=6).state_dict()
    path = tmp_path / "pretrained.pt"
    torch.save({"step": 3, "model_state": state | {"similarity_bias": torch.ones(1)}}, path)
    return path


def test_the_checkpoints_weights_come_out_and_nothing_else(tmp_path: Path, checkpoint: Path) -> None:
    convert(checkpoint, tmp_path, lambda share: None)
    torch.manual_seed(1)
    same = SpeakerEncoder(bands=4, width=6).eval()
    found = load_file(tmp_path / "model.safetensors")
    assert set(found) == set(same.state_dict())
    bands = torch.randn(2, 7, 4)
    np.testing.assert_array_equal(SpeakerEncoder.load(tmp_path)(bands).detach(), same(bands).detach())


class _Runs:
    """What a malicious file would hold."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("it-ran"),)  # type: ignore[return-value]


def test_foreign_files_are_refused_and_nothing_in_them_runs(
    tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "foreign.pt"
    torch.save({"model_state": _Runs()}, path)
    for content in (path.read_bytes(), b"", b"nothing", checkpoint.read_bytes()[:500]):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="no checkpoint of a speaker encoder"):
            convert(path, tmp_path, lambda share: None)
    torch.save({"model_state": {"linear.bias": torch.ones(3)}}, path)
    with pytest.raises(ValueError, match="no checkpoint of a speaker encoder"):
        convert(path, tmp_path, lambda share: None)
    assert not Path("it-ran").exists()


def test_a_damaged_model_is_one_sentence(tmp_path: Path, checkpoint: Path) -> None:
    convert(checkpoint, tmp_path, lambda share: None)
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(UserError, match="Install the model again"):
        SpeakerEncoder.load(tmp_path)
