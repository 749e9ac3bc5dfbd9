"""The record of an edit: what goes into the log comes out again, and damage never gets further."""

from __future__ import annotations

import random
import zlib
from dataclasses import replace

import numpy as np
import pytest

from fsl_desktop.core.edit import (
    BatchSwitch,
    ClassCell,
    Edit,
    LabelCells,
    Removal,
    TextCell,
    pack,
    pack_ints,
    unpack,
    unpack_ints,
)
from fsl_desktop.core.edit_words import WORDS, sentence
from fsl_desktop.core.labels import ClassInfo


def _ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


FULL = Edit(
    kind="label",
    words=(("n", 2), ("name", "yés")),
    labels=LabelCells(_ints(3, 9), _ints(0, -2), _ints(4, 4)),
    classes=(
        ClassCell(None, ClassInfo(4, "yés", 0, "“so”")),
        ClassCell(ClassInfo(1, "a", 0), ClassInfo(1, "a", 1)),
        ClassCell(ClassInfo(2, "gone", 2), None),
    ),
    text=TextCell(3, "old\x00", "new"),
    batch=BatchSwitch(2, True, (("label in file", 4),)),
    name=("old name", "new name"),
)


def _plain(edit: Edit) -> str:
    return repr(edit)


def test_an_edit_comes_out_of_the_log_as_it_went_in() -> None:
    assert _plain(unpack(pack(FULL))) == _plain(FULL)
    removal = Edit("remove_rows", removal=Removal(np.arange(5, 5000), gone=True))
    assert _plain(unpack(pack(removal))) == _plain(removal)
    assert unpack(pack(Edit("clear"))) == Edit("clear")


def test_taking_back_twice_is_the_edit_itself() -> None:
    assert _plain(FULL.inverted().inverted()) == _plain(FULL)
    assert FULL.inverted().name == ("new name", "old name")


@pytest.mark.parametrize(
    "values",
    [[], [5], range(16), range(17), range(10, 100_000), [3] * 50_000, [2**62, -(2**62)] * 30],
)
def test_packed_numbers_come_back(values: list[int]) -> None:
    array = np.array(list(values), np.int64)
    assert np.array_equal(unpack_ints(pack_ints(array)), array)


def test_ranges_are_small_however_long() -> None:
    assert len(pack_ints(np.arange(1, 100_001))) < 5000
    assert len(pack_ints(np.full(100_000, 7))) < 5000


def test_a_small_record_cannot_claim_to_be_huge() -> None:
    for count in (2**40, 2**20):
        bomb = b"z" + count.to_bytes(8, "little") + zlib.compress(bytes(1000))
        with pytest.raises(ValueError, match=r"too many|does not fit"):
            unpack_ints(bomb)
    many = b"z" + (10).to_bytes(8, "little") + zlib.compress(bytes(50_000_000))
    with pytest.raises(ValueError, match="does not fit"):
        unpack_ints(many)


def test_damaged_records_raise_value_error_and_nothing_else() -> None:
    chance = random.Random(3)
    whole = pack(replace(FULL, labels=LabelCells(np.arange(50), np.zeros(50, int), np.ones(50, int))))
    refused = 0
    for _ in range(400):
        damaged = whole
        if chance.random() < 0.7:
            text = list(whole.detail)
            for _ in range(chance.randrange(1, 4)):
                text[chance.randrange(len(text))] = chance.choice('[]{}",0a:n')
            damaged = replace(damaged, detail="".join(text))
        if chance.random() < 0.7:
            data = bytearray(whole.row_ids or b"")
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            damaged = replace(damaged, row_ids=bytes(data))
        try:
            unpack(damaged)
        except ValueError:
            refused += 1
    assert refused > 200


@pytest.mark.parametrize("kind", WORDS)
def test_every_sentence_fills_its_places(kind: str) -> None:
    values = {"n": 3, "name": "NAME", "old": "OLD", "source": "SOURCE"}
    for n in (1, 3):
        for undone in (False, True):
            text = sentence(kind, tuple((values | {"n": n}).items()), undone=undone).text
            assert "{" not in text
            assert not text.endswith(".")
