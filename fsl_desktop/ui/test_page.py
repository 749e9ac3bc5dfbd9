"""Try the model: type or paste a text and see at once what it says, and why."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import Preview, ReadOptions
from fsl_desktop.ui import speech
from fsl_desktop.ui.answer_list import AnswerList, Tried
from fsl_desktop.ui.answer_source import AnswerSource
from fsl_desktop.ui.answer_view import AnswerView
from fsl_desktop.ui.asker import Asker, Inquiry
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.tried_box import MAX_CHARS, TriedBox
from fsl_desktop.ui.widgets import Card, EmptyState, muted, named, section, title, with_role

if TYPE_CHECKING:
    from fsl_desktop.ui.importer import Importer
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer

EXPLAIN_MS = 400
MAX_LINES = 200
MAX_HISTORY = 30
FILES = (".txt", ".csv", ".tsv", ".jsonl", ".xlsx", ".parquet")


class TestPage(QWidget):
    """``label_requested``: the empty state's button, which leads to the table."""

    __test__ = False  # the name is the page's, not a test class
    label_requested = Signal()

    def __init__(
        self,
        session: Session,
        suggester: Suggester,
        trainer: Trainer,
        holder: ThemeHolder,
        importer: Importer | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        with_role(self, "page")
        self._session, self._trainer, self._suggester = session, trainer, suggester
        self._importer = importer
        self._history: list[Tried] = []
        self.asker = Asker(suggester, parent=self)
        self._explain = QTimer(self, singleShot=True, interval=EXPLAIN_MS)
        self._explain.timeout.connect(self._on_pause)
        self.setAcceptDrops(importer is not None)
        self._build(holder)
        self.asker.answered.connect(self._on_answered)
        self.asker.failed.connect(self._on_failed)
        self.asker.waiting.connect(self._on_waiting)
        session.changed.connect(self._on_session_changed)
        session.loaded.connect(self._show_state)
        suggester.updated.connect(self._ask_again)
        self.setFocusProxy(self.box)
        self.model.follow()
        self._show_state()
        self._on_text()

    def _build(self, holder: ThemeHolder) -> None:
        self.box = named(TriedBox(holder), self.tr("Text to try"), "test_text")
        self.box.setPlaceholderText(self.tr("Type or paste a text. Several lines get one answer each."))
        with_role(self.box, "reading")
        self.box.textChanged.connect(self._on_text)
        self.model = AnswerSource(self._suggester, self._trainer)
        self.model.source_changed.connect(self._ask_again)
        self.hint = muted("")
        self.lines = AnswerList(session=self._session, holder=holder, name=self.tr("One answer per line"),
                                object_name="test_lines")  # fmt: skip
        self.lines.selectionModel().currentChanged.connect(self._on_line)
        self.tried = AnswerList(self._session, holder, self.tr("Tried before"), "test_history")
        self.tried.activated.connect(self._on_tried)
        self.tried.clicked.connect(self._on_tried)
        self.answer = AnswerView(self._session, holder)
        self._list_head = section("")
        self._lists = QStackedWidget()
        self.no_tried = muted(self.tr("Texts you have tried stay here while the program runs."), wrap=True)
        self._lists.addWidget(self.tried)
        self._lists.addWidget(self.lines)

        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title(self.tr("Test")))
        head.addStretch(1)
        head.addWidget(muted(self.tr("Answers come from")))
        head.addWidget(self.model)
        text_card = Card()
        text_card.body.addWidget(self.box)
        text_card.body.addWidget(self.hint)
        list_card = Card()
        list_card.body.addWidget(self._list_head)
        list_card.body.addWidget(self.no_tried)
        list_card.body.addWidget(self._lists, 1)
        answer_card = Card()
        answer_card.body.addWidget(section(self.tr("The model says")))
        answer_card.body.addWidget(self.answer)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(text_card, 2)
        left.addWidget(list_card, 3)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addLayout(left, 3)
        columns.addWidget(answer_card, 2)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(16, 12, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addLayout(columns, 1)
        self.empty = EmptyState(
            "tag",
            self.tr("Name two classes or more first. From then on the model answers here."),
            self.tr("Go to the table"),
        )
        self.empty.clicked.connect(self.label_requested)
        self._states = QStackedWidget()
        self._states.addWidget(inside)
        self._states.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._states)

    def texts(self) -> tuple[str, ...]:
        """What is asked: the lines that have words in them, at most ``MAX_LINES``."""
        lines = (line.strip() for line in self.box.toPlainText().splitlines())
        return tuple(line for line in lines if line)[:MAX_LINES]

    def model_name(self) -> str:
        """The model that answers, as a request names it."""
        return self.model.model_name()

    def _show_state(self) -> None:
        ready = len(self._session.classes) >= 2
        self._states.setCurrentIndex(0 if ready else 1)

    def _on_text(self) -> None:
        texts = self.texts()
        self.box.shade(())
        self._explain.stop()
        many = len(texts) > 1
        self.no_tried.setVisible(not many and not self._history)
        self._lists.setCurrentIndex(1 if many else 0)
        self._list_head.setText((self.tr("One answer per line") if many else self.tr("Tried before")).upper())
        self._show_hint(texts)
        if not texts:
            self.asker.forget()
            self.answer.show_words(self.tr("The answer appears here while you type."))
            return
        if many:
            known = {item.text: item for item in self.lines.items.items()}
            self.lines.items.set_items([known.get(text, Tried(text)) for text in texts])
        self.asker.ask(Inquiry(texts, self.model_name()))

    def _show_hint(self, texts: tuple[str, ...]) -> None:
        if self.box.was_cut:
            words = self.tr("The text was too long; its first {n} characters are here.")
            self.hint.setText(words.format(n=f"{MAX_CHARS:,}"))
        elif len(texts) >= MAX_LINES:
            self.hint.setText(self.tr("The first {n} lines are answered.").format(n=MAX_LINES))
        elif self._importer is not None:
            self.hint.setText(self.tr("Or drop a file here: its first lines are answered."))
        else:
            self.hint.setText("")

    def _ask_again(self) -> None:
        """The labels or the model have changed: what was said may no longer hold."""
        texts = self.texts()
        # Out of sight nothing is asked: every label set on another page would cost an answer.
        if texts and self.isVisible() and len(self._session.classes) >= 2:
            self.asker.ask(Inquiry(texts, self.model_name()))

    def _on_answered(self, inquiry: Inquiry, answers: tuple[Answer, ...]) -> None:
        if inquiry.texts != self.texts():
            return
        if len(answers) > 1:
            self._show_lines(inquiry.texts, answers)
            return
        self.answer.show_answer(answers[0])
        if inquiry.explain:
            if answers[0].words:
                self.hint.setText(self.tr("The shaded words decided."))
            text = self.box.toPlainText()
            self.box.shade(answers[0].words, text.find(inquiry.texts[0]))
            self._remember(Tried(inquiry.texts[0], answers[0]))
        else:
            self._explain.start()

    def _show_lines(self, texts: tuple[str, ...], answers: tuple[Answer, ...]) -> None:
        self.lines.items.set_items([Tried(*pair) for pair in zip(texts, answers, strict=True)])
        if not self.lines.currentIndex().isValid():
            self.lines.setCurrentIndex(self.lines.items.index(0))
        self._on_line(self.lines.currentIndex())

    def _on_pause(self) -> None:
        texts = self.texts()
        if len(texts) == 1:
            self.asker.ask(Inquiry(texts, self.model_name(), explain=True))

    def _on_waiting(self) -> None:
        if self.answer.answer is None:
            self.answer.show_words(self.tr("The model is being loaded..."))

    def _on_failed(self, message: Message, details: str) -> None:
        self.answer.show_words(speech.say(message))
        self.answer.setToolTip(details[:2000])

    def _on_line(self, index: QModelIndex) -> None:
        if index.isValid() and (said := self.lines.items.item(index.row()).answer) is not None:
            self.answer.show_answer(said)

    def _on_tried(self, index: QModelIndex) -> None:
        if index.isValid():
            self.box.setPlainText(self.tried.items.item(index.row()).text)

    def _remember(self, tried: Tried) -> None:
        rest = [item for item in self._history if item.text != tried.text]
        self._history = [tried, *rest][:MAX_HISTORY]
        self.tried.items.set_items(self._history)
        self.no_tried.hide()

    def _on_session_changed(self, change: object) -> None:
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_again()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path and self._importer is not None:
            event.acceptProposedAction()
            self._importer.preview(path, ReadOptions(label_column=""), self._on_file, self._on_failed)

    def _on_file(self, preview: Preview) -> None:
        """Put the first texts of a dropped file into the box."""
        names = [column.name for column in preview.columns]
        at = names.index(preview.options.text_column) if preview.options.text_column in names else 0
        lines = (" ".join(row[at].split()) for row in preview.rows if at < len(row))
        self.box.setPlainText("\n".join(line for line in lines if line))
        self.hint.setText(self.tr("The first lines of {file}.").format(file=PurePath(preview.path).name))


def _dropped(event: QDropEvent) -> str:
    """The path of the one file that is dragged, if it is of a kind that can be read."""
    urls = event.mimeData().urls()
    path = urls[0].toLocalFile() if len(urls) == 1 else ""
    return path if path.lower().endswith(FILES) else ""
