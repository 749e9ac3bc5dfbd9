"""The box that one types a text into, with the words that decided shaded."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from fsl_desktop.core.answers import WordWeight
from fsl_desktop.ui.theme import ThemeHolder, blend

MAX_CHARS = 40_000
"""What is more is cut: Qt needs time that grows with the square of a word's length to lay it out (0.2 s for
this, 6 s for five times as much)."""


class TriedBox(QPlainTextEdit):
    """Plain text; ``shade`` marks words, typing takes the marks away."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._words: tuple[WordWeight, ...] = ()
        self._offset = 0
        self.was_cut = False
        """The text that was put in last was too long, and only its beginning is here."""
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
        """Plain text alone, and no more of it than can be shown at once."""
        if not source.hasText():
            return
        cursor = self.textCursor()
        replaced = cursor.selectionEnd() - cursor.selectionStart()
        room = max(0, MAX_CHARS - (self.document().characterCount() - 1 - replaced))
        plain = QMimeData()
        plain.setText(source.text()[:room])
        self.was_cut = len(source.text()) > room
        super().insertFromMimeData(plain)

    def setPlainText(self, text: str) -> None:
        self.was_cut = len(text) > MAX_CHARS
        super().setPlainText(text[:MAX_CHARS])

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
