"""The orders in which the table can be."""

from __future__ import annotations

from enum import StrEnum

from fsl_desktop.core.ranking import Asked


class Order(StrEnum):
    FILE = "file"
    USEFUL = "useful"  # what to label next
    LABEL = "label"
    UNCERTAIN = "uncertain"  # smallest margin first
    LENGTH = "length"  # shortest first
    STRANGE = "strange"  # what fits no class first
    DIVERSE = "diverse"
    ALIKE = "alike"
    DOUBTED = "doubted"
    CONTRADICTIONS = "contradictions"


ASKED = {
    Order.DIVERSE: Asked.DIVERSE,
    Order.ALIKE: Asked.ALIKE,
    Order.DOUBTED: Asked.DOUBTED,
    Order.CONTRADICTIONS: Asked.CONTRADICTIONS,
}
"""Orders that the child works out."""
# What a change of labels, or of suggestions, makes out of date.
BY_LABELS = (
    *(Order.USEFUL, Order.UNCERTAIN, Order.LABEL, Order.STRANGE),
    *(Order.DIVERSE, Order.DOUBTED, Order.CONTRADICTIONS),
)
BY_SUGGESTIONS = (Order.USEFUL, Order.UNCERTAIN, Order.STRANGE)
