"""What the training card says and does in each of its states."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_fakes import FakeSession, FakeSuggester, FakeTrainer, record, recorded, score, summary
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.events import Cancelled, Failure, Finished, Phase, Progress, StepEnd
from fsl_desktop.core.message import Message
from fsl_desktop.ui.advanced_dialog import AdvancedDialog
from fsl_desktop.ui.details_dialog import DetailsDialog
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.training_dock import TrainingDock


def last_step(line: object) -> int:
    x, _ = line.getData()
    return -1 if x is None or not len(x) else int(x[-1])


HEIGHT = 290


class Desk:
    """A dock with everything it looks at."""

    def __init__(self, session: FakeSession, trainer: FakeTrainer | None = None) -> None:
        self.session, self.trainer = session, trainer or FakeTrainer()
        self.suggester = FakeSuggester(session)
        self.dock = TrainingDock(self.session, self.trainer, self.suggester, ThemeHolder(LIGHT))
        self.dock.charts.build()
        self.controls = self.dock.controls

    def words(self) -> tuple[str, str]:
        self.controls.refresh()
        return self.controls.status.whole(), self.controls.sentence.text()

    def number(self) -> tuple[str, str]:
        self.controls.refresh()
        return self.controls.number.text(), self.controls.span.text()


@pytest.fixture
def desk(qtbot: QtBot) -> Callable[..., Desk]:
    def make(session: FakeSession | None = None, trainer: FakeTrainer | None = None) -> Desk:
        made = Desk(session or FakeSession(), trainer)
        qtbot.addWidget(made.dock)
        made.dock.resize(1200, HEIGHT)
        made.dock.show()
        return made

    return make


def test_without_labels_it_says_what_is_missing(desk: Callable[..., Desk]) -> None:
    made = desk(FakeSession(labels=(0,) * 6))
    assert made.words() == ("Not ready yet", "Label at least one row of two classes to start.")
    assert not made.controls.start.isEnabled()
    assert made.controls.start.toolTip() == "Label at least one row of two classes to start."


def test_one_click_leaves_rows_without_a_label_out(qtbot: QtBot, desk: Callable[..., Desk]) -> None:
    made = desk()
    switch = made.controls.unlabelled
    assert switch.isChecked()
    assert made.suggester.uses["unlabelled"]
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=switch.rect().topLeft() + QPoint(10, 10))
    assert not made.controls.choice.config.use_unlabelled
    assert not made.suggester.uses["unlabelled"]
    made.controls.choice.set_config(TrainConfig())
    assert switch.isChecked(), "changed under Advanced, it shows here"


def test_start_wakes_up_with_the_second_class(qtbot: QtBot, desk: Callable[..., Desk]) -> None:
    made = desk(FakeSession(labels=(1, 0, 0, 0, 0, 0)))
    assert not made.controls.start.isEnabled()
    made.session.set_label(2, 2)
    qtbot.waitUntil(made.controls.start.isEnabled, timeout=2000)
    assert made.words()[0] == "Ready · 2 labels"


def test_before_the_first_run_the_instant_score_is_shown(desk: Callable[..., Desk]) -> None:
    made = desk()
    assert made.number() == ("No score yet", "")
    made.suggester.score = score(0.76, 5)
    made.suggester.updated.emit()
    assert made.number() == ("76 %", "between 63 and 85 %, from 5 labels")


def test_names_that_are_left_out_are_told_beside_the_score(desk: Callable[..., Desk]) -> None:
    made = desk()
    made.suggester.score = score()
    made.suggester.note = Message.of("The class names are left out.")
    assert made.words()[1] == "The class names are left out."
    assert made.number()[0] == "84 %"


def test_start_starts_the_chosen_preset(qtbot: QtBot, desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.preset_box.setCurrentIndex(made.controls.preset_box.findData(Preset.THOROUGH))
    qtbot.mouseClick(made.controls.start, Qt.MouseButton.LeftButton)
    assert [config.preset for config in made.trainer.configs] == [Preset.THOROUGH]
    assert made.controls.start.text() == "Stop"
    assert made.words()[0] == "Starting…"
    assert not made.controls.preset_box.isEnabled()
    assert made.controls.bar.maximum() == 0, "an unknown rest is shown as busy"


def test_a_running_run_moves_words_bar_and_curves(qtbot: QtBot, desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.toggle()
    made.trainer.tell(*recorded(21))
    assert made.words()[0] == "Checking, step 21 of 30 · about 3 s left"
    assert "part of your labels" in made.words()[1]
    assert made.number() == ("82 %", "between 69 and 91 %, from 25 labels")
    first = made.controls.bar.value()
    assert 0 < first < 1000
    loss = made.dock.charts.loss
    assert loss is not None
    qtbot.waitUntil(lambda: last_step(loss.training) == 21, timeout=2000)
    made.trainer.tell(StepEnd(Phase.TUNING, 3, 30, 0.3, None, 2.0))
    assert made.words()[0] == "Tuning, step 3 of 30 · about 2 s left"
    assert made.controls.bar.value() > first


def test_the_bar_never_goes_back(desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.toggle()
    shares = []
    for event in (StepEnd(Phase.CHECKING, 30, 30, 0.1), StepEnd(Phase.CHECKING, 1, 30, 0.1),
                  Progress(Phase.LOADING, 0, 0)):  # fmt: skip
        made.trainer.tell(event)
        shares.append(made.dock.run.done_share)
    assert shares == sorted(shares)


def test_stop_asks_once_and_says_so(qtbot: QtBot, desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.toggle()
    made.trainer.tell(*recorded(5))
    qtbot.mouseClick(made.controls.start, Qt.MouseButton.LeftButton)
    assert made.trainer.stops == 1
    assert made.controls.start.text() == "Stopping…"
    assert not made.controls.start.isEnabled()
    made.controls.toggle()
    assert made.trainer.stops == 1


def test_a_finished_run_gives_number_and_advice(desk: Callable[..., Desk]) -> None:
    made = desk(FakeSession(labels=(1, 2, 3, 4, 5, 0) * 5, texts=("a",) * 30))
    made.controls.toggle()
    made.trainer.tell(*recorded(30), Finished(summary()))
    made.trainer.end("finished", summary())
    assert made.words() == ("Finished · took 12 s", "20 more labels would probably add 3 to 7 points.")
    assert made.number() == ("84 %", "between 71 and 93 %, from 25 labels")
    assert made.controls.start.text() == "Start"
    assert made.controls.bar.value() == 1000


def test_fitting_the_head_first_does_not_fill_the_bar(desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.toggle()
    made.trainer.tell(Progress(Phase.FITTING, 0, 0))
    assert made.dock.run.done_share < 0.2
    made.trainer.tell(StepEnd(Phase.CHECKING, 10, 20, 0.1))
    assert 0.2 < made.dock.run.done_share < 0.6


def test_a_run_without_notes_says_what_its_model_does(desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.toggle()
    made.trainer.end("finished", summary(notes=()))
    assert made.words()[1] == "This model now makes the suggestions."


def test_labels_set_since_are_counted(qtbot: QtBot, desk: Callable[..., Desk]) -> None:
    made = desk(FakeSession(labels=(1, 2, 3, 4, 5, 0) * 5, texts=("a",) * 30))
    made.controls.toggle()
    made.trainer.end("finished", summary())
    made.session.set_label(6, 1)
    qtbot.waitUntil(lambda: made.words()[1] == "1 label added since. Train again to use them.", timeout=2000)


def test_a_stopped_run_says_what_was_kept(desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.toggle()
    made.trainer.tell(*recorded(12), Cancelled())
    made.trainer.end("cancelled")
    assert made.words()[0] == "Stopped"
    assert "nothing was kept" in made.words()[1]
    assert made.number()[0] == "No score yet", "a run without a model promises nothing"
    made.controls.toggle()
    kept = summary(cancelled=True)
    made.trainer.tell(Cancelled(kept))
    made.trainer.end("cancelled", kept)
    assert "from step 21, is kept" in made.words()[1]


def test_a_failure_is_a_sentence_with_details_folded(qtbot: QtBot, desk: Callable[..., Desk]) -> None:
    made = desk()
    made.controls.toggle()
    message = Message.of("There is not enough memory. Choose Instant.")
    made.trainer.tell(Failure(message, "RuntimeError: out of memory"))
    made.trainer.end("failed", None, message)
    assert made.words() == ("The training failed", "There is not enough memory. Choose Instant.")
    assert made.controls.details.isVisible()
    qtbot.mouseClick(made.controls.details, Qt.MouseButton.LeftButton)
    dialog = made.dock.findChild(DetailsDialog)
    assert dialog is not None
    assert dialog.text.toPlainText() == "RuntimeError: out of memory"
    dialog._copy()
    assert QApplication.clipboard().text().startswith("There is not enough memory")
    dialog.close()


def test_an_interrupted_run_is_told_at_the_next_start(desk: Callable[..., Desk]) -> None:
    made = desk(trainer=FakeTrainer([record("r1", "interrupted")]))
    assert made.words()[0] == "The last run was interrupted"
    assert "labels are safe" in made.words()[1]
    assert made.controls.start.isEnabled()


def test_an_older_project_shows_its_newest_run(desk: Callable[..., Desk]) -> None:
    trainer = FakeTrainer([record("r1"), record("r2")], {"r2": recorded(30, tuning=30)})
    made = desk(trainer=trainer)
    assert made.dock.run.run_id == "r2"
    assert last_step(made.dock.charts.loss.training) == 30


def test_nothing_jumps_between_states(desk: Callable[..., Desk]) -> None:
    made = desk()
    places = {made.controls.bar.pos()}
    made.controls.toggle()
    for act in (
        lambda: made.trainer.tell(*recorded(10)),
        made.controls.toggle,
        lambda: made.trainer.end("finished", summary()),
    ):
        act()
        made.controls.refresh()
        QApplication.sendPostedEvents()
        places.add(made.controls.bar.pos())
    assert len(places) == 1
    assert made.dock.height() == HEIGHT


def test_advanced_settings_start_as_the_preset_says(qtbot: QtBot) -> None:
    dialog = AdvancedDialog(TrainConfig(preset=Preset.THOROUGH))
    qtbot.addWidget(dialog)
    assert dialog.config == TrainConfig(preset=Preset.THOROUGH)
    assert dialog.steps.text() == "As the preset says"


def test_advanced_settings_change_only_what_was_touched(qtbot: QtBot) -> None:
    dialog = AdvancedDialog(TrainConfig(learning_rate=0.0002))
    qtbot.addWidget(dialog)
    dialog.steps.setValue(60)
    dialog.dropout.setValue(0.2)
    assert dialog.config == TrainConfig(learning_rate=0.0002, steps=60, dropout=0.2)
    dialog.reset()
    assert dialog.config == TrainConfig()


def test_a_model_that_is_no_known_one_stays_chosen(qtbot: QtBot) -> None:
    dialog = AdvancedDialog(TrainConfig(model="/models/mine"), [("minilm", "MiniLM")])
    qtbot.addWidget(dialog)
    assert dialog.config.model == "/models/mine"
    dialog.reset()
    assert dialog.config.model == "minilm"


def test_every_control_has_a_name(desk: Callable[..., Desk]) -> None:
    made = desk()
    controls = made.controls
    for control in (controls.preset_box, controls.start, controls.advanced, controls.bar, controls.details):
        assert control.accessibleName()
