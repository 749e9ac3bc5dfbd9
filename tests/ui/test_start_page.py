"""The start screen: a newcomer's ways in, by mouse and by keyboard; recent projects; dropping."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QToolButton

from fsl_desktop.ui.recent import RecentProject, recent_projects
from fsl_desktop.ui.start_page import StartPage
from fsl_desktop.ui.start_parts import RecentRow
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder


@pytest.fixture
def page(qtbot):
    made = StartPage(ThemeHolder(LIGHT))
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


def drop(page, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, button, keys)
    page.dragEnterEvent(enter)
    page.dropEvent(QDropEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, button, keys))
    return enter.isAccepted()


def test_the_newcomer_presses_space_and_gets_the_sample(page, qtbot):
    page.focus_first()
    assert page.sample.hasFocus()
    with qtbot.waitSignal(page.sample_requested, timeout=1000):
        qtbot.keyClick(page.sample, Qt.Key.Key_Space)


def test_the_other_ways_are_reached_by_tab_and_by_mouse(page, qtbot):
    page.focus_first()
    before = page.sample
    for card in (page.new, page.sound_sample, page.new_sounds, page.open):
        qtbot.keyClick(before, Qt.Key.Key_Tab)
        assert card.hasFocus()
        before = card
    with qtbot.waitSignal(page.sound_sample_requested, timeout=1000):
        qtbot.mouseClick(page.sound_sample, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.sounds_requested, timeout=1000) as sounds:
        qtbot.mouseClick(page.new_sounds, Qt.MouseButton.LeftButton)
    assert sounds.args == [[]]
    with qtbot.waitSignal(page.new_requested, timeout=1000) as new:
        qtbot.mouseClick(page.new, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.open_requested, timeout=1000) as opened:
        qtbot.mouseClick(page.open, Qt.MouseButton.LeftButton)
    assert new.args == opened.args == [""]


def test_choices_are_spoken_with_what_they_do(page):
    for button in (page.sample, page.new, page.sound_sample, page.new_sounds, page.open):
        assert button.accessibleName()
        assert button.accessibleDescription()


def test_recent_projects_open_and_missing_ones_can_only_be_removed(page, qtbot):
    here = RecentProject("/p/Notes.fsl", "Notes", "/p", "2026-11-20T10:00:00+00:00")
    gone = RecentProject("/q/Old.fsl", "Old", "/q", exists=False)
    page.set_recent((here, gone))
    first, second = page.findChildren(RecentRow)
    with qtbot.waitSignal(page.open_requested, timeout=1000) as opened:
        qtbot.keyClick(first, Qt.Key.Key_Space)
    assert opened.args == ["/p/Notes.fsl"]
    with qtbot.assertNotEmitted(page.open_requested, wait=20):
        qtbot.mouseClick(second, Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert "not found" in second.accessibleName()
    remove = second.findChild(QToolButton)
    assert remove.text() == "Remove from list"
    with qtbot.waitSignal(page.recent_removed, timeout=1000) as removed:
        qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert removed.args == ["/q/Old.fsl"]


def test_without_recent_projects_there_is_no_empty_list(page):
    page.set_recent((RecentProject("/p/Notes.fsl", "Notes", "/p"),))
    page.set_recent(())
    assert not page._recent.isVisible()
    assert not page._recent_head.isVisible()


@pytest.mark.parametrize(
    ("path", "signal"), [("/x/reviews.csv", "new_requested"), ("/x/Notes.fsl", "open_requested")]
)
def test_dropping_a_file_makes_a_project_and_dropping_a_project_opens_it(page, qtbot, path, signal):
    with qtbot.waitSignal(getattr(page, signal), timeout=1000) as told:
        assert drop(page, path)
    assert told.args == [path]
    assert not page._veil.isVisible()


def test_recordings_are_dropped_one_by_one_many_at_once_as_a_folder_or_as_a_zip(page, qtbot, tmp_path):
    for paths in (["/a.WAV"], ["/a.mp3", "/b.flac"], [str(tmp_path)], ["/birds.zip"]):
        with qtbot.waitSignal(page.sounds_requested, timeout=1000) as told:
            assert drop(page, *paths)
        assert told.args == [paths]
    assert not drop(page, "/a.wav", "/notes.csv")


def test_two_files_at_once_are_not_taken(page):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a.csv"), QUrl.fromLocalFile("/b.csv")])
    enter = QDragEnterEvent(
        QPoint(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter.ignore()
    page.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_nothing_is_cut_in_a_narrow_window_with_large_text(page):
    font = page.font()
    font.setPixelSize(18)
    page.setFont(font)
    page.resize(760, 560)
    page.repaint()
    for card in (page.sample, page.new, page.sound_sample, page.new_sounds, page.open):
        assert card.height() >= card.heightForWidth(card.width()) - 1


def test_the_theme_follows(page):
    before = page.sample.grab().toImage()
    page._holder.set(DARK)
    assert page.sample.grab().toImage() != before


def test_recent_projects_say_when_they_were_changed_and_which_are_gone(tmp_path):
    folder = tmp_path / "Notes.fsl"
    folder.mkdir()
    (folder / "project.db").write_bytes(b"")
    there, gone = recent_projects([str(folder), str(tmp_path / "Old.fsl")])
    assert there.name == "Notes"
    assert there.exists
    assert there.changed.startswith("20")
    assert not gone.exists
    assert gone.changed == ""
