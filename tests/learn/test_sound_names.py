"""Before the first label the names of classes say something about sounds, where they are names of sounds."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.mix import Clips
from fsl_desktop.learn.sound.names import Kinds, prior_of

KINDS, DIM, TEXT = 12, 20, 16


def unit(rows: Matrix) -> Matrix:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def kinds() -> Kinds:
    chance = np.random.default_rng(0)
    vectors = np.linalg.qr(chance.normal(size=(TEXT, TEXT)))[0][:KINDS].astype(np.float32)
    weight = np.linalg.qr(chance.normal(size=(DIM, DIM)))[0][:KINDS].astype(np.float32)
    # Some kinds are heard everywhere, as "Speech" is.
    return Kinds(vectors, weight, np.linspace(-3, 3, KINDS, dtype=np.float32))


def clips_of(kinds: Kinds, classes: list[int], n: int, seed: int = 1) -> tuple[Matrix, Matrix]:
    """(embeddings (n, DIM), true class of each): clips of the kinds ``classes``, in turn."""
    chance = np.random.default_rng(seed)
    labels = np.arange(n) % len(classes)
    heard = kinds.weight[np.array(classes)[labels]] + 0.3 * chance.normal(size=(n, DIM))
    return heard.astype(np.float32), labels


def test_names_of_sounds_tell_clips_apart_without_a_label(kinds: Kinds) -> None:
    classes = [1, 4, 11]
    embeddings, labels = clips_of(kinds, classes, 60)
    prior = prior_of(kinds.vectors[classes], kinds, embeddings)
    assert prior is not None
    assert (prior.scores(embeddings).argmax(axis=1) == labels).mean() > 0.9


def test_a_kind_that_is_heard_everywhere_does_not_win_everywhere(kinds: Kinds) -> None:
    classes = [0, 11]
    embeddings, labels = clips_of(kinds, classes, 60)
    raw = embeddings @ kinds.weight[classes].T + kinds.bias[classes]
    prior = prior_of(kinds.vectors[classes], kinds, embeddings)
    assert prior is not None
    assert (raw.argmax(axis=1) == 1).all(), "the example is no example"
    assert (prior.scores(embeddings).argmax(axis=1) == labels).mean() > 0.9


def test_names_that_are_no_sounds_say_nothing(kinds: Kinds) -> None:
    others = unit(np.random.default_rng(5).normal(size=(3, TEXT)))
    embeddings, _ = clips_of(kinds, [1, 4, 11], 30)
    assert prior_of(others, kinds, embeddings) is None


def test_with_very_few_clips_the_kinds_are_compared_with_each_other(kinds: Kinds) -> None:
    embeddings, labels = clips_of(kinds, [6, 7], 2)
    prior = prior_of(kinds.vectors[[6, 7]], kinds, embeddings)
    assert prior is not None
    assert prior.scores(embeddings).argmax(axis=1).tolist() == labels.tolist()
    assert np.isfinite(prior.scores(embeddings)).all()


def test_names_help_at_one_label_and_are_forgotten_with_more() -> None:
    chance = np.random.default_rng(7)
    n_classes, pool = 4, 40
    true = np.arange(pool) % n_classes
    trusts, gains = [], []
    for shots in (1, 8):
        labels = np.arange(shots * n_classes) % n_classes
        everything = np.concatenate([labels, true])
        blocks = (np.eye(24)[everything] + 0.5 * chance.normal(size=(len(everything), 24))).astype(np.float32)
        named = (np.eye(n_classes)[everything] * 2 + chance.normal(size=(len(everything), 4))).astype(
            np.float32
        )
        rows, places = np.arange(len(labels)), np.arange(len(labels), len(everything))
        right = []
        for prior in (None, named):
            clips = Clips([blocks[: len(labels)]], [blocks[len(labels) :]], prior)
            learnt = clips.fit(rows, labels, n_classes)
            right.append(float((clips.logits(learnt, places).argmax(axis=1) == true).mean()))
        trusts.append(learnt.trust)
        gains.append(right[1] - right[0])
    assert gains[0] > 0.05
    assert trusts[1] < trusts[0] / 4
    assert gains[1] > -0.05


def test_names_that_mislead_are_not_trusted() -> None:
    labels = np.arange(8) % 4
    blocks = np.eye(24, dtype=np.float32)[labels]
    misleading = np.eye(4, dtype=np.float32)[(labels + 1) % 4]
    assert Clips([blocks], [blocks[:0]], misleading).fit(np.arange(8), labels, 4).trust == 0


def test_a_class_without_a_label_can_be_said_by_its_name() -> None:
    labels = np.array([0, 1, 0, 1])
    blocks = np.eye(24, dtype=np.float32)[[0, 1, 0, 1, 2]]
    prior = 2 * np.eye(3, dtype=np.float32)[[0, 1, 0, 1, 2]]
    for scores, said in ((prior, 2), (None, 0)):
        clips = Clips([blocks[:4]], [blocks[4:]], scores)
        learnt = clips.fit(np.arange(4), labels, 3)
        answer = clips.logits(learnt, np.array([4])).argmax()
        assert answer == said if scores is not None else answer != 2
