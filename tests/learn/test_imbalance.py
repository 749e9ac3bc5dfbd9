"""Lopsided labels with the real model: a rare class, a class with one row, and very many classes."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.events import Finished
from fsl_desktop.core.samples import load_sample
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.trained import TrainedModel

pytestmark = pytest.mark.model

RARE = ["I want to close my account", "please terminate my account for good"]
ASKED_RARE = [
    "How do I close my account?",
    "I would like my account to be closed now",
    "Shut my account down please",
    "Can you delete my account?",
    "I am leaving, terminate the account",
]
PRESETS = [Preset.INSTANT, Preset.BALANCED]
STEPS = 6
"""Enough for tuning to do harm, if it did; all sixteen take a minute."""


def questions() -> list[str]:
    """The sample's questions to a bank that are not about closing an account."""
    words = ("close", "closing", "delete", "terminat", "cancel", "leave", "shut", "account")
    texts = dict.fromkeys(text for text, _ in load_sample().rows)
    return [text for text in texts if not any(word in text.lower() for word in words)]


def trained(minilm, texts: list[str], labels: list[str], preset: Preset) -> TrainedModel:  # type: ignore[no-untyped-def]
    training = Training(TrainingData.of_lists(texts, labels), TrainConfig(preset=preset, steps=STEPS), minilm)
    *_, last = training
    assert isinstance(last, Finished)
    assert training.model is not None
    return training.model


@pytest.mark.parametrize("preset", PRESETS)
def test_one_to_fifty_does_not_drown_the_rare_class(minilm, preset: Preset) -> None:
    others = questions()
    known, asked = others[:100], others[100:160]
    model = trained(minilm, [*RARE, *known], ["close account"] * 2 + ["something else"] * 100, preset)
    found = model.predict(ASKED_RARE).labels.count("close account")
    assert found >= 4
    assert model.predict(asked).labels.count("something else") >= 0.95 * len(asked)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_class_with_one_row_is_learnt(minilm, preset: Preset) -> None:
    others = questions()
    about_card = [text for text in others if "card" in text.lower()][:8]
    about_rate = [text for text in others if "rate" in text.lower().split()][:8]
    texts = [*about_card, *about_rate, RARE[0]]
    labels = ["card"] * len(about_card) + ["exchange rate"] * len(about_rate) + ["close account"]
    model = trained(minilm, texts, labels, preset)
    assert model.predict(ASKED_RARE).labels.count("close account") >= 4
    assert model.predict(["Where is my card?"]).labels == ["card"]


def test_a_hundred_and_fifty_classes_are_told_apart(minilm) -> None:
    others = [text for text in questions() if len(text.split()) >= 6][:150]
    assert len(others) == 150
    names = [f"question {number}" for number in range(150)]
    beginnings = [" ".join(text.split()[:-1]) for text in others]
    model = trained(minilm, [*(t.lower() for t in others), *beginnings], names * 2, Preset.INSTANT)
    ends = [" ".join(text.split()[1:]) for text in others]
    right = np.array(model.predict(ends).labels) == np.array(names)
    assert right.mean() > 0.8
