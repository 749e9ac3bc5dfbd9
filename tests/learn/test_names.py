"""Names that mislead are noticed, and names that help are kept."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fsl_desktop.core.commands import RenameClass, SetLabels
from fsl_desktop.core.project import Project
from fsl_desktop.learn.folds import stratified
from fsl_desktop.learn.names import MISLEADING, names_help, worse_with
from fsl_desktop.learn.workbench import Workbench


def _blobs(per_class: int, noise: float, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Rows around three axes of 16."""
    chance = np.random.default_rng(seed)
    labels = np.repeat(np.arange(3), per_class)
    vectors = np.eye(3, 16)[labels] + noise * chance.normal(size=(len(labels), 16))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), labels


def _folds(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    return stratified(labels, np.arange(len(labels)), 5, 0)


@pytest.mark.parametrize("seed", range(8))
def test_names_beside_the_wrong_classes_are_noticed(seed: int) -> None:
    vectors, labels = _blobs(6, 0.25, seed)
    true = np.eye(3, 16, dtype=np.float32)
    assert names_help(vectors, labels, true, 3, _folds(labels))
    assert not names_help(vectors, labels, np.roll(true, 1, axis=0), 3, _folds(labels))


def test_names_that_say_nothing_are_seldom_given_up() -> None:
    given_up = 0
    for seed in range(40):
        vectors, labels = _blobs(6, 0.4, seed)
        nothing = np.zeros((3, 16), np.float32)
        nothing[np.arange(3), 10 + np.arange(3)] = 1
        given_up += not names_help(vectors, labels, nothing, 3, _folds(labels))
    assert given_up <= 8


def test_a_class_known_by_name_only_keeps_them() -> None:
    vectors, labels = _blobs(6, 0.2, 0)
    wrong = np.roll(np.eye(3, 16, dtype=np.float32), 1, axis=0)
    some = labels != 2
    assert names_help(vectors[some], labels[some], wrong, 3, _folds(labels[some]))


def test_a_verdict_does_not_change_with_every_label() -> None:
    labels = np.zeros(20, np.int64)
    slightly = np.tile(np.float32([0.55, 0.45]), (20, 1))
    slightly[::2] = [0.30, 0.70]
    plain = np.tile(np.float32([0.45, 0.55]), (20, 1))
    assert not worse_with(slightly, plain, labels)
    assert worse_with(slightly, plain, labels, left_out=True)
    assert not worse_with(plain, slightly, labels, left_out=True)


def test_a_project_says_that_its_names_are_left_out(bench: Workbench, project: Project, model: str) -> None:
    """The classes are called like the opposite of what they hold."""
    fruit, tools = project.classes
    project.do(RenameClass(fruit.id, "hammer nail saw"))
    project.do(RenameClass(tools.id, "apple pear plum"))
    ids = project.table.ids.tolist()

    def ask():  # type: ignore[no-untyped-def]
        return bench.suggest(
            project.folder, project.revision, model, True, tell=lambda _: None, cancelled=lambda: False
        )

    for k in (5, 6):
        project.do(SetLabels(tuple(ids[:k]), fruit.id))
        project.do(SetLabels(tuple(ids[6 : 6 + k]), tools.id))
        said = ask()
        assert said.note == MISLEADING
        assert said.accuracy is not None
    # Without labels their names are all there is.
    project.do(SetLabels(tuple(ids), 0))
    assert "names alone" in ask().note.text
    project.do(RenameClass(fruit.id, "apple pear"))
    project.do(RenameClass(tools.id, "hammer nail"))
    project.do(SetLabels(tuple(ids[:6]), fruit.id))
    project.do(SetLabels(tuple(ids[6:]), tools.id))
    assert ask().note is None
