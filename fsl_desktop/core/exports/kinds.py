"""The formats that a project's labels can be written in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message


class Kind(StrEnum):
    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    PRODIGY = "prodigy"
    CONLL = "conll"
    DATASETS = "datasets"
    AUDIOFOLDER = "audiofolder"
    AUDACITY = "audacity"
    RAVEN = "raven"
    TEXTGRID = "textgrid"
    ELAN = "elan"


@dataclass(frozen=True, slots=True)
class Facts:
    ending: str
    """Of the file; "" where it is a folder."""
    texts: bool
    sounds: bool


FACTS = {
    Kind.LABEL_STUDIO: Facts(".json", texts=True, sounds=True),
    Kind.DOCCANO: Facts(".jsonl", texts=True, sounds=False),
    Kind.PRODIGY: Facts(".jsonl", texts=True, sounds=False),
    Kind.CONLL: Facts(".conll", texts=True, sounds=False),
    Kind.DATASETS: Facts("", texts=True, sounds=False),
    Kind.AUDIOFOLDER: Facts("", texts=False, sounds=True),
    Kind.AUDACITY: Facts("", texts=False, sounds=True),
    Kind.RAVEN: Facts("", texts=False, sounds=True),
    Kind.TEXTGRID: Facts("", texts=False, sounds=True),
    Kind.ELAN: Facts("", texts=False, sounds=True),
}
EVENTS = frozenset([Kind.AUDACITY, Kind.RAVEN, Kind.TEXTGRID, Kind.ELAN])
"""Files of what is to be heard when, one for each recording."""


@dataclass(frozen=True, slots=True)
class Written:
    n_rows: int
    notes: tuple[Message, ...] = ()
    """What the format could not hold."""


def kinds_for(sounds: bool) -> list[Kind]:
    """Those that a project of texts, or of recordings, can be written in."""
    return [kind for kind, facts in FACTS.items() if (facts.sounds if sounds else facts.texts)]


def check_fits(kind: Kind, sounds: bool) -> None:
    """``UserError`` where a project of texts (or of recordings) has nothing to put into the format."""
    fitting = kinds_for(sounds)
    if kind in fitting:
        return
    template = (
        "The format {kind} is for texts, and this is a project of recordings. Choose one of: {fitting}."
        if sounds
        else "The format {kind} is for recordings, and this is a project of texts. Choose one of: {fitting}."
    )
    raise UserError(template, kind=kind.value, fitting=", ".join(fitting))
