"""Which rows the table shows, and in what order: an index array over table positions, pure numpy.

Nothing moves under the user's hands. An order is computed when it is chosen or asked for again, never
because a label or a suggestion changed; a row that no longer passes the filter stays until then. ``stale``
says that asking again would change something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.answers import UNKNOWN_FROM
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import FIRST_SET, UNSURE, ClassInfo
from fsl_desktop.ui.label_sets import differ, ranks, with_class
from fsl_desktop.ui.orders import ASKED, BY_LABELS, BY_SUGGESTIONS, Order
from fsl_desktop.ui.row_sources import Rows, Suggested
from fsl_desktop.ui.sorting import sorted_by, sorted_by_whole, with_first

Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Lines that are looked at first for one without a label.
_NEAR = 512


class Show(StrEnum):
    ALL = "all"
    UNLABELLED = "unlabelled"
    LABELLED = "labelled"
    SET_ASIDE = "set aside"  # skipped or unsure
    CLASS = "class"
    SUGGESTED = "suggested"
    DISAGREEMENT = "disagreement"  # the model says something else than the label
    STRANGE = "strange"  # without a label, and like none of the classes
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Filter:
    """``class_id`` goes with CLASS and SUGGESTED, ``row_ids`` with ROWS."""

    show: Show = Show.ALL
    class_id: int = 0
    row_ids: tuple[int, ...] = ()


class RowOrder:
    """``rows`` holds the table positions that are shown, top to bottom."""

    def __init__(self, table: Rows, suggested: Suggested) -> None:
        self._table, self._suggested = table, suggested
        self.order = Order.FILE
        self.filter = Filter()
        self.stale = False
        self._class_rank: dict[int, int] = {}
        self._search: Mask | None = None
        self._lengths: NDArray[np.int64] = np.zeros(0, np.int64)
        self._ranking: Positions = np.zeros(0, np.int64)
        self._first: Positions = np.zeros(0, np.int64)
        self._member: Mask = np.zeros(0, bool)
        self.rows: Positions = np.zeros(0, np.int64)
        self._index: NDArray[np.int64] | None = None
        self.refresh()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def total(self) -> int:
        """Rows of the table, before filter and search."""
        return int(len(self._ranking) - np.count_nonzero(self._table.removed[: len(self._ranking)]))

    # what the user asks for

    def set_order(self, order: Order) -> None:
        """Choose an order; choosing the same again computes it anew."""
        self.order = order
        self.refresh()

    def set_ranking(self, order: Order, row_ids: NDArray[np.int64]) -> None:
        """Choose an order of ``ASKED``: the rows ``row_ids`` as they come, then the others as in the file."""
        self._first = row_ids
        self.set_order(order)

    def set_filter(self, wanted: Filter) -> None:
        """Choose what is shown; rows keep their order."""
        self.filter = wanted
        self._member = self._matches(wanted)[: len(self._ranking)]
        self.stale = self.stale and self.order is not Order.FILE
        self._select()

    def set_search(self, found: Mask | None) -> None:
        """Show only rows that were found too (by table position; missing ones are not found); None: all."""
        self._search = found
        self._select()

    def refresh(self) -> None:
        """Compute order and filter anew."""
        self._ranking = self._ranked()
        self._member = self._matches(self.filter)
        self.stale = False
        self._select()

    # what happened

    def set_classes(self, classes: Sequence[ClassInfo]) -> None:
        self._class_rank = {info.id: info.position for info in classes}
        self.stale = self.stale or self.order is Order.LABEL

    def rows_added(self) -> int:
        """Take in rows that were appended to the table, at the end; returns how many of them are shown."""
        old = len(self._ranking)
        new = np.arange(old, len(self._table), dtype=np.int64)
        if not len(new):
            return 0
        self._ranking = np.concatenate([self._ranking, new])
        self._member = np.concatenate([self._member, self._matches(self.filter)[old:]])
        shown = new[self._visible()[new]]
        self.rows = np.concatenate([self.rows, shown])
        self._index = None
        self.stale = self.stale or self.order is not Order.FILE
        return len(shown)

    def rows_removed(self) -> None:
        """Rows were removed, or came back by undo."""
        self._member |= self._matches(self.filter)[: len(self._member)]
        self._select()

    def labels_changed(self) -> None:
        """Labels changed: nothing moves, but asking again might."""
        self.stale = self.stale or self.order in BY_LABELS or self._filter_differs()

    def suggestions_changed(self) -> None:
        self.stale = self.stale or self.order in BY_SUGGESTIONS or self._filter_differs()

    def texts_changed(self) -> None:
        self._lengths = np.zeros(0, np.int64)
        self.stale = self.stale or self.order is Order.LENGTH

    # where is what

    def index_of(self, position: int) -> int:
        """The line that shows a table position, or -1."""
        return int(self.lines_of(np.array([position]))[0])

    def lines_of(self, positions: Positions) -> NDArray[np.int64]:
        """For each of the table positions its line, or -1."""
        lines = np.full(len(positions), -1, np.int64)
        if self._index is None and self.order is Order.FILE:
            # Lines are in ascending order of positions: an index of all would take longer to make.
            places = np.searchsorted(self.rows, positions)
            there = np.flatnonzero(places < len(self.rows))
            there = there[self.rows[places[there]] == positions[there]]
            lines[there] = places[there]
            return lines
        where = self._indices()
        there = np.flatnonzero((positions >= 0) & (positions < len(where)))
        lines[there] = where[positions[there]]
        return lines

    def _indices(self) -> NDArray[np.int64]:
        """For each table position its line, or -1; made once per change."""
        if self._index is None or len(self._index) != len(self._ranking):
            self._index = np.full(len(self._ranking), -1, np.int64)
            self._index[self.rows] = np.arange(len(self.rows))
        return self._index

    def next_unlabelled(self, index: int) -> int:
        """The next line below ``index`` that has no label, from the top again at the end; -1 if none."""
        if not len(self.rows):
            return -1
        start = min(max(index + 1, 0), len(self.rows))
        found = self._first_open(start, len(self.rows))
        return found if found >= 0 else self._first_open(0, start)

    def _first_open(self, start: int, end: int) -> int:
        """The first line from ``start`` to before ``end`` without a label, or -1. It is mostly near: the
        stretch that is looked at grows."""
        size = _NEAR
        while start < end:
            lines = self.rows[start : min(end, start + size)]
            is_open = self._table.labels[lines] == 0
            first = int(is_open.argmax())
            if is_open[first]:
                return start + first
            start, size = start + size, 4 * size
        return -1

    def count(self, wanted: Filter) -> int:
        """How many rows a filter would show, without the search."""
        matches = self._matches(wanted)
        return int(np.count_nonzero(matches & ~self._table.removed[: len(matches)]))

    # how

    def _select(self) -> None:
        visible = self._visible()
        if self.order is Order.FILE:
            self.rows = np.flatnonzero(visible)
        else:
            self.rows = self._ranking[visible[self._ranking]]
        self._index = None

    def _visible(self) -> Mask:
        n = len(self._ranking)
        shown = self._member & ~np.asarray(self._table.removed[:n], bool)
        if self._search is not None:
            known = min(n, len(self._search))
            shown[:known] &= self._search[:known]
            shown[known:] = False
        return shown

    def _filter_differs(self) -> bool:
        if self.filter.show is Show.ALL:
            return False
        return not np.array_equal(self._matches(self.filter)[: len(self._member)], self._member)

    def _matches(self, wanted: Filter) -> Mask:
        n = len(self._table)
        labels = self._table.labels[:n]
        if wanted.show is Show.UNLABELLED:
            return np.asarray(labels == 0)
        if wanted.show is Show.LABELLED:
            return np.asarray(labels > 0)
        if wanted.show is Show.SET_ASIDE:
            return np.asarray(labels < 0)
        if wanted.show is Show.CLASS:
            return with_class(labels, _sets_of(self._table, labels), wanted.class_id)
        if wanted.show is Show.SUGGESTED:
            suggested = self._padded(self._suggested.class_ids, n)
            return with_class(suggested, _sets_of(self._suggested, suggested), wanted.class_id)
        if wanted.show is Show.DISAGREEMENT:
            said = self._padded(self._suggested.class_ids, n)
            theirs, mine = _sets_of(self._suggested, said), _sets_of(self._table, labels)
            other = differ(labels, mine, said, theirs)
            return np.asarray((labels > 0) & (said > 0) & other)
        if wanted.show is Show.STRANGE:
            return np.asarray((labels <= 0) & (self._padded(self._suggested.unknown, n) >= UNKNOWN_FROM))
        if wanted.show is Show.ROWS:
            mask = np.zeros(n, bool)
            asked = np.asarray(wanted.row_ids, np.int64)
            places = np.searchsorted(self._table.ids[:n], asked)
            places, asked = places[places < n], asked[places < n]
            mask[places[self._table.ids[places] == asked]] = True
            return mask
        return np.ones(n, bool)

    def _ranked(self) -> Positions:
        n = len(self._table)
        labels = self._table.labels[:n]
        if self.order is Order.USEFUL:
            usefulness = self._padded(self._suggested.usefulness, n)
            # Open rows first, then unsure ones (worth a second look), labelled ones, and skipped ones last.
            group = np.select([labels == 0, labels == UNSURE, labels > 0], [0, 1, 2], 3)
            return sorted_by(np.where(labels == 0, -usefulness, 0), group)
        if self.order is Order.UNCERTAIN:
            doubt = self._padded(self._suggested.doubt, n)
            without = self._padded(self._suggested.class_ids, n) == 0
            # Rows that are open first, then the others, and last those of which nothing is known.
            return sorted_by(np.where(without, 0, -doubt), np.where(without, 2, labels != 0))
        if self.order in ASKED:
            return with_first(self._table.ids[:n], self._first)
        if self.order is Order.STRANGE:
            return sorted_by(-self._padded(self._suggested.unknown, n), labels > 0)
        if self.order is Order.LABEL:
            return sorted_by_whole(ranks(labels, _sets_of(self._table, labels), self._class_rank))
        if self.order is Order.LENGTH:
            lengths = self._lengths_of_rows(n)
            return sorted_by_whole(lengths) if lengths.dtype.kind == "i" else sorted_by(lengths)
        return np.arange(n, dtype=np.int64)

    def _lengths_of_rows(self, n: int) -> NDArray[np.generic]:
        clips = getattr(self._table, "clips", None)
        if clips is not None:
            return np.asarray(clips.lengths()[:n])
        have = len(self._lengths)
        if have < n:
            more = np.fromiter(map(len, islice(self._table.texts, have, n)), np.int64, n - have)
            self._lengths = np.concatenate([self._lengths, more])
        return self._lengths[:n]

    @staticmethod
    def _padded(values: NDArray[np.generic], n: int) -> NDArray[np.generic]:
        if len(values) >= n:
            return values[:n]
        return np.concatenate([values, np.zeros(n - len(values), values.dtype)])


def _sets_of(holder: Rows | Suggested, labels: NDArray[np.generic]) -> LabelSets | None:
    """What numbers of sets among ``labels`` mean; None where there are none."""
    return holder.sets if len(labels) and labels.max() >= FIRST_SET else None
