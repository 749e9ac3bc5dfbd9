"""What the model says to one text: the sentence, a bar per class, and the labelled rows most like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from fsl_desktop.core.answers import Answer, Neighbour
from fsl_desktop.core.labels import FIRST_SET
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.label_sets import words_of
from fsl_desktop.ui.strange_note import StrangeNote
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.trust_words import strange_answer
from fsl_desktop.ui.widgets import ProbabilityBar, muted, named, section, with_role

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session

FIRST_BARS = 8
NEAREST = 3
_MAX_QUOTE = 240


class AnswerView(QWidget):
    """Shows an ``Answer``; ``show_words`` puts a sentence in its place (empty, busy, failed). Of sounds the
    most alike can be played."""

    play_asked = Signal(int)  # row id

    def __init__(
        self,
        session: Session,
        holder: ThemeHolder,
        parent: QWidget | None = None,
        *,
        of_sounds: bool = False,
    ) -> None:
        super().__init__(parent)
        self._session, self._holder = session, holder
        self._of_sounds = of_sounds
        self._answer: Answer | None = None
        self._all = False
        self.sentence = with_role(QLabel(), "title")
        self.sentence.setObjectName("answer_sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setMinimumHeight(48)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.note = muted("", wrap=True)
        self.strange = StrangeNote(strange_answer())
        self.bars: list[ProbabilityBar] = []
        self._bar_box = QVBoxLayout()
        self._bar_box.setSpacing(8)
        self.more = named(with_role(QPushButton(), "quiet"), self.tr("Show all classes"), "show_all_classes")
        self.more.clicked.connect(self._on_more)
        self._nearest_head = section(self.tr("Most like it"))
        self._nearest: list[tuple[QLabel, QLabel]] = []
        self.play: list[QPushButton] = []
        self._near: list[int] = []
        self.kinds = muted("", wrap=True)
        self.kinds.setToolTip(self.tr("What a model that knows 521 everyday sounds would call it."))

        inside = with_role(QWidget(), "plain")
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 8, 0)
        box.setSpacing(8)
        box.addLayout(self._bar_box)
        box.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addSpacing(8)
        box.addWidget(self._nearest_head)
        for number in range(NEAREST):
            quote, label = QLabel(), muted("")
            quote.setTextFormat(Qt.TextFormat.PlainText)
            quote.setWordWrap(True)
            if of_sounds:
                box.addLayout(self._beside_button(number, quote, label))
            else:
                box.addWidget(quote)
                box.addWidget(label)
            self._nearest.append((quote, label))
        box.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self.sentence)
        whole.addWidget(self.strange)
        whole.addWidget(self.note)
        whole.addWidget(self.kinds)
        whole.addWidget(self._area, 1)
        holder.changed.connect(self._dress)
        self._dress()
        self.show_words("")

    @property
    def answer(self) -> Answer | None:
        return self._answer

    def show_words(self, words: str) -> None:
        """No answer, and why: the bars go away, the sentence stays quiet."""
        self._answer = None
        self.sentence.setText(words)
        with_role(self.sentence, "muted")
        self.note.hide()
        self.kinds.hide()
        self.strange.hide()
        self._area.hide()

    def show_answer(self, answer: Answer) -> None:
        self._answer = answer
        with_role(self.sentence, "title")
        self.sentence.setText(speech.answer_words(answer, self._name))
        self.note.setText(
            self.tr("Only the first 5 seconds were heard. Choose a part of it to ask about another.")
            if self._of_sounds
            else self.tr("The text is longer than the model reads at once: it was read in parts.")
        )
        self.note.setVisible(answer.truncated)
        self.kinds.setText(self._kinds_words(answer))
        self.kinds.setVisible(bool(answer.kinds))
        self.strange.setVisible(answer.fits_none)
        self._area.show()
        self._show_bars()
        self._show_nearest(answer.nearest)

    def _name(self, class_id: int) -> str:
        infos = (info.name for info in self._session.classes if info.id == class_id)
        return next(infos, self.tr("a class that is gone"))

    def _label_words(self, label: int) -> str:
        if label < FIRST_SET:
            return self._name(label)
        return words_of({info.id: info for info in self._session.classes}, self._session.table.sets, label)

    def _show_bars(self) -> None:
        if self._answer is None:
            return
        order = speech.ranked(self._answer)
        limits = dict(zip(self._answer.class_ids, self._answer.thresholds, strict=False))
        shown = order if self._all else order[:FIRST_BARS]
        while len(self.bars) < len(shown):
            bar = ProbabilityBar(self._holder, clickable=False)
            self.bars.append(bar)
            self._bar_box.addWidget(bar)
        for bar, (class_id, probability) in zip(self.bars, shown, strict=False):
            bar.set_class(self._name(class_id), max(0, self._session.position_of(class_id)))
            bar.set_value(probability)
            bar.set_threshold(limits.get(class_id))
            bar.show()
        for bar in self.bars[len(shown) :]:
            bar.hide()
        self.more.setVisible(len(order) > FIRST_BARS)
        self.more.setText(
            self.tr("Show the likeliest only")
            if self._all
            else self.tr("Show all {n} classes").format(n=len(order))
        )

    def _kinds_words(self, answer: Answer) -> str:
        kinds = ", ".join(f"{kind.name} {round(100 * kind.share)} %" for kind in answer.kinds)
        return self.tr("Sounds like: {kinds}").format(kinds=kinds)

    def _beside_button(self, number: int, quote: QLabel, label: QLabel) -> QHBoxLayout:
        button = named(with_role(QPushButton(), "quiet"), self.tr("Play it"), f"play_nearest_{number}")
        button.setToolTip(self.tr("Play it"))
        button.clicked.connect(lambda: self.play_asked.emit(self._near[number]))
        self.play.append(button)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(button)
        row.addWidget(quote)
        row.addWidget(label, 1)
        return row

    def _dress(self) -> None:
        for button in self.play:
            button.setIcon(icons.icon("play", self._holder.theme))

    def _show_nearest(self, nearest: tuple[Neighbour, ...]) -> None:
        found = [(text, item) for item in nearest[:NEAREST] if (text := self._text(item.row_id)) is not None]
        self._nearest_head.setVisible(bool(found))
        self._near = [item.row_id for _, item in found]
        for i, button in enumerate(self.play):
            button.setVisible(i < len(found))
        for i, (quote, label) in enumerate(self._nearest):
            quote.setVisible(i < len(found))
            label.setVisible(i < len(found))
            if i < len(found):
                text, item = found[i]
                short = text if len(text) <= _MAX_QUOTE else text[:_MAX_QUOTE] + "…"
                quote.setText(short if self._of_sounds else f"“{short}”")
                label.setText(self.tr("your label: {name}").format(name=self._label_words(item.class_id)))

    def _text(self, row_id: int) -> str | None:
        table = self._session.table
        try:
            return table.texts[int(table.positions([row_id])[0])]
        except (KeyError, IndexError):
            return None  # removed since

    def _on_more(self) -> None:
        self._all = not self._all
        self._show_bars()
