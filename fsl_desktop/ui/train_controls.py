"""Preset, start and stop, what the run is doing, and the one number: the left part of the training card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import Score, StepEnd
from fsl_desktop.ui import speech
from fsl_desktop.ui.advanced_dialog import DEFAULT_MODELS, AdvancedDialog
from fsl_desktop.ui.advice_label import AdviceLabel
from fsl_desktop.ui.details_dialog import DetailsDialog
from fsl_desktop.ui.run_view import RunView
from fsl_desktop.ui.train_choice import TrainChoice
from fsl_desktop.ui.unlabelled_switch import UnlabelledSwitch
from fsl_desktop.ui.widgets import ElidedLabel, muted, named, section, with_role

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester

WIDTH = 328
NUMBER_HEIGHT = 32
# Several labels set in one breath are counted once.
_COUNT_MS = 80
_WORDS_MS = 100


class TrainControls(QWidget):
    """Starts and stops runs and says in words how they are doing. ``choice`` is what Start would start."""

    def __init__(
        self,
        session: Session,
        run: RunView,
        suggester: Suggester,
        choice: TrainChoice,
        *,
        models: Sequence[tuple[str, str]] = DEFAULT_MODELS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._run, self._suggester = session, run, suggester
        self._models = tuple(models)
        self.choice = choice
        self._counts: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setFixedWidth(WIDTH)
        self._build()
        self._count_timer = QTimer(self, singleShot=True, interval=_COUNT_MS)
        self._count_timer.timeout.connect(self._count)
        self._words_timer = QTimer(self, singleShot=True, interval=_WORDS_MS)
        self._words_timer.timeout.connect(self.refresh)
        session.changed.connect(self._count_soon)
        session.loaded.connect(self._count_soon)
        suggester.updated.connect(self._words_soon)
        choice.changed.connect(self._on_choice)
        run.changed.connect(self.refresh)
        run.moved.connect(self._words_soon)
        self._count()

    def _build(self) -> None:
        self.preset_box = named(QComboBox(), self.tr("How thoroughly to train"), "preset")
        for choice in Preset:
            self.preset_box.addItem(speech.preset_name(choice), choice)
            words = speech.preset_words(choice)
            self.preset_box.setItemData(self.preset_box.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        self.preset_box.setCurrentIndex(self.preset_box.findData(self.choice.preset))
        self.preset_box.currentIndexChanged.connect(self._on_preset)
        self.unlabelled = UnlabelledSwitch(self.choice, self._suggester)
        self.start = named(QPushButton(), self.tr("Start training"), "start_training")
        self.start.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.start.clicked.connect(self.toggle)
        self.advanced = named(
            QPushButton(self.tr("Advanced…")), self.tr("Advanced settings"), "advanced_settings"
        )
        self.advanced.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.advanced.clicked.connect(self._on_advanced)
        self.status = ElidedLabel(role="muted")
        self.status.setObjectName("training_status")
        # A label is a frame to a style sheet; the frame around warnings is not meant for one line.
        self.status.setStyleSheet("border: none; background: transparent;")
        self.bar = named(QProgressBar(), self.tr("Progress of the training"), "training_progress")
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.number = QLabel()
        with_role(self.number, "number").setObjectName("score_number")
        self.number.setMinimumHeight(NUMBER_HEIGHT)
        self.span = muted("", wrap=True)
        self.span.setObjectName("score_span")
        self.sentence = AdviceLabel()
        self.sentence.setObjectName("training_sentence")
        self.details = named(
            with_role(QPushButton(self.tr("Details")), "quiet"), self.tr("Details"), "training_details"
        )
        self.details.clicked.connect(self._on_details)

        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.advanced, 1)
        score = QHBoxLayout()
        score.setSpacing(8)
        score.addWidget(self.number, 0, Qt.AlignmentFlag.AlignVCenter)
        score.addWidget(self.span, 1, Qt.AlignmentFlag.AlignVCenter)
        score.addWidget(self.details, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(section(self.tr("Training")))
        box.addWidget(self.preset_box)
        box.addWidget(self.unlabelled)
        box.addLayout(buttons)
        box.addWidget(self.status)
        box.addWidget(self.bar)
        box.addLayout(score)
        box.addWidget(self.sentence, 1)
        self.setTabOrder(self.preset_box, self.unlabelled)
        self.setTabOrder(self.unlabelled, self.start)
        self.setTabOrder(self.start, self.advanced)
        self.setTabOrder(self.advanced, self.details)

    def set_models(self, models: Sequence[tuple[str, str]]) -> None:
        """(id, name) of the models that can be chosen under Advanced."""
        self._models = tuple(models)

    def toggle(self) -> None:
        """What the button does: start a run, or ask the running one to stop."""
        trainer = self._run.trainer
        if trainer.running is not None:
            if not trainer.stopping:
                trainer.stop()
                self._run.changed.emit()
        elif not self._missing():
            trainer.start(self.choice.config)

    @property
    def preset(self) -> Preset:
        return self.choice.preset

    def refresh(self) -> None:
        """Say what is the case now."""
        self._words_timer.stop()
        state = self._run.state
        self._show_buttons(state)
        self._show_score()
        failed = state == "failed"
        self.details.setVisible(failed and bool(self._details_text()))
        with_role(self.status, "danger" if failed else "muted")
        if state in ("running", "stopping"):
            self._show_running(state)
        else:
            self.status.setText(self._settled_words(state))
            self.bar.setRange(0, 1000)
            self.bar.setValue(1000 if state == "finished" else 0)
            self.sentence.setText(self._advice(state))

    def _show_buttons(self, state: str) -> None:
        busy = state in ("running", "stopping")
        words = {"running": self.tr("Stop"), "stopping": self.tr("Stopping…")}
        self.start.setText(words.get(state, self.tr("Start")))
        self.start.setAccessibleName(self.tr("Stop the training") if busy else self.tr("Start training"))
        with_role(self.start, "primary")
        self.start.setEnabled(state != "stopping" and (busy or not self._missing()))
        self.start.setToolTip("" if busy else self._missing())
        self.preset_box.setEnabled(not busy)
        self.unlabelled.setEnabled(not busy)
        self.unlabelled.setVisible(not self._session.several)
        self.advanced.setEnabled(not busy)

    def _show_running(self, state: str) -> None:
        now = self._run.now
        if state == "stopping":
            self.status.setText(self.tr("Stopping; what is usable is kept…"))
        elif now is None:
            self.status.setText(self.tr("Starting…"))
        else:
            left = speech.time_left(now.seconds_left)
            words = speech.progress_words(now)
            self.status.setText(f"{words} · {left}" if left else words)
        share = self._run.done_share
        # An empty bar looks broken: until the first step it only shows that something happens.
        self.bar.setRange(0, 1000 if share > 0 else 0)
        self.bar.setValue(round(1000 * share))
        self.sentence.setText(speech.phase_hint(now.phase if isinstance(now, StepEnd) else None))

    def _show_score(self) -> None:
        score = self.score()
        self.number.setText(speech.percent(score.value) if score else self.tr("No score yet"))
        with_role(self.number, "number" if score else "muted")
        self.span.setText(speech.span(score) if score else "")

    def score(self) -> Score | None:
        """The one number: of the run that is looked at, else of the instant model."""
        run = self._run
        if run.summary is not None and run.summary.accuracy is not None:
            return run.summary.accuracy
        # A run that failed or was stopped early left no model: its score would promise one.
        return (run.curves.latest_score if run.running else None) or self._suggester.score

    def _settled_words(self, state: str) -> str:
        if state == "none" and self._missing():
            return self.tr("Not ready yet")
        if state == "finished" and self._run.summary is not None:
            took = speech.duration(self._run.summary.seconds)
            if self._run.summary.stopped_early:
                return self.tr("Finished early, as it got no better · took {time}").format(time=took)
            return self.tr("Finished · took {time}").format(time=took)
        if state == "failed":
            return self.tr("The training failed")
        words = {
            "cancelled": self.tr("Stopped"),
            "interrupted": self.tr("The last run was interrupted"),
        }
        ready = self.tr("Ready · {labels}").format(labels=speech.labels(sum(self._counts)))
        return words.get(state, ready)

    def _advice(self, state: str) -> str:
        """The sentence under the number: what is missing, what failed, else what is worth knowing."""
        message = self._run.message
        if state == "failed" and message is not None:
            return speech.say(message)
        missing = self._missing()
        if missing:
            return missing
        if state == "cancelled":
            return speech.kept_words(self._run.summary)
        if state == "interrupted":
            return self.tr("The program ended while it ran. Your labels are safe; start it again.")
        summary = self._run.summary
        if summary is not None:
            more = sum(self._counts) - summary.n_labelled
            if more > 0:
                return self.tr("{labels} added since. Train again to use them.").format(
                    labels=speech.labels(more)
                )
            if summary.notes:
                return speech.say(summary.notes[0])
            used = self._run.trainer.active == self._run.run_id
            return self.tr("This model now makes the suggestions.") if used else ""
        if self._suggester.note is not None:
            return speech.say(self._suggester.note)
        return speech.preset_words(self.choice.preset)

    def _missing(self) -> str:
        return speech.missing_words(self._counts, self._session.several)

    def _count_soon(self) -> None:
        if not self._count_timer.isActive():
            self._count_timer.start()

    def _words_soon(self) -> None:
        if not self._words_timer.isActive():
            self._words_timer.start()

    def _count(self) -> None:
        self._count_timer.stop()
        counts = self._session.table.counts()
        self._counts = [counts.get(info.id, 0) for info in self._session.classes]
        self.refresh()

    def _on_preset(self) -> None:
        self.choice.set_preset(Preset(self.preset_box.currentData()))

    def _on_choice(self) -> None:
        """Chosen here or anywhere else."""
        self.preset_box.setCurrentIndex(self.preset_box.findData(self.choice.preset))
        self.preset_box.setToolTip(speech.preset_words(self.choice.preset))
        self.refresh()

    def _on_advanced(self) -> None:
        dialog = AdvancedDialog(self.choice.config, self._models, self)
        if dialog.exec() == AdvancedDialog.DialogCode.Accepted:
            self.choice.set_config(dialog.config)
        dialog.deleteLater()

    def _details_text(self) -> str:
        return self._run.failure.details if self._run.failure is not None else ""

    def _on_details(self) -> None:
        dialog = DetailsDialog(self.sentence.text(), self._details_text(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
