"""A project of recordings in the window: the sound follows the table, keys play it, the Test page listens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel
from sounds import save, tone
from window_fakes import make_window, space

from fsl_desktop.core.answers import Answer, Neighbour, SoundKind, TimeWeight
from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.devices import MICROPHONE_VARIABLE
from fsl_desktop.ui.sound.player import PlayState
from fsl_desktop.ui.sound.recorder import RecordState
from fsl_desktop.work.protocol import AskSounds, CheckModel, ModelStatus, Suggest, Train


@pytest.fixture
def microphone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is heard in the place of a microphone."""
    path = save(tmp_path / "spoken.wav", tone(0.6))
    monkeypatch.setenv(MICROPHONE_VARIABLE, str(path))
    return path


@pytest.fixture
def opened(qtbot, home, microphone):
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    window.open_sound_sample()
    made = space(window)
    qtbot.waitUntil(lambda: not made.session.loading)
    ticket, request = runner.last(CheckModel)
    assert request.model == "sounds"
    runner.reply(ticket, ModelStatus("sounds", True, "/models"))
    yield window, runner, made
    window.close_project()


def newest(qtbot, runner, kind, so=lambda request: True):
    """The newest request of a kind that is ``so``, with its ticket; waits for it."""

    def found():
        return [pair for pair in runner.requests if isinstance(pair[1], kind) and so(pair[1])]

    qtbot.waitUntil(lambda: bool(found()), timeout=5000)
    return found()[-1]


def is_whole_take(request: AskSounds) -> bool:
    """And no question about what there is of a take that goes on."""
    return bool(request.parts) and request.parts[0].end is None and not request.explain


def answer(made, best: int, **more) -> Answer:
    ids = tuple(info.id for info in made.session.classes)
    shares = np.where(np.array(ids) == best, 0.91, 0.01)
    return Answer(ids, tuple(float(share) for share in shares), **more)


def test_the_sound_follows_the_table_and_space_plays_it(qtbot, opened):
    _, _, made = opened
    view = made.sounds.dock.clip_view
    with qtbot.waitSignal(view.shown, timeout=5000):
        made.label.view.go_to_line(4)
    assert view.clip.path.name == "005.flac"
    assert view.waveform.isVisible()
    player = made.sounds._players[0]
    qtbot.keyClick(made.label.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: player.state is not PlayState.STOPPED, timeout=5000)
    qtbot.waitUntil(lambda: player.state is PlayState.STOPPED, timeout=5000)


def test_a_key_labels_and_the_next_recording_comes_up(qtbot, opened):
    _, _, made = opened
    view = made.label.view
    view.go_to_line(10)
    row = view.current_row()
    qtbot.keyClick(view, Qt.Key.Key_4)
    place = int(made.session.table.positions([row])[0])
    assert int(made.session.table.labels[place]) == made.session.classes[3].id
    assert view.current_row() != row
    qtbot.waitUntil(lambda: made.sounds.dock.clip_view.clip.path.name == "012.flac", timeout=5000)


def test_rows_are_asked_about_by_number_and_the_encoders_start_a_run(qtbot, opened):
    _, runner, made = opened
    assert newest(qtbot, runner, Suggest)[1].model == "sounds"
    row = made.label.view.current_row()
    newest(qtbot, runner, AskSounds, lambda request: request.row_ids == (row,))
    made.trainer.start(made.choice.config)
    ticket, request = newest(qtbot, runner, Train)
    assert str(request.config.task) == "classify-audio"
    runner.drop(ticket)  # or the window would ask whether to end it


def test_a_recording_that_is_gone_is_told_where_it_would_be_seen(qtbot, opened):
    _, _, made = opened
    made.session.table.clips.at(7).path.unlink()
    made.label.view.go_to_line(7)
    failed = made.sounds.dock.clip_view.failed
    qtbot.waitUntil(failed.isVisible, timeout=5000)
    assert any("008.flac" in label.text() for label in failed.findChildren(QLabel))


def test_press_speak_and_the_model_says_what_it_was(qtbot, opened):
    window, runner, made = opened
    window.show_page("test")
    page = made.test
    qtbot.mouseClick(page.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.recorder.state is RecordState.RECORDING, timeout=5000)
    assert page.record.text() == "Stop"
    qtbot.wait(400)
    qtbot.mouseClick(page.record, Qt.MouseButton.LeftButton)
    ticket, request = newest(qtbot, runner, AskSounds, is_whole_take)
    assert Path(request.parts[0].path).is_file()
    runner.reply(ticket, (answer(made, made.session.classes[2].id),))
    assert page.answer.sentence.text() == "two, 91 %"
    assert page.tried.count() == 1
    assert page.record.text() == "Record"


def test_while_one_speaks_the_answer_moves(qtbot, opened):
    window, runner, made = opened
    window.show_page("test")
    page = made.test
    qtbot.mouseClick(page.record, Qt.MouseButton.LeftButton)
    so_far = lambda request: bool(request.parts) and request.parts[0].end is not None  # noqa: E731
    ticket, request = newest(qtbot, runner, AskSounds, so_far)
    part = request.parts[0]
    assert 0 <= part.start < part.end
    assert Path(part.path).stat().st_size > 44
    runner.reply(ticket, (answer(made, made.session.classes[3].id),))
    assert page.recorder.state is RecordState.RECORDING
    assert page.answer.sentence.text() == "three, 91 %"
    assert page.tried.count() == 0
    # The next question waits for this answer and a quarter of a second, and is about more.
    later = newest(
        qtbot, runner, AskSounds, lambda request: so_far(request) and request.parts[0].end > part.end
    )
    qtbot.mouseClick(page.record, Qt.MouseButton.LeftButton)
    whole, _ = newest(qtbot, runner, AskSounds, is_whole_take)
    assert page.answer.sentence.text() == "three, 91 %"  # until the whole was heard
    runner.reply(later[0], (answer(made, made.session.classes[5].id),))
    assert page.answer.sentence.text() == "three, 91 %"  # too late
    runner.reply(whole, (answer(made, made.session.classes[2].id),))
    assert page.answer.sentence.text() == "two, 91 %"


def test_an_answer_tells_what_it_sounds_like_what_is_alike_and_why(qtbot, opened, tmp_path):
    window, runner, made = opened
    window.show_page("test")
    page = made.test
    page.show_recording(save(tmp_path / "asked.wav", tone(0.8)))
    row = int(made.session.table.ids[4])
    ticket, _ = newest(qtbot, runner, AskSounds, is_whole_take)
    two = made.session.classes[2].id
    kinds = (SoundKind("Speech", 0.92), SoundKind("Sine wave", 0.3))
    runner.reply(ticket, (answer(made, two, nearest=(Neighbour(row, two, 0.8),), kinds=kinds),))
    assert page.answer.kinds.text() == "Sounds like: Speech 92 %, Sine wave 30 %"
    assert not page.why.isVisible()

    # The row that is most alike can be played.
    button = page.answer.play[0]
    assert button.isVisible()
    assert not page.answer.play[1].isVisible()
    player = made.sounds._players[2]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: player.state is not PlayState.STOPPED, timeout=5000)

    # Why comes by itself a moment later; a click chooses the part that decided.
    ticket, _ = newest(qtbot, runner, AskSounds, lambda request: request.explain)
    moments = (TimeWeight(0.0, 0.4, 0.1), TimeWeight(0.4, 0.8, 0.9))
    runner.reply(ticket, (answer(made, two, moments=moments),))
    assert page.why.isVisible()
    assert page.why.accessibleDescription() == "What decided most: 0.40 to 0.80 s"
    qtbot.waitUntil(lambda: page.clip_view.view.last == pytest.approx(0.8, abs=0.01), timeout=5000)
    place = page.why.place_of(moments[1]).center().toPoint()
    qtbot.mouseClick(page.why, Qt.MouseButton.LeftButton, pos=place)
    assert page.clip_view.region == pytest.approx((0.4, 0.8), abs=0.01)


def test_a_dropped_recording_is_answered_and_a_refusal_is_one_sentence(qtbot, opened, tmp_path):
    window, runner, made = opened
    window.show_page("test")
    path = save(tmp_path / "dropped.wav", tone(0.4))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), *how)
    made.test.dragEnterEvent(enter)
    assert enter.isAccepted()
    made.test.dropEvent(QDropEvent(QPoint(9, 9), *how))
    ticket, request = runner.last(AskSounds)
    assert request.parts[0].path == str(path)
    runner.refuse(ticket, Message.of("The model knows nothing yet. Label one row of two classes at least."))
    assert made.test.answer.sentence.text().startswith("The model knows nothing yet.")


def test_without_a_microphone_the_page_says_why_and_files_still_work(qtbot, home, monkeypatch, tmp_path):
    monkeypatch.setenv(MICROPHONE_VARIABLE, str(tmp_path / "missing.wav"))
    window, _ = make_window(home)
    qtbot.addWidget(window)
    window.show()
    window.open_sound_sample()
    made = space(window)
    qtbot.waitUntil(lambda: not made.session.loading)
    window.show_page("test")
    before = made.test.hint.text()
    qtbot.mouseClick(made.test.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: made.test.hint.text() not in (before, "Speak now."), timeout=5000)
    assert made.test.hint.text().endswith(".")
    assert made.test.choose.isEnabled()
    window.close_project()
