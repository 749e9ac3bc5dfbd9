"""The engine on a project whose rows may have several labels."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench_steps import TEXTS, suggest, train
from projects import import_rows, load
from tiny_encoder import FRUIT, TOOLS

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.commands import AddBatch, AddClass, SetClasses, SetLabels, SetSeveral, ToggleClass
from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import Finished
from fsl_desktop.core.labels import FIRST_SET
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.learn.trained import TrainedModel
from fsl_desktop.learn.workbench import Workbench

BOTH = [f"{fruit} {tool}" for fruit, tool in zip(FRUIT, TOOLS, strict=True)]


@pytest.fixture
def mixed(tmp_path: Path) -> Iterator[Project]:
    """Six rows of fruit, six of tools, six of both; no label yet."""
    made = Project.create(tmp_path / "mixed.fsl", "Mixed")
    made.do(AddClass("fruit"))
    made.do(AddClass("tools"))
    made.do(SetSeveral(True))
    made.do(AddBatch(import_rows(made, [ReadRow(text) for text in [*TEXTS, *BOTH]])))
    yield load(made)
    made.close()


def _label(project: Project, skip: tuple[int, ...] = ()) -> None:
    wanted = [(1,)] * 6 + [(2,)] * 6 + [(1, 2)] * 6
    rows = [place for place in range(18) if place not in skip]
    ids = tuple(int(project.table.ids[place]) for place in rows)
    project.do(SetClasses(ids, tuple(wanted[place] for place in rows)))


def _said(result: Suggestions) -> list[tuple[int, ...]]:
    return [
        result.sets[value - FIRST_SET] if value >= FIRST_SET else (value,) if value else ()
        for value in result.class_ids.tolist()
    ]


def test_names_suggest_before_the_first_label(bench: Workbench, mixed: Project, model: str) -> None:
    result = suggest(bench, mixed, model)
    assert all(_said(result))
    assert result.accuracy is None
    assert result.note is not None
    assert "names alone" in result.note.text


def test_suggestions_are_sets_and_follow_the_labels(bench: Workbench, mixed: Project, model: str) -> None:
    _label(mixed, skip=(5, 11, 17))
    result = suggest(bench, mixed, model)
    assert _said(result) == [(1,)] * 6 + [(2,)] * 6 + [(1, 2)] * 6
    assert result.accuracy is not None
    assert result.accuracy.n == 15
    assert ((result.confidence >= 0.5) & (result.confidence <= 1)).all()
    assert ((result.usefulness >= 0) & (result.usefulness <= 1)).all()
    mixed.do(ToggleClass(tuple(mixed.table.ids.tolist()), 2))  # all rows have it now
    result = suggest(bench, mixed, model)
    assert all(2 in members for members in _said(result))


def test_questions_get_thresholds_and_what_is_said(bench: Workbench, mixed: Project, model: str) -> None:
    _label(mixed)
    suggest(bench, mixed, model)
    (answer,) = bench.ask(mixed.folder, ["sweet pear rusty saw"], model, explain=True)
    assert answer.said == (1, 2)
    assert len(answer.thresholds) == 2
    assert all(p >= t for p, t in zip(answer.probabilities, answer.thresholds, strict=True))
    assert answer.words
    assert {len(mixed.table.sets.members(one.class_id)) for one in answer.nearest} >= {2}


def test_an_answer_before_suggestions_is_of_sets_too(bench: Workbench, mixed: Project, model: str) -> None:
    _label(mixed)
    (answer,) = bench.ask(mixed.folder, ["rusty saw"], model)
    assert answer.said == (2,)


@pytest.mark.parametrize("preset", list(Preset))
def test_a_run_is_kept_and_answers(bench: Workbench, mixed: Project, model: str, preset: Preset) -> None:
    _label(mixed)
    *_, last = train(bench, mixed, model, preset)
    assert isinstance(last, Finished)
    assert last.summary.several
    assert last.summary.micro_f1 is not None
    (answer,) = bench.ask(mixed.folder, ["sweet pear rusty saw"], "run:run-1")
    assert answer.said == (1, 2)
    assert _said(suggest(bench, mixed, "run:run-1"))[12:] == [(1, 2)] * 6


def test_a_model_of_one_label_gives_way_when_rows_may_have_several(
    bench: Workbench, mixed: Project, model: str
) -> None:
    mixed.do(SetSeveral(False))
    for place in range(12):
        mixed.do(SetLabels((int(mixed.table.ids[place]),), 1 + place // 6))
    train(bench, mixed, model, Preset.INSTANT)
    assert suggest(bench, mixed, "run:run-1").sets == ()
    mixed.do(SetSeveral(True))
    _label(mixed)
    assert _said(suggest(bench, mixed, "run:run-1"))[12:] == [(1, 2)] * 6
    (answer,) = bench.ask(mixed.folder, ["sweet pear rusty saw"], "run:run-1")
    assert answer.said == (1, 2)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_the_table_is_exported_with_all_labels(
    bench: Workbench, mixed: Project, model: str, tmp_path: Path, ending: str
) -> None:
    _label(mixed, skip=(0,))
    mixed.do(SetClasses((int(mixed.table.ids[1]),), ((),)))
    path = tmp_path / f"out.{ending}"
    bench.export_table(mixed.folder, path, model, True, tell=lambda _: None, cancelled=lambda: False)
    if ending == "jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert [rows[i]["label"] for i in (0, 1, 2, 12)] == ["", [], ["fruit"], ["fruit", "tools"]]
        assert isinstance(rows[12]["predicted"], list)
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file))
        assert [found[i]["label"] for i in (0, 1, 2, 12)] == ["", "[]", "fruit", "fruit; tools"]
        assert "; " in found[12]["predicted"]


def test_the_instant_model_is_exported(bench: Workbench, mixed: Project, model: str, tmp_path: Path) -> None:
    _label(mixed)
    suggest(bench, mixed, model)
    bench.export_model(mixed.folder, tmp_path / "model", None, model, cancelled=lambda: False)
    again = TrainedModel.load(tmp_path / "model")
    assert again.predict(["ripe plum", "sharp saw ripe plum"]).labels == ["fruit", "fruit; tools"]


def test_where_measuring_is_slow_the_thresholds_wait_for_more_labels(
    bench: Workbench, mixed: Project, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsl_desktop.learn.several import fit, project

    measured = []
    judged = fit.judged
    monkeypatch.setattr(fit, "judged", lambda *given: measured.append(1) or judged(*given))
    monkeypatch.setattr(project, "_CHEAP", 10)
    monkeypatch.setattr(project, "_GROWTH", 1.2)
    _label(mixed, skip=(5, 11, 17, 4))
    first = suggest(bench, mixed, model)
    mixed.do(SetClasses((int(mixed.table.ids[4]),), ((1,),)))
    second = suggest(bench, mixed, model)
    assert len(measured) == 1
    assert second.accuracy == first.accuracy
    assert _said(second) == [(1,)] * 6 + [(2,)] * 6 + [(1, 2)] * 6
    _label(mixed)
    assert suggest(bench, mixed, model).accuracy != first.accuracy
    assert len(measured) == 2
