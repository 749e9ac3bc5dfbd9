"""The list of orders: what cannot be had yet says why, and what is best now is marked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from fsl_desktop.ui.order_delegate import OrderDelegate
from fsl_desktop.ui.order_words import order_words
from fsl_desktop.ui.orders import Order


class OrderBox(QComboBox):
    """Offers every ``Order``; ``opening`` comes before the list shows, for whoever knows what can be had."""

    opening = Signal()
    chosen = Signal(object)  # Order

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = order_words()
        for order, name, sentence in self._words:
            self.addItem(name, order)
            self.setItemData(self.count() - 1, sentence, Qt.ItemDataRole.ToolTipRole)
        self.setItemDelegate(OrderDelegate(self))
        # The list is as wide as its sentences need; the box itself stays small.
        self.view().setMinimumWidth(OrderDelegate.WIDTH)
        self.currentIndexChanged.connect(self._explain)
        # Qt keeps an enum of words as a plain word.
        self.activated.connect(lambda _: self.chosen.emit(self.order))
        self._explain()

    @property
    def order(self) -> Order:
        return Order(self.currentData())

    def choose(self, order: Order) -> None:
        """Show ``order`` as the chosen one, without telling anybody."""
        self.setCurrentIndex(self.findData(order))

    def set_available(self, missing: Mapping[Order, str], best: Order | None) -> None:
        """``missing``: why an order cannot be had, in a sentence; ``best``: the one to advise now."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for place, (order, name, sentence) in enumerate(self._words):
            item = model.item(place)
            reason = missing.get(order, "")
            item.setEnabled(not reason)
            item.setToolTip(f"{sentence} {reason}".strip())
            item.setText(self.tr("{order} (best now)").format(order=name) if order is best else name)

    def showPopup(self) -> None:
        self.opening.emit()
        super().showPopup()

    def _explain(self) -> None:
        self.setToolTip(self._words[max(0, self.currentIndex())][2])
