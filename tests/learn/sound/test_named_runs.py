"""Names of classes in a run on recordings: what they add, that they are kept, and who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sound_bands import PITCHES, Bands, drawn, make_recordings
from sound_reference import installed

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Finished
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.heads import LinearHead, Matrix
from fsl_desktop.learn.models.shelf import Shelf
from fsl_desktop.learn.sound.blocks import SoundEncoders
from fsl_desktop.learn.sound.data import SoundData
from fsl_desktop.learn.sound.folder import load_sound_folder
from fsl_desktop.learn.sound.names import EMBEDDING, NamePrior
from fsl_desktop.learn.sound.reader import NameReader
from fsl_desktop.learn.sound.run import KnowNames, SoundTraining


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_recordings(tmp_path_factory.mktemp("recordings"), 12)


class Wide(Bands):
    """The first block begins with as many numbers as an embedding has."""

    def blocks(
        self, samples: Sequence[np.ndarray], *, progress: object = None, cancelled: object = None
    ) -> list[Matrix]:
        found = super().blocks(samples)
        return [np.pad(found[0], ((0, 0), (0, EMBEDDING - 12))), *found[1:]]


def named(weight: float) -> KnowNames:
    """Knows which bands a class is loud in."""

    def know(names: Sequence[str], embeddings: Matrix) -> NamePrior:
        weights = np.zeros((len(names), EMBEDDING), np.float32)
        for place, name in enumerate(names):
            weights[place, {"low": 0, "middle": 1, "high": 3}[name]] = weight
        return NamePrior(LinearHead(weights, -(embeddings @ weights.T).mean(axis=0)))

    return know


def test_names_take_part_are_saved_and_can_be_left_out(recordings: Path, tmp_path: Path) -> None:
    clips, labels = drawn(recordings, 1)
    keep = [place for place, label in enumerate(labels) if label != "high"]
    data = SoundData.of_lists(
        [clips[place] for place in keep], [labels[place] for place in keep], list(PITCHES)
    )
    config = TrainConfig(preset=Preset.INSTANT)
    training = SoundTraining(data, config, Wide(), names=named(6.0))
    events = list(training)
    last = events[-1]
    assert isinstance(last, Finished)
    assert any("Known by name only" in note.text for note in last.summary.notes)
    assert training.model is not None
    assert training.model.provenance.uses_class_names
    paths = [recordings / f"high {number}.wav" for number in range(10)]
    said = training.model.predict(paths)
    assert said.labels.count("high") > 5, "a class that nobody has labelled is known by its name"
    training.model.save(tmp_path / "model")
    again = load_sound_folder(tmp_path / "model", lambda folder, ids: Wide())
    np.testing.assert_allclose(again.predict(paths).probabilities, said.probabilities, atol=1e-6)
    without = TrainConfig(preset=Preset.INSTANT, use_class_names=False)
    with pytest.raises(UserError, match="high"):
        list(SoundTraining(data, without, Wide(), names=named(6.0)))


def test_names_that_mislead_are_not_saved(recordings: Path) -> None:
    data = SoundData.of_lists(*drawn(recordings, 3))
    training = SoundTraining(data, TrainConfig(preset=Preset.INSTANT), Wide(), names=named(-3.0))
    list(training)
    assert training.model is not None
    assert training.model.prior is None
    assert not training.model.provenance.uses_class_names


@pytest.mark.model
def test_real_names_of_sounds_say_something_and_names_of_nothing_do_not(clips: list[np.ndarray]) -> None:
    ears = SoundEncoders({"yamnet": installed("yamnet")})
    installed("minilm")
    reader = NameReader(Catalogue.load(), Shelf(TextEncoder.load))
    embeddings = ears.blocks(clips)[0][:, :EMBEDDING]
    prior = reader.prior(ears, ["speech", "dog", "piano"], embeddings)
    assert prior is not None
    assert prior.scores(embeddings).shape == (len(clips), 3)
    assert reader.prior(ears, ["zero", "one", "two"], embeddings) is None
    assert reader.prior(Bands(), ["speech", "dog"], embeddings) is None
