"""The rows in memory: positions that stay, growth without copying each time."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.labels import SKIPPED, UNSURE
from fsl_desktop.core.table import ExampleTable


@pytest.fixture
def table() -> ExampleTable:
    made = ExampleTable()
    made.append([2, 5, 9], ["a", "b", "c"], [1, 0, 2], [False, False, True])
    return made


def test_positions_come_in_the_order_asked(table: ExampleTable) -> None:
    assert table.positions([9, 2]).tolist() == [2, 0]
    assert table.positions(5).tolist() == [1]


@pytest.mark.parametrize("missing", [1, 3, 10])
def test_a_row_that_is_not_there_is_a_key_error(table: ExampleTable, missing: int) -> None:
    with pytest.raises(KeyError, match=str(missing)):
        table.positions([2, missing])
    assert table.known([missing, 5])[0].tolist() == [False, True]


def test_an_empty_table_knows_no_row() -> None:
    table = ExampleTable()
    assert len(table) == 0
    assert table.counts() == {}
    with pytest.raises(KeyError):
        table.positions([1])


def test_ids_must_ascend_and_a_failed_append_changes_nothing(table: ExampleTable) -> None:
    for ids in ([9], [10, 10], [8]):
        with pytest.raises(ValueError, match="ascend"):
            table.append(ids, ["x"] * len(ids), [0] * len(ids), [False] * len(ids))
    with pytest.raises(ValueError, match="length"):
        table.append([10], ["x", "y"], [0], [False])
    assert len(table) == len(table.texts) == 3


def test_counts_leave_out_removed_rows_and_rows_without_a_class(table: ExampleTable) -> None:
    table.append([10, 11, 12], ["d", "e", "f"], [2, SKIPPED, UNSURE], [False] * 3)
    assert table.counts() == {1: 1, 2: 1}
    assert table.labelled().tolist() == [True, False, False, True, False, False]


def test_many_small_appends_keep_every_row() -> None:
    table = ExampleTable()
    for start in range(0, 5000, 7):
        ids = np.arange(start + 1, start + 8)
        table.append(ids, [str(i) for i in ids], ids % 3, ids % 2 == 0)
    assert table.ids.tolist() == list(range(1, len(table) + 1))
    assert table.texts[4321] == "4322"
    assert table.labels[4321] == 4322 % 3
    assert table.removed[4321]
