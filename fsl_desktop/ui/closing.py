"""The question before something ends a run that is learning."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from fsl_desktop.ui.trainer import Trainer
from fsl_desktop.ui.widgets import named, with_role


def _tr(text: str) -> str:
    return QCoreApplication.translate("Closing", text)


class StopTraining(QMessageBox):
    """Keep training (what Return and Esc do), or stop it and close."""

    def __init__(self, trainer: Trainer, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.NoIcon)
        self.setWindowTitle(_tr("A model is learning"))
        self.setText(_tr("A model is learning. Closing now ends the run."))
        self.setInformativeText(_tr("Your labels are saved. The run can be started again under Train."))
        words = _tr("Stop and close")
        self.stop = named(
            self.addButton(words, QMessageBox.ButtonRole.DestructiveRole), words, "stopAndClose"
        )
        with_role(self.stop, "danger")
        words = _tr("Keep training")
        self.keep = named(self.addButton(words, QMessageBox.ButtonRole.RejectRole), words, "keepTraining")
        self.setDefaultButton(self.keep)
        self.setEscapeButton(self.keep)
        # A run that ends meanwhile leaves nothing to ask, and nothing in the way.
        trainer.ended.connect(self.stop.click)


def may_end_training(trainer: Trainer, parent: QWidget) -> bool:
    """Nothing is learning in this project, or the user says that it may stop."""
    if trainer.running is None:
        return True
    if any(box.isVisible() for box in parent.findChildren(StopTraining)):
        return False  # it is being asked already
    box = StopTraining(trainer, parent)
    box.exec()
    chosen = box.clickedButton() is box.stop
    trainer.ended.disconnect(box.stop.click)
    box.deleteLater()
    return chosen
