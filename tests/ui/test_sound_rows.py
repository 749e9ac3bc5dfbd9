"""The table of a project of recordings: waveform and length beside the name, and a click that plays."""

from __future__ import annotations

import subprocess
import sys

import pytest
from clip_projects import bring
from PySide6.QtCore import QPoint, Qt
from sounds import save, tone
from window_fakes import make_window, open_sample, space

from fsl_desktop.core.commands import RemoveRows
from fsl_desktop.core.project import Project
from fsl_desktop.ui.cells import minutes
from fsl_desktop.ui.row_order import Order
from fsl_desktop.ui.sound.devices import MICROPHONE_VARIABLE
from fsl_desktop.ui.sound.player import PlayState
from fsl_desktop.ui.table_model import Column
from fsl_desktop.ui.theme import DARK, LIGHT
from fsl_desktop.work.protocol import CheckModel, ModelStatus

SECONDS = {"a.wav": 1.0, "b.wav": 0.4, "c.wav": 75.26}


@pytest.fixture
def folder(tmp_path, home):
    for name, seconds in SECONDS.items():
        save(tmp_path / "calls" / name, tone(seconds))
    return tmp_path / "calls"


@pytest.fixture
def opened(qtbot, home, folder, tmp_path, monkeypatch):
    # Devices that are files: a computer for tests may have no others.
    monkeypatch.setenv(MICROPHONE_VARIABLE, str(folder / "a.wav"))
    project = Project.create(tmp_path / "Calls.fsl", "Calls", "classify-audio")
    bring(project, folder)
    project.close()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    window.open_path(str(tmp_path / "Calls.fsl"))
    qtbot.waitUntil(lambda: window.workspace is not None)
    made = space(window)
    qtbot.waitUntil(lambda: not made.session.loading)
    ticket, _ = runner.last(CheckModel)
    runner.reply(ticket, ModelStatus("sounds", True, "/models"))
    yield made
    window.close_project()


def cells(made, column):
    model = made.label.model
    return [model.index(line, column).data() for line in range(model.rowCount())]


def click(qtbot, made, line, how=Qt.KeyboardModifier.NoModifier):
    view = made.label.view
    at = view.visualRect(view.model().index(line, Column.PICTURE)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, how, QPoint(at))


def test_length_and_waveform_stand_beside_the_name(opened):
    view = opened.label.view
    header = view.horizontalHeader()
    order = sorted(range(view.model().columnCount()), key=header.visualIndex)
    names = ["", "Recording", "Sound", "Length", "Your label", "Suggestion"]
    assert [view.model().headerData(c, Qt.Orientation.Horizontal) for c in order] == names
    assert cells(opened, Column.LENGTH) == ["0:01.0", "0:00.4", "1:15.3"]
    side = view.model().headerData(
        Column.LENGTH, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole
    )
    assert side & Qt.AlignmentFlag.AlignRight
    assert sum(view.columnWidth(c) for c in range(6)) == view.viewport().width()
    picture = view.model().index(0, Column.PICTURE)
    assert picture.data(Qt.ItemDataRole.AccessibleTextRole) == "Waveform"


def test_a_dragged_line_moves_its_neighbours_only(opened):
    view = opened.label.view

    def widths():
        return [view.columnWidth(c) for c in range(6)]

    before = widths()
    view.horizontalHeader().resizeSection(Column.TEXT, before[Column.TEXT] - 40)
    after = widths()
    assert after[Column.PICTURE] == before[Column.PICTURE] + 40
    assert after[Column.LENGTH :] == before[Column.LENGTH :]
    view.horizontalHeader().resizeSection(Column.LENGTH, before[Column.LENGTH] + 20)
    assert view.columnWidth(Column.LENGTH) == before[Column.LENGTH]
    assert view.columnWidth(Column.PICTURE) == after[Column.PICTURE] + 20
    assert view.columnWidth(Column.LABEL) == before[Column.LABEL] - 20
    assert sum(widths()) == view.viewport().width()


def test_shortest_first_means_the_sound_and_not_its_name(opened):
    opened.label.model.set_order(Order.LENGTH)
    assert cells(opened, Column.TEXT) == ["b.wav", "a.wav", "c.wav"]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_waves_are_painted_on_the_chosen_row_too(qtbot, opened, theme):
    view, pictures = opened.label.view, opened.sounds.rows.thumbnails
    view.window().themes.set(theme)
    qtbot.waitUntil(lambda: len(pictures._known) == 3, timeout=5000)
    for line in (0, 1):
        box = view.visualRect(view.model().index(line, Column.PICTURE))
        image = view.viewport().grab(box).toImage()
        middle = [image.pixelColor(image.width() // 2, y).name() for y in range(image.height())]
        assert len(set(middle)) > 1
        assert max(map(middle.count, set(middle))) < 0.7 * len(middle)


def test_a_click_on_a_waveform_plays_it_and_a_second_one_stops(qtbot, opened):
    player = opened.sounds._players[0]
    click(qtbot, opened, 2)
    assert opened.label.view.currentIndex().row() == 2
    qtbot.waitUntil(lambda: player.state is PlayState.PLAYING, timeout=5000)
    assert opened.sounds.dock.clip_view.clip.path.name == "c.wav"
    click(qtbot, opened, 2)
    qtbot.waitUntil(lambda: player.state is PlayState.STOPPED, timeout=5000)


def test_choosing_several_rows_plays_nothing(qtbot, opened):
    click(qtbot, opened, 2, Qt.KeyboardModifier.ShiftModifier)
    assert len(opened.label.view.selected_row_ids()) == 3
    qtbot.wait(150)
    assert opened.sounds._players[0].state is PlayState.STOPPED


def test_rows_that_come_and_go_keep_their_cells(opened):
    row = opened.label.view.table_model().row_id(0)
    opened.session.do(RemoveRows((row,)))
    assert cells(opened, Column.LENGTH) == ["0:00.4", "1:15.3"]
    opened.session.undo()
    assert cells(opened, Column.LENGTH) == ["0:01.0", "0:00.4", "1:15.3"]


def test_texts_have_no_such_columns(qtbot, home):
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    made = open_sample(qtbot, window, runner)
    assert made.label.model.columnCount() == 4
    window.close_project()


def test_the_table_of_texts_needs_no_sound_code():
    code = (
        "import sys, fsl_desktop.ui.workspace, fsl_desktop.ui.label_page\n"
        "print([m for m in sys.modules if m.startswith(('fsl_desktop.ui.sound.', 'soundfile'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00.0"), (3.24, "0:03.2"), (59.96, "1:00.0"), (725.5, "12:05.5"), (3725, "1:02:05.0")],
)
def test_lengths_in_words(seconds, words):
    assert minutes(seconds) == words
