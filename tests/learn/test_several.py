"""Several labels in a row: heads, thresholds, scores, a run, and the model that it leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_encoder import FRUIT, TOOLS

from fsl_desktop.core import metrics_several as metrics
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Cancelled, Finished, Started
from fsl_desktop.learn.several.answer import Deciding
from fsl_desktop.learn.several.calibrate import calibrate
from fsl_desktop.learn.several.data import SeveralData
from fsl_desktop.learn.several.folds import iterative
from fsl_desktop.learn.several.head import fit_several
from fsl_desktop.learn.several.run import SeveralTraining
from fsl_desktop.learn.trained import TrainedModel

BOTH = [f"{fruit} {tool}" for fruit, tool in zip(FRUIT, TOOLS, strict=True)]


def _data(**more: object) -> SeveralData:
    texts = [*FRUIT, *TOOLS, *BOTH, "old", "new", "old new", "new old new"]
    labels = [["fruit"]] * 6 + [["tools"]] * 6 + [["tools", "fruit"]] * 6 + [[]] * 4
    return SeveralData.of_lists(texts, labels, ["fruit", "tools"], **more)  # type: ignore[arg-type]


def _blobs(n: int = 120, rare: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors with one direction per class; the second class is rare."""
    generator = np.random.default_rng(seed)
    sets = np.zeros((n, 3), bool)
    sets[:, 0] = generator.random(n) < 0.5
    sets[:rare, 1] = True
    sets[:, 2] = generator.random(n) < 0.3
    vectors = sets @ np.eye(3, 8) + 0.2 * generator.normal(size=(n, 8))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), sets


def test_heads_are_those_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    vectors, sets = _blobs()
    head = fit_several(vectors, sets, None, c=10.0, tolerance=1e-8)
    for column in range(3):
        peer = LogisticRegression(C=10.0, class_weight="balanced", tol=1e-9, max_iter=10_000)
        peer.fit(vectors, sets[:, column])
        np.testing.assert_allclose(head.weights[column], peer.coef_[0], atol=1e-2)
        np.testing.assert_allclose(head.bias[column], peer.intercept_[0], atol=1e-2)


def test_a_rare_class_is_found_and_not_drowned() -> None:
    vectors, sets = _blobs(400, rare=6)
    test_vectors, truth = _blobs(400, rare=40, seed=1)
    logits = fit_several(vectors, sets, None).logits(test_vectors)
    found = logits[truth[:, 1], 1] > 0
    assert found.mean() > 0.8


def test_a_class_without_example_is_never_said() -> None:
    vectors, sets = _blobs()
    sets[:, 1] = False
    head = fit_several(vectors, sets, None)
    assert head.known.tolist() == [True, False, True]
    assert (head.logits(vectors)[:, 1] < -50).all()


def test_before_the_first_label_names_speak() -> None:
    names = np.eye(3, 8, dtype=np.float32)
    head = fit_several(np.zeros((0, 8), np.float32), np.zeros((0, 3), bool), names)
    vectors = np.eye(3, 8, dtype=np.float32) + 0.1
    assert head.logits(vectors).argmax(axis=1).tolist() == [0, 1, 2]


def test_as_many_are_said_as_have_the_class() -> None:
    generator = np.random.default_rng(0)
    sets = generator.random((400, 3)) < (0.5, 0.2, 0.2)
    logits = (2.0 * sets - 1.0 + generator.normal(size=sets.shape)).astype(np.float32)
    logits[:, 2] += 2  # this one sounds likelier than it is
    found = calibrate(logits, sets)
    said = (found.probabilities(logits) >= found.thresholds).sum(axis=0)
    assert np.abs(said - sets.sum(axis=0)).max() <= 0.15 * sets.sum(axis=0).max()
    assert found.thresholds[2] > found.thresholds[1] + 0.1


def test_probabilities_of_rare_classes_are_not_those_of_balanced_training() -> None:
    generator = np.random.default_rng(0)
    sets = generator.random((600, 2)) < 0.05
    logits = (2.0 * sets - 1.0 + generator.normal(size=sets.shape)).astype(np.float32)
    probabilities = calibrate(logits, sets).probabilities(logits)
    assert probabilities.mean() == pytest.approx(sets.mean(), abs=0.01)
    likely = probabilities > 0.3
    assert sets[likely].mean() == pytest.approx(probabilities[likely].mean(), abs=0.12)


def test_a_threshold_from_one_row_is_hardly_its_own() -> None:
    logits = np.array([[3, -5], [2, -5], [-2, -5], [-3, -5], [-3, -4]] * 4, np.float32)
    sets = logits > 0
    sets[4, 1] = True
    own, other = calibrate(logits, sets).thresholds
    assert 0.1 < other < own


def test_at_least_one_class_where_every_row_has_one() -> None:
    probabilities = np.array([[0.3, 0.2], [0.9, 0.8], [0.45, 0.05]], np.float32)
    assert Deciding((0.5, 0.25)).sets(probabilities).tolist() == [[False, True], [True, True], [True, False]]
    assert Deciding((0.5, 0.25), at_least_one=False).sets(probabilities)[2].tolist() == [False, False]
    sure = Deciding((0.5, 0.25)).certainty(probabilities)
    assert sure.tolist() == pytest.approx([0.6, 0.8667, 0.55], abs=1e-3)


def test_each_fold_has_its_share_of_every_class() -> None:
    generator = np.random.default_rng(3)
    sets = generator.random((200, 6)) < np.array([0.5, 0.3, 0.2, 0.1, 0.05, 0.03])
    groups = np.arange(200)
    groups[1::2] = groups[::2]  # twins
    folds = iterative(sets, groups, 5, seed=0)
    assert (folds[1::2] == folds[::2]).all()
    counts = np.array([sets[folds == fold].sum(axis=0) for fold in range(5)])
    assert (np.bincount(folds) >= 34).all()
    assert (counts.max(axis=0) - counts.min(axis=0) <= np.maximum(6, 0.35 * sets.sum(axis=0))).all()
    assert (counts[:, 4] > 0).all()


def test_scores_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import accuracy_score, f1_score

    generator = np.random.default_rng(1)
    true, said = generator.random((80, 5)) < 0.3, generator.random((80, 5)) < 0.4
    assert metrics.macro_f1(true, said) == pytest.approx(f1_score(true, said, average="macro"))
    assert metrics.micro_f1(true, said) == pytest.approx(f1_score(true, said, average="micro"))
    assert metrics.subset_accuracy(true, said).value == pytest.approx(accuracy_score(true, said))
    each = metrics.per_class(true, said, [7, 8, 9, 10, 11])
    assert [one.f1 for one in each] == pytest.approx(f1_score(true, said, average=None).tolist())
    macro, micro = metrics.bootstrap_f1(true, said, seed=0)
    assert macro.low < macro.value < macro.high
    assert (macro, micro) == metrics.bootstrap_f1(true, said, seed=0)
    perfect, _ = metrics.bootstrap_f1(true, true)
    assert perfect.value == 1.0
    assert perfect.low < 1.0
    with pytest.raises(ValueError, match="shape"):
        metrics.micro_f1(true, said[1:])


@pytest.mark.parametrize("preset", list(Preset))
def test_a_run_ends_with_a_model_that_says_sets(encoder, tmp_path: Path, preset: Preset) -> None:
    training = SeveralTraining(_data(), TrainConfig(preset=preset), encoder)
    events = list(training)
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    summary = events[-1].summary
    assert summary.several
    assert summary.accuracy is not None
    assert summary.macro_f1 is not None
    assert summary.micro_f1 is not None
    assert [score.support for score in summary.per_class] == [12, 12]
    assert any("not tuned yet" in note.text for note in summary.notes) == (
        preset not in (Preset.AUTO, Preset.INSTANT)
    )
    model = training.model
    assert model is not None
    assert model.several is not None
    assert not model.several.at_least_one
    said = model.predict(["sweet pear", "rusty saw", "sweet pear rusty saw"])
    assert said.labels == ["fruit", "tools", "fruit; tools"]
    assert said.sets is not None
    assert said.cell(2, as_list=True) == ["fruit", "tools"]
    assert ((said.confidence >= 0.5) & (said.confidence <= 1)).all()
    model.save(tmp_path / "model")
    again = TrainedModel.load(tmp_path / "model")
    assert again.several == model.several
    assert again.summary == model.summary
    assert again.predict(["sweet pear rusty saw"]).labels == ["fruit; tools"]
    np.testing.assert_allclose(
        again.predict(["old apple"]).probabilities, model.predict(["old apple"]).probabilities, atol=1e-6
    )
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "several of which a text may have" in card
    assert "Micro-F1" in card


def test_the_same_seed_gives_the_same_model(encoder) -> None:
    heads = []
    for _ in range(2):
        training = SeveralTraining(_data(), TrainConfig(preset=Preset.INSTANT, seed=5), encoder)
        list(training)
        assert training.model is not None
        heads.append(training.model)
    assert (heads[0].head.weights == heads[1].head.weights).all()
    assert heads[0].several == heads[1].several


def test_a_run_can_be_stopped(encoder) -> None:
    training = SeveralTraining(_data(), TrainConfig(), encoder, cancelled=lambda: True)
    assert isinstance(list(training)[-1], Cancelled)
    assert training.model is None


@pytest.mark.parametrize(
    ("texts", "labels", "names", "sentence"),
    [
        ([], [], ["a"], "No row has a label"),
        (["x"], [[]], ["a"], "of no class"),
        (["x"], [["a"]], ["a"], "Every labelled row"),
        (["x"], [["a"]], [], "Add at least one class"),
    ],
)
def test_what_cannot_be_learnt_is_said(
    encoder, texts: list[str], labels: list[list[str]], names: list[str], sentence: str
) -> None:
    data = SeveralData(
        texts,
        np.array([[name in row for name in names] for row in labels], bool).reshape(len(texts), len(names)),
        names,
        np.arange(len(texts)),
        np.arange(len(names)),
    )
    with pytest.raises(UserError, match=sentence):
        list(SeveralTraining(data, TrainConfig(), encoder))


def test_one_row_of_each_is_learnt_from_and_not_scored(encoder) -> None:
    data = SeveralData.of_lists(["ripe pear", "rusty nail"], [["fruit"], ["tools"]])
    training = SeveralTraining(data, TrainConfig(preset=Preset.INSTANT), encoder)
    summary = list(training)[-1].summary  # type: ignore[attr-defined]
    assert summary.accuracy is None
    assert any("too early" in note.text for note in summary.notes)
    assert training.model is not None
    assert training.model.predict(["ripe plum"]).labels == ["fruit"]
