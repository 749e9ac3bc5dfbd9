"""Where many rows are new, the first suggestions do not wait for the last row."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from bench_steps import TEXTS, label, suggest
from projects import import_rows, load

from fsl_desktop.core.answers import EarlySuggestions
from fsl_desktop.core.commands import AddBatch, EditText, SetClasses, SetSeveral
from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.learn import reading
from fsl_desktop.learn.workbench import Workbench


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of a hundred rows is large here, and no time has to pass between answers."""
    for name, value in (("_AT_ONCE", 20), ("_TOP", 3), ("_CHUNK", 10), ("_PAUSE", 0.0), ("_SHARE", 0)):
        monkeypatch.setattr(reading, name, value)


@pytest.fixture
def large(project: Project) -> Project:
    """The 12 rows of the project, and 90 more."""
    more = [ReadRow(f"{TEXTS[number % 12]} {TEXTS[number % 7]} {number}") for number in range(90)]
    project.do(AddBatch(import_rows(project, more)))
    return load(project)


def early(told: list[Event]) -> list[EarlySuggestions]:
    return [event for event in told if isinstance(event, EarlySuggestions)]


def test_early_answers_grow_and_are_about_labelled_rows_and_the_top_first(
    bench: Workbench, large: Project, model: str
) -> None:
    label(large, 5, 9)
    told: list[Event] = []
    said = suggest(bench, large, model, told=told)
    parts = [event.suggestions for event in early(told)]
    assert len(parts) >= 2
    ids = large.table.ids
    assert {*ids[:3].tolist(), int(ids[5]), int(ids[9])} <= set(parts[0].row_ids.tolist())
    sizes = [len(part.row_ids) for part in parts]
    assert all(later >= 2 * sooner - 5 for sooner, later in pairwise(sizes))
    assert sizes[-1] < len(said.row_ids) == 102
    for part in parts:
        assert (np.diff(part.row_ids) > 0).all()
        assert (part.class_ids > 0).all()
    done = [event.done for event in told if isinstance(event, Progress)]
    assert done == sorted(done), "how far it is never goes back"


def test_the_end_is_the_same_as_without_early_answers(
    bench: Workbench, large: Project, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(large, 0, 1, 6, 7)
    said = suggest(bench, large, model)
    monkeypatch.setattr(reading, "_AT_ONCE", 1000)
    told: list[Event] = []
    other = suggest(Workbench(bench._catalogue, tmp_path / "other"), large, model, told=told)
    assert not early(told)
    assert said.class_ids.tolist() == other.class_ids.tolist()
    np.testing.assert_allclose(said.confidence, other.confidence, atol=1e-3)


def test_a_label_that_is_set_meanwhile_counts_in_the_next_answer(
    bench: Workbench, large: Project, model: str
) -> None:
    label(large, 0, 6)
    revisions: list[int] = []

    def tell(event: Event) -> None:
        if isinstance(event, EarlySuggestions):
            revisions.append(event.suggestions.revision)
            label(large, len(revisions))

    said = bench.suggest(large.folder, large.revision, model, True, tell=tell, cancelled=lambda: False)
    assert len(revisions) >= 4, "after every label there was an answer, not only at twice the rows"
    assert revisions == sorted(set(revisions))
    assert said.revision == large.revision


def test_a_text_that_is_changed_meanwhile_is_read_as_it_is_then(
    bench: Workbench, large: Project, model: str
) -> None:
    label(large, 0, 6)
    changed = int(large.table.ids[100])

    def tell(event: Event) -> None:
        if isinstance(event, EarlySuggestions) and large.table.texts[100] != "saw nail":
            large.do(EditText(changed, "saw nail"))

    said = bench.suggest(large.folder, large.revision, model, True, tell=tell, cancelled=lambda: False)
    again = suggest(bench, large, model)
    assert said.class_ids.tolist() == again.class_ids.tolist()
    np.testing.assert_allclose(said.confidence, again.confidence, atol=1e-5)


def test_rows_with_several_labels_have_early_answers_too(
    bench: Workbench, large: Project, model: str
) -> None:
    large.do(SetSeveral(True))
    ids, (fruit, tools) = large.table.ids, (info.id for info in large.classes)
    large.do(SetClasses(tuple(ids[[0, 1, 6, 7]].tolist()), ((fruit,), (fruit,), (tools,), (fruit, tools))))
    told: list[Event] = []
    said = suggest(bench, large, model, told=told)
    assert early(told)
    assert len(said.row_ids) == 102


def test_few_new_rows_are_answered_at_once(bench: Workbench, large: Project, model: str) -> None:
    label(large, 0, 6)
    suggest(bench, large, model)
    large.do(AddBatch(import_rows(large, [ReadRow(f"new {number}") for number in range(15)])))
    told: list[Event] = []
    assert len(suggest(bench, large, model, told=told).row_ids) == 117
    assert not early(told)


def test_what_was_read_before_it_was_cancelled_is_not_read_again(
    bench: Workbench, large: Project, model: str
) -> None:
    label(large, 0, 6)
    told: list[Event] = []
    with pytest.raises(Stopped):
        bench.suggest(
            large.folder, large.revision, model, True, tell=told.append, cancelled=lambda: bool(early(told))
        )
    again: list[Event] = []
    suggest(bench, large, model, told=again)
    totals = {event.total for event in again if isinstance(event, Progress)}
    assert max(totals) < 102
