"""The quiet frame of a curve: axes from 0, names at the ends of the lines, a read-out, an empty state.

Imported by ``curves`` alone; pyqtgraph is kept out of everything else, because it takes a third of a
second to import and the window has to be painted before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fsl_desktop.ui.chart_axis import ChartAxis, readable
from fsl_desktop.ui.theme import Theme, ThemeHolder, blend
from fsl_desktop.ui.widgets import ElidedLabel

REDRAW_MS = 60
"""Redraws are gathered for so long: about 16 a second at most, however fast the steps come."""
AXIS_PX = 46


@dataclass(frozen=True, slots=True)
class EndName:
    """The name of a line, written where the line ends (data coordinates)."""

    text: str
    colour: str
    x: float
    y: float


class ChartFrame(QWidget):
    """A titled plot with fixed axes. Subclasses add items to ``plot`` and fill them in ``draw``."""

    drawn = Signal()

    def __init__(
        self, holder: ThemeHolder, title: str, *, percent: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._holder = holder
        self._cursor: int | None = None
        self._names: list[EndName] = []
        self._reserve: list[str] = []
        self._texts: list[pg.TextItem] = []
        self._x_end, self._y_end = 1.0, 1.0
        self._reserve_above = percent
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(220, 140)

        self.heading = ElidedLabel(title, self, role="muted")
        self.heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._x_axis = ChartAxis("bottom", whole=True)
        self._y_axis = ChartAxis("left", whole=False, percent=percent)
        self.plot = pg.PlotWidget(
            self, background=None, axisItems={"bottom": self._x_axis, "left": self._y_axis}
        )
        # The grid belongs behind the lines and their names.
        self._x_axis.setZValue(-2)
        self._y_axis.setZValue(-1)
        self._quieten()
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.hide()
        self.plot.addItem(self.line, ignoreBounds=True)
        self.empty = QLabel(self.plot)
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.heading)
        box.addWidget(self.plot, 1)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self.redraw)
        self.plot.scene().sigMouseMoved.connect(self._on_mouse)
        self.plot.getViewBox().sigResized.connect(self._fit)
        holder.changed.connect(self._on_theme)

    @property
    def theme(self) -> Theme:
        return self._holder.theme

    def refresh(self) -> None:
        """Draw the data soon; any number of calls cost one drawing."""
        if not self._timer.isActive():
            self._timer.start()

    def redraw(self) -> None:
        """Draw the data now."""
        self._timer.stop()
        self._style_axes()
        self.draw()
        self._fit()
        self._read_out()
        self.drawn.emit()

    def draw(self) -> None:
        """Fill the items from the data (subclasses)."""

    def words_at(self, step: int) -> str:
        """What the curves say at a step, in words (subclasses)."""
        raise NotImplementedError

    def steps(self) -> Sequence[int]:
        """The steps that have a value, ascending (subclasses)."""
        raise NotImplementedError

    def set_range(self, x_end: float, y_end: float) -> None:
        """The axes: 0 to the planned end; 0 to the round number above the highest value."""
        self._x_end, self._y_end = x_end, y_end
        if (self._x_axis.end, self._y_axis.end) != (max(x_end, 0.0), y_end):
            self._x_axis.end, self._y_axis.end = max(x_end, 0.0), y_end
            self._x_axis.picture = self._y_axis.picture = None

    def set_empty(self, sentence: str) -> None:
        """Say in words why there is no curve; "" takes the sentence away."""
        self.empty.setText(sentence)
        self.empty.setVisible(bool(sentence))
        self._x_axis.setStyle(showValues=not sentence and self._x_end > 0)
        self._y_axis.setStyle(showValues=not sentence)
        self._y_axis.setGrid(False if sentence else 255)

    def set_names(self, names: Iterable[EndName], reserve: Iterable[str] = ()) -> None:
        """Names at the ends of lines; room is kept for ``reserve`` too, so that nothing shifts later."""
        self._names, self._reserve = list(names), list(reserve)
        while len(self._texts) < len(self._names):
            text = pg.TextItem(anchor=(0, 0.5))
            text.setZValue(5)
            self._texts.append(text)
            self.plot.addItem(text, ignoreBounds=True)

    def describe(self, words: str) -> None:
        """The newest values, for a screen reader."""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_timer"):
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_empty()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right walk along the curve; Escape puts the heading back."""
        steps = list(self.steps())
        move = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if move is None or not steps:
            if event.key() == Qt.Key.Key_Escape and self._cursor is not None:
                self._point_at(None)
                return
            super().keyPressEvent(event)
            return
        if self._cursor is None:
            self._point_at(steps[-1])
        else:
            nearest = min(range(len(steps)), key=lambda i: abs(steps[i] - (self._cursor or 0)))
            self._point_at(steps[min(max(nearest + move, 0), len(steps) - 1)])
        self.setAccessibleDescription(self.heading.whole())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._point_at(None)
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def paintEvent(self, event: QEvent) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)

    def _quieten(self) -> None:
        # The library's own menus and buttons speak to developers ("Export...", "Transforms").
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.layout.setContentsMargins(0, 8, 2, 0)
        item.setMouseEnabled(False, False)
        item.getViewBox().setDefaultPadding(0)
        item.getViewBox().disableAutoRange()
        self.plot.setMouseEnabled(False, False)
        self.plot.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.plot.viewport().setAutoFillBackground(False)
        self.plot.setStyleSheet("background: transparent; border: none;")

    def _style_axes(self) -> None:
        theme = self.theme
        font = self.heading.font()
        for axis in (self._x_axis, self._y_axis):
            axis.setPen(pg.mkPen(theme.line, width=1))
            axis.setTickPen(pg.mkPen(blend(theme.surface, theme.line, 0.6), width=1))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(font)
        width = QFontMetricsF(font).horizontalAdvance("100 %") + 14
        self._y_axis.setWidth(max(AXIS_PX, round(width)))
        self._x_axis.setHeight(QFontMetricsF(font).height() + 8)
        self.line.setPen(pg.mkPen(theme.muted, width=1))

    def _on_theme(self) -> None:
        self.redraw()

    def _place_empty(self) -> None:
        area = self.plot.rect()
        self.empty.setGeometry(area.adjusted(AXIS_PX + 12, 8, -12, -28))

    def _fit(self) -> None:
        """Set the ranges for the width there is, with room for the names beyond the last step."""
        view = self.plot.getViewBox()
        width, height = view.width(), view.height()
        if width < 20 or height < 20:
            return
        self._place_empty()
        font = self.heading.font()
        metrics = QFontMetricsF(font)
        words = [name.text for name in self._names] + self._reserve
        reach = min(max((metrics.horizontalAdvance(word) for word in words), default=0.0) + 26, width * 0.6)
        if self._x_end > 0:
            margin = self._x_end * reach / (width - reach)
            view.setXRange(-self._x_end * 6 / width, self._x_end + margin, padding=0)
        else:
            view.setXRange(-1, 1, padding=0)
        # Above the highest value there is room for half a name, or a perfect score would be cut in half.
        room = metrics.height() / 2 + 2 if self._reserve_above else 1
        view.setYRange(0, self._y_end * height / (height - room), padding=0)
        self._place_names(metrics.height() + 1, width, height)

    def _place_names(self, gap: float, width: float, height: float) -> None:
        view = self.plot.getViewBox()
        (x_low, x_high), (y_low, y_high) = view.viewRange()
        per_x, per_y = (x_high - x_low) / width, (y_high - y_low) / height
        # In one column, so that no name lies over a line that reaches further than its own.
        x_end = max((name.x for name in self._names), default=0.0)
        order = sorted(range(len(self._names)), key=lambda i: -self._names[i].y)
        tops: list[float] = []
        for i in order:
            wanted = (y_high - self._names[i].y) / per_y
            tops.append(max(wanted, tops[-1] + gap if tops else gap / 2))
        # Too low: push the whole stack up from the bottom.
        for place in range(len(tops) - 1, -1, -1):
            floor = height - gap / 2 if place == len(tops) - 1 else tops[place + 1] - gap
            tops[place] = min(tops[place], floor)
        for i, top in zip(order, tops, strict=True):
            name, text = self._names[i], self._texts[i]
            text.setText(name.text, color=readable(self.theme, name.colour))
            text.setFont(self.heading.font())
            text.setPos(x_end + 6 * per_x, y_high - top * per_y)
            text.show()
        for text in self._texts[len(self._names) :]:
            text.hide()

    def _on_mouse(self, position: object) -> None:
        steps = list(self.steps())
        view = self.plot.getViewBox()
        if not steps or not view.sceneBoundingRect().contains(position):
            self._point_at(None)
            return
        x = view.mapSceneToView(position).x()
        self._point_at(min(steps, key=lambda step: abs(step - x)))

    def _point_at(self, step: int | None) -> None:
        if step != self._cursor:
            self._cursor = step
            self._read_out()

    def _read_out(self) -> None:
        if self._cursor is None or not self.steps():
            self.line.hide()
            self.heading.setText(self._title)
            return
        self.line.setPos(self._cursor)
        self.line.show()
        self.heading.setText(self.words_at(self._cursor))
