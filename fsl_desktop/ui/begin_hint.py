"""How to begin: said above the table until there is a label."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QLabel, QWidget

from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.ui.widgets import with_role


class BeginHint(QLabel):
    def __init__(self, session: Session, suggester: Suggester, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "muted")
        self.setObjectName("labelHint")
        self.setWordWrap(True)
        self.setContentsMargins(10, 4, 10, 4)
        self._session, self._suggester = session, suggester
        self.hide()

    def refresh(self, rows: int, labelled: int) -> None:
        """``rows`` are those in the table, ``labelled`` those with a label."""
        words = ""
        if rows and not labelled:
            words = self._words()
        if words != self.text():
            self.setText(words)
        self.setVisible(bool(words))

    def _words(self) -> str:
        if len(self._session.classes) < (1 if self._session.several else 2):
            return self.tr(
                "Name two classes or more, on the right or under Data: from then on the model suggests one "
                "for every row, by the names alone."
            )
        if np.any(self._suggester.class_ids > 0):
            return self.tr(
                "No label yet: the names of the classes alone suggest. Enter accepts, a key corrects; "
                "every label makes it better."
            )
        return ""
