"""Closing over a run that learns: asked first, and the safe answer is the one under the finger."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from window_fakes import make_window, open_sample

from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.new_project import create_project
from fsl_desktop.core.project import Project
from fsl_desktop.ui.closing import StopTraining
from fsl_desktop.work.protocol import Train

SUMMARY = RunSummary("balanced", "minilm", 10, 5, 4.2)


@pytest.fixture
def learning(qtbot, home: Path):
    """A window with a run that is learning."""
    window, runner = make_window(home)
    window.show()
    opened = open_sample(qtbot, window, runner)
    opened.trainer.start(opened.choice.config)
    yield window, runner, opened
    window.close_project()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Answer:
    """Does something with the question as soon as it is on the screen."""

    def __init__(self, act) -> None:
        self.asked: list[str] = []
        self._act = act
        self._tries = 0
        QTimer.singleShot(20, self._look)

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, StopTraining):
            self._tries += 1
            if self._tries < 100 and not self.asked:
                QTimer.singleShot(20, self._look)
            return
        self.asked.append(box.text())
        self._act(box)


def press(key):
    return lambda box: QTest.keyClick(box.focusWidget(), key)


def click(name: str):
    return lambda box: box.findChild(QAbstractButton, name).click()


@pytest.mark.parametrize(
    "act",
    [press(Qt.Key.Key_Return), press(Qt.Key.Key_Space), press(Qt.Key.Key_Escape), click("keepTraining")],
)
def test_the_safe_answer_has_the_keyboard_and_keeps_everything(learning, act):
    window, runner, opened = learning
    answer = Answer(act)
    assert not window.close()
    assert answer.asked == ["A model is learning. Closing now ends the run."]
    assert window.isVisible()
    assert window.workspace is opened
    assert opened.trainer.running is not None
    assert runner.cancelled == []


def test_stop_and_close_ends_the_run_and_it_is_told_at_the_next_start(learning):
    window, runner, opened = learning
    folder, run_id = opened.session.project.folder, opened.trainer.running
    answer = Answer(click("stopAndClose"))
    assert window.close()
    assert answer.asked
    assert runner.last(Train)[0] in runner.cancelled
    project = Project.open(folder)
    assert [notice.text for notice in project.notices] == [
        "The program ended while a model was learning. Start the run again under Train."
    ]
    assert [(run.id, run.state) for run in project.runs()] == [(run_id, "interrupted")]
    project.close()


def test_a_run_that_ends_while_it_is_asked_is_kept_and_the_window_closes(learning):
    window, runner, opened = learning
    folder = opened.session.project.folder
    answer = Answer(lambda _: runner.reply(runner.last(Train)[0], SUMMARY))
    assert window.close()
    assert answer.asked
    project = Project.open(folder)
    assert [run.state for run in project.runs()] == ["finished"]
    assert not project.notices
    project.close()


def test_a_second_close_does_not_ask_twice(learning):
    window, _, opened = learning

    def again(box):
        window.close()
        window.actions_.close.trigger()
        box.keep.click()

    answer = Answer(again)
    assert not window.close()
    assert len(answer.asked) == 1
    assert window.workspace is opened
    assert opened.trainer.running is not None


def test_closing_the_project_or_opening_another_one_asks_too(learning, tmp_path):
    window, _, opened = learning
    other = create_project(tmp_path / "Other.fsl", "Other", ("a", "b"))
    other.close()
    for leave in (window.actions_.close.trigger, lambda: window.open_path(str(other.folder))):
        answer = Answer(click("keepTraining"))
        leave()
        assert answer.asked
        assert window.workspace is opened
        assert opened.trainer.running is not None
    Project.open(other.folder).close()  # nobody holds it
    assert str(other.folder) in window.settings.recent, "a project just made can be found again"
    answer = Answer(click("stopAndClose"))
    window.open_path(str(other.folder))
    assert answer.asked
    assert window.workspace is not None
    assert window.workspace.session.project.folder == other.folder


def test_with_nothing_learning_the_window_closes_at_once(qtbot, home):
    window, runner = make_window(home)
    window.show()
    open_sample(qtbot, window, runner)
    assert window.close()
    window.deleteLater()
