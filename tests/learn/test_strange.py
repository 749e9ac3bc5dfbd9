"""Rows that fit no class are noticed by whole models: instant ones, tuned ones, and after being saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from projects import import_rows, load
from tiny_encoder import NAMES

from fsl_desktop.core.answers import UNKNOWN_FROM
from fsl_desktop.core.commands import AddBatch, AddClass, SetLabels
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.export import UNKNOWN
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.strange import LEAST_ROWS, pool_of
from fsl_desktop.learn.surroundings import Surroundings
from fsl_desktop.learn.trained import TrainedModel
from fsl_desktop.learn.workbench import Workbench

FRUITS, THINGS = (
    ("apple", "pear", "plum", "tart", "sweet", "ripe"),
    ("hammer", "nail", "saw", "rusty", "sharp"),
)
KNOWN = [f"{one} {other}" for group in (FRUITS, THINGS) for one in group for other in group if one != other]
OF_FRUIT = len(FRUITS) * (len(FRUITS) - 1)
STRANGE = ["old old new", "new new old old", "old new", "new old new"]


def data_of(n: int) -> TrainingData:
    """``n`` rows, half of them of fruit."""
    texts = [*KNOWN[: n // 2], *KNOWN[OF_FRUIT : OF_FRUIT + n - n // 2]]
    return TrainingData.of_lists(texts, [NAMES[0]] * (n // 2) + [NAMES[1]] * (n - n // 2), NAMES)


def trained(encoder: TextEncoder, n: int, preset: Preset = Preset.INSTANT) -> TrainedModel:
    config = TrainConfig(preset=preset, tuned_layers=1, learning_rate=2e-3, steps=8)
    training = Training(data_of(n), config, encoder)
    list(training)
    assert training.model is not None
    return training.model


@pytest.mark.parametrize("preset", [Preset.INSTANT, Preset.THOROUGH])
def test_a_model_says_of_each_text_how_little_it_fits(encoder: TextEncoder, preset: Preset) -> None:
    model = trained(encoder, 36, preset)
    said = model.predict([*KNOWN, *STRANGE]).unknown
    assert said is not None
    assert said.shape == (len(KNOWN) + len(STRANGE),)
    known, new = said[: len(KNOWN)], said[len(KNOWN) :]
    assert (known >= UNKNOWN_FROM).mean() < 0.25
    assert (new[:, None] > known[None, :]).mean() > 0.8


def test_with_fewer_than_twenty_rows_nobody_can_tell(encoder: TextEncoder) -> None:
    assert trained(encoder, LEAST_ROWS - 2).predict(STRANGE).unknown is None
    assert trained(encoder, LEAST_ROWS).predict(STRANGE).unknown is not None


def test_a_saved_model_says_the_same_and_a_changed_file_is_refused(
    encoder: TextEncoder, tmp_path: Path
) -> None:
    model = trained(encoder, 30)
    model.save(tmp_path / "model")
    again = TrainedModel.load(tmp_path / "model")
    np.testing.assert_allclose(again.predict(STRANGE).unknown, model.predict(STRANGE).unknown, atol=1e-5)  # type: ignore[arg-type]
    assert "unknown.safetensors" in (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    file = tmp_path / "model" / UNKNOWN
    file.write_bytes(file.read_bytes()[:-4] + b"\0\0\0\0")
    with pytest.raises(UserError, match=UNKNOWN):
        TrainedModel.load(tmp_path / "model")


def test_a_model_without_it_is_saved_and_read_without_it(encoder: TextEncoder, tmp_path: Path) -> None:
    replace(trained(encoder, 30), unknown=None).save(tmp_path / "model")
    assert not (tmp_path / "model" / UNKNOWN).exists()
    assert TrainedModel.load(tmp_path / "model").predict(STRANGE).unknown is None


@pytest.fixture
def larger(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "larger.fsl", "Larger")
    for name in NAMES:
        made.do(AddClass(name))
    made.do(AddBatch(import_rows(made, [ReadRow(text) for text in (*KNOWN, *STRANGE)])))
    return load(made)


def test_suggestions_and_answers_carry_it_once_there_are_labels_enough(
    larger: Project, bench: Workbench, model: str
) -> None:
    fruit, tools = (info.id for info in larger.classes)
    ids = larger.table.ids

    def suggest() -> np.ndarray | None:
        found = bench.suggest(
            larger.folder, larger.revision, model, True, tell=lambda _: None, cancelled=lambda: False
        )
        return found.unknown

    for place in range(9):
        larger.do(SetLabels((int(ids[place]),), fruit))
        larger.do(SetLabels((int(ids[OF_FRUIT + place]),), tools))
    assert suggest() is None
    assert bench.ask(larger.folder, STRANGE[:1], model)[0].unknown is None
    for place in range(9, 15):
        larger.do(SetLabels((int(ids[place]),), fruit))
        larger.do(SetLabels((int(ids[OF_FRUIT + place]),), tools))
    unknown = suggest()
    assert unknown is not None
    assert len(unknown) == len(ids)
    assert unknown[-len(STRANGE) :].mean() > unknown[: -len(STRANGE)].mean() + 0.1
    answers = bench.ask(larger.folder, (STRANGE[0], KNOWN[0]), model)
    assert answers[0].unknown == pytest.approx(unknown[-len(STRANGE)], abs=1e-3)
    assert answers[1].unknown == pytest.approx(unknown[0], abs=1e-3)
    # One label later it is still there, and other rows do not jump about.
    larger.do(SetLabels((int(ids[15]),), fruit))
    later = suggest()
    assert later is not None
    assert np.abs(later - unknown).mean() < 0.1
    larger.close()


def test_the_pool_lasts_while_few_of_its_rows_get_a_label() -> None:
    vectors = np.random.default_rng(0).normal(size=(100, 8)).astype(np.float32)
    around = Surroundings()
    free = np.arange(100)
    pool = around.pool(vectors, free)
    assert around.pool(vectors, free[1:]) is pool
    near = around.near(vectors, pool)
    assert near is not None
    assert around.near(vectors, pool) is near
    fewer = around.pool(vectors, free[10:])
    assert fewer is not pool
    assert len(fewer) == 90
    assert around.near(vectors, fewer) is not near
    assert around.near(vectors, fewer[:0]) is None


def test_large_tables_are_compared_with_fewer_rows() -> None:
    assert len(pool_of(np.arange(5_000), 5_000)) == 2000
    assert len(pool_of(np.arange(10_000), 10_000)) == 500
    assert len(set(pool_of(np.arange(300), 300).tolist())) == 300
