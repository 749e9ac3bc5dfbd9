"""Taking results away: the table or a model, written by the child."""

from __future__ import annotations

from PySide6.QtCore import QObject

from fsl_desktop.ui.export_job import ExportJob
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.work.protocol import ExportModel, ExportTable


class Exporter(ExportJob):
    """With the model that the suggestions come from now."""

    def __init__(self, suggester: Suggester, parent: QObject | None = None) -> None:
        super().__init__(suggester.session, parent)
        self._suggester = suggester

    def export_table(self, path: str, kind: str) -> None:
        """Write every row with its label and, where there are classes, what the model says."""
        session = self._suggester.session
        folder = str(session.project.folder)
        predictions = bool(session.classes)
        self.start("table", ExportTable(folder, path, self._suggester.model, predictions))

    def export_model(self, path: str, run_id: str) -> None:
        """Copy the model of a run ("" for the instant one) into a new folder."""
        session = self._suggester.session
        folder = str(session.project.folder)
        # The instant model is the base model with a head, whatever the suggestions come from now.
        self.start("model", ExportModel(folder, path, run_id or None))
