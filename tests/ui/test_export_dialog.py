"""Labels for another program: the format is chosen, the file named, the writing followed and stopped."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from window_fakes import make_window, open_sample

from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.exports.kinds import Kind
from fsl_desktop.core.message import Message
from fsl_desktop.ui.export_dialog import ExportDialog
from fsl_desktop.work.handlers import build
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import Exported, ExportLabels


@pytest.fixture
def made(qtbot, home, qapp):
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    yield window, runner, open_sample(qtbot, window, runner)
    window.close_project()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def dialog_of(window) -> ExportDialog:
    window.actions_.export_labels.trigger()
    (dialog,) = window.findChildren(ExportDialog)
    return dialog


def start(qtbot, dialog: ExportDialog, kind: Kind, path: Path, monkeypatch) -> None:
    dialog.choose(kind)
    monkeypatch.setattr(dialog, "ask_path", lambda asked: str(path))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)


def test_formats_of_texts_are_offered_and_explained(made):
    window, _, _ = made
    dialog = dialog_of(window)
    names = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert names == ["Label Studio", "doccano", "Prodigy", "CoNLL", "Hugging Face datasets"]
    heights = [dialog.list.visualItemRect(dialog.list.item(row)) for row in range(len(names))]
    assert all(below.top() >= above.bottom() for above, below in itertools.pairwise(heights))
    assert heights[0].height() >= 30, "the frame of a chosen row covers its neighbours"
    told = []
    for row in range(dialog.list.count()):
        dialog.list.setCurrentRow(row)
        told.append(dialog.words.text())
    assert len(set(told)) == len(names)
    assert "line ends inside a text become spaces" in told[3]


def test_the_labels_are_written_by_the_child_and_what_is_lost_is_told(made, qtbot, tmp_path, monkeypatch):
    window, runner, opened = made
    dialog = dialog_of(window)
    start(qtbot, dialog, Kind.CONLL, tmp_path / "out.conll", monkeypatch)
    ticket, request = runner.last(ExportLabels)
    assert (request.kind, request.path) == (Kind.CONLL, str(tmp_path / "out.conll"))
    assert Path(request.project) == opened.session.project.folder
    assert not dialog.save.isEnabled()
    runner.tell(ticket, Progress(Phase.WRITING, 10, 40))
    assert dialog.state.bar.value() == 250
    runner.reply(
        ticket, Exported(request.path, 40, (Message.of("These rows lost their line ends: {n}.", n=3),))
    )
    assert dialog.state.words.text() == "Saved out.conll. These rows lost their line ends: 3."
    assert dialog.save.isEnabled()


def test_a_failure_says_the_fix_and_cancel_writes_nothing(made, qtbot, tmp_path, monkeypatch):
    window, runner, _ = made
    dialog = dialog_of(window)
    start(qtbot, dialog, Kind.DOCCANO, tmp_path / "out.jsonl", monkeypatch)
    ticket, _ = runner.last(ExportLabels)
    runner.refuse(ticket, Message.of("The disk is full. Free some space and try again."))
    assert dialog.state.words.text() == "The disk is full. Free some space and try again."
    start(qtbot, dialog, Kind.DOCCANO, tmp_path / "out.jsonl", monkeypatch)
    ticket, _ = runner.last(ExportLabels)
    qtbot.mouseClick(dialog.state.cancel, Qt.MouseButton.LeftButton)
    assert ticket in runner.cancelled
    runner.drop(ticket)
    assert "nothing was written" in dialog.state.words.text()


def test_closing_the_dialog_stops_the_writing(made, qtbot, tmp_path, monkeypatch):
    window, runner, _ = made
    dialog = dialog_of(window)
    start(qtbot, dialog, Kind.DOCCANO, tmp_path / "out.jsonl", monkeypatch)
    ticket, _ = runner.last(ExportLabels)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert ticket in runner.cancelled
    runner.reply(ticket, Exported(str(tmp_path / "out.jsonl"), 1))


def test_the_results_page_opens_the_same_dialog(made, qtbot):
    window, _, opened = made
    opened.results.export.more_button.click()
    assert len(window.findChildren(ExportDialog)) == 1


class Told:
    def __init__(self) -> None:
        self.events: list[object] = []

    def tell(self, ticket: int, event: object) -> None:
        self.events.append(event)


def test_what_the_child_does(made, tmp_path):
    _, _, opened = made
    told = Told()
    request = ExportLabels(str(opened.session.project.folder), str(tmp_path / "a.jsonl"), Kind.DOCCANO)
    done = build().table[ExportLabels](request, Job(1, request, told))
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert done.n_rows == len(lines) == len(opened.session.table)
    assert sum("label" in json.loads(line) for line in lines) == int(opened.session.table.labelled().sum())
    assert any(isinstance(event, Progress) for event in told.events)
    job = Job(2, request, told)
    job.cancel()
    (tmp_path / "a.jsonl").unlink()
    with pytest.raises(Stopped):
        build().table[ExportLabels](request, job)
    assert not list(tmp_path.glob("*.jsonl*"))
