"""The order of rows: what is shown, and that nothing moves unasked."""

from types import SimpleNamespace

import numpy as np
import pytest

from fsl_desktop.core.labels import SKIPPED, UNSURE, ClassInfo
from fsl_desktop.ui.row_order import Filter, Order, RowOrder, Show


class Table(SimpleNamespace):
    def __len__(self):
        return len(self.ids)


def table(labels, texts=None, removed=()):
    n = len(labels)
    gone = np.zeros(n, bool)
    gone[list(removed)] = True
    return Table(
        ids=np.arange(10, 10 + n, dtype=np.int64),
        texts=list(texts or ["x"] * n),
        labels=np.array(labels, np.int32),
        removed=gone,
    )


def suggested(class_ids=(), confidence=(), usefulness=(), unknown=(), doubt=()):
    return SimpleNamespace(
        class_ids=np.array(class_ids, np.int32),
        confidence=np.array(confidence, np.float32),
        usefulness=np.array(usefulness, np.float32),
        unknown=np.array(unknown, np.float32),
        doubt=np.array(doubt, np.float32),
    )


def test_as_in_the_file_leaves_out_removed_rows():
    order = RowOrder(table([0, 0, 1, 0], removed=[1]), suggested())
    assert order.rows.tolist() == [0, 2, 3]
    assert order.total == 3
    assert order.index_of(1) == -1
    assert order.index_of(3) == 2


def test_most_useful_next_puts_open_rows_first_and_skipped_ones_last():
    rows = table([0, 1, 0, SKIPPED, 0, UNSURE])
    order = RowOrder(rows, suggested([1] * 6, [0.5] * 6, [0.1, 9, 0.9, 9, 0.1, 9]))
    order.set_order(Order.USEFUL)
    assert order.rows.tolist() == [2, 0, 4, 5, 1, 3], "ties stay as in the file"


def test_most_useful_next_does_not_move_when_labels_or_suggestions_change():
    rows, model = table([0] * 4), suggested([1] * 4, [0.5] * 4, [4, 3, 2, 1])
    order = RowOrder(rows, model)
    order.set_order(Order.USEFUL)
    assert not order.stale
    before = order.rows.copy()
    rows.labels[0] = 1
    order.labels_changed()
    model.usefulness = np.array([1, 2, 3, 4], np.float32)
    order.suggestions_changed()
    assert order.rows.tolist() == before.tolist()
    assert order.stale
    order.refresh()
    assert order.rows.tolist() == [3, 2, 1, 0]
    assert not order.stale


def test_a_labelled_row_stays_under_the_unlabelled_filter_until_asked():
    rows = table([0, 0, 1])
    order = RowOrder(rows, suggested())
    order.set_filter(Filter(Show.UNLABELLED))
    assert order.rows.tolist() == [0, 1]
    rows.labels[0] = 1
    order.labels_changed()
    assert order.rows.tolist() == [0, 1]
    assert order.stale
    order.refresh()
    assert order.rows.tolist() == [1]


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (Filter(Show.ALL), [0, 1, 2, 3, 4]),
        (Filter(Show.UNLABELLED), [0]),
        (Filter(Show.LABELLED), [1, 2]),
        (Filter(Show.SET_ASIDE), [3, 4]),
        (Filter(Show.CLASS, class_id=2), [2]),
        (Filter(Show.SUGGESTED, class_id=1), [0, 1, 2]),
        (Filter(Show.DISAGREEMENT), [2]),
        (Filter(Show.ROWS, row_ids=(13, 11, 99, 1)), [1, 3]),
    ],
)
def test_filters(wanted, shown):
    order = RowOrder(table([0, 1, 2, SKIPPED, UNSURE]), suggested([1, 1, 1, 2, 0], [0.5] * 5, [0] * 5))
    order.set_filter(wanted)
    assert order.rows.tolist() == shown
    assert order.count(wanted) == len(shown)


def test_filter_and_search_go_together_and_keep_the_order():
    rows = table([0, 0, 0, 1], texts=["aaa", "a", "aa", "a"])
    order = RowOrder(rows, suggested())
    order.set_order(Order.LENGTH)
    order.set_filter(Filter(Show.UNLABELLED))
    assert order.rows.tolist() == [1, 2, 0]
    order.set_search(np.array([True, True, False]))  # the last row is not searched yet
    assert order.rows.tolist() == [1, 0]
    order.set_search(None)
    assert order.rows.tolist() == [1, 2, 0]


def test_by_label_follows_the_order_of_classes_not_their_ids():
    order = RowOrder(table([7, 3, 0, SKIPPED, 3]), suggested())
    order.set_classes([ClassInfo(3, "b", 1), ClassInfo(7, "a", 0)])
    order.set_order(Order.LABEL)
    assert order.rows.tolist() == [0, 1, 4, 2, 3]


def test_least_sure_first_asks_of_open_rows_and_shows_rows_without_suggestion_last():
    rows = table([0, 0, 0, 0, 2])
    order = RowOrder(rows, suggested([1, 0, 1, 1, 2], [0.5] * 5, [0] * 5, doubt=[0.1, 0, 0.8, 0.5, 0.9]))
    order.set_order(Order.UNCERTAIN)
    assert order.rows.tolist() == [2, 3, 0, 4, 1]


def test_an_order_that_was_worked_out_comes_first_and_the_rest_as_in_the_file():
    rows = table([0] * 5, removed=[3])
    order = RowOrder(rows, suggested())
    order.set_ranking(Order.DIVERSE, np.array([14, 13, 11, 99]))  # 99 was there when it was worked out
    assert order.rows.tolist() == [4, 1, 0, 2]
    order.set_filter(Filter(Show.ROWS, row_ids=(10, 11)))
    assert order.rows.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("chosen", "by_labels"),
    [(Order.DIVERSE, True), (Order.ALIKE, False), (Order.DOUBTED, True), (Order.CONTRADICTIONS, True)],
)
def test_what_was_worked_out_grows_old_with_the_labels_it_rests_on(chosen, by_labels):
    order = RowOrder(table([0, 0]), suggested())
    order.set_ranking(chosen, np.array([11]))
    order.suggestions_changed()
    assert not order.stale
    order.labels_changed()
    assert order.stale is by_labels


def test_rows_that_arrive_while_reading_come_at_the_end_even_without_suggestions():
    rows = table([0, 1])
    order = RowOrder(rows, suggested([1, 1], [0.5, 0.5], [1, 2]))
    order.set_order(Order.USEFUL)
    rows.ids = np.arange(10, 14, dtype=np.int64)
    rows.labels = np.array([0, 1, 0, 1], np.int32)
    rows.removed = np.zeros(4, bool)
    rows.texts += ["y", "z"]
    order.set_filter(Filter(Show.UNLABELLED))  # may come before the table's growth is told
    assert order.rows.tolist() == [0]
    assert order.rows_added() == 1
    assert order.rows.tolist() == [0, 2]
    assert order.stale
    assert order.rows_added() == 0


def test_a_removed_row_goes_at_once_and_comes_back_by_undo():
    rows = table([0, 0, 0])
    order = RowOrder(rows, suggested())
    rows.removed[1] = True
    order.rows_removed()
    assert order.rows.tolist() == [0, 2]
    rows.removed[1] = False
    order.rows_removed()
    assert order.rows.tolist() == [0, 1, 2]


def test_next_unlabelled_goes_down_and_starts_again_at_the_top():
    order = RowOrder(table([0, 1, 1, 0]), suggested())
    assert order.next_unlabelled(0) == 3
    assert order.next_unlabelled(3) == 0
    assert order.next_unlabelled(-1) == 0
    assert RowOrder(table([1, 1]), suggested()).next_unlabelled(0) == -1
    assert RowOrder(table([]), suggested()).next_unlabelled(0) == -1


def test_sorting_is_right_for_negative_and_equal_numbers():
    rng = np.random.default_rng(1)
    values = np.round(rng.normal(size=2000), 1).astype(np.float32)
    order = RowOrder(table([0] * 2000), suggested([1] * 2000, values, values, doubt=values))
    order.set_order(Order.USEFUL)
    assert order.rows.tolist() == np.argsort(-values, kind="stable").tolist()
    order.set_order(Order.UNCERTAIN)
    assert order.rows.tolist() == np.argsort(-values, kind="stable").tolist()


def test_strange_rows_come_first_and_can_be_shown_alone():
    rows = table([0, 1, 0, UNSURE, 0])
    order = RowOrder(rows, suggested([1] * 5, [0.5] * 5, [0] * 5, [0.2, 0.9, 0.7, 0.6, 0.4]))
    order.set_order(Order.STRANGE)
    assert order.rows.tolist() == [2, 3, 4, 0, 1], "a row that has a class is no stranger any more"
    order.set_filter(Filter(Show.STRANGE))
    assert order.rows.tolist() == [2, 3]
    assert order.count(Filter(Show.STRANGE)) == 2
    rows.labels[2] = 1
    order.labels_changed()
    assert order.rows.tolist() == [2, 3], "nothing moves under the hands"
    assert order.stale


def test_where_nobody_can_tell_no_row_is_strange():
    order = RowOrder(table([0, 0]), suggested([1, 1], [0.5, 0.5]))
    order.set_filter(Filter(Show.STRANGE))
    assert order.rows.tolist() == []
