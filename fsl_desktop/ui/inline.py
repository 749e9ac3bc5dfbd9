"""A sentence inside a page: what is wrong here, with a button for the fix and the details behind another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from fsl_desktop.core.message import Message
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.details_dialog import DetailsDialog
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import named, with_role


class InlineSentence(QFrame):
    """Hidden until :meth:`tell`; keeps no room while hidden unless the layout does."""

    fix_wanted = Signal()

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._details = ""
        self._kind = "danger"
        self._sign = QLabel()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        words = self.tr("Details")
        self.details = named(with_role(QPushButton(words), "quiet"), words, "inlineDetails")
        self.details.clicked.connect(self._show_details)
        self.fix = named(with_role(QPushButton(), "quiet"), "", "inlineFix")
        self.fix.clicked.connect(self.fix_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 4, 4)
        layout.setSpacing(8)
        layout.addWidget(self._sign)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.details)
        layout.addWidget(self.fix)
        self.setMinimumHeight(44)
        holder.changed.connect(self._dress)
        self.clear()

    @property
    def sentence(self) -> str:
        """What is being said, or ""."""
        return self._label.text() if not self.isHidden() else ""

    def tell(self, message: Message | str, details: str = "", *, kind: str = "danger", fix: str = "") -> None:
        """``kind`` is "danger" or "warning"; ``fix`` is what the button says, "" for none."""
        sentence = speech.say(message) if isinstance(message, Message) else message
        self._kind, self._details = kind, details
        self._label.setText(sentence)
        named(self, sentence)
        self.details.setVisible(bool(details))
        self.fix.setText(fix)
        named(self.fix, fix).setVisible(bool(fix))
        with_role(self, kind)
        self._dress()
        self.show()

    def clear(self) -> None:
        self._label.clear()
        self._details = ""
        self.hide()

    def _dress(self) -> None:
        theme = self._holder.theme
        colour = theme.warning if self._kind == "warning" else theme.danger
        self._sign.setPixmap(icons.pixmap("warning", colour, 18, self.devicePixelRatioF()))

    def _show_details(self) -> None:
        dialog = DetailsDialog(self._label.text(), self._details, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
