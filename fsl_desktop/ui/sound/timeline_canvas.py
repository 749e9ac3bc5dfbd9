"""The timeline itself: ruler, waveform, probability curve and a lane of coloured blocks per class.

Only what is to be seen is painted, and never more than there are pixels: scrolling through hours costs the
same as through minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fsl_desktop.core.audio.detections import Cells, Spans
from fsl_desktop.core.audio.peaks import Peaks
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.chips import ChipPainter, chip_border, paint_mark
from fsl_desktop.ui.sound.timeline_blocks import at_moment, curve_columns, pixel_runs, visible
from fsl_desktop.ui.sound.timeline_overview import loudest_of, paint_wave
from fsl_desktop.ui.sound.timeline_range import Range, clock
from fsl_desktop.ui.theme import ThemeHolder, blend, class_colour, class_mark, mark_colours

GUTTER, RULER, WAVE, CURVE, LANE = 132, 22, 48, 48, 30
_TICKS_APART = 90
_DRAG = 4
_MARK_FROM = 26
"""Pixels of a block from which on its class's letter stands in it."""


class Canvas(QWidget):
    """Shows what it is given and says what was clicked; keys and wheel move and zoom."""

    clicked = Signal(float, int)
    """(moment, lane or -1)"""
    lane_chosen = Signal(int)
    range_changed = Signal(object)
    step_asked = Signal(int)
    """1: the next detection, -1: the one before."""
    opened = Signal()
    """Enter or space."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder, self._chips = holder, ChipPainter()
        self._classes: tuple[ClassInfo, ...] = ()
        self._peaks: Peaks | None = None
        self._loudest = 0.0
        self._curves: Cells | None = None
        self._spans: Spans | None = None
        self._threshold = 0.5
        self._playhead: float | None = None
        self._pressed: tuple[QPointF, Range] | None = None
        self._dragged = False
        self.shown = Range()
        self.lane = 0
        """The class whose curve is drawn."""
        self.chosen: int | None = None
        """Place in the spans."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        holder.changed.connect(self._on_theme)

    def set_recording(self, peaks: Peaks | None, seconds: float) -> None:
        self._peaks = peaks
        self._loudest = 0.0 if peaks is None else loudest_of(peaks)
        if seconds != self.shown.seconds:
            self._show(Range(seconds, 0.0, seconds, self._width()))
        self.update()

    def set_answers(self, classes: Sequence[ClassInfo], curves: Cells) -> None:
        """``classes`` in the order of the curves."""
        self._classes, self._curves, self._spans = tuple(classes), curves, None
        self.lane, self.chosen = min(self.lane, max(0, len(classes) - 1)), None
        self.updateGeometry()
        self.update()

    def set_spans(self, spans: Spans, threshold: float) -> None:
        self._spans, self._threshold, self.chosen = spans, threshold, None
        self.update()

    def set_playhead(self, moment: float | None) -> None:
        for at in {self._playhead, moment} - {None}:
            self.update(round(GUTTER + self.shown.x(at)) - 3, 0, 7, self.height())
        self._playhead = moment

    def choose(self, place: int | None) -> None:
        """Mark a detection and bring it into sight."""
        self.chosen = place
        if place is not None and self._spans is not None:
            self.lane = int(self._spans.classes[place])
            self._show(self.shown.showing(float(self._spans.starts[place]), float(self._spans.ends[place])))
        self.update()

    def zoom(self, factor: float, around: float | None = None) -> None:
        middle = (self.shown.start + self.shown.end) / 2
        self._show(self.shown.zoomed(factor, middle if around is None else around))

    def centre_on(self, moment: float) -> None:
        self._show(self.shown.moved(moment - (self.shown.start + self.shown.end) / 2))

    def show_whole(self) -> None:
        self._show(self.shown.whole())

    def detection_at(self, moment: float, lane: int) -> int | None:
        """The place of the detection under a point, if there is one."""
        if self._spans is None:
            return None
        return at_moment(self._spans, lane, moment, 4 * self.shown.per_pixel)

    def _show(self, shown: Range) -> None:
        if shown != self.shown:
            self.shown = shown
            self.range_changed.emit(shown)
            self.update()

    def _width(self) -> int:
        return max(1, self.width() - GUTTER)

    def _lane_at(self, y: float) -> int:
        lane = int((y - RULER - WAVE - CURVE) // LANE)
        return lane if 0 <= lane < len(self._classes) else -1

    # What Qt asks

    def sizeHint(self) -> QSize:
        return QSize(700, RULER + WAVE + CURVE + LANE * max(1, len(self._classes)) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(GUTTER + 160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        shown = self.shown
        self._show(Range(shown.seconds, shown.start, shown.end, self._width()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(0.8 ** (turned / 120), self.shown.moment(event.position().x() - GUTTER))
        else:
            self._show(self.shown.moved(-turned / 120 * 0.12 * (self.shown.end - self.shown.start)))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = (event.position(), self.shown), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        at, before = self._pressed
        away = event.position().x() - at.x()
        self._dragged = self._dragged or abs(away) > _DRAG
        if self._dragged:
            self._show(before.moved(-away * before.per_pixel))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        self._pressed = None
        at = event.position()
        lane = self._lane_at(at.y())
        if self._dragged or not self.shown.seconds:
            return
        if at.x() >= GUTTER:
            self.clicked.emit(self.shown.moment(at.x() - GUTTER), lane)
        elif lane >= 0:
            self._choose_lane(lane)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, length = event.key(), self.shown.end - self.shown.start
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.step_asked.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._choose_lane(min(max(self.lane + step, 0), max(0, len(self._classes) - 1)))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            chosen = self.chosen if self._spans is not None else None
            around = None if chosen is None else float(self._spans.starts[chosen])  # type: ignore[union-attr]
            self.zoom(1.6 if key == Qt.Key.Key_Minus else 1 / 1.6, around)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._show(self.shown.moved(0.9 * length if key == Qt.Key.Key_PageDown else -0.9 * length))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            seconds = self.shown.seconds
            self._show(self.shown.moved(-seconds if key == Qt.Key.Key_Home else seconds))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _choose_lane(self, lane: int) -> None:
        if lane != self.lane:
            self.lane = lane
            self.lane_chosen.emit(lane)
            self.update()

    def _on_theme(self) -> None:
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, width = self._holder.theme, self._width()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.surface))
        if not self.shown.seconds:
            return
        self._paint_ruler(painter)
        if self._peaks is not None:
            box = QRectF(GUTTER, RULER + 3, width, WAVE - 6)
            paint_wave(
                painter, self._peaks, self.shown.start, self.shown.end, box, theme.muted, self._loudest
            )
        for lane in range(len(self._classes)):
            self._paint_lane(painter, lane)
        if self._curves is not None and self._classes:
            self._paint_curve(painter, QRectF(GUTTER, RULER + WAVE, width, CURVE))
        if self._playhead is not None and self.shown.start <= self._playhead <= self.shown.end:
            x = round(GUTTER + self.shown.x(self._playhead))
            painter.setPen(QPen(QColor(theme.danger), 1.5))
            painter.drawLine(x, 0, x, self.height())
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_ruler(self, painter: QPainter) -> None:
        theme = self._holder.theme
        moments, step = self.shown.ticks(_TICKS_APART)
        for moment in moments:
            x = round(GUTTER + self.shown.x(moment))
            painter.setPen(QColor(theme.line))
            painter.drawLine(x, RULER - 6, x, self.height())
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(x + 4, 0, 86, RULER), Qt.AlignmentFlag.AlignVCenter, clock(moment, step))

    def _paint_curve(self, painter: QPainter, box: QRectF) -> None:
        theme, info = self._holder.theme, self._classes[self.lane]
        assert self._curves is not None
        colour = QColor(chip_border(theme, class_colour(theme, info.position)))
        room = box.adjusted(0, 4, 0, -3)
        heights = room.bottom() - curve_columns(self._curves, self.lane, self.shown) * room.height()
        xs = box.left() + np.arange(len(heights))
        points = [QPointF(x, y) for x, y in zip(xs.tolist(), heights.tolist(), strict=True)]
        ends = [QPointF(xs[-1], room.bottom()), QPointF(xs[0], room.bottom())]
        fill = QColor(colour)
        fill.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*points, *ends]))
        painter.setPen(QPen(colour, 1))
        painter.drawPolyline(QPolygonF(points))
        y = round(room.bottom() - self._threshold * room.height())
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(round(box.left()), y, round(box.right()), y)

    def _paint_lane(self, painter: QPainter, lane: int) -> None:
        theme, info = self._holder.theme, self._classes[lane]
        top, width = RULER + WAVE + CURVE + lane * LANE, self._width()
        colour, mark = class_colour(theme, info.position), class_mark(info.position)
        if lane == self.lane:
            painter.fillRect(
                QRectF(0, top, self.width(), LANE), QColor(blend(theme.surface, theme.text, 0.05))
            )
        painter.setPen(QColor(theme.line))
        painter.drawLine(0, top, self.width(), top)
        self._chips.paint(painter, QRectF(6, top + 1, GUTTER - 12, LANE - 2), info.name, mark, colour, theme)
        if self._spans is None:
            return
        painter.setClipRect(QRectF(GUTTER, top, width, LANE))
        fill, _ = mark_colours(theme, colour)
        brush, wide = (
            QColor(fill),
            max(float(_MARK_FROM), QFontMetricsF(self.font()).horizontalAdvance(mark) + 16),
        )
        places = visible(self._spans, lane, self.shown)
        for left, right in pixel_runs(self._spans, places, self.shown).tolist():
            box = QRectF(GUTTER + left, top + 5, right - left, LANE - 10)
            painter.fillRect(box, brush)
            if right - left >= wide:
                paint_mark(painter, QRectF(max(box.left(), GUTTER) + 2, top + 7, 16, 16), mark, colour, theme)
        if self.chosen is not None and int(self._spans.classes[self.chosen]) == lane:
            left = self.shown.x(float(self._spans.starts[self.chosen]))
            right = max(left + 3, self.shown.x(float(self._spans.ends[self.chosen])))
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(GUTTER + left - 1, top + 4, right - left + 2, LANE - 8))
        painter.setClipping(False)
