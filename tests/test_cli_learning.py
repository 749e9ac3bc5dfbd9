"""train, predict, evaluate and export, with the real model."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from fsl_desktop import cli
from fsl_desktop.core.catalogue import Catalogue

pytestmark = pytest.mark.model

MINILM = Catalogue.load().status("minilm")

TRAIN = [
    ("my card has not arrived yet", "card", "a"),
    ("where is the card you sent me", "card", "b"),
    ("the new card is still in the post", "card", "c"),
    ("how do I change my pin", "pin", "d"),
    ("I forgot my pin code", "pin", "e"),
    ("please reset the pin of my account", "pin", "f"),
]
TEST = [("has the card been posted", "card", "g"), ("my pin is not accepted", "pin", "h")]


def write_csv(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "label", "ticket"), *rows])
    return path


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a trained model in it, trained once for all tests of this file."""
    if not MINILM.installed:
        pytest.skip("MiniLM is not installed; make setup does it")
    folder = tmp_path_factory.mktemp("cli")
    write_csv(folder / "train.csv", TRAIN)
    write_csv(folder / "test.csv", TEST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FSL_DESKTOP_HOME", str(folder / "home"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        arguments = ["train", "--task", "classify-text", "--data", str(folder / "train.csv")]
        arguments += ["--preset", "instant", "--model", str(MINILM.folder), "--out", str(folder / "model")]
        status = cli.run(arguments)
    assert status == 0
    return folder


@pytest.fixture(autouse=True)
def _alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def test_predict_says_which_rows_fit_no_class_where_it_learnt_from_enough(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not MINILM.installed:
        pytest.skip("MiniLM is not installed; make setup does it")
    ways = ("please {}", "{} for me", "I want to know: {}", "{} today")
    rows = [(way.format(text), label, "") for text, label, _ in TRAIN for way in ways]
    asked = [*TEST, ("the recipe asks for three eggs and flour", "", "i")]
    train, test = write_csv(tmp_path / "train.csv", rows), write_csv(tmp_path / "test.csv", asked)
    model, out = tmp_path / "model", tmp_path / "out.csv"
    arguments = ["--data", str(train), "--preset", "instant", "--model", str(MINILM.folder)]
    assert cli.run(["train", "--task", "classify-text", *arguments, "--out", str(model)]) == 0
    assert cli.run(["predict", str(model), "--data", str(test), "--out", str(out)]) == 0
    with out.open(newline="", encoding="utf-8-sig") as file:
        found = list(csv.DictReader(file))
    assert list(found[0])[:6] == ["text", "label", "ticket", "predicted", "confidence", "unknown"]
    strange = [float(row["unknown"]) for row in found]
    assert strange[2] >= 0.5
    assert strange[2] > max(strange[:2])
    assert "fit none of the classes" in capsys.readouterr().out


def test_evaluate_prints_the_scores_as_the_last_line(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        cli.run(["evaluate", str(workplace / "model"), "--data", str(workplace / "test.csv"), "--json"]) == 0
    )
    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert record["accuracy"] == 1.0
    assert record["macro_f1"] == 1.0
    assert record["mcc"] == 1.0
    assert record["n"] == 2
    assert record["seconds"] > 0


def test_labels_the_model_does_not_know_count_as_wrong_and_are_told(
    workplace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_csv(tmp_path / "x.csv", [*TEST, ("what is the weather", "weather", "i")])
    assert cli.run(["evaluate", str(workplace / "model"), "--data", str(data), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out.splitlines()[-1])["accuracy"] == pytest.approx(2 / 3)
    assert "weather" in err


def test_predict_keeps_every_column_and_adds_the_answers(workplace: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.csv"
    assert (
        cli.run(
            ["predict", str(workplace / "model"), "--data", str(workplace / "test.csv"), "--out", str(out)]
        )
        == 0
    )
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["text", "label", "ticket", "predicted", "confidence", "p:card", "p:pin"]
    assert [row["predicted"] for row in rows] == ["card", "pin"]
    assert [row["ticket"] for row in rows] == ["g", "h"]
    for row in rows:
        assert float(row["p:card"]) + float(row["p:pin"]) == pytest.approx(1, abs=1e-5)
        assert float(row["confidence"]) == max(float(row["p:card"]), float(row["p:pin"]))


def test_predict_needs_no_labels(workplace: Path, tmp_path: Path) -> None:
    data = tmp_path / "plain.csv"
    data.write_text("text\nhas the card been posted\n", encoding="utf-8")
    out = tmp_path / "answers.jsonl"
    assert cli.run(["predict", str(workplace / "model"), "--data", str(data), "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["predicted"] == "card"


def test_export_is_a_whole_model_elsewhere(
    workplace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "exported"
    assert cli.run(["export", str(workplace / "model"), "--format", "hf", "--out", str(out)]) == 0
    capsys.readouterr()
    assert cli.run(["evaluate", str(out), "--data", str(workplace / "test.csv"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["accuracy"] == 1.0


def test_an_altered_model_is_refused_by_name(
    workplace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "exported"
    cli.run(["export", str(workplace / "model"), "--format", "hf", "--out", str(out)])
    head = out / "head.safetensors"
    data = bytearray(head.read_bytes())
    data[-1] ^= 1
    head.write_bytes(data)
    capsys.readouterr()
    assert cli.run(["evaluate", str(out), "--data", str(workplace / "test.csv")]) == 2
    err = capsys.readouterr().err
    assert "head.safetensors" in err
    assert len(err.splitlines()) == 1


def test_one_class_alone_is_refused_with_the_fix(
    workplace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_csv(tmp_path / "one.csv", TRAIN[:3])
    arguments = ["train", "--task", "classify-text", "--data", str(data), "--model", str(MINILM.folder)]
    assert cli.run([*arguments, "--out", str(tmp_path / "m")]) == 2
    assert "Every labelled row of one.csv is “card”. Add rows" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


SEVERAL = [
    *((text, label, ticket) for text, label, ticket in TRAIN),
    ("my card has not arrived and I forgot the pin", "card; pin", "i"),
    ("neither the card nor the pin came", "card; pin", "j"),
    ("change the pin of the card in the post", "pin;card", "k"),
]


def _train_several(data: Path, folder: Path, *more: str) -> int:
    arguments = ["train", "--task", "classify-text", "--data", str(data), "--model", str(MINILM.folder)]
    return cli.run([*arguments, "--out", str(folder / "several"), "--json", *more])


def test_several_labels_are_learnt_said_and_judged(
    workplace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(tmp_path / "train.csv", SEVERAL)
    assert _train_several(tmp_path / "train.csv", tmp_path, "--several", "--preset", "thorough") == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["n_classes"] == 2
    assert told["held_out_micro_f1"]["n"] == 9
    assert any("not tuned yet" in note for note in told["notes"])

    write_csv(tmp_path / "test.csv", [*TEST, ("the card and the pin did not come", "pin; card", "l")])
    model = str(tmp_path / "several")
    assert cli.run(["evaluate", model, "--data", str(tmp_path / "test.csv"), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert scores["n"] == 3
    assert 0.5 < scores["macro_f1"] <= 1
    assert 0.5 < scores["micro_f1"] <= 1
    assert 0 <= scores["accuracy"] <= 1
    assert scores["seconds"] > 0

    for ending in ("csv", "jsonl"):
        out = tmp_path / f"answers.{ending}"
        assert cli.run(["predict", model, "--data", str(tmp_path / "test.csv"), "--out", str(out)]) == 0
    with (tmp_path / "answers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[-4:] == ["predicted", "confidence", "p:card", "p:pin"]
    assert rows[2]["predicted"] == "card; pin"
    lines = (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[2])["predicted"] == ["card", "pin"]


def test_json_lists_say_by_themselves_that_there_are_several(
    workplace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "train.jsonl"
    lines = [{"text": text, "label": label.replace(";", " ").split()} for text, label, _ in SEVERAL]
    data.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert _train_several(data, tmp_path, "--preset", "instant") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["n_classes"] == 2
    write_csv(tmp_path / "plain.csv", SEVERAL)
    assert _train_several(tmp_path / "plain.csv", tmp_path, "--preset", "instant") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["n_classes"] == 4  # without --several
