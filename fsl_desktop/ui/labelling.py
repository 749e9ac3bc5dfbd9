"""Labelling with single keys: set, save, move on; and what the inspector says about the current row."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.commands import AddClass, Change, SetClasses, SetLabels, SetLabelsEach, ToggleClass
from fsl_desktop.core.labels import FIRST_SET, SKIPPED, UNLABELLED, UNSURE
from fsl_desktop.core.message import Message
from fsl_desktop.ui.asker import Asker, Inquiry
from fsl_desktop.ui.inspector import Inspector
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.ui.table_view import TableView
from fsl_desktop.ui.theme import class_mark
from fsl_desktop.ui.trail import Trail

# The probabilities follow the cursor at once; the deciding words cost the model more.
EXPLAIN_AFTER_MS = 300


class Labelling(QObject):
    """Turns keys and clicks into edits and keeps the inspector on the current row."""

    said = Signal(object)  # Message
    play_wanted = Signal()

    def __init__(
        self,
        session: Session,
        suggester: Suggester,
        view: TableView,
        inspector: Inspector,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.suggester = suggester
        self.view = view
        self.inspector = inspector
        self.trail = Trail()
        self._row: int | None = None
        self._leaving = False
        self._ask = Asker(suggester, delay_ms=40, parent=self)
        self._ask.answered.connect(self._on_answered)
        self._explain_timer = QTimer(self)
        self._explain_timer.setSingleShot(True)
        self._explain_timer.setInterval(EXPLAIN_AFTER_MS)
        self._explain_timer.timeout.connect(self._explain)
        view.current_row_changed.connect(self._show_row)
        view.places_changed.connect(self._refresh_row)
        view.key_command.connect(self.command)
        inspector.label_chosen.connect(self.set_label)
        inspector.class_added.connect(lambda name: session.do(AddClass(name)))
        session.changed.connect(self._on_changed)
        session.loaded.connect(self._refresh_row)
        suggester.updated.connect(self._ask_again)
        self._show_classes()

    def command(self, key: str) -> None:
        """What a key of the table means: a class's mark, or accept, skip, unsure, clear, undo, next, none,
        repeat, back or play."""
        if key == "accept":
            self.accept()
        elif key == "skip":
            self.set_label(SKIPPED)
        elif key == "unsure":
            self.set_label(UNSURE)
        elif key == "undo":
            self.undo()
        elif key == "clear":
            self._label(UNLABELLED, move=False)
        elif key == "repeat":
            self.repeat()
        elif key == "back":
            self.back()
        elif key == "play":
            self.play_wanted.emit()
        elif key in ("next", "none"):
            if self.session.several:
                self.move_on() if key == "next" else self.set_none()
        else:
            for info in self.session.classes:
                if class_mark(info.position) == key.upper():
                    self.set_label(info.id)
                    return
            if not self.session.classes:
                self.said.emit(Message.of("Name two classes first, on the right, then press their keys."))

    def accept(self) -> None:
        """Take the suggestion for each selected row as its label."""
        rows = self.view.selected_row_ids()
        if not rows:
            return
        table, several = self.session.table, self.session.several
        positions = table.positions(rows)
        if several and (table.labels[positions] > 0).all():
            self.move_on()  # what the user chose is not to be replaced
            return
        said = self.suggester.class_ids  # shorter than the table while rows are read
        suggested = [int(said[place]) if place < len(said) else 0 for place in positions.tolist()]
        pairs = [(row, value) for row, value in zip(rows, suggested, strict=True) if value > 0]
        if not pairs:
            self.said.emit(Message.of("There is no suggestion for this row yet."))
            return
        ids = tuple(row for row, _ in pairs)
        if several:
            command = SetClasses(ids, tuple(self.suggester.sets.members(value) for _, value in pairs))
        else:
            command = SetLabelsEach(ids, tuple(value for _, value in pairs))
        if self.session.do(command) is not None:
            self.trail.add(ids)
            self.view.go_to_next_unlabelled()

    def move_on(self) -> None:
        """To the next row without a label, or to the one below where every row has one."""
        if not self.view.go_to_next_unlabelled():
            self.view.go_to_line(self.view.currentIndex().row() + 1)

    def set_none(self) -> None:
        """Say of the selected rows that none of the classes is in them."""
        rows = self.view.selected_row_ids()
        if rows:
            self.session.do(SetClasses(tuple(rows), ((),) * len(rows)))

    def repeat(self) -> None:
        """Give the selected rows the label that was given last."""
        last = self.trail.last
        if last is None or (last > 0 and all(info.id != last for info in self.session.classes)):
            self.said.emit(Message.of("There is no label to repeat yet. Give a row one first."))
        else:
            self.set_label(last)

    def back(self) -> None:
        """To the row that was labelled before, and from there to the one before it."""
        while (row := self.trail.back(self._row)) is not None:
            if self.view.go_to_row(row):
                return
        self.said.emit(Message.of("This is the first row that you labelled since the project was opened."))

    def undo(self) -> None:
        """Take back the last edit, and go to the row that it was about."""
        self._go_to(self.session.undo())

    def redo(self) -> None:
        self._go_to(self.session.redo())

    def set_label(self, value: int) -> None:
        """Give the selected rows a label and move on; where rows may have several, add or take away a
        class and stay."""
        if value > 0 and self.session.several:
            rows = self.view.selected_row_ids()
            if rows:
                if self.session.do(ToggleClass(tuple(rows), value)) is not None:
                    self.trail.add(rows, value)
                return
        self._label(value, move=True)

    def close(self) -> None:
        self._explain_timer.stop()
        self._ask.forget()

    def _label(self, value: int, *, move: bool) -> None:
        rows = self.view.selected_row_ids()
        if not rows:
            self.said.emit(Message.of("Choose a row in the table first."))
            return
        self._leaving = move and len(rows) == 1
        done = self.session.do(SetLabels(tuple(rows), value))
        if done is not None and value != UNLABELLED:
            self.trail.add(rows, value)
        moved = done is not None and move and self.view.go_to_next_unlabelled()
        if self._leaving and not moved:
            self._refresh_row()
        self._leaving = False

    def _go_to(self, change: Change | None) -> None:
        if change is not None and len(change.row_ids) == 1:
            self.view.go_to_row(int(change.row_ids[0]))

    def _show_classes(self) -> None:
        self.inspector.set_several(self.session.several)
        self.inspector.set_classes(self.session.classes)

    def _on_changed(self, change: Change) -> None:
        if change.classes_changed or change.kind == "project":
            self._show_classes()
        # Once a label is set the next row comes up at once: the old one need not be shown again first.
        if not self._leaving:
            self._refresh_row()

    def _refresh_row(self) -> None:
        """Show the current row's text and label again, without asking the model."""
        if self._row is None:
            return
        position = int(self.session.table.positions([self._row])[0])
        if self.session.table.removed[position]:
            self._show_row(None)
            return
        label = int(self.session.table.labels[position])
        self.inspector.show_row(
            self.view.place_of(self._row),
            self.view.row_count(),
            self._row,
            self.session.table.texts[position],
            label,
            self.session.table.sets.members(label) if label >= FIRST_SET else None,
        )

    def _show_row(self, row_id: int | None) -> None:
        self._row = row_id
        self._explain_timer.stop()
        self._ask.forget()
        if row_id is None:
            self.inspector.show_nothing()
            return
        self._refresh_row()
        self._ask_again()

    def _ask_again(self) -> None:
        if self._row is None or not self.session.classes:
            self.inspector.show_answer(None)
            return
        self._ask.ask(self._inquiry())
        self._explain_timer.start()

    def _explain(self) -> None:
        if self._row is not None and self.session.classes:
            self._ask.ask(self._inquiry(explain=True))

    def _inquiry(self, *, explain: bool = False) -> Inquiry:
        assert self._row is not None
        text = self.session.table.texts[int(self.session.table.positions([self._row])[0])]
        return Inquiry((text,), self.suggester.model, explain, self._row)

    def _on_answered(self, inquiry: Inquiry, answers: tuple[Answer, ...]) -> None:
        if inquiry.skip_row != self._row or not answers:
            return
        answer = answers[0]
        self.inspector.show_answer(answer)
        self.inspector.show_truncated(answer.truncated)
        table = self.session.table
        by_id = {info.id: info for info in self.session.classes}
        near = []
        for neighbour in answer.nearest:
            members = table.sets.members(neighbour.class_id)
            info = by_id.get(members[0]) if members else None
            try:
                position = int(table.positions([neighbour.row_id])[0])
            except KeyError:
                continue
            if info is not None:
                near.append((table.texts[position], info, neighbour.similarity))
        self.inspector.show_neighbours(near)
