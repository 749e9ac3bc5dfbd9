"""Search finds what a plain loop would find, in slices."""

import random

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
    "北京的银行卡",
    "nul\x00byte",
    "\ud83d half a pair",
    "exchange rate",
    "exc",
]


@pytest.mark.parametrize(
    "query",
    [
        "card",
        "CARD",
        "strasse",
        "été",
        "e",
        "?",
        "line",
        "zebra",
        " ",
        "行",
        "银行卡",
        "byte",
        "exchange",
        "exchanges",
        "c",
        "xc",
        "half",
        "card card card card",
    ],
)
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
    monkeypatch.setattr(search, "MAX_KEPT_BYTES", 100)
    texts = [f"Row {i}" for i in range(20_000)]
    looking = TextSearch(texts)
    looking.set_query("row 19999")
    while not looking.step():
        pass
    assert np.flatnonzero(looking.mask).tolist() == [19_999]
    assert sum(len(block.folded or b"") for block in looking._blocks) <= 100


def test_long_and_short_queries_at_the_end_of_a_block():
    texts = ["car", "c", "", "ca"]
    assert find(texts, "ca") == [0, 3]
    assert find(texts, "car") == [0]
    assert find(texts, "card") == []


def test_any_part_of_any_row_is_found_as_a_plain_loop_finds_it():
    chance = random.Random(0)
    letters = "ab é\n北\U0001f600"
    texts = ["".join(chance.choices(letters, k=chance.randrange(12))) for _ in range(3000)]
    for _ in range(200):
        query = "".join(chance.choices(letters, k=chance.randrange(1, 6)))
        assert find(texts, query) == [i for i, text in enumerate(texts) if query in text]


def test_an_edit_in_one_block_leaves_the_others_folded():
    texts = [f"row {number} " + "x" * 100 for number in range(5000)]
    looking = TextSearch(texts)
    assert looking.warm(10.0)
    texts[2500] = "needle"
    looking.text_changed(2500)
    assert sum(block.folded is None for block in looking._blocks) == 1
    looking.set_query("needle")
    while not looking.step():
        pass
    assert np.flatnonzero(looking.mask).tolist() == [2500]


def test_what_was_folded_beforehand_gives_the_same_answers():
    looking = TextSearch(TEXTS)
    assert looking.warm(10.0)
    looking.set_query("card")
    assert looking.step(10.0)
    assert np.flatnonzero(looking.mask).tolist() == [0, 4]


def test_a_step_stops_when_its_time_is_up():
    texts = [f"some words in row {i}" for i in range(30_000)]
    looking = TextSearch(texts)
    looking.set_query("row")
    assert looking.step(seconds=0.0) is False, "one block, then the window's turn"
    assert 0 < looking.mask.sum() < len(texts)
