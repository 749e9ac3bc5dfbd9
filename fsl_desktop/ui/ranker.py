"""Puts the table in the order that the user picked, and asks the child for those that it has to work out."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.message import Message
from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.ui.order_box import OrderBox
from fsl_desktop.ui.orders import ASKED, Order
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.ui.table_model import TableModel
from fsl_desktop.ui.table_view import TableView
from fsl_desktop.work.protocol import Rank


class RowRanker(QObject):
    """``arranged``: the table has another order. ``busy_changed``: whether one is being worked out."""

    arranged = Signal()
    busy_changed = Signal()
    said = Signal(object)  # Message

    def __init__(
        self,
        session: Session,
        suggester: Suggester,
        model: TableModel,
        view: TableView,
        box: OrderBox,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._suggester = session, suggester
        self._model, self._view, self._box = model, view, box
        self._ticket: int | None = None
        self._row_id = 0
        box.opening.connect(self.offer)
        box.chosen.connect(self.choose)

    @property
    def busy(self) -> bool:
        return self._ticket is not None

    def offer(self) -> None:
        """Say in the list what can be had now, and what is best."""
        missing = {order: words for order in Order if (words := self.missing(order))}
        best = next((order for order in (Order.USEFUL, Order.DIVERSE) if order not in missing), None)
        self._box.set_available(missing, best)

    def choose(self, order: Order) -> None:
        """Put the table in this order, now or as soon as the child has worked it out."""
        reason = self.missing(order)
        if reason:
            # The arrow keys choose in a closed list, too.
            self._box.choose(self._model.order.order)
            self.said.emit(Message.of(reason))
            return
        if order is Order.ALIKE:
            self._row_id = self._view.current_row() or 0
        self._arrange(order)

    def choose_alike(self) -> None:
        """The rows that are most like the current one, as from the menu of a row."""
        self._box.choose(Order.ALIKE)
        self.choose(Order.ALIKE)

    def again(self) -> None:
        """Sort and filter once more by what is known now."""
        self._arrange(self._model.order.order)

    def close(self) -> None:
        self._drop()

    def missing(self, order: Order) -> str:
        """Why ``order`` cannot be had yet; "" where it can."""
        table = self._session.table
        learnt = order in (*ASKED, Order.USEFUL, Order.UNCERTAIN)
        if learnt and not self._suggester.enabled:
            return self.tr("The model that reads the rows is not there yet.")
        if order in (Order.USEFUL, Order.UNCERTAIN) and not self._suggester.class_ids.any():
            return self.tr("There are no suggestions yet: name the classes, or label a few rows first.")
        if order is Order.DIVERSE and not len(table):
            return self.tr("There are no rows yet.")
        if order is Order.ALIKE and self._view.current_row() is None:
            return self.tr("Choose a row first.")
        if order not in (Order.DOUBTED, Order.CONTRADICTIONS):
            return ""
        counts = np.unique(table.labels[table.labels > 0], return_counts=True)[1]
        if order is Order.CONTRADICTIONS and len(counts) < 2:
            return self.tr("Label rows of two classes first.")
        if order is Order.DOUBTED and np.count_nonzero(counts > 1) < 2:
            return self.tr("Label two rows of two classes at least: a model has to learn from the others.")
        return ""

    def _arrange(self, order: Order) -> None:
        self._drop()
        if order not in ASKED:
            self._model.set_order(order)
            self.arranged.emit()
            return
        suggester = self._suggester
        self._ticket = self._session.jobs.submit(
            Rank(
                str(self._session.project.folder),
                ASKED[order],
                suggester.model,
                suggester.use_class_names,
                self._row_id if order is Order.ALIKE else 0,
            ),
            done=self._on_done,
            told=suggester.progress.emit,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )
        self.busy_changed.emit()

    def _on_done(self, ranking: Ranking) -> None:
        self._ended()
        self._model.set_ranking(_ORDERS[ranking.asked], ranking.row_ids)
        self.arranged.emit()
        if ranking.note is not None:
            self.said.emit(ranking.note)

    def _on_refused(self, message: Message, details: str) -> None:
        self._on_dropped()
        self._session.failed.emit(message, details)

    def _on_dropped(self) -> None:
        self._ended()
        self._box.choose(self._model.order.order)

    def _ended(self) -> None:
        self._ticket = None
        self._suggester.progress.emit(None)
        self.busy_changed.emit()

    def _drop(self) -> None:
        """What was asked for before is wanted by nobody any more."""
        if self._ticket is not None:
            self._session.jobs.forget(self._ticket)
            self._session.jobs.cancel(self._ticket)
            self._ticket = None


_ORDERS: dict[Asked, Order] = {asked: order for order, asked in ASKED.items()}
