"""The training card under the table: controls on the left, both curves on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from fsl_desktop.core.config import Preset
from fsl_desktop.ui.advanced_dialog import DEFAULT_MODELS
from fsl_desktop.ui.chart_pair import ChartPair
from fsl_desktop.ui.run_view import RunView
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.train_choice import TrainChoice
from fsl_desktop.ui.train_controls import TrainControls
from fsl_desktop.ui.widgets import Card

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer


class TrainingDock(Card):
    """Shows the run that learns now, else the newest one. ``choice`` is what its Start would start."""

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
        self.setObjectName("training_dock")
        self.run = RunView(trainer, self)
        self.run.show_newest()
        self.choice = choice or TrainChoice(preset, self)
        self.controls = TrainControls(session, self.run, suggester, self.choice, models=models)
        self.charts = ChartPair(holder)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.controls)
        row.addWidget(self.charts, 1)
        self.body.addLayout(row)
        self.run.changed.connect(self._on_changed)
        self.run.moved.connect(self.charts.refresh)
        self._on_changed()

    def _on_changed(self) -> None:
        self.charts.show_curves(self.run.curves)
