"""What waveform and spectrogram share: a picture over time, the cursor, the region, mouse and keys."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fsl_desktop.ui.sound.lane import Lane, Work
from fsl_desktop.ui.sound.pane_keys import Asked, press
from fsl_desktop.ui.sound.time_view import TimeView
from fsl_desktop.ui.theme import Theme, ThemeHolder

GUTTER = 44
"""Pixels left of the picture, for the axis."""
_GRIP = 6
"""So near, in pixels, the mouse takes an edge of the region."""
_CLICK = 3
"""Pixels that a hand moves without meaning to."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An image and the seconds that it shows."""

    start: float
    end: float
    image: QImage


class SoundPane(QWidget):
    """Draws the last picture at once, moved and stretched to the seconds that are seen, while the next one is
    made beside. Subclasses say how in ``work`` and draw their axis in ``paint_axis``."""

    asked = Signal(object)
    """(Asked) what a key stands for that others must do."""
    seek_asked = Signal(float)

    def __init__(self, holder: ThemeHolder, view: TimeView, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder, self.view = holder, view
        self._picture: Picture | None = None
        self._drag: float | None = None
        """The end of the region that stays while the mouse drags the other."""
        self._pressed_at = 0.0
        self._words = ""
        self.lane = Lane(name, self)
        # One picture however many things have changed since the last turn of the event loop.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        view.changed.connect(self.refresh)
        view.cursor_moved.connect(self._on_cursor)
        view.selected.connect(self.update)
        holder.changed.connect(self.refresh)
        self._cursor_x = 0.0

    @property
    def theme(self) -> Theme:
        return self._holder.theme

    def sizeHint(self) -> QSize:
        return QSize(640, 120)

    def plot(self) -> QRectF:
        """Where the picture is."""
        return QRectF(GUTTER, 0, max(1, self.width() - GUTTER), self.height())

    def x_of(self, seconds: float) -> float:
        box = self.plot()
        return box.left() + (seconds - self.view.start) / self.view.span * box.width()

    def time_at(self, x: float) -> float:
        box = self.plot()
        return self.view.start + (x - box.left()) / box.width() * self.view.span

    def refresh(self) -> None:
        """Draw what there is at once, and a picture of what is seen now soon."""
        self.update()
        self._soon.start()

    def forget(self) -> None:
        """Another recording: the old picture must not be taken for its."""
        self.lane.clear()
        self._picture = None
        self.set_words("")

    def set_words(self, words: str) -> None:
        """A sentence in the place of the picture."""
        if words != self._words:
            self._words = words
            self.update()

    @property
    def picture(self) -> Picture | None:
        return self._picture

    @property
    def words(self) -> str:
        return self._words

    def show_picture(self, picture: Picture) -> None:
        self._picture = picture
        self.update()

    def work(self, start: float, end: float, size: tuple[int, int], ratio: float) -> Work | None:
        """How to make a picture of these seconds in pixels of the screen; ``None``: there is nothing."""
        raise NotImplementedError

    def paint_axis(self, painter: QPainter, box: QRectF) -> None:
        raise NotImplementedError

    def ground(self) -> str:
        raise NotImplementedError

    def selection_tint(self) -> QColor:
        raise NotImplementedError

    def _ask(self) -> None:
        box, ratio = self.plot(), self.devicePixelRatioF()
        size = (round(box.width() * ratio), round(box.height() * ratio))
        if size[0] < 8 or size[1] < 8 or not self.isVisible():
            return
        work = self.work(self.view.start, self.view.end, size, ratio)
        if work is not None:
            self.lane.do(work, self.show_picture)

    def _on_cursor(self) -> None:
        # Only the two strips that change: forty times a second.
        old, self._cursor_x = self._cursor_x, self.x_of(self.view.cursor)
        for x in (old, self._cursor_x):
            self.update(round(x) - 8, 0, 16, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.plot()
        self._cursor_x = self.x_of(self.view.cursor)
        self.paint_axis(painter, box)
        painter.save()
        painter.setClipRect(box)
        self.paint_picture(painter, box)
        self._paint_region(painter, box)
        self._paint_cursor(painter, box)
        painter.restore()
        if self._words:
            painter.setPen(QColor(self.theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(12, 0, -12, 0), flags, self._words)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.accent), 1.5))
            painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 3, 3)

    def paint_picture(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, QColor(self.ground()))
        picture = self._picture
        if picture is None or self._words:
            return
        left, right = self.x_of(picture.start), self.x_of(picture.end)
        exact = abs(left - box.left()) < 0.5 and abs(right - box.right()) < 0.5
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not exact)
        target = box if exact else QRectF(left, box.top(), right - left, box.height())
        painter.drawImage(target, picture.image)

    def _paint_region(self, painter: QPainter, box: QRectF) -> None:
        if self.view.region is None:
            return
        left, right = (self.x_of(place) for place in self.view.region)
        painter.fillRect(QRectF(left, box.top(), right - left, box.height()), self.selection_tint())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = QColor(self.theme.accent)
        for x in (left, right):
            painter.fillRect(QRectF(round(x) - 0.75, box.top(), 1.5, box.height()), accent)
            painter.setPen(QPen(QColor(self.theme.surface), 1))
            painter.setBrush(accent)
            painter.drawRoundedRect(QRectF(round(x) - 3.5, box.center().y() - 9, 7, 18), 3.5, 3.5)

    def _paint_cursor(self, painter: QPainter, box: QRectF) -> None:
        x = round(self._cursor_x)
        painter.fillRect(QRectF(x - 1, box.top(), 2, box.height()), QColor(self.theme.class_colours[1]))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange) and hasattr(
            self, "_soon"
        ):
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._soon.start()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.view.cursor
        asked = press(self.view, event)
        if asked is None:
            super().keyPressEvent(event)
            return
        if asked is Asked.NOTHING:
            if self.view.cursor != before:
                self.seek_asked.emit(self.view.cursor)
            return
        self.asked.emit(asked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or not self.isEnabled():
            return
        x = event.position().x()
        self._pressed_at = x
        edge = self._edge_at(x)
        region = self.view.region
        if edge is not None and region is not None:
            self._drag = region[1 - edge]
        elif region is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            # The nearer edge comes to the mouse.
            place = self.time_at(x)
            self._drag = region[1] if abs(place - region[0]) < abs(place - region[1]) else region[0]
            self.view.select((self._drag, place))
        else:
            self._drag = self.time_at(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._drag is None:
            near = self._edge_at(x) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.IBeamCursor)
        elif abs(x - self._pressed_at) > _CLICK:
            self._pressed_at = -1e9  # from now on it is a drag, wherever it goes
            self.view.select((self._drag, self.time_at(x)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._drag = None
        x = event.position().x()
        if abs(x - self._pressed_at) > _CLICK:
            self.view.choose()
            return
        if self.view.region is not None and self._edge_at(x) is None:
            start, end = self.view.region
            if not start <= self.time_at(x) <= end:
                self.view.select(None)
                self.view.choose()
        self.view.move_cursor(self.time_at(x))
        self.seek_asked.emit(self.view.cursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Up and down zooms at the mouse; to the side, or with Shift, scrolls."""
        turned = event.angleDelta()
        sideways = turned.x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not sideways:
            sideways = turned.y()
        if sideways:
            self.view.scroll(-sideways / 120 * 0.15 * self.view.span)
        else:
            self.view.zoom(0.8 ** (turned.y() / 120), self.time_at(event.position().x()))
        event.accept()

    def _edge_at(self, x: float) -> int | None:
        """0 for the start of the region, 1 for its end, None where neither is near."""
        if self.view.region is None:
            return None
        gaps = [abs(x - self.x_of(place)) for place in self.view.region]
        nearer = 0 if gaps[0] <= gaps[1] else 1
        return nearer if gaps[nearer] <= _GRIP else None
