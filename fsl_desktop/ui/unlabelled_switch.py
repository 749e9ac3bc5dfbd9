"""One click that says whether rows without a label take part, in the suggestions and in the next run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from fsl_desktop.ui.train_choice import TrainChoice
from fsl_desktop.ui.widgets import named

if TYPE_CHECKING:
    from fsl_desktop.ui.suggester import Suggester


class UnlabelledSwitch(QCheckBox):
    """Shows and changes ``choice``, wherever else it is changed; the suggestions follow."""

    def __init__(self, choice: TrainChoice, suggester: Suggester, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = self.tr("Learn from rows without a label too")
        self.setText(words)
        named(self, words, "use_unlabelled")
        self.setToolTip(
            self.tr("The model takes its own best guesses about them as examples, where that helps.")
        )
        self._choice, self._suggester = choice, suggester
        self.toggled.connect(self._on_toggled)
        choice.changed.connect(self._on_choice)
        self._on_choice()

    def _on_toggled(self, on: bool) -> None:
        self._choice.set_config(replace(self._choice.config, use_unlabelled=on))

    def _on_choice(self) -> None:
        config = self._choice.config
        self.setChecked(config.use_unlabelled)
        self._suggester.use(class_names=config.use_class_names, unlabelled=config.use_unlabelled)
