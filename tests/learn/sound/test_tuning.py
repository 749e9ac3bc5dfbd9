"""Upper layers that learn: where gradients go, what a seed decides, and that it comes to something."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fsl_desktop.learn.encoders.whisper import WhisperEncoder
from fsl_desktop.learn.encoders.yamnet import MIDDLE, YAMNet
from fsl_desktop.learn.methods.pairwise import Recipe
from fsl_desktop.learn.sound.augment import NONE, Guises, Lower, cropped, masked, mixed, noisy
from fsl_desktop.learn.sound.tuning import SoundTuner, embedded
from fsl_desktop.learn.sound.upper import Upper, UpperPart, WhisperUpper, YamnetUpper

CLASSES = 3


class Linear(UpperPart):
    """The mean over time, seen through one layer."""

    crop = 4

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(12, 8)

    def forward(self, lower: Sequence[Tensor]) -> Tensor:
        out: Tensor = self.layer(torch.stack([own.float().mean(dim=0) for own in lower]))
        return out


def drawn(n: int, seed: int, noise: float = 1.0) -> tuple[list[Lower], NDArray[np.int64]]:
    """Clips whose class shows in three of twelve channels; louder ones say nothing."""
    chance = np.random.default_rng(seed)
    labels = np.arange(n) % CLASSES
    clips: list[Lower] = []
    for label in labels:
        own = chance.normal(size=(int(chance.integers(3, 8)), 12)) + noise * chance.normal(size=12)
        own[:, :CLASSES] = np.eye(CLASSES)[label] + 0.3 * chance.normal(size=(len(own), CLASSES))
        clips.append((torch.from_numpy(own).half(),))
    return clips, labels


def tuner_of(seed: int, guises: Guises = NONE, steps: int = 40) -> SoundTuner:
    torch.manual_seed(0)
    clips, labels = drawn(24, 1)
    upper = Upper([Linear()])
    upper.centre(clips)
    recipe = Recipe(steps=steps, learning_rate=1e-2, batch=18)
    return SoundTuner(upper, [[one] for one in clips], labels, CLASSES, recipe, guises, seed=seed)


def small_whisper() -> WhisperEncoder:
    torch.manual_seed(1)
    return WhisperEncoder(bands=8, width=16, layers=6, heads=2, inner=32, frames=100).eval()


def small_yamnet() -> YAMNet:
    torch.manual_seed(2)
    network = YAMNet(["any sound"])
    for convolution in network.convolutions:
        nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
        nn.init.constant_(convolution.bias, 0.1)
    return network.eval()


def test_the_loss_falls_and_clips_that_were_not_learnt_from_are_told_apart() -> None:
    tuner = tuner_of(0)
    asked, labels = drawn(60, 2)
    frozen = embedded(tuner.upper, asked)
    before = _right(frozen, labels)
    losses = [tuner.step() for _ in range(tuner.recipe.steps)]
    tuned = embedded(tuner.upper, asked)
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:3])
    assert _right(tuned, labels) > before + 0.1
    assert tuner.held_out_loss(asked, labels) < 0.6 * np.mean(losses[:3])
    np.testing.assert_allclose(np.linalg.norm(tuned, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("guises", [NONE, Guises()], ids=["plain", "in other guises"])
def test_the_same_seed_goes_the_same_way_and_another_one_another(guises: Guises) -> None:
    ways = []
    for seed in (0, 0, 1):
        tuner = tuner_of(seed, guises)
        ways.append([tuner.step() for _ in range(6)])
    assert ways[0] == ways[1]
    assert ways[0] != ways[2]


def test_every_upper_layer_learns_and_the_encoder_below_stays_as_it_is() -> None:
    whisper, yamnet = small_whisper(), small_yamnet()
    kept = {name: one.clone() for name, one in (*whisper.named_parameters(), *yamnet.named_parameters())}
    upper = Upper([YamnetUpper(yamnet), WhisperUpper(whisper)])
    chance = torch.Generator().manual_seed(3)
    clips: list[Lower] = [
        (
            torch.rand(patches, 512, 6, 4, generator=chance),
            torch.randn(20 * patches, 16, generator=chance),
        )
        for patches in (1, 2, 6, 2, 3, 1)
    ]
    upper.centre(clips)
    assert {name for name, one in upper.named_parameters() if not one.requires_grad} == {
        "middles.0",
        "middles.1",
    }
    before = {name: one.detach().clone() for name, one in upper.named_parameters()}
    labels = np.arange(6) % 2
    tuner = SoundTuner(upper, [[one] for one in clips], labels, 2, Recipe(steps=3), NONE, seed=0)
    for _ in range(2):
        tuner.step()
    same = {name for name, one in upper.named_parameters() if torch.equal(one, before[name])}
    assert same == {"middles.0", "middles.1"}
    now = dict((*whisper.named_parameters(), *yamnet.named_parameters()))
    assert all(torch.equal(one, now[name]) for name, one in kept.items())


def test_untouched_upper_layers_say_what_the_whole_encoders_say() -> None:
    yamnet, whisper = small_yamnet(), small_whisper()
    chance = torch.Generator().manual_seed(4)
    patches = torch.randn(5, 96, 64, generator=chance)
    bands = torch.randn(2, 8, 60, generator=chance)
    with torch.no_grad():
        middle = yamnet.middle(patches)
        assert torch.equal(middle, yamnet(patches).middle)
        found = YamnetUpper(yamnet)([middle[:2], middle[2:]])
        whole = yamnet(patches).embedding
        torch.testing.assert_close(found, torch.stack([whole[:2].mean(0), whole[2:].mean(0)]))
        states = whisper(bands, [60, 40])
        # Clips of unequal length: what follows the shorter one must not be heard.
        heard = WhisperUpper(whisper)([states[3][0], states[3][1, :20]])
        expected = torch.stack([states[5][0].mean(0), states[5][1, :20].mean(0)])
    assert MIDDLE == 16
    torch.testing.assert_close(heard, expected, atol=1e-5, rtol=1e-4)


def test_guises_change_what_they_say_and_no_more() -> None:
    chance = np.random.default_rng(0)
    long = (torch.ones(10, 8), torch.ones(250, 16))
    short = cropped(long, [4, 100], chance)
    assert [len(own) for own in short] == [4, 100]
    assert [len(own) for own in cropped((torch.ones(2, 8),), [4], chance)] == [2]
    gone = [1 - float(masked(short, Guises(), chance)[1].mean()) for _ in range(50)]
    assert 0 <= min(gone) < 0.05
    assert 0.1 < max(gone) < 0.5
    assert float(short[1].min()) == 1, "what was heard is kept as it was"
    clips: list[Lower] = [(torch.full((2 + place, 3), float(place)),) for place in range(4)]
    into, classes = mixed(clips, torch.eye(4), 1.0, chance)
    assert [len(own) for (own,) in into] == [2, 3, 4, 5]
    torch.testing.assert_close(classes.sum(dim=1), torch.ones(4))
    assert bool((classes.diagonal() >= 0.6).all())
    same, plain = mixed(clips, torch.eye(4), 0.0, chance)
    assert all(torch.equal(a[0], b[0]) for a, b in zip(same, clips, strict=True))
    assert torch.equal(plain, torch.eye(4))


def test_a_noisy_copy_is_near_the_clip_and_silence_stays_silence() -> None:
    chance = np.random.default_rng(0)
    clip = np.sin(np.arange(16_000) / 7).astype(np.float32)
    copy = noisy(clip, chance)
    assert 16_000 - 4_800 <= len(copy) <= 16_000
    left = clip[len(clip) - len(copy) :]
    ratio = 10 * np.log10(np.square(left).mean() / np.square(copy - left).mean())
    assert 14 < ratio < 31
    assert not noisy(np.zeros(100, np.float32), chance).any()
    assert len(noisy(np.zeros(0, np.float32), chance)) == 0


def _right(vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """The share of clips that lie nearest to the mean of their own class."""
    means = np.stack([vectors[labels == one].mean(axis=0) for one in range(CLASSES)])
    return float(((vectors @ means.T).argmax(axis=1) == labels).mean())
