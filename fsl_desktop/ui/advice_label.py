"""A sentence of advice that may change without anything moving."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy

from fsl_desktop.ui.widgets import with_role


class AdviceLabel(QLabel):
    """Two lines of advice at least, so that nothing moves when it changes; the whole as a tooltip.

    What needs more lines than there is room for ends in "…".
    """

    def __init__(self) -> None:
        super().__init__()
        with_role(self, "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, 2 * self.fontMetrics().lineSpacing())

    def shown_lines(self) -> list[str]:
        """The lines as they are painted: as many as there is room for."""
        box, metrics = self.contentsRect(), self.fontMetrics()
        room = max(1, box.height() // metrics.lineSpacing())
        layout = QTextLayout(self.text(), self.font())
        layout.beginLayout()
        starts: list[int] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(box.width())
            starts.append(line.textStart())
        layout.endLayout()
        ends = [*starts[1:], len(self.text())]
        lines = [self.text()[start:end].rstrip() for start, end in zip(starts, ends, strict=True)]
        if len(lines) > room:
            rest = self.text()[starts[room - 1] :]
            lines[room - 1 :] = [metrics.elidedText(rest, Qt.TextElideMode.ElideRight, box.width())]
        return lines

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        box, metrics = self.contentsRect(), self.fontMetrics()
        for number, words in enumerate(self.shown_lines()):
            base = box.top() + metrics.ascent() + number * metrics.lineSpacing()
            painter.drawText(QPointF(box.left(), base), words)
