"""Long recordings: what is heard where, in little memory, and on where it was stopped."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sound_bands import PITCHES, Bands, make_recordings

from fsl_desktop.core.audio.detections import Detection, Rule, detect
from fsl_desktop.core.audio.event_scores import EventScore, by_intersection
from fsl_desktop.core.audio.scanning import LookingThrough, ScanFinished, ScanPart, ScanStarted
from fsl_desktop.core.audio.track import Track
from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Event
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound.clips import RATE, Clip, Samples
from fsl_desktop.learn.sound.data import SoundData
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.run import SoundTraining
from fsl_desktop.learn.sound.scan import scan
from fsl_desktop.learn.sound.scan_model import fingerprint
from fsl_desktop.learn.sound.scan_store import ScanStore


class Counting(Bands):
    """Counts what it hears."""

    heard = 0

    def blocks(
        self, samples: Sequence[Samples], *, progress: object = None, cancelled: object = None
    ) -> list[Matrix]:
        self.heard += len(samples)
        return super().blocks(samples, progress=progress, cancelled=cancelled)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> SoundModel:
    folder = make_recordings(tmp_path_factory.mktemp("clips"), 6)
    clips = [Clip(folder / f"{name} {k}.wav") for name in PITCHES for k in range(6)]
    data = SoundData.of_lists(clips, [name for name in PITCHES for _ in range(6)])
    config = TrainConfig(task=Task.CLASSIFY_AUDIO, model="bands", preset=Preset.INSTANT, seed=0)
    training = SoundTraining(data, config, Bands())
    for _ in training:
        pass
    assert training.model is not None
    return training.model


@pytest.fixture
def model(trained: SoundModel) -> SoundModel:
    return replace(trained, ears=Counting())


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes of faint noise; a low tone at 20 s, a high one at 60 s and at 100 s, 3 s each."""
    chance = np.random.default_rng(5)
    samples = chance.normal(scale=0.001, size=120 * RATE)
    time = np.arange(3 * RATE) / RATE
    for start, name in ((20, "low"), (60, "high"), (100, "high")):
        loud = 0.1 * (np.sin(2 * np.pi * PITCHES[name] * time) + chance.normal(size=len(time)))
        samples[start * RATE : (start + 3) * RATE] += loud
    path = tmp_path_factory.mktemp("night") / "night.flac"
    soundfile.write(path, samples, RATE)
    return path


def run(events: Sequence[Event]) -> tuple[ScanStarted, list[ScanPart], ScanFinished]:
    (started,) = [one for one in events if isinstance(one, ScanStarted)]
    finished = events[-1]
    assert isinstance(finished, ScanFinished)
    return started, [one for one in events if isinstance(one, ScanPart)], finished


def same(a: Track, b: Track) -> bool:
    return bool(np.array_equal(a.places, b.places) and np.array_equal(a.probabilities, b.probabilities))


def test_sounds_are_found_where_they_are(model: SoundModel, night: Path) -> None:
    events = list(scan(model, night, 1.0, 0.5))
    assert isinstance(events[0], LookingThrough)
    started, parts, finished = run(events)
    assert started.seconds == pytest.approx(120, abs=0.01)
    assert started.windows + started.skipped == 239
    assert started.windows < 40  # nothing is heard in the rest
    assert parts[-1].done == started.windows == sum(len(part.places) for part in parts)
    assert parts[-1].seconds_left == 0
    found = detect(finished.track, Rule(threshold=0.6, shortest=1.0))
    there = [Detection(20, 23, "low"), Detection(60, 63, "high"), Detection(100, 103, "high")]
    assert by_intersection(there, found).overall == EventScore(3, 3, 0)
    assert finished.track.class_names == model.class_names


def test_with_silence_every_window_is_heard_and_as_one_by_one(model: SoundModel, night: Path) -> None:
    *_, finished = run(list(scan(model, night, 1.0, 0.75, skip_silence=False)))
    track = finished.track
    assert np.array_equal(track.places, np.arange(len(track.places)))
    assert track.ends[-1] == pytest.approx(120, abs=0.01)
    for k in (0, 27, 80):
        alone = model.predict_clips([Clip(night, float(track.starts[k]), float(track.ends[k]))])[1]
        assert np.abs(alone.probabilities[0] - track.probabilities[k]).max() < 1e-4


def test_a_scan_that_was_stopped_goes_on_where_it_was(model: SoundModel, night: Path, tmp_path: Path) -> None:
    plain = run(list(scan(model, night, 1.0, 0.5, skip_silence=False)))[2].track
    ears = model.ears
    assert isinstance(ears, Counting)
    ears.heard = 0
    done: list[int] = []
    events = scan(
        model, night, 1.0, 0.5, skip_silence=False, keep=tmp_path, cancelled=lambda: done[-1:] >= [64]
    )
    with pytest.raises(Stopped):
        done.extend(event.done for event in events if isinstance(event, ScanPart))
    before = ears.heard
    assert before == 64
    started, parts, finished = run(list(scan(model, night, 1.0, 0.5, skip_silence=False, keep=tmp_path)))
    assert started.known == 64 == parts[0].done
    assert ears.heard == 239
    assert same(finished.track, plain)
    run(list(scan(model, night, 1.0, 0.5, skip_silence=False, keep=tmp_path)))
    assert ears.heard == 239  # all was known


def test_other_windows_another_model_or_another_recording_begin_anew(
    model: SoundModel, night: Path, tmp_path: Path
) -> None:
    keep = tmp_path / "kept"
    list(scan(model, night, 1.0, 0.5, keep=keep))
    assert run(list(scan(model, night, 1.0, 1.0, keep=keep)))[0].known == 0
    assert run(list(scan(replace(model, temperature=2.0), night, 1.0, 0.5, keep=keep)))[0].known == 0
    other = tmp_path / "other.wav"
    soundfile.write(other, soundfile.read(night)[0][: 60 * RATE], RATE)
    assert run(list(scan(model, other, 1.0, 0.5, keep=keep)))[0].known == 0
    moved = tmp_path / "moved.flac"
    moved.write_bytes(night.read_bytes())
    assert run(list(scan(model, moved, 1.0, 0.5, keep=keep)))[0].known > 0
    assert (
        fingerprint(model) == fingerprint(replace(model)) != fingerprint(replace(model, class_names=("x",)))
    )


@pytest.mark.parametrize("harm", ["cut", "flip", "head"])
def test_damaged_answers_are_not_believed(model: SoundModel, night: Path, tmp_path: Path, harm: str) -> None:
    plain = run(list(scan(model, night, 1.0, 0.5, keep=tmp_path)))[2].track
    (kept,) = tmp_path.iterdir()
    data = bytearray(kept.read_bytes())
    if harm == "cut":
        del data[-7:]
    elif harm == "flip":
        data[-20] ^= 0xFF
    else:
        data[0] ^= 0xFF
    kept.write_bytes(data)
    started, _, finished = run(list(scan(model, night, 1.0, 0.5, keep=tmp_path)))
    assert started.known == (0 if harm == "head" else started.windows - 1)
    assert same(finished.track, plain)
    assert run(list(scan(model, night, 1.0, 0.5, keep=tmp_path)))[0].known == started.windows


def test_where_nothing_can_be_kept_the_scan_goes_on(
    model: SoundModel, night: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    assert len(run(list(scan(model, night, 1.0, 0.5, keep=tmp_path / "file")))[2].track.places) > 5
    assert "scan" in caplog.text


def test_old_scans_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fsl_desktop.learn.sound.scan_store._MOST_FILES", 3)
    for k in range(6):
        with ScanStore(tmp_path, {"k": k}, 2) as store:
            store.known()
            store.add(np.array([k]), np.zeros((1, 2), np.float32))
    assert len(list(tmp_path.iterdir())) == 3


def test_it_stops_at_once_and_half_hours_are_not_held_in_memory(model: SoundModel, tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    chance = np.random.default_rng(0)
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        for _ in range(30):
            file.write(chance.normal(scale=0.1, size=60 * RATE).astype(np.float32))
    with pytest.raises(Stopped):
        list(scan(model, path, cancelled=lambda: True))
    tracemalloc.start()
    _, _, finished = run(list(scan(model, path, 2.0, 2.0, skip_silence=False)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(finished.track.places) == 900
    assert most < 40e6  # the samples are 115 MB


def test_bad_lengths_and_bad_files_are_one_sentence(model: SoundModel, night: Path, tmp_path: Path) -> None:
    for window, hop in ((9.0, 1.0), (0.01, 0.01), (2.0, 3.0), (2.0, 0.0), (float("nan"), 1.0)):
        with pytest.raises(UserError, match="Choose"):
            list(scan(model, night, window, hop))
    (tmp_path / "a.wav").write_text("text")
    with pytest.raises(UserError, match="is a text"):
        list(scan(model, tmp_path / "a.wav"))
    short = tmp_path / "short.wav"
    soundfile.write(short, np.full(800, 0.1), RATE)
    assert len(run(list(scan(model, short)))[2].track.places) == 1


def test_a_recording_that_breaks_off_is_told(model: SoundModel, night: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.flac"
    path.write_bytes(night.read_bytes()[:1_000_000])
    finished = run(list(scan(model, path, 1.0, 0.5, skip_silence=False)))[2]
    assert any("breaks off" in note.text for note in finished.notes)
    assert 10 < finished.track.seconds < 119
