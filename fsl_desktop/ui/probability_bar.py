"""One class with its probability as a fill behind it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from fsl_desktop.ui import speech
from fsl_desktop.ui.chips import chip_border, mark_width, paint_mark
from fsl_desktop.ui.style import CONTROL_RADIUS
from fsl_desktop.ui.theme import ThemeHolder, blend, class_colour, class_mark

HEIGHT = 34
_MARK, _PAD = 18, 10


def percent(probability: float) -> str:
    """See ``speech.certainty``."""
    return speech.certainty(probability)


class ProbabilityBar(QAbstractButton):
    """Mark, name, percent, and the probability as a fill. A button where ``clickable``.

    With the value ``None`` nothing is filled and there is no number; the size stays the same. ``chosen``
    is the user's label: a line in the class colour and the name in bold. A thin line shows a threshold.
    """

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None, *, clickable: bool = True) -> None:
        super().__init__(parent)
        self._holder = holder
        self._name, self._position = "", 0
        self._value: float | None = None
        self._threshold: float | None = None
        self._chosen = False
        self.clickable = clickable
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if clickable else Qt.FocusPolicy.NoFocus)
        if clickable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        holder.changed.connect(self._on_theme)

    @property
    def value(self) -> float | None:
        return self._value

    @property
    def chosen(self) -> bool:
        return self._chosen

    @property
    def name(self) -> str:
        return self._name

    def set_class(self, name: str, position: int) -> None:
        """The class that is shown; its position (0 and up) gives mark and colour."""
        if (name, position) != (self._name, self._position):
            self._name, self._position = name, position
            self.setToolTip(name)
            self._speak()

    def set_value(self, probability: float | None) -> None:
        """0..1, or None while it is not known."""
        if probability != self._value:
            self._value = probability
            self._speak()

    def set_threshold(self, threshold: float | None) -> None:
        """From which probability on the class is said (a thin line), where a row may have several."""
        if threshold != self._threshold:
            self._threshold = threshold
            self._speak()

    @property
    def threshold(self) -> float | None:
        return self._threshold

    @property
    def said(self) -> bool:
        """Does the probability reach the threshold?"""
        return None not in (self._value, self._threshold) and self._value >= self._threshold

    def set_chosen(self, chosen: bool) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            self._speak()

    def sizeHint(self) -> QSize:
        return QSize(220, max(HEIGHT, self.fontMetrics().height() + 14))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        colour = class_colour(theme, self._position)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)
        hovered = self.clickable and self.isEnabled() and (self.underMouse() or self.isDown())
        painter.fillPath(outline, QColor(blend(theme.raised, theme.text, 0.04 if hovered else 0.0)))
        if self._value:
            painter.save()
            filled = QRectF(box.left(), box.top(), max(3.0, box.width() * self._value), box.height())
            painter.setClipRect(filled)
            likely = self._value >= (self._threshold or 0.5)
            tint = (0.34 if theme.is_dark else 0.22) if likely else 0.2 if theme.is_dark else 0.14
            painter.fillPath(outline, QColor(blend(theme.surface, colour, tint)))
            painter.restore()
        if self._threshold is not None:
            at = round(box.left() + box.width() * self._threshold) + 0.5
            painter.setPen(QPen(QColor(chip_border(theme, colour)), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(at, box.top() + 1), QPointF(at, box.bottom() - 1))
        if self._chosen:
            painter.setPen(QPen(QColor(chip_border(theme, colour)), 2))
            painter.drawRoundedRect(
                box.adjusted(0.5, 0.5, -0.5, -0.5), CONTROL_RADIUS - 0.5, CONTROL_RADIUS - 0.5
            )
        else:
            painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.line), 1))
            painter.drawPath(outline)
        if self._chosen and self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 4, 4)
        self._paint_words(painter, box)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        theme = self._holder.theme
        mark = class_mark(self._position)
        square = QRectF(box.left() + _PAD - 2, box.center().y() - _MARK / 2, mark_width(mark) + 2, _MARK)
        paint_mark(painter, square, mark, class_colour(theme, self._position), theme)
        right = box.right() - _PAD
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        metrics = QFontMetricsF(self.font())
        if self._value is not None:
            # On the fill, muted grey would fall under 4.5:1.
            painter.setPen(QColor(blend(theme.muted, theme.text, 0.6 if self._value > 0.5 else 0.0)))
            width = metrics.horizontalAdvance("> 99 %") + 2
            number = QRectF(right - width, box.top(), width, box.height())
            painter.drawText(number, middle | Qt.AlignmentFlag.AlignRight, percent(self._value))
            right = number.left() - 6
        left = square.right() + 9
        words = QRectF(left, box.top(), max(0.0, right - left), box.height())
        font = QFont(self.font())
        if self._chosen:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        shown = QFontMetricsF(font).elidedText(self._name[:200], Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, shown)

    def _speak(self) -> None:
        words = self._name
        if self._value is not None:
            words += f", {percent(self._value)}"
        if self._value is not None and self._threshold is not None:
            said = QCoreApplication.translate("ProbabilityBar", "said from {percent} on")
            words += ", " + said.format(percent=percent(self._threshold))
        if self._chosen:
            words += ", " + QCoreApplication.translate("ProbabilityBar", "your label")
        self.setAccessibleName(words)
        self.update()

    def _on_theme(self) -> None:
        self.update()
