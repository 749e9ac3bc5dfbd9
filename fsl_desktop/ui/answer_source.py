"""Which model answers on a Test page: the instant one, or what a run has kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from fsl_desktop.ui import speech
from fsl_desktop.ui.widgets import named

if TYPE_CHECKING:
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer


class AnswerSource(QComboBox):
    """Follows the runs, and the model that the whole window uses."""

    source_changed = Signal()
    """Another model answers from now on."""

    def __init__(self, suggester: Suggester, trainer: Trainer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggester, self._trainer = suggester, trainer
        named(self, self.tr("Which model answers"), "test_model")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(22)
        self.activated.connect(self.source_changed)
        trainer.runs_changed.connect(self.fill)
        trainer.active_changed.connect(self.follow)

    def model_name(self) -> str:
        """The model that answers, as a request names it."""
        run_id = self.currentData()
        if run_id:
            return f"run:{run_id}"
        # Suggestions may come from a run; the instant model is the one without.
        return self._suggester.instant

    def fill(self) -> None:
        """One entry per model that can answer; the choice stays while its run is there."""
        chosen = self.currentData()
        self.clear()
        self.addItem(self.tr("Instant model"), None)
        for run in self._trainer.runs():
            if run.summary is not None:
                score = run.summary.accuracy
                words = speech.run_title(run) + (f", {speech.percent(score.value)}" if score else "")
                self.addItem(words, run.id)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        if self.currentData() != chosen:
            self.source_changed.emit()

    def follow(self) -> None:
        """The model that the whole window uses has changed: it answers here too."""
        self.fill()
        self.setCurrentIndex(max(0, self.findData(self._trainer.active)))
        self.source_changed.emit()
