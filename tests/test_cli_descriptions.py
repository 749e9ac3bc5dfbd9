"""``train --descriptions``: sentences about classes, and what is said where they are of no use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fsl_desktop import cli
from fsl_desktop.core.catalogue import Catalogue

MINILM = Catalogue.load().status("minilm")

ROWS = "text,label\nmy card has not arrived,A\nwhere is the card,A\nI forgot my pin,B\nreset the pin,B\n"
GOOD = {"A": "About a card and its delivery.", "B": "About a secret number."}


@pytest.fixture
def train(tmp_path: Path):  # type: ignore[no-untyped-def]
    if not MINILM.installed:
        pytest.skip("MiniLM is not installed; make setup does it")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")

    def run(name: str, sentences: object, *more: str) -> int:
        file = tmp_path / "about.json"
        file.write_text(sentences if isinstance(sentences, str) else json.dumps(sentences), encoding="utf-8")
        arguments = ["train", "--task", "classify-text", "--data", str(tmp_path / "rows.csv"), "--preset"]
        arguments += ["instant", "--model", str(MINILM.folder), "--out", str(tmp_path / name)]
        return cli.run([*arguments, "--descriptions", str(file), *more])

    return run


def _sha(folder: Path) -> object:
    return json.loads((folder / "fsl.json").read_text(encoding="utf-8"))["provenance"]["data_sha256"]


@pytest.mark.model
def test_descriptions_are_learnt_from_and_part_of_the_data(train, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert train("with", GOOD) == 0
    assert train("without", {}) == 0
    assert train("several", GOOD, "--several") == 0
    assert _sha(tmp_path / "with") != _sha(tmp_path / "without")
    head = "head.safetensors"
    assert (tmp_path / "with" / head).read_bytes() != (tmp_path / "without" / head).read_bytes()


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentences", "words"),
    [
        ("[1, 2]", "must be JSON like"),
        ("{", "must be JSON like"),
        ({"A": 3}, "must be JSON like"),
        ({"C": "About nothing."}, "The class C is described, and there is none of that name"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(train, capsys, sentences, words) -> None:  # type: ignore[no-untyped-def]
    assert train("m", sentences) == 2
    err = capsys.readouterr().err
    assert words in err
    assert len(err.splitlines()) == 1
