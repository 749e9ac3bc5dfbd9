"""Text becomes larger and smaller by key, everywhere at once, and stays so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fakes import make_window, open_sample

from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.text_size import TEXT_SIZES, resized


@pytest.fixture
def made(qtbot, home, qapp):
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    yield window, runner
    window.close_project()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def test_keys_make_the_text_of_the_table_larger_and_smaller(made, qtbot, home):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    view = opened.label.view
    window.actions_.usual_size.trigger()
    height, row = view.fontMetrics().height(), view.rowHeight(0)
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.fontMetrics().height() > height
    assert view.rowHeight(0) >= row
    assert Settings.load(home / "settings.json").font_scale == 1.5
    QTest.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert window.settings.font_scale == 1.3
    QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.fontMetrics().height() == height


def test_there_is_a_largest_and_a_smallest_size():
    assert resized(Settings(font_scale=1.5), 1).font_scale == TEXT_SIZES[-1]
    assert resized(Settings(font_scale=0.9), -1).font_scale == TEXT_SIZES[0]
    assert resized(Settings(font_scale=1.22), 1).font_scale in (1.3, 1.5)
