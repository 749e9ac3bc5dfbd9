"""Recordings that something is wrong with: their rows are marked and say why; the others go on."""

from __future__ import annotations

import pytest
from clip_projects import bring
from odd_sounds import odd
from PySide6.QtCore import Qt
from sounds import save, tone
from window_fakes import make_window, space

from fsl_desktop.core.commands import AddClass
from fsl_desktop.core.config import Task
from fsl_desktop.core.project import Project
from fsl_desktop.ui.cells import Column, Role
from fsl_desktop.ui.theme import DARK, LIGHT
from fsl_desktop.work.protocol import CheckModel, ModelStatus

BECAME = {
    "gone.wav": "gone.wav is not there.",
    "emptied.wav": "emptied.wav is empty.",
    "a text.wav": "a text.wav is a text and not a sound",
}
"""What was a recording at the import and is none when the table is looked at."""


@pytest.fixture
def made(qtbot, home, tmp_path):
    said = odd(tmp_path / "calls")
    for name in (*BECAME, "telephone.wav"):
        save(tmp_path / "calls" / name, tone(0.5, 8_000), 8_000)
    project = Project.create(tmp_path / "Calls.fsl", "Calls", Task.CLASSIFY_AUDIO)
    bring(project, tmp_path / "calls")
    project.close()
    (tmp_path / "calls" / "gone.wav").unlink()
    (tmp_path / "calls" / "emptied.wav").write_bytes(b"")
    (tmp_path / "calls" / "a text.wav").write_text("These are field notes. " * 40)
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.resize(1280, 1100)
    window.show()
    window.open_path(str(tmp_path / "Calls.fsl"))
    qtbot.waitUntil(lambda: window.workspace is not None)
    workspace = space(window)
    qtbot.waitUntil(lambda: not workspace.session.loading)
    runner.reply(runner.last(CheckModel)[0], ModelStatus("sounds", True, "/models"))
    wanted = len(said) + len(BECAME) + 1
    assert workspace.label.model.rowCount() == wanted
    pictures = workspace.sounds.rows.thumbnails

    def all_known() -> bool:
        # Rows are read as they are painted; this window may be too low for all of them.
        for line in range(wanted):
            workspace.label.view.scrollTo(workspace.label.model.index(line, 0))
            workspace.label.view.viewport().grab()
        return len(pictures._known) == wanted

    qtbot.waitUntil(all_known, timeout=10_000)
    yield workspace, said
    window.close_project()


def line_of(workspace, name: str) -> int:
    """A name of several blanks stands in the cell with one."""
    model, name = workspace.label.model, " ".join(name.split())
    return next(k for k in range(model.rowCount()) if model.index(k, Column.TEXT).data() == name)


def cell(workspace, name: str):
    return workspace.label.model.index(line_of(workspace, name), Column.PICTURE)


def test_each_row_says_what_is_wrong_and_good_ones_say_nothing(made):
    workspace, said = made
    for name, words in (said | BECAME).items():
        remark = cell(workspace, name).data(Role.REMARK)
        if words:
            assert remark.odd, name
            assert remark.words.startswith(words)
            assert remark.unheard == (name in BECAME)
            assert remark.words in cell(workspace, name).data(Qt.ItemDataRole.AccessibleTextRole)
            tip = cell(workspace, name).data(Qt.ItemDataRole.ToolTipRole)
            assert tip.startswith(words)
            assert ("Click to hear it" in tip) == (name not in BECAME)
        else:
            assert remark is None, name
            assert cell(workspace, name).data(Qt.ItemDataRole.AccessibleTextRole) == "Waveform"
    telephone = cell(workspace, "telephone.wav").data(Role.REMARK)
    assert telephone.words.startswith("This clip has 8000 samples per second")
    assert not telephone.odd, "that is said and is no fault"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_mark_is_seen(made, theme):
    workspace, _ = made
    view = workspace.label.view
    view.window().themes.set(theme)

    def warm(name: str) -> int:
        """Pixels of the cell that have the warning's colour and not a wave's."""
        view.scrollTo(cell(workspace, name))
        image = view.viewport().grab(view.visualRect(cell(workspace, name))).toImage()
        colours = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        return sum(one.red() > one.blue() + 60 for one in colours)

    assert warm("gone.wav") > warm("clipped.wav") > 20
    assert warm("telephone.wav") == warm("really flac.wav") == 0


def test_below_the_table_it_is_said_too(qtbot, made):
    workspace, _ = made
    hint = workspace.sounds.dock.clip_view.transport.hint
    for name, words in (("clipped.wav", "recorded too loud"), ("zeros.wav", "is silent")):
        workspace.label.view.go_to_line(line_of(workspace, name))
        qtbot.waitUntil(lambda words=words: words in hint.text(), timeout=5000)
    workspace.label.view.go_to_line(line_of(workspace, "really flac.wav"))
    qtbot.waitUntil(lambda: "Space plays" in hint.text(), timeout=5000)


def test_a_row_that_cannot_be_heard_can_be_labelled_and_the_next_is_heard(qtbot, made):
    workspace, _ = made
    view, dock = workspace.label.view, workspace.sounds.dock
    view.go_to_line(line_of(workspace, "gone.wav"))
    qtbot.waitUntil(dock.clip_view.failed.isVisible, timeout=5000)
    row = workspace.label.model.row_id(line_of(workspace, "gone.wav"))
    workspace.session.do(AddClass("bird"))
    workspace.session.label_rows([row], workspace.session.classes[0].id)
    assert workspace.label.model.index(line_of(workspace, "gone.wav"), Column.LABEL).data() == "bird"
    view.go_to_line(line_of(workspace, "with two  blanks.wav"))
    qtbot.waitUntil(lambda: dock.clip_view.can_play, timeout=5000)


def test_once_it_is_back_it_is_heard_and_no_longer_marked(qtbot, made, tmp_path):
    workspace, _ = made
    save(tmp_path / "calls" / "gone.wav", tone(0.5))
    workspace.sounds.rows.files_changed()

    def heard() -> bool:
        workspace.label.view.viewport().grab()
        return cell(workspace, "gone.wav").data(Role.REMARK) is None

    workspace.label.view.scrollTo(cell(workspace, "gone.wav"))
    qtbot.waitUntil(heard, timeout=5000)
