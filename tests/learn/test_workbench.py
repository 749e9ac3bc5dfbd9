"""The engine on a real project folder: suggestions follow labels, questions are answered, runs are kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bench_steps import TEXTS, label, suggest
from projects import import_rows, load

from fsl_desktop.core.commands import AddBatch, AddClass, EditText, SetLabels
from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.learn.workbench import Workbench


def test_before_the_first_label_names_answer_and_it_is_said(
    bench: Workbench, project: Project, model: str
) -> None:
    said = suggest(bench, project, model)
    assert said.row_ids.tolist() == project.table.ids.tolist()
    assert set(said.class_ids.tolist()) <= {info.id for info in project.classes}
    assert said.accuracy is None
    assert said.note is not None
    assert "names alone" in said.note.text


def test_suggestions_follow_the_labels(bench: Workbench, project: Project, model: str) -> None:
    label(project, 0, 1, 2, 4, 5, 6, 7, 8, 9, 11)
    said = suggest(bench, project, model)
    fruit, tools = (info.id for info in project.classes)
    assert said.class_ids.tolist() == [fruit] * 6 + [tools] * 6
    assert said.revision == project.revision
    assert said.accuracy is not None
    assert said.accuracy.n == 10
    assert (said.confidence >= 0.5).all()
    project.do(SetLabels(tuple(project.table.ids[:6].tolist()), tools))
    project.do(SetLabels(tuple(project.table.ids[6:].tolist()), fruit))
    assert suggest(bench, project, model).class_ids.tolist() == [tools] * 6 + [fruit] * 6


def test_with_too_few_classes_it_says_what_to_do_and_suggests_nothing(
    bench: Workbench, tmp_path: Path, model: str
) -> None:
    project = Project.create(tmp_path / "one.fsl", "One")
    project.do(AddClass("only"))
    project.do(AddBatch(import_rows(project, [ReadRow("apple")])))
    said = suggest(bench, project, model)
    assert said.class_ids.tolist() == [0]
    assert said.note is not None
    assert "at least two classes" in said.note.text
    project.close()


def test_without_names_two_labelled_classes_are_needed(
    bench: Workbench, project: Project, model: str
) -> None:
    label(project, 0, 1)
    said = suggest(bench, project, model, names=False)
    assert not said.class_ids.any()
    assert said.note is not None
    label(project, 6)
    assert suggest(bench, project, model, names=False).class_ids.all()


def test_only_new_and_changed_rows_are_encoded(bench: Workbench, project: Project, model: str) -> None:
    told: list[Event] = []
    suggest(bench, project, model, told=told)
    assert isinstance(told[-1], Progress)
    assert told[-1].done == told[-1].total == 12
    told.clear()
    label(project, 0)
    suggest(bench, project, model, told=told)
    assert told == []
    project.do(EditText(int(project.table.ids[3]), "rusty hammer"))
    project.do(AddBatch(import_rows(project, [ReadRow("new saw")])))
    load(project)
    said = suggest(bench, project, model, told=told)
    assert isinstance(told[-1], Progress)
    assert told[-1].total == 2
    assert len(said.row_ids) == 13


def test_an_edited_text_gets_a_new_answer(bench: Workbench, project: Project, model: str) -> None:
    label(project, 0, 1, 2, 6, 7, 8)
    fruit, tools = (info.id for info in project.classes)
    assert suggest(bench, project, model).class_ids[3] == fruit
    project.do(EditText(int(project.table.ids[3]), "rusty hammer nail"))
    assert suggest(bench, project, model).class_ids[3] == tools


def test_cancelling_the_first_encoding_stops_it(bench: Workbench, project: Project, model: str) -> None:
    with pytest.raises(Stopped):
        bench.suggest(project.folder, 0, model, True, tell=lambda _event: None, cancelled=lambda: True)
    assert len(suggest(bench, project, model).row_ids) == 12


def test_the_most_useful_rows_are_open_ones_and_every_row_has_its_doubt(
    bench: Workbench, project: Project, model: str
) -> None:
    label(project, 0, 1, 2, 6, 7, 8)
    said = suggest(bench, project, model)
    assert set(np.argsort(-said.usefulness)[:6].tolist()) == {3, 4, 5, 9, 10, 11}
    assert 0 <= said.usefulness.min() <= said.usefulness.max() <= 1
    assert said.doubt is not None
    np.testing.assert_allclose(said.doubt, 2 * (1 - said.confidence), atol=1e-5)


def test_an_answer_names_probabilities_neighbours_and_words(
    bench: Workbench, project: Project, model: str
) -> None:
    label(project, 0, 1, 6, 7)
    suggest(bench, project, model)
    (answer,) = bench.ask(project.folder, ["apple and pear"], model, explain=True)
    assert answer.class_ids == tuple(info.id for info in project.classes)
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-5)
    assert answer.probabilities[0] > 0.5
    assert {near.row_id for near in answer.nearest} == {int(project.table.ids[row]) for row in (0, 1, 6, 7)}
    similar = [near.similarity for near in answer.nearest]
    assert similar == sorted(similar, reverse=True)
    assert [(word.start, word.end) for word in answer.words] == [(0, 5), (6, 9), (10, 14)]
    assert max(abs(word.weight) for word in answer.words) == pytest.approx(1)
    assert not answer.truncated


def test_a_row_is_not_its_own_neighbour(bench: Workbench, project: Project, model: str) -> None:
    label(project, 0, 1, 6, 7)
    row = int(project.table.ids[0])
    (answer,) = bench.ask(project.folder, [TEXTS[0]], model, skip_row=row)
    assert row not in {near.row_id for near in answer.nearest}
    assert len(answer.nearest) == 3


def test_a_text_that_is_too_long_is_said_to_be(bench: Workbench, project: Project, model: str) -> None:
    (answer,) = bench.ask(project.folder, ["apple " * 60], model)
    assert answer.truncated


def test_rows_that_are_read_in_parts_are_marked(bench: Workbench, project: Project, model: str) -> None:
    long = " ".join(["apple pear"] * 400)
    project.do(AddBatch(import_rows(project, [ReadRow(long), ReadRow("ripe pear")])))
    said = bench.suggest(
        project.folder, project.revision, model, True, tell=lambda _: None, cancelled=lambda: False
    )
    assert said.long is not None
    assert said.long.tolist() == [False] * 12 + [True, False]
