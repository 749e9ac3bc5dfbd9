"""Which families of transformers run packed and can be trained here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fsl_desktop.learn.encoders.bert import BertWalk
from fsl_desktop.learn.encoders.distilbert import DistilBertWalk
from fsl_desktop.learn.encoders.modernbert import ModernBertWalk
from fsl_desktop.learn.encoders.mpnet import MPNetWalk
from fsl_desktop.learn.encoders.walk import Walk

WALKS: dict[str, Callable[[Any], Walk]] = {
    "bert": BertWalk,
    "roberta": BertWalk,
    "xlm-roberta": BertWalk,
    "camembert": BertWalk,
    "distilbert": DistilBertWalk,
    "mpnet": MPNetWalk,
    "modernbert": ModernBertWalk,
}
"""By the model type in a folder's config.json; every other type runs padded and keeps its layers."""


def walk_of(model: Any) -> Walk | None:
    """The way through ``model``; None where its family is not known here."""
    make = WALKS.get(str(model.config.model_type))
    if make is None or bool(getattr(model.config, "is_decoder", False)):
        return None
    return make(model)
