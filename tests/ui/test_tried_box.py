"""The box of the Test page takes any paste, and no more of it than Qt can lay out at once."""

from __future__ import annotations

from page_fakes import FakeSession, FakeSuggester, FakeTrainer
from PySide6.QtCore import QMimeData
from pytestqt.qtbot import QtBot

from fsl_desktop.ui.test_page import TestPage
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.tried_box import MAX_CHARS, TriedBox


def test_an_enormous_paste_is_cut(qtbot: QtBot) -> None:
    box = TriedBox(ThemeHolder(LIGHT))
    qtbot.addWidget(box)
    data = QMimeData()
    data.setText("a " * MAX_CHARS)
    box.insertFromMimeData(data)
    assert len(box.toPlainText()) == MAX_CHARS
    assert box.was_cut
    box.insertFromMimeData(data)
    assert len(box.toPlainText()) == MAX_CHARS, "two pastes are as slow as one twice as long"


def test_a_word_of_a_million_letters_is_cut_and_told(qtbot: QtBot) -> None:
    session = FakeSession()
    test = TestPage(session, FakeSuggester(session), FakeTrainer(), ThemeHolder(LIGHT))
    qtbot.addWidget(test)
    test.box.setPlainText("x" * 1_000_000)
    assert len(test.box.toPlainText()) == MAX_CHARS
    assert "its first 40,000 characters are here" in test.hint.text()
    test.box.setPlainText("short")
    assert "too long" not in test.hint.text()
