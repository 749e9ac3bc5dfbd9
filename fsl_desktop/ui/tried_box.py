"""The box that one types a text into, with the words that decided shaded."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from fsl_desktop.core.answers import WordWeight
from fsl_desktop.ui.theme import ThemeHolder, blend

MAX_CHARS = 200_000
"""More than this is cut from a paste: laying it out would hold up the window."""


class TriedBox(QPlainTextEdit):
    """Plain text; ``shade`` marks words, typing takes the marks away."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._words: tuple[WordWeight, ...] = ()
        self._offset = 0
        self.setTabChangesFocus(True)
        # Files are dropped on the page; the box would take their names as text.
        self.setAcceptDrops(False)
        holder.changed.connect(self._paint_words)

    @property
    def shaded(self) -> tuple[WordWeight, ...]:
        return self._words

    def shade(self, words: tuple[WordWeight, ...], offset: int = 0) -> None:
        """Shade the words that spoke for the answer; ``offset`` is where the asked text begins here."""
        self._words, self._offset = tuple(word for word in words if word.weight > 0), offset
        self._paint_words()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText() and len(source.text()) > MAX_CHARS:
            cut = QMimeData()
            cut.setText(source.text()[:MAX_CHARS])
            super().insertFromMimeData(cut)
            return
        super().insertFromMimeData(source)

    def _paint_words(self) -> None:
        theme = self._holder.theme
        strongest = max((word.weight for word in self._words), default=1.0) or 1.0
        text = self.toPlainText() if self._words else ""
        marks = []
        for word in self._words:
            share = word.weight / strongest
            if share < 0.15:
                continue
            mark = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setBackground(QColor(blend(theme.surface, theme.accent, 0.10 + 0.20 * share)))
            cursor = QTextCursor(self.document())
            cursor.setPosition(_utf16(text, self._offset + word.start))
            cursor.setPosition(_utf16(text, self._offset + word.end), QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, look
            marks.append(mark)
        self.setExtraSelections(marks)


def _utf16(text: str, index: int) -> int:
    """Qt counts in UTF-16: an emoji before the word would shift the shade."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2
