"""A long recording is listened to by the project's model, through the child's handler."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from sound_bands import PITCHES, Bands, make_recordings
from sounds import save, tone

from fsl_desktop.core.audio.detections import Rule, detect
from fsl_desktop.core.audio.scanning import LookingThrough, ScanPart, ScanStarted
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.clip_import import SoundOptions, import_sounds
from fsl_desktop.core.commands import AddBatch, SetLabels
from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Event
from fsl_desktop.core.new_project import create_project
from fsl_desktop.core.project import Project
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.models.shelf import Shelf
from fsl_desktop.learn.sound.bench import SoundBench
from fsl_desktop.work.handlers_scan import scan_recording
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import LANES, Lane, Scanned, ScanRecording, Suggest, Train

RATE = 16_000


class Told:
    """Remembers what is told, and may do something at it."""

    def __init__(self, act=lambda event: None) -> None:  # type: ignore[no-untyped-def]
        self.events: list[Event] = []
        self.act = act

    def tell(self, ticket: int, event: Event) -> None:
        self.events.append(event)
        self.act(event)


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Iterator[Project]:
    made = create_project(tmp_path / "p.fsl", "P", tuple(PITCHES), task=Task.CLASSIFY_AUDIO)
    found = import_sounds(made.folder, [make_recordings(tmp_path / "sounds", 6)], SoundOptions())
    made.do(AddBatch(found.batch, ()))
    for _ in made.load_rows():
        pass
    yield made
    made.close()


@pytest.fixture
def bench(tmp_path: Path) -> SoundBench:
    return SoundBench(Catalogue.load(), tmp_path / "cache", Shelf(TextEncoder.load), Bands())


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A minute of faint noise; a low tone at 10 s and a high one at 40 s, 3 s each."""
    chance = np.random.default_rng(5)
    samples = chance.normal(scale=0.001, size=60 * RATE)
    moments = np.arange(3 * RATE) / RATE
    for start, name in ((10, "low"), (40, "high")):
        loud = 0.1 * (np.sin(2 * np.pi * PITCHES[name] * moments) + chance.normal(size=len(moments)))
        samples[start * RATE : (start + 3) * RATE] += loud
    path = tmp_path / "night.flac"
    soundfile.write(path, samples, RATE)
    return path


def label(project: Project, each: int) -> None:
    for info in project.classes:
        rows = [
            int(row)
            for row, text in zip(project.table.ids, project.table.texts, strict=True)
            if text.split()[0] == info.name
        ]
        project.do(SetLabels(tuple(rows[:each]), info.id))


def listen(
    bench: SoundBench,
    project: Project,
    path: Path,
    told: Told | None = None,
    *,
    model: str = "minilm",
    window: float = 1.0,
    hop: float = 0.5,
) -> Scanned:
    job = Job(1, ScanRecording(str(project.folder), str(path), model, window, hop), told or Told())
    if told is not None:
        told.job = job  # type: ignore[attr-defined]
    workbench = SimpleNamespace(sounds=lambda folder: bench)
    return scan_recording(workbench, job.request, job)  # type: ignore[arg-type]


def test_a_scan_runs_beside_training_and_suggestions() -> None:
    assert LANES[ScanRecording] is Lane.SCAN
    assert {LANES[Suggest], LANES[Train]}.isdisjoint({Lane.SCAN})


def test_the_instant_model_finds_what_is_where(bench: SoundBench, project: Project, night: Path) -> None:
    label(project, 3)
    told = Told()
    found = listen(bench, project, night, told)
    assert found.track.class_names == tuple(info.name for info in project.classes)
    events = detect(found.track, Rule(threshold=0.5))
    assert [one.label for one in events] == ["low", "high"]
    assert [one.start for one in events] == pytest.approx([10, 40], abs=1.0)
    started = [one for one in told.events if isinstance(one, ScanStarted)]
    assert [one.class_names for one in started] == [found.track.class_names]
    assert any(isinstance(one, LookingThrough) for one in told.events)
    parts = [one for one in told.events if isinstance(one, ScanPart)]
    assert sum(len(part.places) for part in parts) == len(found.track.places)
    assert parts[-1].done == parts[-1].total


def test_labels_set_meanwhile_do_not_change_the_answers(
    bench: SoundBench, project: Project, night: Path
) -> None:
    label(project, 2)
    calm = listen(bench, project, night).track

    def meddle(event: Event) -> None:
        if isinstance(event, ScanStarted):
            label(project, 5)
            bench.suggest(project.folder, "minilm", True, True, tell=lambda _: None, cancelled=lambda: False)

    for kept in (project.folder.parent / "home").rglob("*.scan"):
        kept.unlink()
    disturbed = listen(bench, project, night, Told(meddle)).track
    assert np.array_equal(calm.probabilities, disturbed.probabilities)
    told = Told()
    after = listen(bench, project, night, told).track
    assert not np.array_equal(after.probabilities, calm.probabilities), "the next scan asks the new model"
    assert next(one for one in told.events if isinstance(one, ScanStarted)).known == 0


def test_what_was_answered_before_a_cancel_is_not_asked_again(
    bench: SoundBench, project: Project, tmp_path: Path
) -> None:
    label(project, 3)
    long = save(tmp_path / "long.wav", np.tile(tone(2.0, noise=0.3), 40))
    began: list[float] = []

    def stop(event: Event) -> None:
        if isinstance(event, ScanPart):
            told.job.cancel()  # type: ignore[attr-defined]
            began.append(time.monotonic())

    told = Told(stop)
    with pytest.raises(Stopped):
        listen(bench, project, long, told)
    assert time.monotonic() - began[0] < 1.0
    again = Told()
    whole = listen(bench, project, long, again)
    started = next(one for one in again.events if isinstance(one, ScanStarted))
    assert 0 < started.known < started.windows
    assert len(whole.track.places) == started.windows


def test_a_run_answers_under_the_names_that_its_classes_have_now(
    bench: SoundBench, project: Project, night: Path
) -> None:
    label(project, 5)
    config = TrainConfig(task=Task.CLASSIFY_AUDIO, model="bands", preset=Preset.INSTANT, seed=0)
    trained = bench._run
    for _ in bench.train(project.folder, "r1", config, cancelled=lambda: False):
        pass
    bench._run = (
        lambda folder, model: replace(  # type: ignore[method-assign]
            trained(folder, model), class_names=("as", "it", "was")[: len(PITCHES)]
        )
    )
    found = listen(bench, project, night, model="run:r1")
    assert found.track.class_names == tuple(info.name for info in project.classes)


@pytest.mark.parametrize("labelled", [0, 2])
def test_a_model_that_is_not_there_or_knows_nothing_is_one_sentence(
    bench: SoundBench, project: Project, night: Path, labelled: int
) -> None:
    label(project, labelled)
    with pytest.raises(UserError) as refused:
        listen(bench, project, night, model="run:gone" if labelled else "minilm")
    assert refused.value.message.text.endswith(".")


def test_fewer_than_two_classes_are_one_sentence(
    bench: SoundBench, home: Path, tmp_path: Path, night: Path
) -> None:
    lonely = create_project(tmp_path / "l.fsl", "L", ("one",), task=Task.CLASSIFY_AUDIO)
    with pytest.raises(UserError, match="Add two classes"):
        listen(bench, lonely, night)
    lonely.close()


def test_bad_recordings_are_one_sentence_each(bench: SoundBench, project: Project, tmp_path: Path) -> None:
    label(project, 3)
    words = tmp_path / "words.wav"
    words.write_text("not a sound " * 50)
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    for path, part in ((words, "is a text"), (empty, "is empty"), (tmp_path / "gone.wav", "gone.wav")):
        with pytest.raises(UserError, match=part):
            listen(bench, project, path)
    with pytest.raises(UserError, match="seconds"):
        listen(bench, project, words, window=60.0, hop=1.0)


def test_a_recording_that_breaks_off_is_used_as_far_as_it_goes(
    bench: SoundBench, project: Project, tmp_path: Path
) -> None:
    label(project, 3)
    whole = save(tmp_path / "whole.wav", tone(60.0, noise=0.3))
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found = listen(bench, project, cut)
    assert found.track.seconds == pytest.approx(30, abs=0.1)
    assert any("breaks off" in note.text for note in found.notes)


def test_a_silent_recording_has_no_answers(bench: SoundBench, project: Project, tmp_path: Path) -> None:
    label(project, 3)
    found = listen(bench, project, save(tmp_path / "silent.wav", np.zeros(60 * RATE, np.float32)))
    assert (len(found.track.places), detect(found.track)) == (0, [])
