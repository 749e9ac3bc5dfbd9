"""What stands in a cell of the table of rows: words, chips, and what a screen reader says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt

from fsl_desktop.core.answers import UNKNOWN_FROM
from fsl_desktop.core.clip_table import ClipTable
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import FIRST_SET, SKIPPED, UNLABELLED, UNSURE, ClassInfo
from fsl_desktop.ui.label_sets import SEVERAL, ChipOf, chips_of, words_of
from fsl_desktop.ui.probability_bar import percent
from fsl_desktop.ui.row_order import Rows, Suggested

#: Longer texts are cut before Qt sees them: laying out a million characters takes seconds.
CELL_CHARS = 1000


class Column(IntEnum):
    STATE = 0
    TEXT = 1
    LABEL = 2
    SUGGESTION = 3
    PICTURE = 4  # these two only where the rows are recordings; shown beside the text
    LENGTH = 5


TEXT_COLUMNS = 4
"""How many there are where the rows are texts."""


class Role(IntEnum):
    ROW_ID = Qt.ItemDataRole.UserRole
    LABEL = Qt.ItemDataRole.UserRole + 1  # class id, or UNLABELLED, SKIPPED, UNSURE
    POSITION = Qt.ItemDataRole.UserRole + 2  # place of the cell's class in the order, -1, or SEVERAL
    CONFIDENCE = Qt.ItemDataRole.UserRole + 3  # 0..1
    LONG = Qt.ItemDataRole.UserRole + 5  # is the row longer than the model reads at once?
    STRANGE = Qt.ItemDataRole.UserRole + 6  # has it no label, and is it like none of the classes?
    PLACE = Qt.ItemDataRole.UserRole + 7  # position of the row in the table
    REMARK = Qt.ItemDataRole.UserRole + 8  # what there is to say about the row's recording, or None
    CHIPS = Qt.ItemDataRole.UserRole + 4  # where POSITION is SEVERAL: the cell's classes as ChipOf


class Remark(NamedTuple):
    """What there is to say about the recording of a row."""

    words: str
    unheard: bool
    """It cannot be heard at all."""
    odd: bool
    """It is no mere fact: the row is marked."""


def one_line(text: str, limit: int = CELL_CHARS) -> str:
    """A text as it fits into a line: cut first, then line breaks and runs of spaces made single."""
    cut = " ".join(text[:limit].split())
    return cut + " …" if len(text) > limit else cut


def minutes(seconds: float) -> str:
    """ "0:03.2", from an hour on "1:02:05.0" """
    tenths = round(max(0.0, seconds) * 10)
    hours, tenths = divmod(tenths, 36_000)
    start = f"{hours}:{tenths // 600:02d}" if hours else f"{tenths // 600}"
    return f"{start}:{tenths // 10 % 60:02d}.{tenths % 10}"


class Cells(QObject):
    """Looks up cells by column and position in the table; ``classes`` by id are set by the model."""

    def __init__(self, table: Rows, suggested: Suggested, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table, self._suggested = table, suggested
        self.classes: Mapping[int, ClassInfo] = {}
        self.clips: ClipTable | None = None
        self.remark: Callable[[int], Remark | None] = lambda position: None
        """Of the recording at a position."""

    def chips(self, column: int, position: int) -> tuple[ChipOf, ...]:
        """The classes of a cell, where there are several."""
        value, sets = self._value(column, position)
        return chips_of(self.classes, sets, value)

    def _value(self, column: int, position: int) -> tuple[int, LabelSets]:
        """The label, or what is suggested, and what its number means where it is a set's."""
        if column != Column.SUGGESTION:
            return int(self._table.labels[position]), self._table.sets
        ids = self._suggested.class_ids
        return int(ids[position]) if position < len(ids) else UNLABELLED, self._suggested.sets

    def _is_set(self, column: int, position: int) -> bool:
        ids = self._suggested.class_ids if column == Column.SUGGESTION else self._table.labels
        return position < len(ids) and bool(ids[position] >= FIRST_SET)

    def _set_words(self, column: int, position: int) -> str:
        value, sets = self._value(column, position)
        return words_of(self.classes, sets, value)

    def suggested_class(self, position: int) -> ClassInfo | None:
        ids = self._suggested.class_ids
        return self.classes.get(int(ids[position])) if position < len(ids) else None

    def confidence_at(self, position: int) -> float:
        values = self._suggested.confidence
        return float(values[position]) if position < len(values) else 0.0

    def display(self, column: int, position: int) -> str:
        if column == Column.TEXT:
            return one_line(self._table.texts[position])
        if column == Column.LABEL:
            return self._label_words(position)
        if column == Column.SUGGESTION:
            if self._is_set(column, position):
                return self._set_words(column, position)
            info = self.suggested_class(position)
            return info.name if info else ""
        return self._length_words(position) if column == Column.LENGTH else ""

    def _length_words(self, position: int) -> str:
        if self.clips is None or position >= len(self.clips):
            return ""
        file_id, start, end = self.clips.span(position)
        if end is None:
            file = self.clips.files.get(file_id)
            end = file.seconds if file is not None else 0.0
        return minutes(end - start) if end > start else ""

    def is_long(self, position: int) -> bool:
        """Whether the model reads the row in parts."""
        return position in getattr(self._suggested, "long", ())

    def fits_none(self, position: int) -> bool:
        """Whether the row, which has no class, is like none of the classes."""
        unknown = self._suggested.unknown
        return (
            position < len(unknown)
            and int(self._table.labels[position]) <= 0
            and bool(unknown[position] >= UNKNOWN_FROM)
        )

    def _label_words(self, position: int) -> str:
        label = int(self._table.labels[position])
        if label == SKIPPED:
            return self.tr("skipped")
        if label == UNSURE:
            return self.tr("unsure")
        if label >= FIRST_SET:
            return self._set_words(Column.LABEL, position)
        info = self.classes.get(label)
        return info.name if info else ""

    def class_position(self, column: int, position: int) -> int:
        if self._is_set(column, position):
            value, sets = self._value(column, position)
            return SEVERAL if sets.members(value) else -1
        if column == Column.SUGGESTION:
            info = self.suggested_class(position)
        else:
            info = self.classes.get(int(self._table.labels[position]))
        return info.position if info else -1

    def spoken(self, column: int, position: int) -> str:
        label = int(self._table.labels[position])
        if column == Column.STATE:
            if label == UNLABELLED:
                return self.tr("not labelled")
            return self.tr("labelled") if label > 0 else self._label_words(position)
        if column == Column.LABEL:
            return self._label_words(position) or self.tr("no label")
        if column == Column.SUGGESTION:
            name = self.display(column, position)
            if not name:
                return self.tr("no suggestion")
            words = self.tr("{name}, {percent} sure")
            if self.fits_none(position):
                words = self.tr("{name}, {percent} sure; but it fits none of the classes well")
            return words.format(name=name, percent=percent(self.confidence_at(position)))
        if column == Column.PICTURE:
            remark = self.remark(position)
            words = self.tr("Waveform. {remark}")
            return words.format(remark=remark.words) if remark else self.tr("Waveform")
        if column == Column.LENGTH:
            return self.display(column, position)
        text = one_line(self._table.texts[position])
        return self.tr("{text} (long: read in parts)").format(text=text) if self.is_long(position) else text

    def tool_tip(self, column: int, position: int) -> str | None:
        if column == Column.TEXT:
            # The delegate's view shows it only where the cell is cut.
            if self.is_long(position):
                parts = self.tr("Longer than the model reads at once: it is read in parts, none is cut.")
                return f"{parts}\n\n{one_line(self._table.texts[position])}"
            return one_line(self._table.texts[position])
        if column == Column.PICTURE:
            remark = self.remark(position)
            if remark is None:
                return self.tr("Click to hear it")
            return remark.words if remark.unheard else f"{remark.words}\n\n{self.tr('Click to hear it')}"
        return self.spoken(column, position)
