"""The orders that the real child works out, on the sample with a wrong label planted in it."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.commands import SetLabels
from fsl_desktop.ui.orders import Order

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(300)]


def pick(journey, order: Order) -> list[int]:  # type: ignore[no-untyped-def]
    """Choose an order in the list; the ids of the rows, top to bottom, once it is there."""
    page = journey.workspace.label
    box = page.header.order_box
    box.setCurrentIndex(box.findData(order))
    box.activated.emit(box.currentIndex())
    journey.until(lambda: not page.ranker.busy, f"the order {order}", 120)
    assert page.model.order.order is order
    return [page.model.row_id(line) for line in range(page.model.rowCount())]


def test_rows_come_spread_out_alike_and_doubted(journey):  # type: ignore[no-untyped-def]
    journey.window.start_page.sample.click()
    space = journey.workspace
    journey.until(lambda: not space.session.loading and space.suggester.class_ids.any(), "suggestions", 120)
    table = space.session.table
    spread = pick(journey, Order.DIVERSE)
    assert sorted(spread) == sorted(table.ids.tolist())
    guesses = space.suggester.class_ids[table.positions(np.array(spread[:12]))]
    assert len(set(guesses.tolist())) >= 6, "the first dozen is of many classes"

    space.label.view.go_to_row(spread[3])
    assert pick(journey, Order.ALIKE)[0] == spread[3]

    guessed = {int(i): int(c) for i, c in zip(table.ids, space.suggester.class_ids, strict=True)}
    two = [info.id for info in space.session.classes[:2]]
    rows = {one: [row for row, guess in guessed.items() if guess == one][:8] for one in two}
    for class_id, ids in rows.items():
        space.session.do(SetLabels(tuple(ids), class_id))
    wrong = rows[two[0]][0]
    space.session.do(SetLabels((wrong,), two[1]))
    assert wrong in pick(journey, Order.DOUBTED)[:3]
    journey.shot("orders-doubted")
