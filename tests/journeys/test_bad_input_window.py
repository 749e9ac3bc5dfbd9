"""Bad input as a user meets it: one sentence on the screen, the fix in it, and nothing lost.

What one part of the program does with it is tested beside that part; here the real window and the real
child do it together.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from damage import into_the_file, labelled, middle_page
from projects import labels_of
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fsl_desktop.core import opening
from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import StepEnd
from fsl_desktop.core.new_project import projects_folder
from fsl_desktop.ui.closing import StopTraining
from fsl_desktop.ui.wizard.new_project import NewProjectWizard
from fsl_desktop.work.jobs import ChildOptions

from hands import QtHands  # isort: skip
from troubled_jobs import FULL, SLOW  # isort: skip

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(400)]

LATIN = "café on the card,card\n".encode("latin-1")
UTF8 = "café with my card,card\n".encode()
MESSY = b"".join(
    (
        b"text,label\n",
        b"my card is late,card\nwhere is my card,card\n",
        b"where is my card,card\n" * 2,
        UTF8,
        LATIN,
        b"a NUL \0 byte,card\n",
        b'"' + b"word " * 300_000 + b'",card\n',
        b"the last good row,card\n",
    )
)


@pytest.fixture(autouse=True)
def no_traceback(
    home: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Neither window nor child prints or logs a traceback."""
    yield
    out, err = capfd.readouterr()
    logs = "".join(path.read_text("utf-8") for path in (home / "log").glob("*.log"))
    for words in (out, err, logs, caplog.text):
        assert "Traceback" not in words, words


@pytest.fixture
def hand() -> QtHands:
    return QtHands()


def sentences(journey) -> list[str]:  # type: ignore[no-untyped-def]
    return [notice.sentence for notice in journey.window.notifications.notices]


def open_project(journey, folder: Path):  # type: ignore[no-untyped-def]
    journey.window.start_page.open_requested.emit(str(folder))
    assert journey.window.workspace is not None, sentences(journey)
    space = journey.workspace
    journey.until(lambda: not space.session.loading, "the rows")
    return space


def open_sample(journey, hand: QtHands):  # type: ignore[no-untyped-def]
    hand.click(journey.window.start_page.sample)
    space = journey.workspace
    journey.until(lambda: space.suggester.revision >= 0, "suggestions", 180)
    return space


def label(journey, hand: QtHands, n: int = 1) -> None:  # type: ignore[no-untyped-def]
    """Rows labelled with the first class; each is on disk when its key has been taken."""
    view, project = journey.workspace.label.view, journey.workspace.session.project
    for _ in range(n):
        view.go_to_next_unlabelled()
        view.setFocus()
        before = project.revision
        hand.press("1")
        assert project.revision == before + 1


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_bad_files_one_after_the_other_and_the_good_rows_of_a_messy_one(journey, hand, tmp_path):  # type: ignore[no-untyped-def]
    refused = {
        "empty.csv": (b"", "empty.csv is empty. Choose a file with one text in each row."),
        "header.csv": (b"text,label\n", "no row under them. Add a row with a text."),
    }
    for name, (content, _) in refused.items():
        (tmp_path / name).write_bytes(content)
    hand.bring(journey.window, tmp_path / "empty.csv")
    wizard = journey.window.findChild(NewProjectWizard)
    for name, (_, said) in refused.items():
        wizard.look(str(tmp_path / name))
        journey.until(lambda: wizard.file_step.problem.sentence, f"a sentence about {name}")
        assert said in wizard.file_step.problem.sentence
        assert not wizard.next.isEnabled()
        assert wizard.file_step.choose.isEnabled(), "the next file is one click away"

    # Numbers alone: they are shown, and one is asked which column has the texts.
    (tmp_path / "numbers.csv").write_bytes(b"a,b\n1,2\n3,4\n5,6\n")
    wizard.look(str(tmp_path / "numbers.csv"))
    journey.until(lambda: wizard.step == 1, "the preview")
    assert wizard.preview_step.problem.sentence == "Choose the column that holds the text, on the left."
    assert not wizard.next.isEnabled()

    # Mixed encodings, NUL bytes, a huge cell, repeated rows, one class: what is good comes in.
    (tmp_path / "messy.csv").write_bytes(MESSY)
    wizard.look(str(tmp_path / "messy.csv"))
    journey.until(lambda: wizard.step == 1 and wizard.next.isEnabled(), "the preview")
    journey.until(
        lambda: wizard.reading.file_name == "messy.csv" and wizard.preview_step.problems.isEnabled(), "it"
    )
    for step in (1, 2, 3):
        journey.until(lambda step=step: wizard.step == step and wizard.next.isEnabled(), f"step {step}")
        hand.click(wizard.next)
    journey.until(lambda: journey.window.workspace is not None, "the project")
    space = journey.workspace
    journey.until(lambda: len(space.session.table) == 6, "the good rows")
    assert space.session.table.texts[-1] == "the last good row"
    assert (space.session.table.labels == space.session.classes[0].id).all()
    assert sentences(journey) == [
        "3 rows could not be used. Why is listed under Data; correct the file to add them."
    ]
    journey.window.show_page("data")
    model = space.data.problems.model
    listed = [str(model.index(row, 1).data()) for row in range(model.rowCount())]
    assert ["UTF-8" in listed[0], "NUL bytes" in listed[1], "1,000,000 characters" in listed[2]] == [True] * 3
    journey.until(
        lambda: "2 rows say the same" in space.data._duplicates_note.text(), "the repeated rows told"
    )

    # With one class nothing can be learnt: Start cannot be pressed, and it says what is missing.
    journey.window.show_page("train")
    assert not space.train.controls.start.isEnabled()
    assert "class" in space.train.controls.sentence.text(), "what is missing is not said"


@pytest.mark.parametrize("trouble", ["newer", "damaged", "read only"])
def test_a_project_that_cannot_be_opened_as_it_is(trouble, journey, hand, tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    folder = tmp_path / "texts.fsl"
    project, expected = labelled(folder)
    into_the_file(folder)
    project.close()
    if trouble == "newer":
        db = sqlite3.connect(folder / "project.db")
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
        db.commit()
        db.close()
        journey.window.start_page.open_requested.emit(str(folder))
        assert journey.window.workspace is None
        (said,) = sentences(journey)
        assert "newer version of FSL Desktop. Update the program" in said
        # The window is as usable as before.
        hand.click(journey.window.start_page.sample)
        assert journey.window.workspace is not None
        return
    if trouble == "damaged":
        middle_page(folder)
        space = open_project(journey, folder)
        (said,) = sentences(journey)
        assert "damaged" in said
        assert labels_of(space.session.project) == expected
        label(journey, hand)
        assert len(labels_of(space.session.project)) == len(expected) + 1
        return
    forbid_writing(monkeypatch)
    space = open_project(journey, folder)
    (said,) = sentences(journey)
    assert "copy its folder to where you may write" in said
    assert "read only" in space.label.header.facts.whole()
    journey.window.notifications.clear()
    space.label.view.go_to_next_unlabelled()
    space.label.view.setFocus()
    hand.press("1")
    (said,) = sentences(journey)
    assert "can only be read here" in said
    assert labels_of(space.session.project) == expected


def forbid_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a read-only disk, also for root, whom the rights do not stop."""
    real = sqlite3.connect

    def connect(target: str, **options: object) -> sqlite3.Connection:
        if "immutable=1" not in target and "fsl-read-" not in target:
            target = "file:/nowhere/at/all?mode=ro"
        return real(target, **options)  # type: ignore[arg-type]

    def no_lock(_: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(sqlite3, "connect", connect)
    monkeypatch.setattr(opening, "ProjectLock", no_lock)


def test_a_model_that_is_altered_and_then_gone_while_the_window_is_open(journey, hand, models):  # type: ignore[no-untyped-def]
    # Weights of its own, that may be spoilt.
    own = journey.home / "data" / "models"
    own.unlink()
    shutil.copytree(models / "minilm", own / "minilm")
    space = open_sample(journey, hand)
    before = len(labels_of(space.session.project))
    weights = own / "minilm" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 255
    weights.write_bytes(data)
    label(journey, hand)
    journey.until(lambda: sentences(journey), "a sentence", 30)
    assert all("Install MiniLM (English) again" in said for said in sentences(journey))
    assert len(sentences(journey)) == 1
    # It is asked for no more: labelling goes on in peace, and the offer to fetch it is there.
    journey.until(lambda: not space.suggester.busy, "the answer")
    label(journey, hand, 2)
    QTest.qWait(300)
    assert len(sentences(journey)) == 1
    shutil.rmtree(own / "minilm")
    journey.window.notifications.clear()
    journey.window.model_setup.check()
    journey.until(space.prompt.isVisible, "the offer to fetch the model")
    shutil.copytree(models / "minilm", own / "minilm")
    journey.window.model_setup.check()
    journey.until(lambda: space.suggester.revision == space.session.project.revision, "suggestions again", 120)
    assert not space.prompt.isVisible()
    assert len(labels_of(space.session.project)) == before + 3


def test_a_full_disk_while_a_run_saves_then_the_window_closed_in_an_export(journey, hand, tmp_path):  # type: ignore[no-untyped-def]
    journey.quit()
    journey.start(ChildOptions(handlers="troubled_jobs"))
    space = open_sample(journey, hand)
    folder = space.session.project.folder
    label(journey, hand, 2)
    expected = labels_of(space.session.project)
    space.choice.set_preset(Preset.INSTANT)
    (journey.home / "data" / FULL).touch()
    journey.window.show_page("train")
    hand.click(space.train.controls.start)
    journey.until(lambda: space.trainer.running is None, "the end of the run", 120)
    (said,) = sentences(journey)
    assert "The disk is full" in said
    assert "Free some space" in said
    (run,) = space.trainer.runs()
    assert run.state == "failed"
    assert space.trainer.active is None
    assert not [name for name in left_in(folder / "runs" / run.id) if "model" in name], "half a model"
    assert labels_of(space.session.project) == expected

    # With room again the next run is as good as ever.
    (journey.home / "data" / FULL).unlink()
    journey.window.notifications.clear()
    hand.click(space.train.controls.start)
    journey.until(lambda: space.trainer.running is None, "the end of the run", 120)
    assert sentences(journey) == []
    assert space.trainer.runs()[0].state == "finished"
    assert space.trainer.active == space.trainer.runs()[0].id

    # The window is closed while the model is copied: no part of a copy is left.
    (journey.home / "data" / SLOW).touch()
    (tmp_path / "out").mkdir()
    journey.window.show_page("results")
    space.results.export_model_requested.emit(str(tmp_path / "out" / "model"), space.trainer.active)
    journey.until(lambda: left_in(tmp_path / "out"), "the copy to begin")
    journey.quit()
    assert left_in(tmp_path / "out") == []
    journey.start()
    space = open_project(journey, folder)
    assert sentences(journey) == []
    assert labels_of(space.session.project) == expected
    assert space.trainer.active is not None


def test_the_window_closed_in_the_middle_of_an_import_a_table_and_a_run(journey, hand, tmp_path):  # type: ignore[no-untyped-def]
    # An import: no project is left of it.
    file = tmp_path / "many.csv"
    file.write_text("text\n" + "".join(f"this is row number {i} of the file\n" for i in range(100_000)))
    hand.bring(journey.window, file)
    wizard = journey.window.findChild(NewProjectWizard)
    for step in (1, 2, 3):
        journey.until(lambda step=step: wizard.step == step and wizard.next.isEnabled(), f"step {step}")
        hand.click(wizard.next)
    journey.until(lambda: wizard.busy_step.bar.value() > 0, "the reading to go on")
    assert wizard.importing
    journey.quit()
    assert left_in(projects_folder()) == []

    # A run that learns while the table is written: it is asked first, and told at the next start.
    (journey.home / "data" / SLOW).touch()
    journey.start(ChildOptions(handlers="troubled_jobs"))
    assert journey.window.settings.recent == ()
    space = open_sample(journey, hand)
    folder = space.session.project.folder
    label(journey, hand, 2)
    expected = labels_of(space.session.project)
    space.choice.set_preset(Preset.THOROUGH)
    run_id = space.trainer.start(space.choice.config)
    steps = lambda: sum(isinstance(e, StepEnd) for e in space.trainer.history(run_id))  # noqa: E731
    journey.until(lambda: steps() >= 3, "the curve to move", 120)
    (tmp_path / "out").mkdir()
    space.results.export_table_requested.emit(str(tmp_path / "out" / "bank.xlsx"), "xlsx")
    journey.until(lambda: left_in(tmp_path / "out"), "the table to be begun")
    asked = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, StopTraining):
            asked.append(box.text())
            box.stop.click()
        else:
            QTimer.singleShot(20, answer)

    QTimer.singleShot(20, answer)
    journey.quit()
    assert asked
    assert left_in(tmp_path / "out") == [], "a part of a table"
    journey.start()
    space = open_project(journey, folder)
    (run,) = space.trainer.runs()
    parts = [name for name in left_in(folder / "runs" / run_id) if "model" in name]
    if run.state == "cancelled":  # it had time to keep the model that was whole by then
        assert parts == ["model"]
        assert run.summary is not None
        assert sentences(journey) == []
    else:
        assert run.state == "interrupted"
        assert "model" not in parts, "half a model"
        assert sentences(journey) == [
            "The program ended while a model was learning. Start the run again under Train."
        ]
    assert run.id == run_id
    assert steps() >= 3, "its curve was not kept"
    assert labels_of(space.session.project) == expected
