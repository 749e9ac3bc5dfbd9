"""``predict --events``: long recordings to files that other programs read."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from sound_bands import PITCHES, RATE, Bands, make_recordings

from fsl_desktop import cli
from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import Format, format_of, read_events
from fsl_desktop.core.audio.event_files.table import read_event_table
from fsl_desktop.core.audio.event_scores import by_intersection
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.learn.sound import folder as sound_folder
from fsl_desktop.learn.sound.blocks import SoundEncoders

TRUTH = [Detection(5, 9, "low"), Detection(20, 24, "high"), Detection(40, 44, "middle")]


@pytest.fixture(autouse=True)
def _bands(monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path) -> None:
    monkeypatch.setattr(Catalogue, "resolve", lambda *args: tmp_path)
    monkeypatch.setattr(SoundEncoders, "installed", lambda *args, **more: Bands())
    monkeypatch.setattr(sound_folder.load_sound_folder, "__defaults__", (lambda folder, models: Bands(),))


@pytest.fixture
def model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    data = make_recordings(tmp_path / "clips", 6, by_folder=True)
    out = tmp_path / "model"
    assert cli.run(["train", "--task", "classify-audio", "--data", str(data), "--out", str(out)]) == 0
    capsys.readouterr()
    return str(out)


def night(path: Path) -> Path:
    chance = np.random.default_rng(2)
    samples = chance.normal(scale=0.0005, size=60 * RATE)
    time = np.arange(4 * RATE) / RATE
    for one in TRUTH:
        tone = np.sin(2 * np.pi * PITCHES[one.label] * time) + chance.normal(size=len(time))
        samples[int(one.start) * RATE : int(one.end) * RATE] += 0.1 * tone
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, RATE)
    return path


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return record


@pytest.mark.parametrize("format", list(Format))
def test_a_recording_becomes_a_file_of_events(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], format: Format
) -> None:
    out = tmp_path / ("events.csv" if format is Format.CSV else "events.out")
    command = ["predict", model, "--data", str(night(tmp_path / "nächte" / "night 1.wav")), "--json"]
    command += ["--events", str(out), "--events-format", format.value, "--threshold", "0.6"]
    assert cli.run(command) == 0
    record = told(capsys)
    assert (record["n"], record["n_skipped"], record["audio_seconds"]) == (1, 0, 60.0)
    assert format_of(out) is format
    found = read_events(out)
    assert len(found) == record["n_events"]
    # The short ones are windows that only touch a sound.
    assert by_intersection(TRUTH, [one for one in found if one.end - one.start > 1.5]).overall.f1 == 1.0


def test_windows_go_into_a_table_beside(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording, out, windows = night(tmp_path / "night.wav"), tmp_path / "e.txt", tmp_path / "w.csv"
    command = ["predict", model, "--data", str(recording), "--events", str(out), "--out", str(windows)]
    assert cli.run([*command, "--window", "1", "--hop", "0.5", "--all-windows", "--leave-out", "low"]) == 0
    with windows.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "file", "start", "end", "predicted", "confidence", "p:high", "p:low", "p:middle",
    ]  # fmt: skip
    assert len(rows) == 119
    assert [rows[13][name] for name in ("file", "start", "end", "predicted")] == [
        "night.wav", "6.5", "7.5", "low",
    ]  # fmt: skip
    assert {one.label for one in read_events(out)} == {"high", "middle"}


def test_a_folder_gives_a_file_each_or_one_table_and_goes_on_past_bad_ones(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "nights"
    night(folder / "a.wav")
    night(folder / "deep" / "b.flac")
    (folder / "broken.wav").write_bytes(b"RIFFxxxx")
    out = tmp_path / "events"
    command = ["predict", model, "--data", str(folder), "--json", "--events"]
    assert cli.run([*command, str(out), "--events-format", "raven"]) == 0
    record = told(capsys)
    assert (record["n"], record["n_skipped"]) == (2, 1)
    made = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.txt"))
    assert made == ["a.wav.selections.txt", "deep/b.flac.selections.txt"]
    table = tmp_path / "all.csv"
    assert cli.run([*command, str(table), "--events-format", "csv"]) == 0
    assert sorted(read_event_table(table)) == ["a.wav", "deep/b.flac"]
    assert cli.run([*command, str(table), "--events-format", "audacity"]) == 2
    assert "name a folder" in capsys.readouterr().err


def test_a_second_run_hears_nothing_again(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = night(tmp_path / "night.wav")
    command = ["predict", model, "--data", str(recording), "--events"]
    assert cli.run([*command, str(tmp_path / "1.txt")]) == 0
    monkeypatch.setattr(Bands, "blocks", None)
    assert cli.run([*command, str(tmp_path / "2.txt")]) == 0
    assert (tmp_path / "1.txt").read_text() == (tmp_path / "2.txt").read_text() != ""


def test_what_does_not_go_together_is_one_sentence(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = night(tmp_path / "night.wav")
    command = ["predict", model, "--data", str(recording)]
    for more, words in (
        ([], "--out FILE.csv"),
        (["--out", "a.csv", "--window", "2"], "--window goes with --events only"),
        (["--events", str(recording)], "is the file with the data"),
        (["--events", "a.txt", "--window", "30"], "cannot be heard"),
        (["--events", "a.txt", "--threshold", "2"], "from 0 to 1"),
        (["--events", "a.txt", "--leave-out", "dog"], "no class dog"),
        (["--events", str(tmp_path / "none" / "a.txt")], "not there"),
        (["--events", "a.txt", "--events-format", "csv"], "ends in .csv"),
    ):
        assert cli.run([*command, *more]) == 2
        said = capsys.readouterr().err
        assert words in said
        assert "Traceback" not in said
