"""Advice that does not fit says so instead of stopping in the middle of a sentence."""

from __future__ import annotations

import pytest

from fsl_desktop.ui.advice_label import AdviceLabel

LONG = "It is too early to tell how good the model is: 4 classes have one row. Label at least two of each."


@pytest.fixture
def label(qtbot):  # type: ignore[no-untyped-def]
    made = AdviceLabel()
    qtbot.addWidget(made)
    made.resize(260, 2 * made.fontMetrics().lineSpacing())
    return made


def test_two_lines_of_a_long_sentence_end_in_dots_and_the_whole_is_a_tooltip(label) -> None:  # type: ignore[no-untyped-def]
    label.setText(LONG)
    lines = label.shown_lines()
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(label.fontMetrics().horizontalAdvance(line) <= label.width() for line in lines)
    assert label.toolTip() == label.text() == LONG


def test_with_room_every_word_is_there(label) -> None:  # type: ignore[no-untyped-def]
    label.resize(260, 8 * label.fontMetrics().lineSpacing())
    label.setText(LONG)
    assert " ".join(label.shown_lines()) == LONG


def test_the_words_are_painted(label) -> None:  # type: ignore[no-untyped-def]
    label.setText("")
    empty = label.grab().toImage()
    label.setText(LONG)
    assert label.grab().toImage() != empty
