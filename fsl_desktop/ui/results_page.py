"""How good the model is, where it errs, and what can be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.events import Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.class_scores import ClassScoresTable
from fsl_desktop.ui.export_card import ExportCard
from fsl_desktop.ui.score_card import ScoreCard
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.trust_view import TrustView
from fsl_desktop.ui.widgets import Card, EmptyState, muted, named, section, title, with_role

if TYPE_CHECKING:
    from fsl_desktop.core.runs import RunRecord
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer


class ResultsPage(QWidget):
    """The results of a finished run. Exports are asked for here and done elsewhere."""

    rows_chosen = Signal(list, str)  # row ids of a confusion cell, what they are
    export_table_requested = Signal(str, str)  # path, "csv" | "xlsx" | "jsonl"
    export_model_requested = Signal(str, str)  # folder to be made, run id
    export_cancel_requested = Signal()
    train_requested = Signal()
    label_requested = Signal()

    def __init__(
        self,
        session: Session,
        trainer: Trainer,
        suggester: Suggester,
        holder: ThemeHolder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        with_role(self, "page")
        self._session, self._trainer, self._suggester = session, trainer, suggester
        self._build(holder)
        trainer.runs_changed.connect(self._fill_runs)
        trainer.active_changed.connect(self._on_active)
        session.changed.connect(self._on_session_changed)
        suggester.updated.connect(self._on_suggestions)
        self.setFocusProxy(self.run)
        self._on_active()

    def _build(self, holder: ThemeHolder) -> None:
        self.run = named(QComboBox(), self.tr("Which run the results are about"), "results_run")
        self.run.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.run.setMinimumContentsLength(22)
        policy = self.run.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.run.setSizePolicy(policy)
        self.run.currentIndexChanged.connect(self._show_run)
        self.score = ScoreCard()
        self.number, self.accuracy, self.others = self.score.number, self.score.accuracy, self.score.others
        self.notes = self.score.notes
        self.classes = ClassScoresTable(holder)
        self.trust = TrustView(holder)
        self.confusion = self.trust.confusion
        self.confusion.rows_chosen.connect(self.rows_chosen)
        self.export = ExportCard()
        self.export.base_name = self._session.project.name
        self.export.table_requested.connect(self.export_table_requested)
        self.export.model_requested.connect(self._on_model_requested)
        self.export.cancel_requested.connect(self.export_cancel_requested)

        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title(self.tr("Results")))
        head.addStretch(1)
        self._about = muted(self.tr("About the run"))
        head.addWidget(self._about)
        head.addWidget(self.run)
        scores = Card()
        scores.body.addWidget(section(self.tr("Each class")))
        scores.body.addWidget(self.classes, 1)
        side = with_role(QWidget(), "plain")
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(12)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(side)
        left.addWidget(self.score, 3)
        left.addWidget(self.export, 2)
        found = QWidget()
        right = QVBoxLayout(found)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        right.addWidget(scores, 5)
        right.addWidget(self.trust, 6)
        self.empty = EmptyState(
            "chart",
            self.tr("Train a model, and this page says how good it is and where it errs."),
            self.tr("Train a model"),
        )
        self.empty.clicked.connect(self.train_requested)
        nothing = Card()
        nothing.body.addWidget(self.empty)
        self._states = QStackedWidget()
        self._states.addWidget(found)
        self._states.addWidget(nothing)
        self._states.addWidget(self._build_unchecked())
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(area, 4)
        columns.addWidget(self._states, 7)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addLayout(columns, 1)

    def _build_unchecked(self) -> Card:
        """A run that could not be checked has no scores, and two empty tables would look like an error."""
        state = EmptyState(
            "chart",
            self.tr(
                "Scores need rows that the model had not seen. Label at least two rows of each class that "
                "has labels, then train again."
            ),
            self.tr("Label rows"),
        )
        state.clicked.connect(self.label_requested)
        card = Card()
        card.body.addWidget(state)
        return card

    @property
    def run_id(self) -> str | None:
        """The run that the results are about."""
        chosen = self.run.currentData()
        return str(chosen) if chosen else None

    def show_run(self, run_id: str) -> None:
        """Show this run's results, where it has some."""
        at = self.run.findData(run_id)
        if at >= 0:
            self.run.setCurrentIndex(at)

    def export_started(self, kind: str) -> None:
        """``kind``: "table" or "model"."""
        self.export.started(kind)

    def export_progress(self, event: Progress) -> None:
        self.export.progress(event)

    def export_done(self, path: str, notes: Sequence[Message] = ()) -> None:
        self.export.done(path, notes)

    def export_failed(self, message: Message, details: str = "") -> None:
        self.export.failed(message, details)

    def export_cancelled(self) -> None:
        self.export.cancelled()

    def _fill_runs(self) -> None:
        """The runs with results; the chosen one stays while it is there, a new one comes to the front."""
        runs = [run for run in self._trainer.runs() if run.summary is not None]
        before = [self.run.itemData(i) for i in range(self.run.count())]
        chosen = self.run_id
        self.run.blockSignals(True)
        self.run.clear()
        for run in runs:
            score = run.summary.accuracy if run.summary else None
            words = speech.run_title(run) + (f", {speech.percent(score.value)}" if score else "")
            self.run.addItem(words, run.id)
        newest = runs[0].id if runs and before and runs[0].id not in before else None
        self.run.setCurrentIndex(max(0, self.run.findData(newest or chosen)) if runs else -1)
        self.run.blockSignals(False)
        self._states.setCurrentIndex(0 if runs else 1)
        self.run.setVisible(bool(runs))
        self._about.setVisible(bool(runs))
        self._show_run()

    def _on_active(self) -> None:
        self._fill_runs()
        if self._trainer.active is not None:
            self.show_run(self._trainer.active)

    def _on_session_changed(self, change: object) -> None:
        if getattr(change, "classes_changed", False):
            self._show_run()

    def _record(self) -> RunRecord | None:
        return next((run for run in self._trainer.runs() if run.id == self.run_id), None)

    def _show_run(self) -> None:
        run = self._record()
        if run is None or run.summary is None:
            self._show_instant()
            return
        summary = run.summary
        self._states.setCurrentIndex(0 if summary.held_out.true else 2)
        self.score.show_summary(summary)
        classes = self._session.classes
        self.classes.scores.set_scores(summary.per_class, classes)
        seen = set(summary.held_out.true) | set(summary.held_out.predicted)
        # Which class was taken for which has no meaning where a row may have several.
        self.trust.setVisible(not summary.several)
        self.trust.show_summary(summary)
        self.confusion.set_held_out(summary.held_out, [info for info in classes if info.id in seen])

    def _on_suggestions(self) -> None:
        if self.run_id is None:
            self._show_instant()

    def _show_instant(self) -> None:
        """Before the first run, the score of the instant model stands in."""
        self.score.show_instant(self._suggester.score, self._suggester.note)

    def _on_model_requested(self, folder: str) -> None:
        self.export_model_requested.emit(folder, self.run_id or "")
