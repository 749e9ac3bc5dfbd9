"""Search finds what a plain loop would find, in slices."""

import numpy as np
import pytest

from fsl_desktop.ui import search
from fsl_desktop.ui.search import TextSearch


def find(texts, query):
    looking = TextSearch(texts)
    looking.set_query(query)
    while not looking.step():
        pass
    return np.flatnonzero(looking.mask).tolist()


TEXTS = [
    "Where is my Card?",
    "STRASSE",
    "straße",
    "",
    "card card card",
    "ÉTÉ",
    "line\nbreak",
    "ends with car",
    "d",
]


@pytest.mark.parametrize("query", ["card", "CARD", "strasse", "été", "e", "?", "line", "zebra", " "])
def test_finds_what_a_plain_loop_finds(query):
    expected = [i for i, text in enumerate(TEXTS) if query.casefold() in text.casefold()]
    assert find(TEXTS, query) == expected


def test_nothing_typed_finds_everything():
    assert find(TEXTS, "") == list(range(len(TEXTS)))


def test_words_are_not_found_across_two_rows():
    assert find(["ca", "rd"], "card") == []
    assert find(["a", "b"], "a\nb") == []


def test_words_are_found_across_the_cut_of_a_very_long_text():
    size = search.BLOCK_CHARS
    texts = ["short", "x" * (size - 3) + "needle" + "y" * size, "needle"]
    assert find(texts, "NEEDLE") == [1, 2]
    assert find(texts, "short") == [0]


def test_rows_that_arrive_later_are_searched_too():
    texts = ["card"]
    looking = TextSearch(texts)
    looking.set_query("card")
    assert looking.step()
    texts += ["no", "my card"]
    assert not looking.finished
    while not looking.step():
        pass
    assert looking.mask.tolist() == [True, False, True]


def test_an_edited_text_is_searched_anew():
    texts = ["card", "x" * 200_000, "card", "tail"]
    looking = TextSearch(texts)
    looking.set_query("card")
    while not looking.step():
        pass
    texts[1] = "a card now"
    looking.text_changed(1)
    while not looking.step():
        pass
    assert looking.mask.tolist() == [True, True, True, False]


def test_memory_is_bounded_and_the_answer_is_the_same(monkeypatch):
    monkeypatch.setattr(search, "MAX_KEPT_CHARS", 100)
    texts = [f"Row {i}" for i in range(20_000)]
    looking = TextSearch(texts)
    looking.set_query("row 19999")
    while not looking.step():
        pass
    assert np.flatnonzero(looking.mask).tolist() == [19_999]
    assert sum(len(block.folded or "") for block in looking._blocks) <= 100


def test_a_step_stops_when_its_time_is_up():
    texts = [f"some words in row {i}" for i in range(30_000)]
    looking = TextSearch(texts)
    looking.set_query("row")
    assert looking.step(seconds=0.0) is False, "one block, then the window's turn"
    assert 0 < looking.mask.sum() < len(texts)
