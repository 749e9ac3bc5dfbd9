"""Sentences at the top of the window: what failed and what to do, what was repaired, what is done.

They lie over the page instead of pushing it down, so nothing jumps; and where one would lie on the row
that the keyboard is on, all of them move to the foot of the window.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.notice import Notice
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import named

MOST = 3
LINGER_MS = 8000
"""How long a sentence that needs no answer stays, unless the mouse or the keyboard is on it."""
_WIDTH = 640
_MARGIN = 12


class Kind(StrEnum):
    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    FAILURE = "failure"


Action = tuple[str, Callable[[], object]]
"""The words of a button, and what it does."""


class NotificationBar(QWidget):
    """At most three notices, newest first. Give it the widget that it lies over as its parent."""

    def __init__(
        self, holder: ThemeHolder, parent: QWidget | None = None, *, linger_ms: int = LINGER_MS
    ) -> None:
        super().__init__(parent)
        self._holder = holder
        self._linger_ms = linger_ms
        self._notices: list[Notice] = []
        named(self, self.tr("Notices"), "notifications")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        # The row with the keyboard moves without telling us; looked at only while something is shown.
        self._watch = QTimer(self)
        self._watch.setInterval(150)
        self._watch.timeout.connect(self.place)
        self._over: QWidget | None = None
        self._lie_over(parent)
        self.hide()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Those on the screen, newest first."""
        return tuple(self._notices)

    def show_message(
        self,
        kind: str,
        message: Message | str,
        details: str = "",
        action: Action | None = None,
    ) -> Notice:
        """Say one sentence. ``kind``: "info", "good", "warning" or "failure".

        ``details`` is folded under it. The same sentence is not said twice at once: it comes to the top.
        """
        sentence = speech.say(message) if isinstance(message, Message) else message
        for old in [n for n in self._notices if n.sentence == sentence and n.kind == kind]:
            self._drop(old)
        notice = Notice(self._holder, Kind(kind), sentence, details, action, self)
        notice.closed.connect(lambda: self._drop(notice))
        notice.resized.connect(self.place)
        if kind in (Kind.INFO, Kind.GOOD) and not details:
            notice.fade_after(self._linger_ms)
        self._notices.insert(0, notice)
        self._layout.insertWidget(0, notice)
        self._trim()
        self.show()
        self.raise_()
        self._watch.start()
        self.place()
        self._announce(kind, sentence)
        return notice

    def clear(self) -> None:
        for notice in self.notices:
            self._drop(notice)

    def close_newest(self) -> bool:
        """What Esc does; False where there was nothing to close."""
        if not self._notices:
            return False
        self._drop(self._notices[0])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.close_newest():
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ParentChange:
            self._lie_over(self.parentWidget())

    def _lie_over(self, parent: QWidget | None) -> None:
        if self._over is not None:
            self._over.removeEventFilter(self)
        self._over = parent
        if parent is not None:
            parent.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, self._layout.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self._notices:
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """At the top, in the middle; at the foot while the row with the keyboard is up there."""
        over = self.parentWidget()
        if not self._notices or over is None:
            return
        width = min(_WIDTH, over.width() - 2 * _MARGIN)
        left = (over.width() - width) // 2
        height = -self._layout.spacing()
        for notice in self._notices:
            height += notice.fit(width) + self._layout.spacing()
        top = QRect(left, _MARGIN, width, height)
        keep = self._row_in_use()
        if keep is not None and keep.intersects(top.adjusted(0, 0, 0, 4)):
            low = QRect(left, over.height() - height - _MARGIN, width, height)
            top = top if keep.intersects(low) else low
        if self.geometry() != top:
            self.setGeometry(top)

    def _row_in_use(self) -> QRect | None:
        """Where the current row of the focused table is, in the coordinates of what we lie over."""
        view: QWidget | None = self.window().focusWidget()
        over = self.parentWidget()
        while view is not None and not isinstance(view, QAbstractItemView):
            view = view.parentWidget()
        if not isinstance(view, QAbstractItemView) or over is None or not over.isAncestorOf(view):
            return None
        row = view.visualRect(view.currentIndex())
        if row.isEmpty():
            return None
        corner = view.viewport().mapTo(over, QPoint(0, row.top()))
        return QRect(corner, QSize(view.viewport().width(), row.height()))

    def _trim(self) -> None:
        """Room for three: what says least goes first, the oldest of it before the others."""
        while len(self._notices) > MOST:
            old = self._notices[1:]
            small = [n for n in old if n.kind in (Kind.INFO, Kind.GOOD)]
            self._drop((small or old)[-1])

    def _drop(self, notice: Notice) -> None:
        if notice not in self._notices:
            return
        had_focus = notice.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
        self._notices.remove(notice)
        self._layout.removeWidget(notice)
        notice.hide()
        notice.deleteLater()
        if not self._notices:
            self._watch.stop()
            self.hide()
            if had_focus and (over := self.parentWidget()) is not None:
                over.setFocus(Qt.FocusReason.OtherFocusReason)
        self.place()

    def _announce(self, kind: str, sentence: str) -> None:
        if not QAccessible.isActive():
            return
        event = QAccessibleAnnouncementEvent(self, sentence)
        urgent = kind in (Kind.WARNING, Kind.FAILURE)
        level = QAccessible.AnnouncementPoliteness
        event.setPoliteness(level.Assertive if urgent else level.Polite)
        QAccessible.updateAccessibility(event)
