"""Small parts that every page is put together from."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.ui import icons
from fsl_desktop.ui.probability_bar import ProbabilityBar

__all__ = [
    "BusyState",
    "Card",
    "ElidedLabel",
    "EmptyState",
    "ProbabilityBar",
    "muted",
    "named",
    "number_box",
    "section",
    "title",
    "with_role",
]

W = TypeVar("W", bound=QWidget)
S = TypeVar("S", bound=QAbstractSpinBox)


def named(widget: W, accessible_name: str, object_name: str | None = None) -> W:
    """Give a control the name that a screen reader says; returns the control."""
    widget.setAccessibleName(accessible_name)
    if object_name is not None:
        widget.setObjectName(object_name)
    return widget


def number_box(box: S, accessible_name: str = "", object_name: str | None = None) -> S:
    """A field for a number whose text begins where that of other fields does: the style sheet's padding does
    not reach into it."""
    box.lineEdit().setTextMargins(8, 0, 0, 0)
    return named(box, accessible_name, object_name) if accessible_name else box


def with_role(widget: W, role: str) -> W:
    """Set the property that the style sheet looks at; returns the widget. May be called again."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        # A style sheet looks at a property once; unpolish makes it look again.
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
    return widget


def _label(text: str, role: str) -> QLabel:
    label = with_role(QLabel(text), role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def title(text: str) -> QLabel:
    return _label(text, "title")


def section(text: str) -> QLabel:
    """A small head above a group; written as given, shown in capitals."""
    return _label(text.upper(), "section")


def muted(text: str, *, wrap: bool = False) -> QLabel:
    label = _label(text, "muted")
    label.setWordWrap(wrap)
    return label


class Card(QFrame):
    """A white box with a line around; put a layout's worth of widgets in ``body``."""

    def __init__(self, parent: QWidget | None = None, *, margin: int = 16, spacing: int = 8) -> None:
        super().__init__(parent)
        with_role(self, "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)


class ElidedLabel(QLabel):
    """One line that ends in "…" where it does not fit; the whole is its tooltip."""

    # Laying out a million characters to show fifty is what freezes windows.
    MAX_CHARS = 1000

    def __init__(self, text: str = "", parent: QWidget | None = None, *, role: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._whole = ""
        if role:
            with_role(self, role)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = " ".join(text[: self.MAX_CHARS].split())
        self.updateGeometry()
        self._elide()

    def whole(self) -> str:
        return self._whole

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class _TintedIcon(QWidget):
    """An icon in the palette's muted colour, so that it follows the theme without being told."""

    def __init__(self, name: str, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        color = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        drawn = icons.pixmap(self._name, color, self.width(), self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, 0, drawn)


def _centred(sentence: QLabel) -> QHBoxLayout:
    """A wrapped label in the middle. An alignment would cost it its height for width, and cut it."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(sentence, 100)
    row.addStretch(1)
    return row


class EmptyState(QWidget):
    """What a page says when there is nothing yet: a sentence and the button that changes it."""

    clicked = Signal()

    def __init__(
        self, icon_name: str, sentence: str, button_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sentence = muted(sentence, wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMaximumWidth(420)
        self._sentence.setMinimumWidth(200)
        self.button = named(with_role(QPushButton(button_text), "primary"), button_text, "emptyStateButton")
        self.button.setVisible(bool(button_text))
        self.button.clicked.connect(self.clicked)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(_TintedIcon(icon_name, 36), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(_centred(self._sentence))
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.below = QVBoxLayout()
        """For further ways out."""
        layout.addLayout(self.below)
        layout.addStretch(3)

    def set_sentence(self, sentence: str) -> None:
        self._sentence.setText(sentence)


class BusyState(QWidget):
    """What a page says while it waits: a sentence, a progress bar and Cancel."""

    cancelled = Signal()

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = muted(sentence, wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMaximumWidth(420)
        self._sentence.setMinimumWidth(200)
        self.bar = named(QProgressBar(), sentence, "busyBar")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(280)
        self.set_progress(0, 0)
        words = QCoreApplication.translate("BusyState", "Cancel")
        self.cancel = named(QPushButton(words), words, "busyCancel")
        self.cancel.clicked.connect(self.cancelled)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addLayout(_centred(self._sentence))
        for widget in (self.bar, self.cancel):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def set_sentence(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self.bar.setAccessibleName(sentence)

    def set_progress(self, done: int, total: int) -> None:
        """``total`` 0 where it is not known: the bar then only shows that something happens."""
        # QProgressBar counts in 32 bits; bytes do not fit.
        self.bar.setRange(0, 1000 if total > 0 else 0)
        self.bar.setValue(round(1000 * min(done, total) / total) if total > 0 else 0)
