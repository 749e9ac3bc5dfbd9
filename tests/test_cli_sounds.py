"""``train``, ``predict`` and ``evaluate`` on recordings, with encoders that hear little."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sound_bands import PITCHES, Bands, make_recordings

import fsl_desktop
from fsl_desktop import cli
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.learn.sound import folder as sound_folder
from fsl_desktop.learn.sound.blocks import SoundEncoders


@pytest.fixture(autouse=True)
def _bands(monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path) -> None:
    monkeypatch.setattr(Catalogue, "resolve", lambda *args: tmp_path)
    monkeypatch.setattr(SoundEncoders, "installed", lambda *args, **more: Bands())
    monkeypatch.setattr(sound_folder.load_sound_folder, "__defaults__", (lambda folder, models: Bands(),))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per class, six clips each."""
    return make_recordings(tmp_path_factory.mktemp("by folder"), 6, by_folder=True)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return record


def trained(data: Path, out: Path, *more: str) -> Path:
    assert (
        cli.run(
            ["train", "--task", "classify-audio", "--data", str(data), "--out", str(out), "--json", *more]
        )
        == 0
    )
    return out


def test_a_folder_per_class_is_learnt_evaluated_and_predicted(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained(recordings, tmp_path / "model")
    record = told(capsys)
    assert (record["task"], record["n"], record["n_classes"]) == ("classify-audio", 18, 3)
    assert record["held_out_accuracy"]["n"] == 18
    assert cli.run(["evaluate", str(model), "--data", str(recordings), "--json"]) == 0
    record = told(capsys)
    assert record["n"] == 18
    assert record["accuracy"] > 0.9
    out = tmp_path / "answers.csv"
    assert cli.run(["predict", str(model), "--data", str(recordings), "--out", str(out), "--json"]) == 0
    assert told(capsys)["n"] == 18
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "label", "predicted", "confidence", "p:high", "p:low", "p:middle"]
    assert {row["file"] for row in rows} == {f"{name}/{name} {n}.wav" for name in PITCHES for n in range(6)}
    assert sum(row["label"] == row["predicted"] for row in rows) > 16
    answers = fsl_desktop.load(model).predict([str(recordings / "low" / "low 0.wav")])
    assert answers.labels == ["low"]


def test_a_table_with_parts_of_recordings_keeps_its_columns(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = recordings / "calls.csv"
    lines = ["file,start,end,bird,place"]
    for name in PITCHES:
        lines += [
            f"{name}/{name} {n}.wav,{start},{start + 0.2},{name},pond"
            for n in range(3)
            for start in (0.0, 0.2)
        ]
    table.write_text("\n".join([*lines, "low/none.wav,0,1,low,lake"]), encoding="utf-8")
    model = trained(table, tmp_path / "model", "--label-column", "bird")
    record = told(capsys)
    assert (record["n"], record["n_skipped"]) == (18, 1)
    out = tmp_path / "answers.jsonl"
    assert cli.run(["predict", str(model), "--data", str(table), "--out", str(out), "--json"]) == 0
    assert told(capsys) | {"seconds": 0, "out": ""} == {
        "task": "classify-audio", "out": "", "n": 18, "n_skipped": 1, "seconds": 0,
    }  # fmt: skip
    first = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
    assert first["file"] == "low/low 0.wav"
    assert (float(first["start"]), float(first["end"])) == (0.0, 0.2)
    assert first["place"] == "pond"
    table.unlink()


def test_recordings_without_labels_take_part_and_a_zip_is_as_good_as_a_folder(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "sounds.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(recordings.rglob("*.wav")):
            packed.write(path, path.relative_to(recordings).as_posix())
    around = make_recordings(tmp_path / "around", 20)
    trained(archive, tmp_path / "model", "--unlabelled", str(around))
    record = told(capsys)
    assert record["n"] == 18
    assert "60 rows without a label took part." in record["notes"]
    assert not list(Path(tmp_path).glob("fsl-sounds-*"))


def test_what_cannot_be_learnt_from_is_one_sentence(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = ["train", "--task", "classify-audio", "--out", str(tmp_path / "m"), "--data"]
    assert cli.run([*train, str(make_recordings(tmp_path / "flat", 2))]) == 2
    assert "No recording in flat has a label" in capsys.readouterr().err
    assert cli.run([*train, str(recordings / "low")]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert cli.run([*train, str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def test_a_sound_model_is_exported_and_an_altered_one_refused(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = trained(recordings, tmp_path / "model")
    assert cli.run(["export", str(model), "--format", "hf", "--out", str(tmp_path / "copy")]) == 0
    assert (tmp_path / "copy" / "mix.safetensors").is_file()
    (model / "mix.safetensors").write_bytes(b"changed")
    capsys.readouterr()
    assert cli.run(["evaluate", str(model), "--data", str(recordings)]) == 2
    assert "mix.safetensors" in capsys.readouterr().err
