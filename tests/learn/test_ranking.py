"""The orders that are worked out on a real project of texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench_steps import TEXTS, label
from projects import import_rows, load

from fsl_desktop.core.commands import AddBatch, RemoveRows, SetLabels
from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.project import Project
from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.learn.orders.projects import rank_project
from fsl_desktop.learn.workbench import Workbench


def rank(bench: Workbench, project: Project, asked: Asked, model: str, row_id: int = 0) -> Ranking:
    return rank_project(
        bench,
        project.folder,
        asked,
        model,
        True,
        row_id,
        tell=lambda _event: None,
        cancelled=lambda: False,
    )


def said(ranking: Ranking) -> str:
    assert ranking.note is not None
    return ranking.note.text


def places(project: Project, ranking: Ranking) -> list[int]:
    return [int(place) for place in project.table.positions(ranking.row_ids)]


def test_before_any_label_the_first_two_rows_are_of_two_kinds(
    bench: Workbench, project: Project, model: str
) -> None:
    found = rank(bench, project, Asked.DIVERSE, model)
    assert {place // 6 for place in places(project, found)[:2]} == {0, 1}
    assert found.marked == len(found.row_ids) == 12
    assert found.revision == project.revision
    assert found.note is None, "the order says it all"


def test_rows_that_are_labelled_skipped_or_removed_are_not_asked_about(
    bench: Workbench, project: Project, model: str
) -> None:
    label(project, 0, 6)
    ids = project.table.ids
    project.do(SetLabels((int(ids[1]),), -1))
    project.do(RemoveRows((int(ids[2]),)))
    assert sorted(places(project, rank(bench, project, Asked.DIVERSE, model))) == [3, 4, 5, 7, 8, 9, 10, 11]
    project.do(SetLabels(tuple(int(i) for i in ids[3:]), project.classes[0].id))
    nothing = rank(bench, project, Asked.DIVERSE, model)
    assert len(nothing.row_ids) == 0
    assert "nothing left to ask" in said(nothing)


def test_a_row_comes_first_among_those_that_are_like_it(
    bench: Workbench, project: Project, model: str
) -> None:
    project.do(AddBatch(import_rows(project, [ReadRow(TEXTS[8])])))
    load(project)
    row = int(project.table.ids[8])
    found = rank(bench, project, Asked.ALIKE, model, row)
    assert found.row_ids[0] == row
    assert places(project, found)[1] == 12, "the row that says the same is next"
    assert sorted(places(project, found)) == list(range(13))
    assert "Choose another" in said(rank(bench, project, Asked.ALIKE, model, 999_999))


def test_a_wrong_label_is_the_first_to_be_doubted(bench: Workbench, project: Project, model: str) -> None:
    label(project, *range(12))
    project.do(SetLabels((int(project.table.ids[4]),), project.classes[1].id))
    found = rank(bench, project, Asked.DOUBTED, model)
    assert places(project, found)[0] == 4
    assert found.marked == 1
    assert "One label may be wrong" in said(found)


def test_too_few_labels_to_doubt_any_say_what_is_needed(
    bench: Workbench, project: Project, model: str
) -> None:
    label(project, 0, 6)
    found = rank(bench, project, Asked.DOUBTED, model)
    assert len(found.row_ids) == 0
    assert "too early" in said(found)


def test_the_same_text_under_two_labels_is_found_and_stands_together(
    bench: Workbench, project: Project, model: str
) -> None:
    label(project, *range(12))
    assert "No two rows" in said(rank(bench, project, Asked.CONTRADICTIONS, model))
    project.do(AddBatch(import_rows(project, [ReadRow(TEXTS[3].upper() + "  "), ReadRow(TEXTS[7])])))
    load(project)
    fruit, tools = (info.id for info in project.classes)
    project.do(SetLabels((int(project.table.ids[12]),), tools))
    project.do(SetLabels((int(project.table.ids[13]),), tools))
    found = rank(bench, project, Asked.CONTRADICTIONS, model)
    assert places(project, found) == [3, 12], "row 13 says what row 7 says, and agrees"
    assert found.marked == 2
    assert fruit != tools


def test_it_stops_when_it_is_told_to(bench: Workbench, project: Project, model: str, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        rank_project(
            bench,
            project.folder,
            Asked.DIVERSE,
            model,
            True,
            tell=lambda _event: None,
            cancelled=lambda: True,
        )
