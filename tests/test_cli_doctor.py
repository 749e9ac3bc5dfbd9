"""The doctor: what is wrong is named with its fix, and a broken engine breaks nothing else."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from fsl_desktop import cli
from fsl_desktop.commands_line import doctor as doctor_module
from fsl_desktop.commands_line import probes, system_libraries


@pytest.fixture(autouse=True)
def _no_children(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        probes.probe_qt: {"qt": "6.11"},
        probes.probe_torch: {"torch": "2.13", "threads": "2", "gpu": "", "bfloat16": "no"},
    }
    monkeypatch.setattr(doctor_module, "ask_child", lambda probe, seconds: answers[probe])
    monkeypatch.setattr(doctor_module, "missing", lambda libraries: [])


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert cli.run(["doctor", "--json"]) == 0
    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(record, dict)
    return record


def checks(record: dict[str, object], name: str) -> list[dict[str, str]]:
    found = record["checks"]
    assert isinstance(found, list)
    return [check for check in found if check["name"] == name]


def test_every_part_is_looked_at_and_a_missing_model_has_its_fix(capsys: pytest.CaptureFixture[str]) -> None:
    record = report(capsys)
    assert record["ok"] is True
    for name in ("Python", "Window", "Sound", "Models", "Engine", "GPU", "Disk", "Folders"):
        assert checks(record, name), name
    assert checks(record, "Models")[0]["fix"] == "fsl-desktop models install minilm"


def test_missing_system_libraries_come_with_the_one_line_to_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        doctor_module,
        "missing",
        lambda libraries: ["libegl1"] if libraries is system_libraries.WINDOW else [],
    )
    record = report(capsys)
    assert record["ok"] is False
    window = checks(record, "Window")[0]
    assert window["state"] == "problem"
    assert window["fix"].startswith("sudo apt-get install")
    assert window["fix"].endswith(" libegl1")


def test_an_engine_that_crashes_is_one_line_of_the_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_module, "ask_child", lambda probe, seconds: "it crashed (status -11)")
    engine = checks(report(capsys), "Engine")[0]
    assert engine["state"] == "problem"
    assert "it crashed" in engine["text"]
    assert engine["fix"]


def test_a_folder_that_cannot_be_written_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "cache").write_text("a file where a folder should be")
    folders = checks(report(capsys), "Folders")
    assert [check["state"] for check in folders] == ["problem"]
    assert str(home / "cache") in folders[0]["text"]
    assert "FSL_DESKTOP_HOME" in folders[0]["fix"]


def crash() -> probes.Facts:
    os._exit(3)


def test_a_probe_that_dies_is_told_and_takes_nothing_with_it() -> None:
    assert probes.ask_child(crash, seconds=60) == "it crashed (status 3)"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt brings everything itself")
def test_only_libraries_that_do_not_load_are_missing() -> None:
    libraries = {"libc.so.6": "libc6", "libnonsense.so.9": "libnonsense9"}
    assert system_libraries.missing(libraries) == ["libnonsense9"]
