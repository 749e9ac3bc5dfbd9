"""Under a clip: how much its parts spoke for the answer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from fsl_desktop.core.answers import TimeWeight
from fsl_desktop.ui.sound.pane import GUTTER
from fsl_desktop.ui.sound.time_view import TimeView
from fsl_desktop.ui.sound.times import clock
from fsl_desktop.ui.theme import ThemeHolder, blend

_HEIGHT = 22


class MomentsStrip(QWidget):
    """The seconds are those of the clip view above it. A click chooses the part, so that it can be heard."""

    def __init__(self, holder: ThemeHolder, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder, self._view = holder, view
        self._moments: tuple[TimeWeight, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        keep = self.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.setSizePolicy(keep)
        view.changed.connect(self.update)
        holder.changed.connect(self.update)
        self.setAccessibleName(self.tr("What decided"))
        self.show_moments(())

    @property
    def moments(self) -> tuple[TimeWeight, ...]:
        return self._moments

    def show_moments(self, moments: tuple[TimeWeight, ...]) -> None:
        """None: the strip is gone, its room stays."""
        self._moments = moments
        self.setVisible(bool(moments))
        self.setAccessibleDescription(self.words())
        self.update()

    def words(self) -> str:
        """Which part spoke most for the answer; "" where none did."""
        best = max(self._moments, key=lambda one: one.weight, default=None)
        if best is None or best.weight <= 0:
            return ""
        return self.tr("What decided most: {start} to {end} s").format(
            start=clock(best.start, 2), end=clock(best.end, 2)
        )

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def place_of(self, moment: TimeWeight) -> QRectF:
        """Where it is painted."""
        view = self._view
        width = max(1, self.width() - GUTTER)
        left, right = (
            GUTTER + (min(max(one, view.start), view.end) - view.start) / view.span * width
            for one in (moment.start, moment.end)
        )
        return QRectF(left, 2, max(0.0, right - left - 1), _HEIGHT - 4)

    def moment_at(self, x: float) -> TimeWeight | None:
        for moment in self._moments:
            place = self.place_of(moment)
            if place.left() <= x <= place.right():
                return moment
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._holder.theme
        painter.setPen(QColor(theme.muted))
        gutter = QRectF(0, 0, GUTTER - 6, _HEIGHT)
        painter.drawText(gutter, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.tr("Why"))
        strongest = max((one.weight for one in self._moments), default=0.0)
        for moment in self._moments:
            place = self.place_of(moment)
            share = max(0.0, moment.weight) / strongest if strongest > 0 else 0.0
            painter.fillRect(place, QColor(blend(theme.surface, theme.accent, 0.08 + 0.72 * share)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        moment = self.moment_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and moment is not None:
            self._view.select((moment.start, moment.end))
            self._view.choose()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            moment = self.moment_at(event.pos().x())
            if moment is None:
                QToolTip.hideText()
                return True
            spoke = (
                self.tr("spoke for the answer") if moment.weight > 0 else self.tr("spoke against the answer")
            )
            words = self.tr("{start} to {end}: {percent} % {spoke}. Click to choose it, Space plays it.")
            QToolTip.showText(
                event.globalPos(),
                words.format(
                    start=clock(moment.start, 2),
                    end=clock(moment.end, 2),
                    percent=round(100 * abs(moment.weight)),
                    spoke=spoke,
                ),
                self,
            )
            return True
        return super().event(event)
