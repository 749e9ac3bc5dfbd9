"""One notice: a sentence, perhaps a button, and what is folded under it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.ui import icons
from fsl_desktop.ui.theme import Theme, ThemeHolder, blend
from fsl_desktop.ui.widgets import named, with_role

_ICONS = {"info": "info", "good": "check", "warning": "warning", "failure": "warning"}


def colour_of(kind: str, theme: Theme) -> str:
    colours = {"good": theme.good, "warning": theme.warning, "failure": theme.danger}
    return colours.get(kind, theme.accent)


class Notice(QFrame):
    """Paints itself opaque, because it lies over a page."""

    closed = Signal()
    resized = Signal()

    def __init__(
        self,
        holder: ThemeHolder,
        kind: str,
        sentence: str,
        details: str,
        action: tuple[str, Callable[[], object]] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._holder = holder
        self.kind, self.sentence = str(kind), sentence
        named(self, sentence, f"notice_{self.kind}")
        self._hovered = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fade)
        self._sign = QLabel()
        self.label = QLabel(sentence)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.label, 1)
        self.action: QPushButton | None = None
        if action is not None:
            self.action = named(QPushButton(action[0]), action[0], "noticeAction")
            self.action.clicked.connect(lambda: self._act(action[1]))
            line.addWidget(self.action, 0, Qt.AlignmentFlag.AlignTop)
        self.more: QToolButton | None = None
        if details:
            self.more = named(QToolButton(), self.tr("Show details"), "noticeDetails")
            self.more.setToolTip(self.tr("Show details"))
            self.more.setCheckable(True)
            self.more.toggled.connect(self._unfold)
            line.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self.cross = named(QToolButton(), self.tr("Close this notice"), "noticeClose")
        self.cross.setToolTip(self.tr("Close (Esc)"))
        self.cross.clicked.connect(self.closed)
        line.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 8, 8, 8)
        body.setSpacing(8)
        body.addLayout(line)
        self.details = self._details_box(details)
        body.addWidget(self.details)
        self.details.hide()
        self._dress()
        holder.changed.connect(self._dress)

    def _details_box(self, details: str) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(26, 0, 8, 4)
        layout.setSpacing(8)
        text = named(QPlainTextEdit(details), self.tr("Details"), "noticeDetailsText")
        text.setReadOnly(True)
        text.setFixedHeight(140)
        text.setTabChangesFocus(True)
        copy = named(with_role(QPushButton(self.tr("Copy")), "quiet"), self.tr("Copy details"), "noticeCopy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{self.sentence}\n\n{details}"))
        layout.addWidget(text)
        layout.addWidget(copy, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def fit(self, width: int) -> int:
        """Take the height that the words need in this width, and return it."""
        body = self.layout()
        assert body is not None
        height = max(48, body.totalHeightForWidth(width))
        self.setFixedHeight(height)
        return height

    def fade_after(self, ms: int) -> None:
        """Close by itself after ``ms``, but never under the mouse or with the keyboard on it."""
        self._timer.start(ms)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hovered = True
        self._pause()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = False
        self._go_on()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        colour = colour_of(self.kind, theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(blend(theme.line, colour, 0.6)), 1))
        painter.setBrush(QColor(blend(theme.surface, colour, 0.07)))
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 10, 10)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, super().minimumSizeHint().height())

    def _dress(self) -> None:
        theme = self._holder.theme
        colour = colour_of(self.kind, theme)
        # As high as the buttons beside it, so that sign, first line and buttons stand on one line.
        self._sign.setFixedHeight(30)
        self.label.setContentsMargins(0, 6, 0, 6)
        self._sign.setPixmap(icons.pixmap(_ICONS[self.kind], colour, 18, self.devicePixelRatioF()))
        self.cross.setIcon(icons.icon("close", theme, theme.muted, 16))
        if self.more is not None:
            name = "chevron-up" if self.more.isChecked() else "chevron-down"
            self.more.setIcon(icons.icon(name, theme, theme.muted, 16))
        self.update()

    def _unfold(self, is_open: bool) -> None:
        if self.more is not None:
            words = self.tr("Hide details") if is_open else self.tr("Show details")
            named(self.more, words).setToolTip(words)
        self.details.setVisible(is_open)
        self._dress()
        self.resized.emit()

    def _act(self, do: Callable[[], object]) -> None:
        self.closed.emit()
        do()

    def _is_in_use(self) -> bool:
        focused = self.window().focusWidget()
        return self._hovered or (focused is not None and self.isAncestorOf(focused))

    def _pause(self) -> None:
        if self._timer.isActive():
            # What is left, but enough to move the eyes away again.
            self._timer.setInterval(max(1500, self._timer.remainingTime()))
            self._timer.stop()
            self._timer.setProperty("paused", True)

    def _go_on(self) -> None:
        if self._timer.property("paused"):
            self._timer.setProperty("paused", False)
            self._timer.start()

    def _fade(self) -> None:
        if self._is_in_use():
            self._timer.start(1500)
        else:
            self.closed.emit()
