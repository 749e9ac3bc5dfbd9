"""Labelled parts of recordings go to other programs and come back; the programs' own libraries read them.

``fixtures/label_studio_sounds.csv`` is what Label Studio's own converter makes of our tasks.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import datasets
import numpy as np
import parselmouth
import pytest
import soundfile
from clip_projects import bring, rows
from export_files import mark
from parselmouth.praat import call
from projects import load
from pympi import Eaf
from sounds import save, tone

from fsl_desktop.core.audio.columns import TableOptions
from fsl_desktop.core.audio.sources import check, find
from fsl_desktop.core.clip_import import SoundOptions, import_sounds
from fsl_desktop.core.commands import AddBatch, SetSeveral
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.exports.kinds import Kind
from fsl_desktop.core.exports.labels import export_labels
from fsl_desktop.core.label_cells import JSON
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadOptions

FIXTURES = Path(__file__).parent / "fixtures"
datasets.disable_progress_bars()
PARTS = [
    ("a.wav", "0.5", "1.25", "dog"),
    ("a.wav", "1", "2", "cat & co"),
    ("a.wav", "2.5", "2.75", ""),
    ("b 吠.wav", "0.125", "1.5", "dog"),
]


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    for name, pitch in (("a.wav", 440.0), ("b 吠.wav", 880.0)):
        save(folder / name, tone(3.0, 22_050, pitch), 22_050)
    return folder


@pytest.fixture
def project(tmp_path: Path, recordings: Path) -> Project:
    with open(recordings / "table.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file", "start", "end", "label"), *PARTS])
    made = Project.create(tmp_path / "p.fsl", "Test", task=Task.CLASSIFY_AUDIO)
    load(made)
    bring(made, recordings / "table.csv")
    (recordings / "table.csv").unlink()
    return made


def export(project: Project, kind: Kind, path: Path) -> Path:
    written = export_labels(project.folder, kind, path)
    left = [note.text for note in written.notes]
    alike = (
        [] if kind is Kind.AUDIOFOLDER else ["The format has no place for rows without a label; left out: 1."]
    )
    assert left == alike
    return path


def parts(folder: Path) -> list[tuple[str, float, float, str]]:
    """What the files of events beside the recordings say, through our own reader of folders."""
    found, infos = check(find([folder]))
    assert len(infos) == 2
    clips = [(one.path.name, one.start or 0.0, one.end or 0.0, one.label or "") for one in found.clips]
    return sorted(clips)


EXPECTED = sorted((file, float(start), float(end), label) for file, start, end, label in PARTS if label)


@pytest.mark.parametrize("kind", [Kind.AUDACITY, Kind.RAVEN, Kind.TEXTGRID, Kind.ELAN])
def test_events_there_and_back(tmp_path: Path, project: Project, recordings: Path, kind: Kind) -> None:
    out = export(project, kind, tmp_path / "out")
    assert len(list(out.iterdir())) == 2
    for file in out.iterdir():
        file.rename(recordings / file.name)
    assert parts(recordings) == EXPECTED
    again = Project.create(tmp_path / "again.fsl", "Again", task=Task.CLASSIFY_AUDIO)
    load(again)
    bring(again, recordings)
    assert rows(again) == {text: name for text, name in rows(project).items() if name}


def test_elans_and_praats_own_libraries_read_what_the_project_writes(
    tmp_path: Path, project: Project
) -> None:
    document = Eaf(str(export(project, Kind.ELAN, tmp_path / "elan") / "a.eaf"))
    assert set(document.get_tier_names()) == {"dog", "cat & co"}
    assert document.get_annotation_data_for_tier("dog")[0][:3] == (500, 1250, "dog")
    grid = parselmouth.read(str(export(project, Kind.TEXTGRID, tmp_path / "praat") / "a.TextGrid"))
    assert call(grid, "Get number of tiers") == 2
    assert call(grid, "Get label of interval", 1, 2) == "cat & co"
    assert call(grid, "Get start time of interval", 2, 2) == 0.5


def elan(folder: Path) -> None:
    for name, end in (("a.wav", 1250), ("b 吠.wav", 1500)):
        document = Eaf()
        document.add_linked_file(f"file:///elsewhere/{name}", mimetype="audio/x-wav")
        document.add_annotation("default", 500, end, "dog")
        document.add_annotation("default", 2000, 2500, "")
        document.to_file(str(folder / f"annotations of {name}.eaf"))


def praat(folder: Path) -> None:
    for name, end in (("a", 1.25), ("b 吠", 1.5)):
        grid = call("Create TextGrid", 0, 3, "sounds", "")
        call(grid, "Insert boundary", 1, 0.5)
        call(grid, "Insert boundary", 1, end)
        call(grid, "Set interval text", 1, 2, "dog")
        call(grid, "Save as text file", str(folder / f"{name}.TextGrid"))


def audacity(folder: Path) -> None:
    (folder / "a.txt").write_text("0.500000\t1.250000\tdog\n2.000000\t2.000000\ta moment\n")
    (folder / "b 吠.wav.txt").write_text("0.500000\t1.500000\tdog\n")


def raven(folder: Path) -> None:
    head = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
    lines = [
        f"{k}\tSpectrogram 1\t1\t0.5\t{end}\t100\t900\t{name}\tdog\n"
        for k, (name, end) in enumerate((("a.wav", 1.25), ("b 吠.wav", 1.5)), start=1)
    ]
    (folder / "a.Table.1.selections.txt").write_text(
        head + "Begin File\tID\n" + "".join(lines), encoding="utf-8"
    )


@pytest.mark.parametrize("write", [elan, praat, audacity, raven])
def test_files_of_other_programs_beside_recordings(recordings: Path, write: Callable[[Path], None]) -> None:
    write(recordings)
    found = parts(recordings)
    assert [one for one in found if one[3]] == [("a.wav", 0.5, 1.25, "dog"), ("b 吠.wav", 0.5, 1.5, "dog")]
    assert len(found) == (4 if write is elan else 2)
    if write in (audacity, raven):
        alone = next(iter(sorted(recordings.glob("*.txt"))))
        assert len(find([alone]).clips) == (2 if write is raven else 1)


def test_events_without_their_recording_are_told(tmp_path: Path, recordings: Path) -> None:
    praat(recordings)
    (recordings / "a.wav").unlink()
    found = find([recordings])
    assert [problem.message.text for problem in found.problems] == [
        "The recording that a.TextGrid is about is not beside it. "
        "Put it into the same folder, under the same name."
    ]
    assert [clip.label for clip in found.clips] == ["dog"]
    (recordings / "b 吠.TextGrid").write_text('"ooTextFile" "TextGrid" 0 3 <exists> 1 "Inter')
    found = find([recordings])
    assert any("damaged" in problem.message.text for problem in found.problems)
    assert len(found.clips) == 1
    with pytest.raises(UserError, match="damaged"):
        find([recordings / "b 吠.TextGrid"])


def test_label_studio_there_and_back(tmp_path: Path, project: Project, recordings: Path) -> None:
    path = export(project, Kind.LABEL_STUDIO, recordings / "tasks.json")
    assert json.loads(path.read_text()) == json.loads((FIXTURES / "label_studio_sounds.json").read_text())
    found = find([path])
    assert found.problems == ()
    said = [(one.path.name, one.start, one.end, one.label) for one in found.clips]
    assert sorted(said, key=str) == sorted(
        [(file, float(start), float(end), label) for file, start, end, label in PARTS if label], key=str
    )


def test_label_studios_converter_reads_our_tasks() -> None:
    with open(FIXTURES / "label_studio_sounds.csv", encoding="utf-8", newline="") as file:
        theirs = list(csv.DictReader(file))
    said = [
        (one["audio"], [(part["start"], part["end"], part["labels"]) for part in json.loads(one["label"])])
        for one in theirs
    ]
    assert said == [
        ("/data/local-files/?d=a.wav", [(0.5, 1.25, ["dog"]), (1.0, 2.0, ["cat & co"])]),
        ("/data/local-files/?d=b%20%E5%90%A0.wav", [(0.125, 1.5, ["dog"])]),
    ]


def test_label_studios_uploads_and_choices(tmp_path: Path, recordings: Path) -> None:
    choice = {"from_name": "c", "to_name": "audio", "type": "choices", "value": {"choices": ["calm"]}}
    region = {"type": "labels", "value": {"start": 1, "end": 2.5, "channel": 0, "labels": ["dog", "far"]}}
    tasks = [
        {"id": k, "data": {"audio": audio}, "annotations": [{"result": result}]}
        for k, (audio, result) in enumerate(
            [
                ("/data/upload/1/0a1b2c3d-a.wav", [choice, region]),
                ("http://localhost:8080/data/upload/1/ffffffff-b%20吠.wav", [choice]),
                ("s3://bucket/c.wav", [choice]),
            ]
        )
    ]
    (recordings / "tasks.json").write_text(json.dumps(tasks))
    found = find([recordings / "tasks.json"])
    said = [(one.path.name, one.start, one.label) for one in found.clips]
    assert said == [("a.wav", None, "calm"), ("a.wav", 1.0, "dog"), ("b 吠.wav", None, "calm")]
    assert ["address" in problem.message.text for problem in found.problems] == [True]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("several", [False, True])
def test_audiofolder_is_loaded_by_datasets(tmp_path: Path, recordings: Path, several: bool) -> None:
    made = Project.create(tmp_path / "q.fsl", "Test", task=Task.CLASSIFY_AUDIO)
    load(made)
    if several:
        made.do(SetSeveral(True))
    with open(recordings / "table.csv", "w", encoding="utf-8", newline="") as file:
        whole = ("b 吠.wav", "", "", '["dog", "far"]' if several else "dog")
        csv.writer(file).writerows([("file", "start", "end", "label"), *PARTS, whole])
    reading = ReadOptions(label_separator=JSON if several else "")
    options = SoundOptions(columns=TableOptions(reading=reading))
    batch = import_sounds(made.folder, [recordings / "table.csv"], options)
    made.do(AddBatch(batch.batch, tuple((label, None) for label in batch.labels)))
    load(made)
    mark(made, 3, 1)
    out = export(made, Kind.AUDIOFOLDER, tmp_path / "out")
    table = out / ("metadata.jsonl" if several else "metadata.csv")
    assert table.exists()
    # What load_dataset does before it decodes, which would take a further library.
    builder = datasets.load_dataset_builder(
        "audiofolder", data_dir=str(out), cache_dir=str(tmp_path / "cache")
    )
    split = builder._split_generators(datasets.DownloadManager())[0]
    found = [example for _, example in builder._generate_examples(**split.gen_kwargs)]
    assert len(found) == len(PARTS) + 1
    by_start = {(one["recording"], one["start"] or None): one for one in found}
    part = by_start["a.wav", 1.0]
    assert part["label"] == (["cat & co"] if several else "cat & co")
    assert by_start["a.wav", 2.5]["status"] == "skipped"
    cut, rate = soundfile.read(part["audio"])
    assert rate == 22_050
    expected, _ = soundfile.read(recordings / "a.wav", start=22_050, stop=2 * 22_050)
    assert len(cut) == len(expected)
    assert np.abs(cut - expected).max() < 1e-3
    assert by_start["b 吠.wav", None]["label"] == (["dog", "far"] if several else "dog")
    # And our own reader takes it in again.
    again = find([out], TableOptions(reading=reading))
    assert len(again.clips) == len(PARTS) + 1
    assert again.problems == ()


def test_a_recording_that_is_gone_is_told_and_the_others_are_written(
    tmp_path: Path, project: Project, recordings: Path
) -> None:
    (recordings / "b 吠.wav").unlink()
    written = export_labels(project.folder, Kind.AUDIOFOLDER, tmp_path / "out")
    assert written.n_rows == 3
    assert "left out: 1" in written.notes[0].text


def test_formats_of_texts_are_refused(tmp_path: Path, project: Project) -> None:
    with pytest.raises(UserError, match="is for texts"):
        export_labels(project.folder, Kind.CONLL, tmp_path / "a.conll")
    empty = Project.create(tmp_path / "empty.fsl", "Empty", task=Task.CLASSIFY_AUDIO)
    with pytest.raises(UserError, match="no labelled row"):
        export_labels(empty.folder, Kind.ELAN, tmp_path / "out")
