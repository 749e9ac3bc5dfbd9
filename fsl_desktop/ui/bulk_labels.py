"""One label for many rows: all that are shown, or all that say the same; each one step to undo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.commands import SetClasses, SetLabels, ToggleClass
from fsl_desktop.core.labels import SKIPPED, UNLABELLED
from fsl_desktop.core.message import Message
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.table_model import TableModel


class BulkLabels(QObject):
    """Rows that have a label keep it unless they are chosen by hand: a search finds more than one thinks."""

    said = Signal(object)  # Message

    def __init__(self, session: Session, model: TableModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._model = model

    def open_shown(self) -> NDArray[np.int64]:
        """Ids of the rows that filter and search show and that have no label, top to bottom."""
        table, shown = self.session.table, self._model.order.rows
        return table.ids[shown[table.labels[shown] == UNLABELLED]]

    def label_shown(self, value: int) -> None:
        """Give all of them a class, or SKIPPED."""
        self._label(self.open_shown().tolist(), value)

    def saying_the_same(self, rows: Sequence[int]) -> list[int]:
        """Ids of all rows that have the text (or the recording) of one of ``rows``, these included."""
        table = self.session.table
        places = table.positions(rows).tolist()
        if table.clips is None:
            wanted = {table.texts[place].strip() for place in places}
            same = [place for place, text in enumerate(table.texts) if text.strip() in wanted]
        else:
            sounds = {file_id: file.content or file_id for file_id, file in table.clips.files.items()}
            spans = [table.clips.span(place) for place in range(len(table))]
            keys = [(sounds.get(span[0], span[0]), *span[1:]) for span in spans]
            chosen = {keys[place] for place in places if spans[place][0]}
            same = [place for place, key in enumerate(keys) if key in chosen]
        mask = np.zeros(len(table), bool)
        mask[same] = True
        mask[places] = True
        found: list[int] = table.ids[mask & ~table.removed].tolist()
        return found

    def label_alike(self, rows: Sequence[int], value: int) -> None:
        """Give ``rows`` and all that say the same a class, or SKIPPED; other labels are replaced."""
        if rows:
            self._label(self.saying_the_same(rows), value)

    def _label(self, rows: Sequence[int], value: int) -> None:
        if not rows:
            self.said.emit(Message.of("All rows that are shown have a label already."))
            return
        if value > 0 and self.session.several:
            rows = self._lacking(rows, value)
            table = self.session.table
            is_open = bool((table.labels[table.positions(rows)] == UNLABELLED).all()) if rows else True
            command: SetLabels | SetClasses | ToggleClass = (
                SetClasses(tuple(rows), ((value,),) * len(rows))
                if is_open
                else ToggleClass(tuple(rows), value)
            )
        else:
            command = SetLabels(tuple(rows), value)
        if not rows or self.session.do(command) is None:
            return
        name = next((info.name for info in self.session.classes if info.id == value), "")
        if value == SKIPPED:
            words = Message.of("{n} rows were skipped. Undo takes that back in one step.", n=len(rows))
        else:
            words = Message.of(
                "{n} rows got the label “{name}”. Undo takes that back in one step.", n=len(rows), name=name
            )
        self.said.emit(words)

    def _lacking(self, rows: Sequence[int], class_id: int) -> list[int]:
        """Those of the rows that do not have the class: toggling would take it off where all have it."""
        table = self.session.table
        ids = np.asarray(rows, np.int64)
        lacking: list[int] = ids[~table.having(class_id)[table.positions(ids)]].tolist()
        return lacking
