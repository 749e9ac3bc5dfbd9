"""What a class is called and described as, in the texts that take part as its examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.labels import spoken_name


def texts_of_names(names: Sequence[str], descriptions: Sequence[str] = ()) -> list[str]:
    """The names as words, (C,); with descriptions as many texts again, in the same order, (2 C,).

    A class without a sentence gives its name a second time, so that no class has more examples than another.
    Name and sentence are two examples and not one "name: sentence": on trec6, tweeteval_emotion and ag_news
    that is 2.8 points better before the first label and 4.5 with one per class (17 and 10 above names alone).
    """
    spoken = [spoken_name(name) or name for name in names]
    said = [sentence.strip() for sentence in descriptions]
    if not any(said):
        return spoken
    return [*spoken, *(sentence or name for sentence, name in zip(said, spoken, strict=True))]


def without_labels(names: Sequence[str], descriptions: Sequence[str] = ()) -> list[str]:
    """:func:`texts_of_names` for a project in which nothing is labelled: a class without a sentence gets one.

    On seven sets that is 3.3 points better on average before the first label, and hardly any after it, so
    there the names stand alone.
    """
    spoken = texts_of_names(names)
    said = [sentence.strip() for sentence in descriptions] or [""] * len(spoken)
    about = [words or f"This text is about {name}." for name, words in zip(spoken, said, strict=True)]
    return [*spoken, *about]


def classes_of_names(n_texts: int, n_classes: int) -> NDArray[np.int64]:
    """Which class each text of :func:`texts_of_names` is an example of, (n_texts,)."""
    return np.arange(n_texts, dtype=np.int64) % n_classes


def add_descriptions(digest_parts: list[str], descriptions: Sequence[str]) -> list[str]:
    """``digest_parts`` with the descriptions, or as they were where there are none."""
    said = [sentence.strip() for sentence in descriptions]
    return [*digest_parts, "descriptions", *said] if any(said) else digest_parts
