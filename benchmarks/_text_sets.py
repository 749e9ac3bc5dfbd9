"""The sets that the accuracy of text classification is measured on, and what is drawn from them with a seed.

A *set* has as many labelled rows per class as are asked for; a *case* is a situation that users meet (very
many classes, a class with one example, two classes 50 to 1) with a fixed number of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _multilabel import draw_several
from numpy.typing import NDArray

from fsl_desktop.core.label_cells import join_cell

TEST_ROWS = 500
Rows = Sequence[tuple[str, str]]
"""(text, class) each."""


@dataclass(frozen=True)
class Draw:
    """One seed's rows: what is learnt from and what is answered."""

    texts: list[str]
    labels: list[str]
    test_texts: list[str]
    test_labels: list[str]
    several: bool = False
    """Labels are cells as ``join_cell`` writes them, each of which may hold several classes."""


@dataclass(frozen=True)
class TextSet:
    """``draw(data, shots, seed)``, read by ``model``; a case has ``shots`` of its own and says what it is."""

    name: str
    draw: Callable[[Path, int, int], Draw]
    model: str = "minilm"
    shots: int | None = None
    about: str = ""


def read(path: Path, label: str = "label") -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [(row["text"], row[label]) for row in map(json.loads, lines)]


def pick(train: Rows, test: Rows, shots: dict[str, int], seed: int, test_rows: int = TEST_ROWS) -> Draw:
    """``shots[class]`` rows of each class at random, and up to ``test_rows`` of the test rows."""
    chance = np.random.default_rng(seed)
    labels = np.array([label for _, label in train])
    chosen = [int(row) for name in sorted(shots) for row in _some(labels == name, shots[name], chance)]
    asked = chance.permutation(len(test))[:test_rows]
    return Draw(
        [train[row][0] for row in chosen],
        [train[row][1] for row in chosen],
        [test[row][0] for row in asked],
        [test[row][1] for row in asked],
    )


def _some(among: NDArray[np.bool_], n: int, chance: np.random.Generator) -> NDArray[np.int64]:
    return chance.permutation(np.flatnonzero(among))[:n]


def _even(train: Rows, shots: int) -> dict[str, int]:
    return {label: shots for _, label in train}


def _plain(name: str) -> Callable[[Path, int, int], Draw]:
    def draw(data: Path, shots: int, seed: int) -> Draw:
        folder = data / "text" / name
        train = read(folder / "train.jsonl")
        return pick(train, read(folder / "test.jsonl"), _even(train, shots), seed)

    return draw


def _tnews(data: Path, shots: int, seed: int, test_rows: int = TEST_ROWS) -> Draw:
    """The official draw of this number (there are five, of 16 per class), or fewer rows out of it.

    The test file is sorted by class, so that a part of it has to be drawn at random.
    """
    folder = data / "text_zh" / "fewclue_tnews"
    train, test = read(folder / f"train_{seed % 5}.jsonl"), read(folder / "test_public.jsonl")
    return pick(train, test, _even(train, shots), seed, test_rows)


def _whole_tnews(data: Path, shots: int, seed: int) -> Draw:
    """The same with all 2,010 test rows, as published figures have it."""
    return _tnews(data, shots, seed, 2010)


def _many_classes(data: Path, shots: int, seed: int) -> Draw:
    """150 classes in one project: five sets and the fine classes of questions, the rarest left out.

    Those with fewer than ``shots`` rows give what they have. Answered are up to four rows of each class.
    """
    text = data / "text"
    train: list[tuple[str, str]] = []
    test: list[tuple[str, str]] = []
    sources = [(text / name, "label", "train", "test") for name in ("banking77", "snips", "ag_news")]
    sources += [
        (text / "tweeteval_emotion", "label", "train", "test"),
        (text / "trec6", "fine", "train", "test"),
    ]
    sources += [(data / "text_zh" / "fewclue_tnews", "label", f"train_{seed % 5}", "test_public")]
    for folder, column, first, second in sources:
        for name, rows in ((first, train), (second, test)):
            rows += [(row, _spoken(label)) for row, label in read(folder / f"{name}.jsonl", column)]
    counts: dict[str, int] = {}
    for _, label in train:
        counts[label] = counts.get(label, 0) + 1
    kept = set(sorted(counts, key=lambda label: (-counts[label], label))[:150])
    shown = [row for row in train if row[1] in kept]
    chance = np.random.default_rng(seed)
    labels = np.array([label for _, label in test])
    answered = [test[row] for label in sorted(kept) for row in _some(labels == label, 4, chance)]
    return pick(shown, answered, _even(shown, shots), seed, len(answered))


def _spoken(label: str) -> str:
    """A fine class of questions is written ``ENTY:animal``; its second half is a name."""
    return label.replace(":", " ")


def _one_example(data: Path, shots: int, seed: int) -> Draw:
    """``shots`` rows of every class of trec6 but one, which changes with the seed and has a single row."""
    folder = data / "text" / "trec6"
    train = read(folder / "train.jsonl")
    counts = _even(train, shots)
    counts[sorted(counts)[seed % len(counts)]] = 1
    return pick(train, read(folder / "test.jsonl"), counts, seed)


def _one_in_fifty(data: Path, shots: int, seed: int) -> Draw:
    """Two neighbouring topics 50 to 1, as learnt and as answered: ``shots`` rare rows; 20 among 1,020."""
    folder = data / "text" / "ag_news"
    rare, often = "Business", "Sci/Tech"
    train = read(folder / "train.jsonl")
    test = read(folder / "test.jsonl")
    chance = np.random.default_rng(seed)
    labels = np.array([label for _, label in test])
    answered = [*_some(labels == rare, 20, chance), *_some(labels == often, 1000, chance)]
    return pick(train, [test[row] for row in answered], {rare: shots, often: 50 * shots}, seed, 1020)


def _several(data: Path, shots: int, seed: int) -> Draw:
    """Rows made of one to three rows of snips each, every class in at least ``shots`` of them."""
    drawn = draw_several(data / "text" / "snips", shots, seed)
    labels, answers = ([join_cell(row) for row in each] for each in (drawn.labels, drawn.test_labels))
    return Draw(drawn.texts, labels, drawn.test_texts, answers, several=True)


SETS = (
    TextSet("trec6", _plain("trec6")),
    TextSet("banking77", _plain("banking77")),
    TextSet("snips", _plain("snips")),
    TextSet("ag_news", _plain("ag_news")),
    TextSet("tweeteval_emotion", _plain("tweeteval_emotion")),
    TextSet("amazon_cf_de", _plain("amazon_cf_de"), model="e5-small"),
    TextSet("fewclue_tnews", _tnews, model="e5-small"),
)

CASES = (
    TextSet("150 classes", _many_classes, "e5-small", 4, "six sets in one project, 4 labels per class"),
    TextSet("one example per class", _plain("banking77"), "minilm", 1, "banking77, 77 classes"),
    TextSet("a class with one example", _one_example, "minilm", 8, "trec6, the others have 8"),
    TextSet(
        "two classes 1:50",
        _one_in_fifty,
        "minilm",
        4,
        "ag_news, 4 and 200 labels; one answer for all: 98.0",
    ),
    TextSet("Chinese", _whole_tnews, "e5-small", 16, "fewclue_tnews, official draws, all 2,010 test rows"),
    TextSet(
        "several labels per row", _several, "minilm", 8, "snips, one to three in a row; right: the whole set"
    ),
)
