"""The rail: one place in the tab order, arrows inside, nothing to choose before a project is open."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from fsl_desktop.ui.rail import Rail
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder


@pytest.fixture
def rail(qtbot):
    made = Rail(ThemeHolder(LIGHT))
    qtbot.addWidget(made)
    made.resize(84, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_before_a_project_is_open_only_the_foot_can_be_used(rail, qtbot):
    assert not any(button.isEnabled() for button in rail.pages.values())
    with qtbot.waitSignal(rail.home_requested, timeout=1000):
        qtbot.mouseClick(rail.home, Qt.MouseButton.LeftButton)


def test_a_click_asks_for_the_page_and_the_window_decides(rail, qtbot):
    rail.set_project_open(True)
    rail.choose("data")
    with qtbot.waitSignal(rail.page_chosen, timeout=1000) as told:
        qtbot.mouseClick(rail.pages["train"], Qt.MouseButton.LeftButton)
    assert told.args == ["train"]
    assert rail.pages["data"].isChecked()
    assert not rail.pages["train"].isChecked()
    rail.choose("train")
    assert rail.current == "train"
    assert rail.pages["train"].isChecked()


def test_tab_reaches_one_place_and_arrows_the_others(rail, qtbot):
    rail.set_project_open(True)
    rail.choose("label")
    reached = [b for b in (*rail.pages.values(), rail.home) if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert reached == [rail.pages["label"]]
    rail.pages["label"].setFocus()
    qtbot.keyClick(rail.pages["label"], Qt.Key.Key_Down)
    assert rail.pages["train"].hasFocus()
    qtbot.keyClick(rail.pages["train"], Qt.Key.Key_End)
    assert rail.menu_button.hasFocus()
    qtbot.keyClick(rail.menu_button, Qt.Key.Key_Home)
    assert rail.pages["data"].hasFocus()
    with qtbot.waitSignal(rail.page_chosen, timeout=1000) as told:
        qtbot.keyClick(rail.pages["data"], Qt.Key.Key_Return)
    assert told.args == ["data"]


def test_every_place_has_a_name_and_pages_show_their_key(rail):
    for number, button in enumerate(rail.pages.values(), start=1):
        assert button.accessibleName()
        assert str(number) in button.toolTip()
    assert rail.home.accessibleName() == "Start screen"


def test_closing_the_project_goes_back_to_the_start(rail):
    rail.set_project_open(True)
    rail.choose("test")
    rail.set_project_open(False)
    assert rail.current == ""
    assert rail.home.isChecked()


def test_the_foot_has_theme_and_menu(rail, qtbot):
    with qtbot.waitSignal(rail.theme_requested, timeout=1000):
        qtbot.mouseClick(rail.theme_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(rail.settings_requested, timeout=1000):
        qtbot.mouseClick(rail.menu_button, Qt.MouseButton.LeftButton)
    menu = QMenu(rail)
    rail.set_menu(menu)
    assert rail.menu_button.menu() is menu


def test_words_fit_when_the_text_is_large(rail):
    font = rail.font()
    font.setPixelSize(18)
    rail.setFont(font)
    for button in rail.pages.values():
        assert button.fontMetrics().horizontalAdvance(button.text()) < rail.width() - 24


def test_the_theme_button_shows_what_comes_next(rail):
    assert rail.theme_button.icon_name == "moon"
    rail._holder.set(DARK)
    assert rail.theme_button.icon_name == "sun"
