"""Training at full size: the curves, every run so far, and how two runs compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from fsl_desktop.core.config import Preset
from fsl_desktop.ui import speech
from fsl_desktop.ui.advanced_dialog import DEFAULT_MODELS
from fsl_desktop.ui.chart_pair import ChartPair
from fsl_desktop.ui.run_list import RunList, run_facts
from fsl_desktop.ui.run_view import RunView
from fsl_desktop.ui.style import CONTROL_HEIGHT
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.train_choice import TrainChoice
from fsl_desktop.ui.train_controls import WIDTH, TrainControls
from fsl_desktop.ui.trust_words import forecast_words
from fsl_desktop.ui.widgets import Card, ElidedLabel, muted, named, section, title, with_role

if TYPE_CHECKING:
    from fsl_desktop.core.runs import RunRecord
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer


class TrainPage(QWidget):
    """``results_requested``: show the results of a run (its id).

    With the ``choice`` of the training card, both start the same run.
    """

    results_requested = Signal(str)

    def __init__(
        self,
        session: Session,
        trainer: Trainer,
        suggester: Suggester,
        holder: ThemeHolder,
        *,
        preset: Preset = Preset.AUTO,
        choice: TrainChoice | None = None,
        models: Sequence[tuple[str, str]] = DEFAULT_MODELS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        with_role(self, "page")
        self._trainer = trainer
        # What Start and Stop speak about is the newest run; what is drawn may be an older one.
        self.live, self.shown = RunView(trainer, self), RunView(trainer, self)
        self.live.show_newest()
        self.shown.show_newest()
        self.choice = choice or TrainChoice(preset, self)
        self.controls = TrainControls(session, self.live, suggester, self.choice, models=models)
        self.setFocusProxy(self.controls.start)
        self._build(holder)
        trainer.started.connect(self._on_started)
        trainer.runs_changed.connect(self._fill)
        trainer.active_changed.connect(self._fill)
        self.shown.changed.connect(self._show_run)
        self.shown.moved.connect(self.charts.refresh)
        self.list.chosen.connect(self._on_chosen)
        self._fill()
        self._show_run()

    def _build(self, holder: ThemeHolder) -> None:
        self.list = RunList(holder)
        self.no_runs = muted(
            self.tr("Every run is kept here with its curves and its score, until you delete it."), wrap=True
        )
        self.heading = ElidedLabel(role="title")
        self.heading.setObjectName("shown_run")
        self.facts = ElidedLabel(role="muted")
        self.facts.setObjectName("shown_run_facts")
        self.forecast = muted("", wrap=True)
        self.forecast.setObjectName("run_forecast")
        self.comparison = muted("", wrap=True)
        self.comparison.setObjectName("run_comparison")
        self.charts = ChartPair(holder, upright=True)
        self.use = named(QPushButton(self.tr("Use this model")), self.tr("Use this model"), "use_model")
        self.use.clicked.connect(self._on_use)
        self.results = named(
            QPushButton(self.tr("Results")), self.tr("Show the results of this run"), "show_results"
        )
        self.results.clicked.connect(self._on_results)
        self.delete = named(
            with_role(QPushButton(self.tr("Delete…")), "danger"), self.tr("Delete this run"), "delete_run"
        )
        self.delete.clicked.connect(self._on_delete)

        control_card, list_card, chart_card = Card(), Card(), Card()
        control_card.body.addWidget(self.controls)
        control_card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        list_card.body.addWidget(section(self.tr("Runs")))
        list_card.body.addWidget(self.no_runs)
        list_card.body.addWidget(self.list, 1)
        list_card.body.addStretch(0)
        list_card.setFixedWidth(WIDTH + 34)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.heading)
        words.addWidget(self.facts)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(words, 1)
        for button in (self.use, self.results, self.delete):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        chart_card.body.addLayout(head)
        chart_card.body.addWidget(self.forecast)
        chart_card.body.addWidget(self.comparison)
        chart_card.body.addWidget(self.charts, 1)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(control_card)
        left.addWidget(list_card, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addLayout(left)
        columns.addWidget(chart_card, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 16)
        box.setSpacing(12)
        heading = title(self.tr("Train"))
        heading.setMinimumHeight(CONTROL_HEIGHT)  # as high as the lines of the other pages, with controls
        self.base = ElidedLabel(role="muted")
        self.base.setObjectName("trainBase")
        head_line = QHBoxLayout()
        head_line.setSpacing(12)
        head_line.addWidget(heading)
        head_line.addWidget(self.base, 1)
        box.addLayout(head_line)
        box.addLayout(columns, 1)

    def show_base(self, name: str, why: str) -> None:
        """Which pretrained model a run starts from, and why this one ("" while that is not known)."""
        self.base.setText(why or self.tr("Starts from {name}.").format(name=name))

    def _fill(self) -> None:
        runs = self._trainer.runs()
        chosen = self.list.selected_ids()
        self.list.runs.set_runs(runs, self._trainer.active)
        self.no_runs.setVisible(not runs)
        self.list.setVisible(bool(runs))
        if runs and not self.list.selected_ids():
            kept = next((run_id for run_id in chosen if self._trainer.run(run_id)), self.shown.run_id)
            self.list.select_run(kept or runs[0].id)
        self._show_buttons()

    def _show_run(self) -> None:
        run = self.shown.record
        self.heading.setText(speech.run_title(run) if run else self.tr("No run yet"))
        self.facts.setText(self._facts(run))
        words = forecast_words(run.summary if run else None)
        self.forecast.setText(words)
        self.forecast.setVisible(bool(words))
        sentence = "" if run else self.tr("Press Start: while a model learns, its error falls here.")
        if run and run.state == "failed" and not self.shown.curves.has_losses:
            sentence = self.tr("This run failed before its first step.")
        self.charts.show_curves(self.shown.curves, sentence)
        self._show_buttons()

    def _facts(self, run: RunRecord | None) -> str:
        if run is None:
            return self.tr("Training starts with one click; nothing has to be set.")
        if run.state == "failed" and run.message is not None:
            return speech.say(run.message)
        if run.summary is not None and run.summary.accuracy is not None:
            took = self.tr("took {time}").format(time=speech.duration(run.summary.seconds))
            facts = [speech.score_words(run.summary.accuracy), took, speech.state_words(run)]
            return " · ".join(fact for fact in facts if fact)
        # The heading says when; the rest of what the list says follows.
        return speech.state_words(run) or run_facts(run)

    def _show_buttons(self) -> None:
        run = self.shown.record
        usable = run is not None and run.summary is not None
        used = run is not None and run.id == self._trainer.active
        self.use.setText(self.tr("In use") if used else self.tr("Use this model"))
        self.use.setEnabled(usable and not used)
        self.results.setEnabled(usable)
        deletable = run is not None and run.id != self._trainer.running
        self.delete.setEnabled(deletable)
        with_role(self.delete, "danger" if deletable else "")
        for button in (self.use, self.results, self.delete):
            button.setVisible(run is not None)

    def _on_started(self, run_id: str) -> None:
        self._fill()
        self.list.select_run(run_id)

    def _on_chosen(self, ids: list[str]) -> None:
        runs = [run for run_id in ids if (run := self._trainer.run(run_id)) is not None]
        self.comparison.setText(speech.comparison(runs[0], runs[1]) if len(runs) == 2 else "")
        self.comparison.setVisible(len(runs) == 2)
        if len(runs) == 1 and runs[0].id != self.shown.run_id:
            self.shown.show_run(runs[0].id)

    def _on_use(self) -> None:
        self._trainer.set_active(self.shown.run_id)

    def _on_results(self) -> None:
        if self.shown.run_id is not None:
            self.results_requested.emit(self.shown.run_id)

    def _on_delete(self) -> None:
        run = self.shown.record
        if run is not None and self.confirm_delete(run):
            self._trainer.remove(run.id)

    def confirm_delete(self, run: RunRecord) -> bool:
        """Ask; deleting a model cannot be undone."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(self.tr("Delete a run"))
        box.setText(
            self.tr("Delete the run {run} and its model? This cannot be undone.").format(
                run=f"“{speech.run_title(run)}”"
            )
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        with_role(delete, "danger")
        keep = box.addButton(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.exec()
        chosen = box.clickedButton() is delete
        box.deleteLater()
        return chosen
