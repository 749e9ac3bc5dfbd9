"""Labels of texts go to other programs and come back whole; the programs' own libraries read the files.

``fixtures/label_studio.json`` is our export and ``label_studio.csv`` what Label Studio's own converter makes
of it, see the README there.
"""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import datasets
import pytest
from export_files import as_before, export, mark, of_rows, take
from read_files import load
from seqeval.metrics.sequence_labeling import get_entities

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.exports.kinds import Kind
from fsl_desktop.core.exports.labels import export_labels
from fsl_desktop.core.formats.label_studio import config_of
from fsl_desktop.core.label_cells import JSON
from fsl_desktop.core.readers.types import ReadRow

FIXTURES = Path(__file__).parent / "fixtures"
ROWS = [
    ReadRow("a fine day out", "good", {"source": "web", "n": "1"}),
    ReadRow('all of it was "bad"\nand long, too', "bad", {"source": "", "n": "2"}),
    ReadRow("nobody said anything", None, {"source": "mail", "n": "-3"}),
    ReadRow("=1+1 在北京 🐕", "good news", {"source": "web", "n": ""}),
]
SEVERAL = [
    ReadRow("warm and sunny", '["sun", "warm"]', {}),
    ReadRow("just warm today", "warm", {}),
    ReadRow("neither of the two", "[]", {}),
    ReadRow("nobody looked at it", None, {}),
]
FILES = [(Kind.LABEL_STUDIO, "a.json"), (Kind.DOCCANO, "a.jsonl"), (Kind.PRODIGY, "a.jsonl")]


@pytest.mark.parametrize(("kind", "name"), [*FILES, (Kind.DATASETS, "folder")])
def test_there_and_back(tmp_path: Path, kind: Kind, name: str) -> None:
    path = export(of_rows(tmp_path / "p.fsl", ROWS), kind, tmp_path / name)
    again, problems = load(path, text_column="text", label_column="label")
    assert problems == {}
    as_before(ROWS, again)


@pytest.mark.parametrize(("kind", "name"), [*FILES, (Kind.DATASETS, "folder"), (Kind.CONLL, "a.conll")])
def test_several_labels_there_and_back(tmp_path: Path, kind: Kind, name: str) -> None:
    path = export(of_rows(tmp_path / "p.fsl", SEVERAL, several=True), kind, tmp_path / name)
    again, problems = load(path, text_column="text", label_column="label", label_separator=JSON)
    assert problems == {}
    as_before(SEVERAL, again)


@pytest.mark.parametrize(("kind", "name"), [*FILES, (Kind.DATASETS, "folder"), (Kind.CONLL, "a.conll")])
def test_skipped_and_unsure_rows_are_told(tmp_path: Path, kind: Kind, name: str) -> None:
    project = of_rows(tmp_path / "p.fsl", ROWS)
    mark(project, 1, 2)
    again, _ = load(export(project, kind, tmp_path / name), text_column="text", label_column="label")
    assert [row.label for row in again] == [None, None, None, "good news"]
    first = again[0].extra
    assert first.get("skipped") == "true" or first.get("status") == "skipped"
    assert again[1].extra["status"] == "unsure"


def test_conll_keeps_words_tags_and_labels_and_says_what_it_loses(tmp_path: Path) -> None:
    project = of_rows(tmp_path / "p.fsl", ROWS)
    folder = project.folder
    project.close()
    path = tmp_path / "a.conll"
    written = export_labels(folder, Kind.CONLL, path)
    assert [note.text.split(":")[0] for note in written.notes] == [
        "The file keeps the words of a text and not its line ends, so these rows lost theirs"
    ]
    again, problems = load(path, text_column="text", label_column="label")
    assert problems == {}
    flat = [ReadRow(row.text.replace("\n", " "), row.label, row.extra) for row in ROWS]
    as_before(flat, again)


def test_spans_of_one_program_go_to_the_others(tmp_path: Path) -> None:
    text = "Google in Rome, Italy"
    spans = [(0, 6, "ORG"), (10, 14, "LOC")]
    given = tmp_path / "given.jsonl"
    record = {"id": 1, "text": text, "label": [list(one) for one in spans], "Comments": []}
    given.write_text(json.dumps(record) + "\n" + json.dumps(record | {"id": 2}) + "\n")
    for kind, name in [*FILES[1:], (Kind.CONLL, "a.conll")]:
        path = export(take(tmp_path / f"{kind}.fsl", given), kind, tmp_path / f"{kind}-{name}")
        again, problems = load(path, text_column="text")
        assert problems == {}
        found = json.loads(again[0].extra["spans"])
        assert [(one.get("start", one.get("start_offset")), one["label"]) for one in found] == [
            (0, "ORG"), (10, "LOC"),
        ]  # fmt: skip
    lines = (tmp_path / "conll-a.conll").read_text().split("\n\n")[0].splitlines()
    tags = [line.split("\t")[1] for line in lines if not line.startswith("# ")]
    assert get_entities(tags) == [("ORG", 0, 0), ("LOC", 2, 2)]


def test_datasets_itself_loads_our_folder(tmp_path: Path) -> None:
    project = of_rows(tmp_path / "p.fsl", ROWS)
    mark(project, 3, 2)
    found = datasets.load_from_disk(export(project, Kind.DATASETS, tmp_path / "out"))
    assert found["text"][:] == [row.text for row in ROWS]
    names = found.features["label"].names
    assert [None if one is None else names[one] for one in found["label"]] == [
        "good",
        None,
        None,
        "good news",
    ]
    assert found["status"][:] == [None, "unsure", "skipped", None]
    assert found["source"][0] == "web"
    assert len(found.filter(lambda row: row["label"] == 0)) == 1
    several = datasets.load_from_disk(
        export(of_rows(tmp_path / "q.fsl", SEVERAL, several=True), Kind.DATASETS, tmp_path / "out2")
    )
    names = several.features["label"].feature.names
    said = [None if one is None else [names[k] for k in one] for one in several["label"]]
    assert said == [["sun", "warm"], ["warm"], [], None]


def test_a_data_set_of_the_library_goes_through_unchanged(tmp_path: Path) -> None:
    features = {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["b", "a"])}
    cells = {"text": [f"text number {k} of them" for k in range(2500)], "label": [k % 2 for k in range(2500)]}
    theirs = datasets.Dataset.from_dict(cells, features=datasets.Features(features))
    theirs.save_to_disk(tmp_path / "theirs")
    project = take(tmp_path / "p.fsl", tmp_path / "theirs")
    ours = datasets.load_from_disk(export(project, Kind.DATASETS, tmp_path / "ours"))
    assert ours["text"][:] == theirs["text"][:]
    names = ours.features["label"].names
    assert [names[one] for one in ours["label"]] == [["b", "a"][one] for one in theirs["label"]]


def test_label_studios_converter_reads_our_tasks(tmp_path: Path) -> None:
    project = of_rows(tmp_path / "p.fsl", SEVERAL, several=True)
    ours = export(project, Kind.LABEL_STUDIO, tmp_path / "a.json")
    assert json.loads(ours.read_text()) == json.loads((FIXTURES / "label_studio.json").read_text())
    theirs, problems = load(
        FIXTURES / "label_studio.csv", text_column="text", label_column="label", label_separator=JSON
    )
    assert problems == {}
    assert [(row.text, row.label) for row in theirs] == [(row.text, row.label) for row in SEVERAL]


def test_label_studios_interface_names_every_class() -> None:
    view = ElementTree.fromstring(config_of(['a "b" <c>', "吠"], "text", True))
    assert [one.get("value") for one in view.iter("Choice")] == ['a "b" <c>', "吠"]
    assert view.find("Choices").get("choice") == "multiple"  # type: ignore[union-attr]


def test_prodigys_documented_shape(tmp_path: Path) -> None:
    """https://prodi.gy/docs/text-classification: a task of ``textcat.manual`` with its answer."""
    path = export(of_rows(tmp_path / "p.fsl", ROWS), Kind.PRODIGY, tmp_path / "a.jsonl")
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert first == {
        "text": "a fine day out",
        "options": [{"id": name, "text": name} for name in ("good", "bad", "good news")],
        "accept": ["good"],
        "config": {"choice_style": "single"},
        "answer": "accept",
        "_view_id": "choice",
        "meta": {"source": "web", "n": "1"},
    }


def test_doccanos_documented_shape(tmp_path: Path) -> None:
    """https://doccano.github.io/doccano/tutorial/: {"text": "...", "label": ["..."]}, further keys beside."""
    path = export(of_rows(tmp_path / "p.fsl", ROWS), Kind.DOCCANO, tmp_path / "a.jsonl")
    first, _, third, _ = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert first == {"id": 1, "text": "a fine day out", "label": ["good"], "source": "web", "n": "1"}
    assert "label" not in third


def test_what_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path) -> None:
    project = of_rows(tmp_path / "p.fsl", ROWS)
    folder = project.folder
    project.close()
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="there already"):
        export_labels(folder, Kind.DATASETS, full)
    old = tmp_path / "old.json"
    old.write_text("old")
    for kind, target in ((Kind.LABEL_STUDIO, old), (Kind.DATASETS, tmp_path / "new")):
        with pytest.raises(Stopped):
            export_labels(folder, kind, target, cancelled=lambda: True)
    with pytest.raises(UserError, match="is for recordings"):
        export_labels(folder, Kind.ELAN, tmp_path / "e")
    with pytest.raises(UserError, match="not there"):
        export_labels(folder, Kind.DATASETS, tmp_path / "no" / "such")
    assert old.read_text() == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["full", "old.json", "p.fsl"]
