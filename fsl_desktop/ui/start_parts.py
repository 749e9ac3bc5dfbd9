"""What the start screen is put together from: big choices, a picture of the idea, recent projects."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.chips import paint_chip
from fsl_desktop.ui.recent import RecentProject
from fsl_desktop.ui.theme import ThemeHolder, blend, class_colour, class_mark
from fsl_desktop.ui.widgets import named


def _tr(text: str) -> str:
    return QCoreApplication.translate("StartParts", text)


def larger(font: QFont, by: float, *, bold: bool = False) -> QFont:
    """The font at ``by`` times its size, so that the user's text size keeps counting."""
    made = QFont(font)
    made.setPixelSize(max(1, round((font.pixelSize() if font.pixelSize() > 0 else 13) * by)))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


class ChoiceCard(QAbstractButton):
    """A button the size of a card: an icon, what it does, and a sentence about it."""

    def __init__(
        self,
        holder: ThemeHolder,
        icon_name: str,
        words: str,
        explanation: str,
        *,
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._holder, self._icon_name, self._primary = holder, icon_name, primary
        self._explanation = explanation
        self.setText(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        named(self, words)
        self.setAccessibleDescription(explanation)
        holder.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(260))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        title, body = self._heights(width)
        return round(16 + 24 + 12 + title + 4 + body + 18)

    def _heights(self, width: int) -> tuple[float, float]:
        room = QRectF(0, 0, max(60, width - 36), 1000)
        title = QFontMetricsF(self._title_font()).boundingRect(room, _WRAP, self.text()).height()
        body = QFontMetricsF(self.font()).boundingRect(room, _WRAP, self._explanation).height()
        return title, body

    def _title_font(self) -> QFont:
        return larger(self.font(), 15 / 13, bold=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        fill, line, ink, soft = theme.surface, theme.line, theme.text, theme.muted
        if self._primary:
            fill = line = theme.accent
            ink = theme.on_accent
            soft = blend(theme.on_accent, theme.accent, 0.08)
        if self.isDown():
            fill = blend(fill, theme.text, 0.12)
        elif self.underMouse():
            fill = blend(fill, theme.text, 0.07 if self._primary else 0.025)
            line = line if self._primary else blend(theme.line, theme.accent, 0.6)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(QColor(fill))
        painter.setPen(QPen(QColor(line), 1))
        painter.drawRoundedRect(box, 10, 10)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.on_accent if self._primary else theme.accent), 2))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 7, 7)
        tint = theme.on_accent if self._primary else theme.accent
        drawn = icons.pixmap(self._icon_name, tint, 24, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(17, 17), drawn)
        title, body = self._heights(self.width())
        painter.setFont(self._title_font())
        painter.setPen(QColor(ink))
        painter.drawText(QRectF(18, 52, self.width() - 36, title), _WRAP, self.text())
        painter.setFont(self.font())
        painter.setPen(QColor(soft))
        painter.drawText(QRectF(18, 56 + title, self.width() - 36, body + 4), _WRAP, self._explanation)


_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class IdeaPicture(QWidget):
    """The whole idea in five rows: you label a few (solid), the model suggests the rest (dashed)."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self.rows = (
            (_tr("Where is my new card?"), _tr("card arrival"), 0, ""),
            (_tr("The rate is not the one shown"), _tr("exchange rate"), 1, ""),
            (_tr("Someone took my wallet"), _tr("lost card"), 3, ""),
            (_tr("How long does delivery take?"), _tr("card arrival"), 0, "90 %"),
            (_tr("Why did I get fewer euros?"), _tr("exchange rate"), 1, "88 %"),
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_tr("You label a few rows, and the model suggests labels for the rest."))
        holder.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        scale = max(13, self.font().pixelSize()) / 13
        return QSize(round(460 * scale), len(self.rows) * self._row_height() + 2)

    def _row_height(self) -> int:
        return max(34, round(QFontMetricsF(self.font()).height() * 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, high = self._holder.theme, float(self._row_height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        metrics = QFontMetricsF(self.font())
        painter.setFont(self.font())
        chips = round(self.width() * 0.59)
        share_width = metrics.horizontalAdvance("99 %") + 24
        for number, (text, name, position, share) in enumerate(self.rows):
            top = 1 + number * high
            if number:
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.drawLine(QPointF(1, top), QPointF(self.width() - 1, top))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.good if not share else theme.line))
            painter.drawEllipse(QPointF(20, top + high / 2), 3.5, 3.5)
            painter.setPen(QColor(theme.text))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, chips - 36 - 12)
            painter.drawText(QRectF(36, top, chips - 36, high), Qt.AlignmentFlag.AlignVCenter, shown)
            room = QRectF(chips, top, self.width() - chips - (share_width if share else 14), high)
            colour = class_colour(theme, position)
            used = paint_chip(painter, room, name, class_mark(position), colour, theme, dashed=bool(share))
            if share:
                painter.setPen(QColor(theme.muted))
                words = QRectF(used.right() + 8, top, 60, high)
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, share)


class RecentRow(QAbstractButton):
    """One recent project: its name, where it is and when it was changed; greyed where it is gone."""

    removed = Signal(str)

    def __init__(self, holder: ThemeHolder, project: RecentProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder, self.project = holder, project
        self.setText(project.name)
        self.setEnabled(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if project.exists else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if project.exists:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(52)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(project.folder)
        named(self, project.name if project.exists else _tr("{name}, not found").format(name=project.name))
        self.setAccessibleDescription(project.folder)
        self.remove = named(QToolButton(self), _tr("Remove {name} from the list").format(name=project.name))
        self.remove.setToolTip(_tr("Remove from the list (the project itself stays)"))
        self.remove.clicked.connect(lambda: self.removed.emit(project.folder))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.addStretch(1)
        if project.exists:
            self.remove.setFixedSize(30, 30)
        else:
            self.remove.setText(_tr("Remove from list"))
        layout.addWidget(self.remove)
        self._dress()
        holder.changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        return QSize(400, 52)

    def _dress(self) -> None:
        theme = self._holder.theme
        if self.project.exists:
            self.remove.setIcon(icons.icon("close", theme, theme.muted, 16))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, project = self._holder.theme, self.project
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(4.5, 2.5, -4.5, -2.5)
        if project.exists and (self.underMouse() or self.hasFocus()):
            painter.setPen(QPen(QColor(theme.accent), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(
                QColor(theme.accent_tint if self.isDown() else blend(theme.surface, theme.text, 0.04))
            )
            painter.drawRoundedRect(box, 7, 7)
        faded = blend(theme.surface, theme.muted, 0.75)
        drawn = icons.pixmap("box", theme.accent if project.exists else faded, 20, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(18, self.height() / 2 - 10), drawn)
        right = self.remove.x() - 12.0
        when = speech.when(project.changed) if project.changed else ""
        if not project.exists:
            when = _tr("not found")
        if project.detail:
            when = f"{project.detail}  ·  {when}" if when else project.detail
        metrics = QFontMetricsF(self.font())
        wide = metrics.horizontalAdvance(when)
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.muted if project.exists else faded))
        painter.setFont(self.font())
        painter.drawText(QRectF(right - wide, 0, wide + 1, self.height()), vertical, when)
        room = right - wide - 16 - 52
        middle = self.height() / 2
        name_font = larger(self.font(), 1.0, bold=True)
        cut = QFontMetricsF(name_font).elidedText(project.name, Qt.TextElideMode.ElideRight, room)
        where = metrics.elidedText(project.where, Qt.TextElideMode.ElideMiddle, room)
        line = metrics.height()
        painter.drawText(QRectF(52, middle, room, line), vertical, where)
        painter.setPen(QColor(theme.text if project.exists else faded))
        painter.setFont(name_font)
        painter.drawText(QRectF(52, middle - line, room, line), vertical, cut)
