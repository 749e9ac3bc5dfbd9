"""While the model is still reading rows, what it can say of some of them is in the table already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from window_fakes import make_window, open_sample, suggestions

from fakes import FakeRunner
from fsl_desktop.core.answers import EarlySuggestions
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.labels import SKIPPED
from fsl_desktop.ui.table_model import Column
from fsl_desktop.work.protocol import Suggest


@pytest.fixture
def opened(qtbot, tmp_path):  # type: ignore[no-untyped-def]
    window, runner = make_window(tmp_path / "home")
    qtbot.addWidget(window)
    window.show()
    yield open_sample(qtbot, window, runner), runner
    window.close_project()
    window.close()


def some(space, places, class_id: int):  # type: ignore[no-untyped-def]
    """Suggestions about a few of the rows."""
    all_rows = suggestions(space, class_id)
    names = ("row_ids", "class_ids", "confidence", "usefulness")
    return replace(all_rows, **{name: getattr(all_rows, name)[places] for name in names})


def shown(space, line: int) -> str:  # type: ignore[no-untyped-def]
    model = space.label.model
    return str(model.data(model.index(line, Column.SUGGESTION)) or "")


def test_rows_that_were_read_have_suggestions_while_others_are_read(qtbot, opened):  # type: ignore[no-untyped-def]
    space, runner = opened
    assert isinstance(runner, FakeRunner)
    qtbot.waitUntil(lambda: any(isinstance(request, Suggest) for _, request in runner.requests))
    ticket, _ = runner.last(Suggest)
    first, second = (info for info in space.session.classes[:2])
    runner.tell(ticket, Progress(Phase.ENCODING, 3, len(space.session.table)))
    runner.tell(ticket, EarlySuggestions(some(space, np.array([0, 2]), first.id)))
    assert first.name in shown(space, 0)
    assert first.name in shown(space, 2)
    assert shown(space, 1) == ""
    assert space.suggester.busy, "the model goes on reading"
    qtbot.waitUntil(lambda: "the model reads the rows" in space.label.header.facts.whole())
    # A label that is set now asks again when this answer is through.
    asked = len(runner.requests)
    space.session.label_rows([int(space.session.table.ids[0])], SKIPPED)
    qtbot.wait(60)
    assert len(runner.requests) == asked
    runner.reply(ticket, suggestions(space, second.id))
    assert second.name in shown(space, 0)
    assert second.name in shown(space, 1)
    qtbot.waitUntil(lambda: len(runner.requests) > asked)


def test_an_early_answer_for_a_project_that_was_closed_comes_to_nobody(qtbot, tmp_path):  # type: ignore[no-untyped-def]
    window, runner = make_window(tmp_path / "home")
    qtbot.addWidget(window)
    window.show()
    space = open_sample(qtbot, window, runner)
    qtbot.waitUntil(lambda: any(isinstance(request, Suggest) for _, request in runner.requests))
    ticket, _ = runner.last(Suggest)
    late = EarlySuggestions(some(space, np.array([0]), space.session.classes[0].id))
    window.close_project()
    runner.tell(ticket, late)
    assert window.workspace is None
    window.close()
