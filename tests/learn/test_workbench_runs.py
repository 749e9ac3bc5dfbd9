"""Runs of the engine on a real project folder: trained, stopped, asked, exported."""

from __future__ import annotations

import csv
import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench_steps import TEXTS, label, suggest, train
from projects import import_rows, load
from tiny_encoder import NAMES

from fsl_desktop.core import events
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.commands import AddBatch, AddClass, RemoveRows, SetLabels
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Cancelled, Event, Finished, Phase, Progress, StepEnd
from fsl_desktop.core.labels import SKIPPED
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.serial import from_plain
from fsl_desktop.learn.trained import TrainedModel
from fsl_desktop.learn.workbench import Workbench


def test_a_run_leaves_its_folder_and_answers(bench: Workbench, project: Project, model: str) -> None:
    label(project, *range(12))
    told = train(bench, project, model)
    assert isinstance(told[-1], Finished)
    folder = project.folder / "runs" / "run-1"
    assert from_plain(TrainConfig, json.loads((folder / "config.json").read_text("utf-8"))).seed == 3
    assert (
        from_plain(events.RunSummary, json.loads((folder / "summary.json").read_text("utf-8")))
        == told[-1].summary
    )
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text("utf-8").splitlines()]
    kept = [event for event in told if not isinstance(event, Progress)]
    read = [from_plain(getattr(events, line.pop("event")), line) for line in lines]
    assert read == kept
    saved = TrainedModel.load(folder / "model")
    (answer,) = bench.ask(project.folder, ["ripe apple"], "run:run-1")
    np.testing.assert_allclose(
        answer.probabilities, saved.predict(["ripe apple"]).probabilities[0], atol=1e-6
    )
    assert len(answer.nearest) == 5


def test_suggestions_of_a_run_follow_labels_that_came_later(
    bench: Workbench, project: Project, model: str
) -> None:
    label(project, *range(5), *range(6, 11))
    train(bench, project, model)
    trained = suggest(bench, project, "run:run-1")
    saved = TrainedModel.load(project.folder / "runs" / "run-1" / "model")
    np.testing.assert_allclose(trained.confidence, saved.predict(TEXTS).confidence, atol=2e-3)
    project.do(AddClass("new"))
    project.do(SetLabels((int(project.table.ids[5]), int(project.table.ids[11])), project.classes[2].id))
    later = suggest(bench, project, "run:run-1")
    assert later.revision == project.revision
    answers = bench.ask(project.folder, [TEXTS[5], TEXTS[0]], "run:run-1")
    assert [len(answer.class_ids) for answer in answers] == [3, 3]
    assert answers[0].probabilities[2] > answers[1].probabilities[2]


def test_a_stopped_run_keeps_what_is_usable(bench: Workbench, project: Project, model: str) -> None:
    label(project, *range(12))
    stop = threading.Event()
    config = TrainConfig(model=model, preset=Preset.THOROUGH, tuned_layers=1)
    last: Event | None = None
    for event in bench.train(project.folder, "run-2", config, cancelled=stop.is_set):
        if isinstance(event, StepEnd) and event.step == 3:
            stop.set()
        last = event
    assert isinstance(last, Cancelled)
    assert last.summary is not None
    assert last.summary.cancelled
    assert bench.ask(project.folder, ["ripe apple"], "run:run-2")[0].probabilities[0] > 0.5


def test_a_run_without_labels_fails_with_the_sentence_in_its_folder(
    bench: Workbench, project: Project, model: str
) -> None:
    with pytest.raises(UserError, match="No row has a label yet"):
        train(bench, project, model)
    written = (project.folder / "runs" / "run-1" / "events.jsonl").read_text("utf-8")
    assert json.loads(written.splitlines()[-1])["event"] == "Failure"
    assert not (project.folder / "runs" / "run-1" / "model").exists()


def test_people_can_ask_and_label_while_a_run_learns(bench: Workbench, project: Project, model: str) -> None:
    label(project, *range(12))
    suggest(bench, project, model)
    config = TrainConfig(model=model, preset=Preset.THOROUGH, tuned_layers=1)
    told: list[Event] = []
    thread = threading.Thread(
        target=lambda: told.extend(bench.train(project.folder, "run-3", config, cancelled=lambda: False))
    )
    thread.start()
    answered = 0
    while thread.is_alive() or not answered:
        bench.ask(project.folder, ["ripe apple"], model)
        suggest(bench, project, model)
        answered += 1
    thread.join()
    assert isinstance(told[-1], Finished)
    assert answered > 1


@pytest.mark.parametrize("run_id", ["../../etc", "a/b", "", "Run 1"])
def test_a_run_id_cannot_leave_the_project(bench: Workbench, project: Project, run_id: str) -> None:
    with pytest.raises(UserError):
        bench.ask(project.folder, ["apple"], f"run:{run_id}")


def test_a_model_that_is_not_there_is_one_sentence(bench: Workbench, project: Project) -> None:
    with pytest.raises(UserError, match="is not installed"):
        suggest(bench, project, "minilm")
    with pytest.raises(UserError):
        bench.ask(project.folder, ["apple"], "run:run-9")


def test_the_exported_table_has_labels_and_predictions(
    bench: Workbench, project: Project, model: str, tmp_path: Path
) -> None:
    label(project, 0, 1, 6, 7)
    project.do(RemoveRows((int(project.table.ids[11]),)))
    told: list[Event] = []
    path = tmp_path / "out.csv"
    n = bench.export_table(project.folder, path, model, True, tell=told.append, cancelled=lambda: False)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert n == len(rows) == 11
    assert [row["label"] for row in rows[:3]] == ["fruit", "fruit", ""]
    assert list(rows[0]) == ["text", "label", "predicted", "confidence", "p:fruit", "p:tools"]
    assert all(row["predicted"] in NAMES for row in rows)
    assert float(rows[0]["p:fruit"]) + float(rows[0]["p:tools"]) == pytest.approx(1, abs=1e-3)
    assert any(isinstance(event, Progress) and event.phase is Phase.WRITING for event in told)
    plain = tmp_path / "plain.csv"
    bench.export_table(project.folder, plain, model, False, tell=told.append, cancelled=lambda: False)
    assert plain.read_text("utf-8-sig").splitlines()[0] == "text,label"


def test_the_exported_table_keeps_the_columns_of_the_files(
    bench: Workbench, project: Project, model: str, tmp_path: Path
) -> None:
    project.do(AddBatch(import_rows(project, [ReadRow("=a pear", None, {"who": "=me", "n": "7"})])))
    load(project)
    label(project, 0, 6)
    project.do(SetLabels((2,), SKIPPED))
    path = tmp_path / "out.csv"
    bench.export_table(project.folder, path, model, False, tell=lambda _: None, cancelled=lambda: False)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["text", "label", "status", "who", "n"]
    assert [row["status"] for row in rows[:3]] == ["", "skipped", ""]
    assert (rows[-1]["text"], rows[-1]["who"], rows[-1]["n"]) == ("'=a pear", "'=me", "7")


def test_models_are_exported_as_folders(
    bench: Workbench, project: Project, model: str, tmp_path: Path
) -> None:
    label(project, *range(12))
    train(bench, project, model)
    bench.export_model(project.folder, tmp_path / "tuned", "run-1", model, cancelled=lambda: False)
    bench.export_model(project.folder, tmp_path / "instant", None, model, cancelled=lambda: False)
    for name in ("tuned", "instant"):
        assert TrainedModel.load(tmp_path / name).predict(["ripe apple"]).labels == ["fruit"]
    with pytest.raises(UserError, match="kept no model"):
        bench.export_model(project.folder, tmp_path / "none", "run-9", model, cancelled=lambda: False)
    with pytest.raises(Stopped):
        bench.export_model(project.folder, tmp_path / "stopped", "run-1", model, cancelled=lambda: True)
    assert not [path for path in tmp_path.iterdir() if "stopped" in path.name], "a part of a copy is left"


@pytest.mark.model
def test_with_minilm_six_labels_answer_a_new_sentence(minilm: object, tmp_path: Path) -> None:
    texts = [
        "My card has not arrived yet", "Where is my new card?", "The card you sent is still in the post",
        "I forgot my PIN", "How can I change the PIN?", "My PIN is blocked",
        "What is the exchange rate for euros?", "Which rate do you use for dollars?", "The rate is wrong",
    ]  # fmt: skip
    project = Project.create(tmp_path / "bank.fsl", "Bank")
    for name in ("card arrival", "PIN", "exchange_rate"):
        project.do(AddClass(name))
    project.do(AddBatch(import_rows(project, [ReadRow(text) for text in texts])))
    load(project)
    folder = Path(minilm.folder)  # type: ignore[attr-defined]
    bench = Workbench(Catalogue.load(folder.parent), tmp_path / "cache")
    zero = suggest(bench, project, str(folder))
    assert (zero.class_ids == np.repeat([1, 2, 3], 3)).mean() > 0.7, "the names alone know most of these"
    for row in (0, 1, 3, 4, 6, 7):
        project.do(SetLabels((int(project.table.ids[row]),), row // 3 + 1))
    assert suggest(bench, project, str(folder)).class_ids[[2, 5, 8]].tolist() == [1, 2, 3]
    bench.ask(project.folder, ["warm"], str(folder))
    start = time.perf_counter()
    (answer,) = bench.ask(project.folder, ["has the card been sent?"], str(folder))
    assert time.perf_counter() - start < 1, "a quiet machine needs about 0.02"
    assert int(np.argmax(answer.probabilities)) == 0
    config = replace(TrainConfig(), model=str(folder), preset=Preset.BALANCED)
    (*_, last) = bench.train(project.folder, "run-1", config, cancelled=lambda: False)
    assert isinstance(last, Finished)
    (answer,) = bench.ask(project.folder, ["has the card been sent?"], "run:run-1", explain=True)
    assert int(np.argmax(answer.probabilities)) == 0
    assert max(answer.words, key=lambda word: word.weight).start in (8, 18), "card, or sent"
    project.close()
