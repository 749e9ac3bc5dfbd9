"""A project of recordings is suggested for, asked about, trained and exported; encoders are made of bands."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sound_bands import PITCHES, Bands, TunableBands, make_recordings

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.clip_import import SoundOptions, import_sounds
from fsl_desktop.core.commands import AddBatch, SetLabels
from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Event, Finished, Phase, Progress
from fsl_desktop.core.new_project import create_project
from fsl_desktop.core.project import Project
from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.models.shelf import Shelf
from fsl_desktop.learn.sound.bench import SoundBench
from fsl_desktop.learn.sound.clips import Clip
from fsl_desktop.learn.sound.ranking import rank_sounds

EACH = 12


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Iterator[Project]:
    made = create_project(tmp_path / "p.fsl", "P", tuple(PITCHES), task=Task.CLASSIFY_AUDIO)
    found = import_sounds(made.folder, [make_recordings(tmp_path / "sounds", EACH)], SoundOptions())
    made.do(AddBatch(found.batch, ()))
    for _ in made.load_rows():
        pass
    yield made
    made.close()


@pytest.fixture
def bench(tmp_path: Path) -> SoundBench:
    return SoundBench(Catalogue.load(), tmp_path / "cache", Shelf(TextEncoder.load), Bands())


def true_ids(project: Project) -> list[int]:
    ids = {info.name: info.id for info in project.classes}
    return [ids[text.split()[0]] for text in project.table.texts]


def label(project: Project, each: int) -> None:
    """Label the first ``each`` rows of every pitch."""
    true = np.array(true_ids(project))
    for class_id in np.unique(true):
        rows = project.table.ids[true == class_id][:each]
        project.do(SetLabels(tuple(rows.tolist()), int(class_id)))


def suggest(
    bench: SoundBench, project: Project, model: str = "minilm", told: list[Event] | None = None
) -> Suggestions:
    tell = (told if told is not None else []).append
    return bench.suggest(project.folder, model, True, True, tell=tell, cancelled=lambda: False)


def test_three_labels_each_suggest_the_rest_and_hear_every_recording_once(
    bench: SoundBench, project: Project
) -> None:
    label(project, 3)
    told: list[Event] = []
    said = suggest(bench, project, told=told)
    assert said.row_ids.tolist() == project.table.ids.tolist()
    assert np.mean(said.class_ids == true_ids(project)) > 0.9
    assert ((said.confidence > 0) & (said.confidence <= 1)).all()
    assert told
    assert isinstance(told[-1], Progress)
    assert (told[-1].phase, told[-1].done) == (Phase.ENCODING, 3 * EACH)
    again: list[Event] = []
    label(project, 4)
    suggest(bench, project, told=again)
    assert again == []


def test_with_labels_enough_the_score_comes_with_its_interval(bench: SoundBench, project: Project) -> None:
    label(project, 6)
    said = suggest(bench, project)
    assert said.accuracy is not None
    assert said.accuracy.low < said.accuracy.value <= said.accuracy.high
    assert said.accuracy.value > 0.6


def test_without_labels_there_is_a_sentence_and_no_class(bench: SoundBench, project: Project) -> None:
    said = suggest(bench, project)
    assert (said.class_ids == 0).all()
    assert said.note is not None
    assert "Label one row" in said.note.text


def test_a_recording_that_is_gone_is_told_and_the_others_are_answered(
    bench: SoundBench, project: Project
) -> None:
    label(project, 3)
    clips = project.table.clips
    assert clips is not None
    clips.at(7).path.unlink()
    said = suggest(bench, project)
    assert said.note is not None
    assert clips.at(7).path.name in said.note.text
    assert said.class_ids[7] == 0
    assert (np.delete(said.class_ids, 7) > 0).all()


def test_a_row_and_a_new_recording_are_answered_with_what_is_most_like_them(
    bench: SoundBench, project: Project, tmp_path: Path
) -> None:
    label(project, 3)
    suggest(bench, project)
    row_id = int(project.table.ids[0])
    own = bench.ask_rows(project.folder, [row_id], "minilm")[0]
    assert own.nearest
    assert row_id not in [near.row_id for near in own.nearest]
    new = make_recordings(tmp_path / "new", 1) / "high 0.wav"
    answer = bench.ask(project.folder, [Clip(new)], "minilm")[0]
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-5)
    best = answer.class_ids[int(np.argmax(answer.probabilities))]
    assert {info.id: info.name for info in project.classes}[best] == "high"
    assert best in [near.class_id for near in answer.nearest]


def test_a_question_before_anything_is_known_is_one_sentence(bench: SoundBench, project: Project) -> None:
    with pytest.raises(UserError, match="Label one row"):
        bench.ask_rows(project.folder, [int(project.table.ids[0])], "minilm")


def test_a_run_is_kept_in_the_project_and_answers_then(bench: SoundBench, project: Project) -> None:
    label(project, 5)
    config = TrainConfig(task=Task.CLASSIFY_AUDIO, preset=Preset.INSTANT)
    events = list(bench.train(project.folder, "run-1", config, cancelled=lambda: False))
    assert isinstance(events[-1], Finished)
    assert (project.folder / "runs" / "run-1" / "model" / "mix.safetensors").is_file()


def test_a_run_that_tuned_its_layers_answers_by_them(project: Project, tmp_path: Path) -> None:
    label(project, 8)
    encoders: Shelf[TextEncoder] = Shelf(TextEncoder.load)
    bench = SoundBench(Catalogue.load(), tmp_path / "tuned cache", encoders, TunableBands())
    config = TrainConfig(task=Task.CLASSIFY_AUDIO, preset=Preset.BALANCED, learning_rate=5e-3)
    events = list(bench.train(project.folder, "run-2", config, cancelled=lambda: False))
    assert isinstance(events[-1], Finished)
    layers = project.folder / "runs" / "run-2" / "model" / "encoders" / "tuned.safetensors"
    assert layers.is_file(), "the example is no example"
    said = suggest(bench, project, "run:run-2")
    assert np.mean(said.class_ids == true_ids(project)) > 0.8
    (answer,) = bench.ask_rows(project.folder, [int(said.row_ids[0])], "run:run-2")
    assert max(answer.probabilities) == pytest.approx(said.confidence[0], abs=2e-3)
    out = tmp_path / "out.csv"
    assert (
        bench.export_table(
            project.folder, out, "run:run-2", True, tell=lambda _: None, cancelled=lambda: False
        )
        == 3 * EACH
    )
    # The instant model goes on as if nothing had been tuned.
    assert np.mean(suggest(bench, project).class_ids == true_ids(project)) > 0.8


def test_the_table_is_written_with_files_and_predictions(
    bench: SoundBench, project: Project, tmp_path: Path
) -> None:
    label(project, 3)
    out = tmp_path / "out.csv"
    told: list[Event] = []
    n = bench.export_table(project.folder, out, "minilm", True, tell=told.append, cancelled=lambda: False)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == n == 3 * EACH
    assert Path(rows[0]["file"]).is_file()
    assert np.mean([row["predicted"] == row["name"].split()[0] for row in rows]) > 0.9
    assert sum(bool(row["label"]) for row in rows) == 9
    assert {"p:low", "p:middle", "p:high", "start", "end", "confidence"} <= rows[0].keys()


def test_listening_can_be_stopped_and_goes_on_where_it_was(bench: SoundBench, project: Project) -> None:
    label(project, 2)
    with pytest.raises(Stopped):
        bench.suggest(project.folder, "minilm", True, True, tell=lambda _: None, cancelled=lambda: True)
    assert (suggest(bench, project).class_ids > 0).all()


def rank(bench: SoundBench, project: Project, asked: Asked, row_id: int = 0) -> Ranking:
    tell, cancelled = (lambda _: None), (lambda: False)
    return rank_sounds(bench, project.folder, asked, "minilm", row_id, tell=tell, cancelled=cancelled)


def test_orders_are_worked_out_for_recordings_too(bench: SoundBench, project: Project) -> None:
    true = np.array(true_ids(project))
    first = rank(bench, project, Asked.DIVERSE).row_ids
    assert set(true[project.table.positions(first[:6])].tolist()) == set(true.tolist())
    alike = rank(bench, project, Asked.ALIKE, int(project.table.ids[0]))
    assert alike.row_ids[0] == project.table.ids[0]
    assert (true[project.table.positions(alike.row_ids[:6])] == true[0]).all()
    assert len(rank(bench, project, Asked.DOUBTED).row_ids) == 0
    label(project, 6)
    wrong = int(project.table.ids[np.flatnonzero(true == true[0])[2]])
    project.do(SetLabels((wrong,), int(next(one for one in np.unique(true) if one != true[0]))))
    assert wrong in rank(bench, project, Asked.DOUBTED).row_ids[:3]
    none = rank(bench, project, Asked.CONTRADICTIONS)
    assert none.note is not None
    assert len(none.row_ids) == none.marked


def test_the_most_useful_recordings_are_open_ones(bench: SoundBench, project: Project) -> None:
    label(project, 4)
    said = suggest(bench, project)
    best = np.argsort(-said.usefulness)[:5]
    assert not project.table.labels[best].any()
    assert said.doubt is not None
    assert 0 <= said.doubt.min() <= said.doubt.max() <= 1
