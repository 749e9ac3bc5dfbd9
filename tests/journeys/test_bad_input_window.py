"""Bad input as a user meets it: one sentence on the screen, the fix in it, and nothing lost.

What one part of the program does with it is tested beside that part; here the real window and the real
child do it together.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from damage import into_the_file, labelled, middle_page
from projects import labels_of
from PySide6.QtTest import QTest

from fsl_desktop.core import opening
from fsl_desktop.ui.wizard.new_project import NewProjectWizard

from steps import label, open_project, open_sample, sentences  # isort: skip

pytestmark = [
    pytest.mark.model,
    pytest.mark.journey,
    pytest.mark.timeout(400),
    pytest.mark.usefixtures("no_traceback"),
]

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
    assert wizard.preview_step.tabs.tabText(1) == "Problems (3)"
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
    journey.until(lambda: space.suggester.revision == space.session.project.revision, "suggestions", 120)
    assert not space.prompt.isVisible()
    assert len(labels_of(space.session.project)) == before + 3
