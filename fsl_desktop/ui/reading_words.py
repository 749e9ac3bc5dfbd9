"""Which language the rows are in and which model reads them, in words."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from fsl_desktop.core.catalogue import ENGLISH, TEXT, Catalogue, Recommendation
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.language import UNDETERMINED, language_name


def _tr(text: str) -> str:
    return QCoreApplication.translate("ReadingWords", text)


def model_name(model: str, catalogue: Catalogue) -> str:
    """A model as people call it; its id where the catalogue does not know it."""
    try:
        return catalogue.entry(model).name
    except UserError:
        return model


def choices(catalogue: Catalogue, wanted: Iterable[str]) -> list[tuple[str, str, bool]]:
    """(id, name, is it on this computer) of the models that are, and of those in ``wanted``."""
    entries = catalogue.of(TEXT)
    found = [(entry.id, entry.name, catalogue.status(entry.id).installed) for entry in entries]
    return [(model, name, here) for model, name, here in found if here or model in set(wanted)]


def language_words(language: str, share: float) -> str:
    """``Language: German (94 % of the rows).``"""
    if language == UNDETERMINED:
        return _tr("The language of the rows is not clear.")
    if not language:
        return _tr("The rows have no words that show their language.")
    words = _tr("Language: {language} ({share} % of the rows).")
    return words.format(language=language_name(language), share=round(100 * share))


def reader_words(model: str, advised: Recommendation, language: str, catalogue: Catalogue) -> str:
    """Which model reads the rows, and why this one or why better another."""
    name, better = model_name(model, catalogue), model_name(advised.model, catalogue)
    if model == advised.model:
        if model == ENGLISH:
            return _tr("{name} reads them: small, fast, and best at English.").format(name=name)
        english = model_name(ENGLISH, catalogue)
        words = _tr("{name} reads them, because {english} knows English only.")
        return words.format(name=name, english=english)
    if model == ENGLISH:
        words = _tr("{name} reads them, and it knows English only. {better} knows a hundred languages.")
        return words.format(name=name, better=better)
    if advised.model == ENGLISH and language:
        words = _tr("{name} reads them, as you chose. For English, {better} is faster and better.")
        return words.format(name=name, better=better)
    return _tr("{name} reads them, as you chose.").format(name=name)
