"""Bad input on the command line: one sentence with the fix, status 2, and nothing lost."""

from __future__ import annotations

import csv
import logging
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from fsl_desktop import cli, commands_line
from fsl_desktop.commands_line import console as console_module
from fsl_desktop.core.catalogue import Catalogue

pytestmark = pytest.mark.model

MINILM = Catalogue.load().status("minilm")
GOOD = b"text,label\nwhere is my card,card\nmy card is late,card\nI forgot my pin,pin\nreset my pin,pin\n"

BAD = {
    "empty": (b"", "x.csv is empty. Choose a file with one text in each row."),
    "byte order mark alone": (b"\xef\xbb\xbf", "has no text in it"),
    "header only": (b"text,label\n", "no row under them. Add a row with a text."),
    "NUL bytes alone": (b"\0" * 9999, "NUL bytes, so it is probably damaged"),
    "no label column": (b"a,b\n1,2\n3,4\n5,6\n", "Name it with --label-column; its columns are a, b."),
    "no labels": (b"text,label\nwhere is my card,\nmy pin,\n", "has no row with a label"),
    "one class": (
        b"text,label\nwhere is it,card\nmy card,card\n",
        "is \u201ccard\u201d. Add rows with at least",
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a picture, not a table of texts"),
    "too many classes": (
        b"text,label\n" + b"".join(b"text %d,class %d\n" % (i, i) for i in range(501)),
        "501 different labels, and 500 are possible. Choose another --label-column.",
    ),
}


@pytest.fixture(autouse=True)
def _alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    # On a slow day the first test takes longer than progress stays silent.
    monkeypatch.setattr(console_module, "QUIET_SECONDS", 3600.0)
    if not MINILM.installed:
        pytest.skip("MiniLM is not installed; make setup does it")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model, made once."""
    if not MINILM.installed:
        pytest.skip("MiniLM is not installed; make setup does it")
    folder = tmp_path_factory.mktemp("bad")
    (folder / "good.csv").write_bytes(GOOD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FSL_DESKTOP_HOME", str(folder / "home"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        assert cli.run(train_arguments(folder / "good.csv", folder / "model")) == 0
    return folder / "model"


def train_arguments(data: Path, out: Path, *more: str) -> list[str]:
    base = ["train", "--task", "classify-text", "--model", str(MINILM.folder), "--preset", "instant"]
    return [*base, "--data", str(data), "--out", str(out), *more]


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence that a command is refused with."""
    capsys.readouterr()
    assert cli.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    assert "Something went wrong inside" not in err
    return err.strip()


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_one_sentence_and_leaves_no_model(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, said = BAD[kind]
    (tmp_path / "x.csv").write_bytes(data)
    assert said in refusal(train_arguments(tmp_path / "x.csv", tmp_path / "m"), capsys)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["x.csv"]


def test_bad_rows_are_named_once_and_the_good_ones_are_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latin = "café card,card\n".encode("latin-1")
    long = b'"' + b"word " * 300_000 + b'",pin\n'
    utf = "café pin,pin\n".encode()
    (tmp_path / "x.csv").write_bytes(GOOD + b"my c\0ard,card\n" + latin + long + utf + GOOD[11:])
    assert cli.run(train_arguments(tmp_path / "x.csv", tmp_path / "m")) == 0
    out, err = capsys.readouterr()
    assert "Trained on 9 rows of 2 classes" in out
    assert [line.split()[:2] for line in err.splitlines()] == [["Row", "6"], ["Row", "7"], ["Row", "8"]]
    assert all(line.count("Row") == 1 for line in err.splitlines())


def test_a_place_for_the_model_is_looked_at_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.csv").write_bytes(GOOD)
    too_long = refusal(train_arguments(tmp_path / "x.csv", tmp_path / ("x" * 300)), capsys)
    assert too_long == "The file name is too long. Choose a shorter one."
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 2_000_000, 2_000_000))
    full = refusal(train_arguments(tmp_path / "x.csv", tmp_path / "m"), capsys)
    assert full == (
        "The model needs 91 MB and the disk of m has 2 MB left. Free some space, or choose another folder."
    )


@pytest.mark.parametrize("seed", ["-1", "one", "9" * 30])
def test_a_seed_that_is_no_seed(seed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = train_arguments(tmp_path / "x.csv", tmp_path / "m", "--seed", seed)
    assert "whole number from 0 to" in refusal(arguments, capsys)


def test_the_answers_never_replace_the_data(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "x.csv"
    data.write_bytes(GOOD + b"\0\0,pin\n")
    (tmp_path / "folder").mkdir()
    for out in (data, tmp_path / "folder" / ".." / "x.csv"):
        said = refusal(["predict", str(model), "--data", str(data), "--out", str(out)], capsys)
        assert "is the file with the data. Choose another name" in said
    assert data.read_bytes() == GOOD + b"\0\0,pin\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"max_tokens": 256', '"max_tokens": -5'),
        ('"temperature": ', '"temperature": -'),
        ('"format": 1', '"format": 99'),
        ("{", "["),
    ],
)
def test_a_model_with_a_changed_description_is_refused(
    old: str, new: str, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(model, tmp_path / "m", copy_function=os.link)
    text = (model / "fsl.json").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "m" / "fsl.json").unlink()  # never through the link
    (tmp_path / "m" / "fsl.json").write_text(text.replace(old, new, 1), encoding="utf-8")
    (tmp_path / "x.csv").write_bytes(GOOD)
    said = refusal(["evaluate", str(tmp_path / "m"), "--data", str(tmp_path / "x.csv")], capsys)
    assert (
        "was made by a newer version" if "99" in new else "fsl.json of the model in m is missing or"
    ) in said


def test_a_cache_that_cannot_be_written_is_no_ones_business(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    (home / "cache").write_text("a file where the folder should be")
    (tmp_path / "x.csv").write_bytes(GOOD)
    assert cli.run(train_arguments(tmp_path / "x.csv", tmp_path / "m")) == 0
    assert capsys.readouterr().err == ""
    handlers = logging.getLogger("fsl_desktop").handlers
    assert any(isinstance(one, logging.NullHandler) for one in handlers), "warnings would be printed"


def test_as_a_program_too(tmp_path: Path) -> None:
    """Once through the real interpreter: nothing else than the sentence is on any stream."""
    data = tmp_path / "x.csv"
    with data.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow(["text", "label"])
    done = subprocess.run(
        [sys.executable, "-m", "fsl_desktop", *train_arguments(data, tmp_path / "m")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(commands_line.__file__).parents[2],
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "x.csv has names of columns but no row under them. Add a row with a text.\n"
