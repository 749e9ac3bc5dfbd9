"""The pages with the window's real session, trainer and suggester; only the child is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_fakes import answer, recorded, summary
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fakes import FakeRunner
from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass
from fsl_desktop.core.events import Finished
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.results_page import ResultsPage
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.ui.test_page import TestPage
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.trainer import Trainer
from fsl_desktop.ui.training_dock import TrainingDock
from fsl_desktop.work.protocol import Ask, Train


class Desk:
    def __init__(self, folder: Path) -> None:
        self.runner = FakeRunner()
        project = Project.create(folder / "bank.fsl", "Bank")
        self.session = Session(project, Jobs(self.runner))
        writer = BatchWriter(project.folder, "bank.csv")
        writer.add([ReadRow(f"text {i}") for i in range(8)])
        batch = writer.finish([])
        self.session.do(AddClass("card arrival"))
        self.session.do(AddClass("exchange rate"))
        self.session.do(AddBatch(batch, ()))
        self.suggester = Suggester(self.session)
        self.trainer = Trainer(self.session)
        self.holder = ThemeHolder(LIGHT)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    qtbot.waitUntil(lambda: len(made.session.table) == 8 and not made.session.loading, timeout=5000)
    yield made
    made.trainer.close()
    made.suggester.close()
    made.session.close()


def test_from_the_first_labels_to_a_result(qtbot: QtBot, desk: Desk) -> None:
    dock = TrainingDock(desk.session, desk.trainer, desk.suggester, desk.holder)
    results = ResultsPage(desk.session, desk.trainer, desk.suggester, desk.holder)
    for widget in (dock, results):
        qtbot.addWidget(widget)
    assert not dock.controls.start.isEnabled()
    ids = [int(row) for row in desk.session.table.ids]
    desk.session.label_rows(ids[:2], 1)
    desk.session.label_rows(ids[2:4], 2)
    qtbot.waitUntil(dock.controls.start.isEnabled, timeout=2000)
    qtbot.mouseClick(dock.controls.start, Qt.MouseButton.LeftButton)
    ticket, request = desk.runner.last(Train)
    assert request.project == str(desk.session.project.folder)
    for event in recorded(21):
        desk.runner.tell(ticket, event)
    assert dock.run.curves.training.last is not None
    done = summary(classes=2, n=4)
    desk.runner.tell(ticket, Finished(done))
    desk.runner.reply(ticket, done)
    assert dock.controls.status.whole() == "Finished · took 12 s"
    assert dock.controls.number.text() == "84 %"
    assert results.number.text() == "84 %"
    assert results.run_id == request.run_id


def test_a_child_that_fails_leaves_a_sentence(qtbot: QtBot, desk: Desk) -> None:
    dock = TrainingDock(desk.session, desk.trainer, desk.suggester, desk.holder)
    qtbot.addWidget(dock)
    ids = [int(row) for row in desk.session.table.ids]
    desk.session.label_rows(ids[:1], 1)
    desk.session.label_rows(ids[1:2], 2)
    qtbot.waitUntil(dock.controls.start.isEnabled, timeout=2000)
    dock.controls.toggle()
    ticket, _ = desk.runner.last(Train)
    desk.runner.refuse(ticket, Message.of("The model's process ended. Start it again."), "exit code -9")
    assert dock.controls.sentence.text() == "The model's process ended. Start it again."
    assert dock.controls.start.text() == "Start"


def test_a_typed_text_is_answered(qtbot: QtBot, desk: Desk) -> None:
    page = TestPage(desk.session, desk.suggester, desk.trainer, desk.holder)
    qtbot.addWidget(page)
    page.show()
    qtbot.keyClicks(page.box, "where is my card")
    qtbot.waitUntil(lambda: any(isinstance(r, Ask) for _, r in desk.runner.requests), timeout=2000)
    ticket, request = desk.runner.last(Ask)
    assert request.texts == ("where is my card",)
    desk.runner.reply(ticket, (answer(1, 0.9, 2, nearest=False),))
    assert page.answer.sentence.text() == "card arrival, 90 %"
    page._explain.stop()
