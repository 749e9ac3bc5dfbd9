"""``train``, ``evaluate`` and ``predict`` on spoken digits, with the real encoders and without a window."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from digits import SAID, SPOKEN, counting
from sound_reference import installed

from fsl_desktop import cli
from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import Format, format_of, read_events
from fsl_desktop.core.audio.event_scores import by_intersection
from fsl_desktop.core.catalogue import AUDIO, Catalogue
from fsl_desktop.core.paths import resources_dir

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

WORDS = ("two", "seven", "nine")


@pytest.fixture(scope="module", autouse=True)
def encoders() -> None:
    for entry in Catalogue.load().of(AUDIO):
        installed(entry.id)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per word with three recordings of each, and one that is only asked about beside them."""
    root = tmp_path_factory.mktemp("digits")
    with zipfile.ZipFile(resources_dir() / "samples" / "digits" / "digits.zip") as shipped:
        for word in WORDS:
            (root / "said" / word).mkdir(parents=True)
            for number in SAID[word]:
                name = f"{number:03}.flac"
                (root / "said" / word / name).write_bytes(shipped.read(name))
        (root / SPOKEN[0]).write_bytes(shipped.read(SPOKEN[0]))
    return root


@pytest.fixture(scope="module")
def model(folders: Path) -> Path:
    out = folders / "model"
    data = folders / "said"
    assert cli.run(["train", "--task", "classify-audio", "--data", str(data), "--out", str(out)]) == 0
    return out


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return record


def predicted(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_per_class_is_learnt_and_another_recording_is_known(
    model: Path, folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(folders / "said")
    assert cli.run(["evaluate", str(model), "--task", "classify-audio", "--data", data, "--json"]) == 0
    record = told(capsys)
    assert (record["n"], record["accuracy"]) == (9, 1.0), "of what it has learnt from"
    out = tmp_path / "answers.csv"
    asked = str(folders / SPOKEN[0])
    command = ["predict", str(model), "--task", "classify-audio", "--data", asked, "--out", str(out)]
    assert cli.run(command) == 0
    [row] = predicted(out)
    command[3] = "classify-text"
    assert cli.run(command) == 2
    assert "was made for classify-audio and not for classify-text" in capsys.readouterr().err
    assert (row["file"], row["predicted"]) == SPOKEN


def test_the_same_from_a_csv(folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "digits.csv"
    shutil.copytree(folders / "said", tmp_path / "said")
    lines = [f"said/{word}/{number:03}.flac,{word}" for word in WORDS for number in SAID[word]]
    table.write_text("\n".join(["file,label", *lines]), encoding="utf-8")
    out = tmp_path / "model"
    command = ["train", "--task", "classify-audio", "--data", str(table), "--out", str(out), "--json"]
    assert cli.run(command) == 0
    record = told(capsys)
    assert (record["task"], record["n"], record["n_classes"]) == ("classify-audio", 9, 3)
    assert cli.run(["evaluate", str(out), "--task", "classify-audio", "--data", str(table), "--json"]) == 0
    assert told(capsys)["accuracy"] == 1.0
    answers = tmp_path / "answers.csv"
    assert cli.run(["predict", str(out), "--data", str(table), "--out", str(answers)]) == 0
    rows = predicted(answers)
    assert [row["file"] for row in rows] == [line.split(",")[0] for line in lines]
    assert [row["predicted"] for row in rows] == [row["label"] for row in rows]


def test_events_of_a_long_recording_are_labels_for_audacity(model: Path, tmp_path: Path) -> None:
    spans = counting(tmp_path / "counting.wav", 15)
    out = tmp_path / "counting.txt"
    command = ["predict", str(model), "--data", str(tmp_path / "counting.wav"), "--events", str(out)]
    command += ["--events-format", "audacity", "--window", "0.5", "--hop", "0.25", "--threshold", "0.4"]
    assert cli.run(command) == 0
    assert format_of(out) is Format.AUDACITY
    found = read_events(out)
    assert {one.label for one in found} == set(WORDS)
    truth = [Detection(start, end, "said") for start, end in spans]
    anything = [Detection(one.start, one.end, "said") for one in found]
    score = by_intersection(truth, anything, of_detection=0.3, of_event=0.3).overall
    assert score.found >= 0.8 * len(spans), "a word is found where it is, whatever it is taken for"
