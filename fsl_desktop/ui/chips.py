"""The chip: a class as it is shown everywhere. A label is solid, a suggestion is dashed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from fsl_desktop.ui.theme import Theme, ThemeHolder, blend, class_colour, class_mark, distinct, mark_colours

CHIP_HEIGHT = 24
_MARK, _INSET, _GAP, _RIGHT = 16, 4, 6, 11
#: A longer name is cut before it is measured; nobody reads more in a chip.
_MAX_NAME = 120


def mark_width(mark: str) -> float:
    """Width of the little square: square for one letter, wider for numbers past the keys."""
    return _MARK if len(mark) < 2 else _MARK + 6.0 * (len(mark) - 1)


def chip_width(metrics: QFontMetricsF, name: str, mark: str) -> float:
    """Logical pixels that a chip with this name wants."""
    return _INSET + mark_width(mark) + _GAP + metrics.horizontalAdvance(name[:_MAX_NAME]) + _RIGHT + 1


def chip_fill(theme: Theme, colour: str) -> str:
    """The tint inside a label's chip."""
    return blend(theme.surface, colour, 0.30 if theme.is_dark else 0.18)


def chip_border(theme: Theme, colour: str) -> str:
    """The line around a chip: the class colour, strong enough to be seen on the surface (3:1)."""
    return distinct(colour, theme.surface, 3.0)


def paint_mark(painter: QPainter, rect: QRectF, mark: str, colour: str, theme: Theme) -> None:
    """The rounded square with the class's key in it, filling ``rect``."""
    fill, ink = mark_colours(theme, colour)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect, 4, 4)
    font = QFont(painter.font())
    font.setPixelSize(max(8, round(rect.height() * 0.69)))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, mark)
    painter.restore()


def mark_icon(theme: Theme, position: int) -> QIcon:
    """The square with the key of the class at a position, for menus and boxes."""
    mark = class_mark(position)
    picture = QPixmap(round(2 * mark_width(mark)), 2 * _MARK)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_mark(painter, QRectF(0, 0, mark_width(mark), _MARK), mark, class_colour(theme, position), theme)
    painter.end()
    return QIcon(picture)


def paint_chip(
    painter: QPainter,
    rect: QRectF,
    name: str,
    mark: str,
    colour: str,
    theme: Theme,
    dashed: bool = False,
) -> QRectF:
    """Draw a chip at the left of ``rect``, centred in its height and elided to its width.

    Uses the painter's font. Returns the rectangle that the chip took, for what comes after it.
    """
    metrics = QFontMetricsF(painter.font())
    height = max(CHIP_HEIGHT, metrics.height() + 4)
    width = min(chip_width(metrics, name, mark), max(rect.width(), _INSET + mark_width(mark) + _INSET))
    # Half a pixel in, so that a line of 1 px falls on one row of pixels and not between two.
    top = round(rect.center().y() - height / 2)
    outline = QRectF(rect.left() + 0.5, top + 0.5, width - 1, height - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(chip_border(theme, colour)), 1.25)
    if dashed:
        pen.setDashPattern([3.0, 2.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(QColor(theme.surface if dashed else chip_fill(theme, colour)))
    painter.drawRoundedRect(outline, outline.height() / 2, outline.height() / 2)
    inset = (height - _MARK) / 2
    square = QRectF(QPointF(rect.left() + _INSET + 0.5, top + inset), QPointF(0, 0))
    square.setWidth(mark_width(mark))
    square.setHeight(_MARK)
    paint_mark(painter, square, mark, colour, theme)
    words = QRectF(square.right() + _GAP, top, outline.right() - square.right() - _GAP - _RIGHT + 2, height)
    if words.width() > 4:
        painter.setPen(QColor(theme.text))
        shown = metrics.elidedText(name[:_MAX_NAME], Qt.TextElideMode.ElideRight, words.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(words, flags, shown)
    painter.restore()
    return QRectF(rect.left(), top, width, height)


class ChipPainter:
    """Paints like ``paint_chip``, from pictures that it keeps: a table shows the same few again and again."""

    MOST = 600

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], QPixmap] = {}

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        name: str,
        mark: str,
        colour: str,
        theme: Theme,
        dashed: bool = False,
    ) -> QRectF:
        """Draw a chip at the left of ``rect``, centred in its height; returns what it took."""
        font, dpr = painter.font(), painter.device().devicePixelRatioF()
        width, height = int(rect.width()), int(rect.height())
        key = (name[:_MAX_NAME], mark, colour, theme.name, dashed, width, height, dpr, font.key())
        kept = self._kept.get(key)
        if kept is None:
            kept = self._draw(QRectF(0, 0, width, height), dpr, font, (name, mark, colour, theme, dashed))
            if len(self._kept) >= self.MOST:
                self._kept.clear()
            self._kept[key] = kept
        painter.drawPixmap(QPointF(round(rect.left()), round(rect.top())), kept)
        return QRectF(rect.left(), rect.top(), kept.width() / dpr, rect.height())

    @staticmethod
    def _draw(rect: QRectF, dpr: float, font: QFont, chip: tuple[str, str, str, Theme, bool]) -> QPixmap:
        name, mark, colour, theme, dashed = chip
        wanted = min(chip_width(QFontMetricsF(font), name, mark), rect.width())
        picture = QPixmap(max(1, round(wanted * dpr)), max(1, round(rect.height() * dpr)))
        picture.setDevicePixelRatio(dpr)
        picture.fill(Qt.GlobalColor.transparent)
        onto = QPainter(picture)
        onto.setFont(font)
        rect.setWidth(wanted)
        paint_chip(onto, rect, name, mark, colour, theme, dashed)
        onto.end()
        return picture


class Chip(QWidget):
    """A chip as a widget of its own, for every page that shows a class."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._name, self._position, self._dashed = "", 0, False
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        holder.changed.connect(self._on_theme)

    def set_class(self, name: str, position: int, *, dashed: bool = False) -> None:
        """Show the class of this name at this position (0 and up, gives mark and colour)."""
        self._name, self._position, self._dashed = name, position, dashed
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        width = chip_width(metrics, self._name, class_mark(self._position))
        return QSize(round(width) + 1, max(CHIP_HEIGHT, round(metrics.height() + 4)))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(60, self.sizeHint().width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        painter = QPainter(self)
        colour, mark = class_colour(theme, self._position), class_mark(self._position)
        paint_chip(painter, QRectF(self.rect()), self._name, mark, colour, theme, self._dashed)

    def _on_theme(self) -> None:
        self.update()
