"""The whole text of a row, large enough to read, with the words that decided shaded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from fsl_desktop.core.answers import WordWeight
from fsl_desktop.ui.theme import ThemeHolder, blend
from fsl_desktop.ui.widgets import ElidedLabel, named, with_role

#: So much is shown at a time; Qt lays out a paragraph in one go, and a long one would freeze the window.
SHOWN_CHARS = 20_000
#: Paragraphs longer than this are broken for display.
_PARAGRAPH = 4_000
_LEAST_LINES, _MOST_LINES = 2, 9
#: Words below this share of the strongest one are not shaded.
_FAINT, _STRONG = 0.15, 0.6


def displayable(text: str) -> str:
    """The text as Qt can show it, with every character at the place it had."""
    return text.replace("\r\n", " \n").replace("\r", "\n").replace("\x00", "\ufffd")


def utf16_length(text: str) -> int:
    """How Qt counts: characters past U+FFFF (emoji) are two."""
    return len(text) + sum(char > "\uffff" for char in text)


class _View(QPlainTextEdit):
    width_changed = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.width_changed.emit()


class ReadingPane(QWidget):
    """Its height only grows, from 2 to 9 lines: what stands below does not jump from row to row."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._text = ""
        self._shown = 0
        self._words: tuple[WordWeight, ...] = ()
        self._truncated = False
        self._lines = _LEAST_LINES
        self._fitted_width = -1
        self.view = named(with_role(_View(), "reading"), self.tr("Text of the row"), "rowText")
        self.view.setReadOnly(True)
        self.view.setUndoRedoEnabled(False)
        self.view.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.view.setTabChangesFocus(True)
        self.view.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.document().setDocumentMargin(0)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.view.width_changed.connect(self._fit_anew)
        self.more = named(with_role(QPushButton(), "quiet"), self.tr("Show more of the text"), "showMore")
        self.more.clicked.connect(self.show_more)
        self.more.hide()
        self.caption = ElidedLabel(role="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.caption)
        holder.changed.connect(self._shade)
        self._fit()

    @property
    def text(self) -> str:
        """The whole text, shown or not."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text, from its beginning, without shaded words."""
        self._text, self._words, self._truncated = text, (), False
        self._shown = min(len(text), SHOWN_CHARS)
        self.view.setPlainText(_in_paragraphs(displayable(text[: self._shown])))
        self._say_more()
        self._fit()
        self._say_caption()

    def show_more(self) -> None:
        """Show the next part of a long text."""
        part = self._text[self._shown : self._shown + SHOWN_CHARS]
        self._shown += len(part)
        cursor = QTextCursor(self.view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock(cursor.blockFormat(), QTextCharFormat())
        cursor.insertText(_in_paragraphs(displayable(part)))
        self._say_more()

    def set_words(self, words: Sequence[WordWeight]) -> None:
        """Shade the words that spoke for the answer; offsets are into the whole text."""
        self._words = tuple(words)
        self._shade()
        # Bold words are wider and may need one line more.
        self._fit()
        self._say_caption()

    def set_truncated(self, truncated: bool) -> None:
        """Say that the text is longer than the model reads at once."""
        self._truncated = truncated
        self._say_caption()

    def shaded(self) -> list[str]:
        """The words that are shaded now, in the order of the text."""
        return [self._text[word.start : word.end] for word, _ in self._strong_words()]

    def _strong_words(self) -> list[tuple[WordWeight, float]]:
        strongest = max((word.weight for word in self._words), default=0.0)
        if strongest <= 0:
            return []
        inside = [word for word in self._words if 0 <= word.start < word.end <= min(self._shown, _PARAGRAPH)]
        kept = [(word, word.weight / strongest) for word in sorted(inside, key=lambda word: word.start)]
        return [(word, share) for word, share in kept if share >= _FAINT]

    def _shade(self) -> None:
        theme = self._holder.theme
        document = self.view.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        # Only the first part is ever shaded, so only that is cleared.
        cursor.setPosition(
            min(document.characterCount() - 1, 2 * _PARAGRAPH), QTextCursor.MoveMode.KeepAnchor
        )
        cursor.setCharFormat(QTextCharFormat())
        end, shade = -1, QTextCharFormat()
        for word, share in self._strong_words():
            if 0 <= end == word.start - 1 and self._text[end] == " ":
                self._format(cursor, end, word.start, shade)
            shade = QTextCharFormat()
            tint = blend(theme.surface, theme.accent, (0.06 if not theme.is_dark else 0.10) + 0.12 * share)
            shade.setBackground(QColor(tint))
            bold = QTextCharFormat(shade)
            if share >= _STRONG:
                bold.setFontWeight(QFont.Weight.DemiBold)
            self._format(cursor, word.start, word.end, bold)
            end = word.end
        cursor.endEditBlock()

    def _format(self, cursor: QTextCursor, start: int, end: int, how: QTextCharFormat) -> None:
        cursor.setPosition(utf16_length(self._text[:start]))
        cursor.setPosition(utf16_length(self._text[:end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(how)

    def _say_more(self) -> None:
        left = len(self._text) - self._shown
        words = self.tr("Show more: {count} characters are left").format(count=f"{left:,}")
        self.more.setText(words)
        self.more.setVisible(left > 0)

    def _say_caption(self) -> None:
        decided = self.tr("The shaded words decided.") if self._strong_words() else ""
        cut = (
            self.tr("The text is longer than the model reads at once: it was read in parts.")
            if self._truncated
            else ""
        )
        self.caption.setText(" ".join(part for part in (decided, cut) if part))

    def _fit_anew(self) -> None:
        # A scroll bar that comes or goes is no reason to shrink; another width is.
        if self.view.width() != self._fitted_width:
            self._fitted_width = self.view.width()
            self._lines = _LEAST_LINES
        self._fit()

    def _count_lines(self) -> int:
        layout, block, lines = self.view.document().documentLayout(), self.view.document().begin(), 0
        while block.isValid():
            # Asking for the size lays the paragraph out, which is otherwise put off.
            layout.blockBoundingRect(block)
            lines += max(1, block.layout().lineCount())
            block = block.next()
        return lines

    def _fit(self) -> None:
        lines = _MOST_LINES
        if len(self._text) < 2000:
            lines = self._count_lines()
        self._lines = min(max(self._lines, lines), _MOST_LINES)
        self.view.setFixedHeight(self._lines * self.view.fontMetrics().lineSpacing() + 4)


def _in_paragraphs(text: str) -> str:
    """Break paragraphs that Qt could not lay out quickly, where a space stands if there is one."""
    if len(text) <= _PARAGRAPH:
        return text
    parts = []
    for paragraph in text.split("\n"):
        rest = paragraph
        while len(rest) > _PARAGRAPH:
            at = rest.rfind(" ", _PARAGRAPH // 2, _PARAGRAPH)
            at = at if at > 0 else _PARAGRAPH
            parts.append(rest[:at])
            rest = rest[at:]
        parts.append(rest)
    return "\n".join(parts)
