"""The right side of the Label page: the row being read, the classes to choose from, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QStackedLayout, QVBoxLayout, QWidget

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.labels import SKIPPED, UNSURE, ClassInfo
from fsl_desktop.ui.label_list import LabelList
from fsl_desktop.ui.neighbours import NeighbourList
from fsl_desktop.ui.reading_pane import ReadingPane
from fsl_desktop.ui.strange_note import StrangeNote
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.trust_words import strange_reason
from fsl_desktop.ui.widgets import Card, EmptyState, muted, section

#: The last row's probabilities stay this long; the new ones usually come sooner, and nothing flickers.
NEUTRAL_AFTER_MS = 150


class Inspector(Card):
    """``show_row`` first, then ``show_answer`` and ``show_neighbours`` when the model has answered."""

    label_chosen = Signal(int)  # class id
    class_added = Signal(str)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=0)
        self.setAccessibleName(self.tr("The row being read"))
        self._row: int | None = None
        self._neutral = QTimer(self)
        self._neutral.setSingleShot(True)
        self._neutral.setInterval(NEUTRAL_AFTER_MS)
        self._neutral.timeout.connect(self._go_neutral)
        self.place = section("")
        self.reading = ReadingPane(holder)
        self.state = muted("")
        self.labels = LabelList(holder)
        self.labels.label_chosen.connect(self.label_chosen)
        self.labels.class_added.connect(self.class_added)
        self.hint = muted(self.tr("Enter accepts · S skips · U unsure · Z undoes"), wrap=True)
        self.strange = StrangeNote(strange_reason())
        self._label = 0
        self._answer: Answer | None = None
        self.neighbours = NeighbourList(holder)
        self.empty = EmptyState("file-text", self.tr("Choose a row in the table to read it here."))

        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.place)
        column.addWidget(self.reading)
        head = QHBoxLayout()
        head.addWidget(section(self.tr("Label")))
        head.addStretch(1)
        head.addWidget(self.state)
        column.addSpacing(4)
        column.addLayout(head)
        column.addWidget(self.labels)
        column.addWidget(self.hint)
        column.addWidget(self.strange)
        column.addSpacing(4)
        self._near_head = section(self.tr("Most like it"))
        column.addWidget(self._near_head)
        column.addWidget(self.neighbours, 1)
        # Takes what is left where the examples are hidden, so that nothing above is spread.
        column.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding))
        self._pages = QStackedLayout()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(page)
        self.body.addLayout(self._pages)
        self.setMinimumWidth(260)

    @property
    def row(self) -> int | None:
        """The id of the row that is shown."""
        return self._row

    def set_classes(self, classes: Sequence[ClassInfo]) -> None:
        """The classes by position."""
        self.labels.set_classes(classes)

    def set_several(self, several: bool) -> None:
        """May a row have several labels? Then the keys do not move on."""
        words = (
            self.tr("Keys add and take away · 0 none · Enter or → moves on · S skips · U unsure · Z undoes")
            if several
            else self.tr("Enter accepts · S skips · U unsure · Z undoes")
        )
        self.hint.setText(words)

    def show_row(
        self,
        position_number: int,
        total: int,
        row_id: int,
        text: str,
        label: int,
        members: Sequence[int] | None = None,
    ) -> None:
        """Show a row: its line number (from 1) of ``total``, its text, and its class id or state; the
        ``members`` of a label that is a set.

        For the row that is shown already only what differs changes; shaded words and probabilities stay.
        """
        place = (
            self.tr("Row {number} of {total}") if position_number > 0 else self.tr("A row that is not shown")
        )
        self.place.setText(place.format(number=f"{position_number:,}", total=f"{total:,}").upper())
        if row_id != self._row or text != self.reading.text:
            self._row, self._answer = row_id, None
            self.reading.set_text(text)
            # Not restarted while it runs: rows that rush by must not keep old numbers alive.
            if not self._neutral.isActive():
                self._neutral.start()
        self.labels.set_labels((label,) if members is None else members)
        states = {SKIPPED: self.tr("skipped"), UNSURE: self.tr("unsure")}
        words = self.tr("labelled") if label > 0 else states.get(label, "")
        self.state.setText(self.tr("none of them") if members is not None and not members else words)
        self._label = label
        self._show_strange()
        self._pages.setCurrentIndex(1)

    def show_answer(self, answer: Answer | None) -> None:
        """Show the model's answer to the row; None where there is none to come."""
        self._neutral.stop()
        if answer is None:
            self._go_neutral()
            return
        self._answer = answer
        self._show_strange()
        self.labels.set_probabilities(
            dict(zip(answer.class_ids, answer.probabilities, strict=True)),
            dict(zip(answer.class_ids, answer.thresholds, strict=False)),
        )
        # The quick answer comes without words; those of the slower one before it still hold.
        if answer.words:
            self.reading.set_words(answer.words)

    def show_neighbours(self, rows: Sequence[tuple[str, ClassInfo, float]]) -> None:
        """Labelled rows like this one: (text, class, cosine similarity), nearest first; three are shown."""
        self.neighbours.show_rows(rows)

    def show_truncated(self, truncated: bool) -> None:
        """Say whether the text is longer than the model reads at once."""
        self.reading.set_truncated(truncated)

    def show_nothing(self) -> None:
        """No row is chosen."""
        self._row = None
        self._neutral.stop()
        self._go_neutral()
        self._pages.setCurrentIndex(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a low window the classes need the room more than the examples do.
        roomy = self.height() >= 30 * self.fontMetrics().lineSpacing() + 40
        self._near_head.setVisible(roomy)
        self.neighbours.setVisible(roomy)

    def _show_strange(self) -> None:
        # A row that was given a class is no stranger any more.
        self.strange.setVisible(self._label <= 0 and self._answer is not None and self._answer.fits_none)

    def _go_neutral(self) -> None:
        self._answer = None
        self._show_strange()
        self.labels.set_probabilities(None)
        self.neighbours.show_rows(None)
