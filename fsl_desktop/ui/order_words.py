"""What the orders of the table are called, and a sentence on each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fsl_desktop.ui.orders import Order


def order_words() -> tuple[tuple[Order, str, str], ...]:
    """(order, name, sentence), as they are offered."""
    return (
        (Order.FILE, _tr("Order: as in the file"), _tr("Rows stay where the file has them.")),
        (
            Order.DIVERSE,
            _tr("Order: typical and spread out"),
            _tr("Typical rows that differ from each other: the best start while nothing has a label."),
        ),
        (
            Order.USEFUL,
            _tr("Order: most useful next"),
            _tr(
                "Doubtful rows that stand for many others, and more of the classes with few labels: best once"
                " there are suggestions."
            ),
        ),
        (
            Order.UNCERTAIN,
            _tr("Order: least sure first"),
            _tr("Rows between two classes, of which the model finds one about as likely as the other."),
        ),
        (
            Order.ALIKE,
            _tr("Order: like this row"),
            _tr("Rows that are most like the current one, whatever their labels."),
        ),
        (
            Order.DOUBTED,
            _tr("Order: model disagrees"),
            _tr("Labels that a model which has not seen them would not give: possible mistakes come first."),
        ),
        (
            Order.CONTRADICTIONS,
            _tr("Order: contradictions"),
            _tr("Rows that are nearly the same and have different labels, one below the other."),
        ),
        (
            Order.STRANGE,
            _tr("Order: strange first"),
            _tr("Rows that fit none of the classes: perhaps one is missing."),
        ),
        (Order.LABEL, _tr("Order: by label"), _tr("Rows of one class stand together.")),
        (Order.LENGTH, _tr("Order: shortest first"), _tr("The shortest rows come first.")),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("LabelHeader", text)
