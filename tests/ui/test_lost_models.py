"""A model that is gone while the window is open: told once, and the window goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from window_fakes import answer_suggest, make_window, open_sample

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import RunSummary, Score
from fsl_desktop.core.message import Message
from fsl_desktop.core.runs import MODEL_UNUSABLE
from fsl_desktop.work.protocol import CheckModel, ModelStatus, Suggest, Train

SUMMARY = RunSummary("balanced", "minilm", 10, 5, 4.2, accuracy=Score(0.8, 0.5, 0.9, 10))


@pytest.fixture
def made(qtbot, home: Path):
    window, runner = make_window(home)
    window.show()
    opened = open_sample(qtbot, window, runner)
    answer_suggest(qtbot, runner, opened, opened.session.classes[0].id)
    yield window, runner, opened
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def asked(runner, model: str) -> int:
    return sum(isinstance(request, Suggest) and request.model == model for _, request in runner.requests)


def train(qtbot, runner, opened) -> str:
    """A finished run, whose model is asked for suggestions by the time this returns."""
    run_id = opened.trainer.start(TrainConfig())
    runner.reply(runner.last(Train)[0], SUMMARY)
    qtbot.waitUntil(lambda: asked(runner, f"run:{run_id}") == 1)
    return run_id


@pytest.mark.parametrize("writable", [True, False])
def test_a_run_without_its_model_gives_way_to_the_instant_one(made, qtbot, monkeypatch, writable):
    window, runner, opened = made
    run_id = train(qtbot, runner, opened)
    if not writable:

        def full(*_):
            raise UserError("The disk is full.")

        monkeypatch.setattr(opened.session.project, "set_meta", full)
    before = asked(runner, "minilm")
    runner.refuse(runner.last(Suggest)[0], Message.of(MODEL_UNUSABLE), "head.safetensors is missing")
    qtbot.waitUntil(lambda: asked(runner, "minilm") == before + 1)
    assert MODEL_UNUSABLE in [notice.sentence for notice in window.notifications.notices]
    assert opened.trainer.active == (None if writable else run_id)
    answer_suggest(qtbot, runner, opened, opened.session.classes[1].id)
    assert (opened.suggester.class_ids == opened.session.classes[1].id).all()
    # It is not asked again, or every label would be told the same.
    opened.session.label_rows([1], opened.session.classes[0].id)
    qtbot.waitUntil(lambda: asked(runner, "minilm") == before + 2)
    assert asked(runner, f"run:{run_id}") == 1


def test_a_base_model_that_is_gone_brings_the_offer_to_fetch_it(made, qtbot):
    window, runner, opened = made
    assert not opened.prompt.isVisible()
    opened.session.label_rows([1], opened.session.classes[0].id)
    n = asked(runner, "minilm")
    qtbot.waitUntil(lambda: asked(runner, "minilm") == n + 1)
    runner.refuse(runner.last(Suggest)[0], Message.of("MiniLM is not installed."))
    runner.reply(runner.last(CheckModel)[0], ModelStatus("minilm", False))
    assert opened.prompt.isVisible()
    # Labelling goes on, and nothing that would be refused again is asked.
    opened.session.label_rows([2], opened.session.classes[0].id)
    qtbot.wait(80)
    assert asked(runner, "minilm") == n + 1
    window.model_setup.check()
    runner.reply(runner.last(CheckModel)[0], ModelStatus("minilm", True))
    qtbot.waitUntil(lambda: asked(runner, "minilm") == n + 2)
    assert not opened.prompt.isVisible()


def test_a_model_that_is_there_and_refuses_is_not_asked_for_ever(made, qtbot):
    _, runner, opened = made
    opened.session.label_rows([1], opened.session.classes[0].id)
    n = asked(runner, "minilm")
    qtbot.waitUntil(lambda: asked(runner, "minilm") == n + 1)
    runner.refuse(runner.last(Suggest)[0], Message.of("There is not enough memory."))
    runner.reply(runner.last(CheckModel)[0], ModelStatus("minilm", True))
    qtbot.wait(150)
    assert asked(runner, "minilm") == n + 1
