"""A clip is seen and heard, with the mouse and without it, and a sentence says why one is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from sound_view_fakes import FakePlayer, open_clip
from sounds import save, tone

from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.sound.pane import SoundPane
from fsl_desktop.ui.sound.player import PlayState
from fsl_desktop.ui.sound.spectrum_picture import Look
from fsl_desktop.ui.sound.view_settings import ViewSettings
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder


def at(pane: SoundPane, seconds: float) -> QPoint:
    return QPoint(round(pane.x_of(seconds)), 30)


def drag(qtbot: QtBot, pane: SoundPane, start: float, end: float) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(pane, left, pos=at(pane, start))
    for share in (0.3, 0.7, 1.0):
        qtbot.mouseMove(pane, at(pane, start + share * (end - start)))
    qtbot.mouseRelease(pane, left, pos=at(pane, end))


def test_at_first_it_says_what_to_do(view: ClipView) -> None:
    assert view.empty.isVisible()
    view.show_clip(None)
    assert view.empty.isVisible()


def test_a_clip_is_drawn_whole(qtbot: QtBot, view: ClipView, sound: Path, player: FakePlayer) -> None:
    open_clip(qtbot, view, Clip(sound))
    assert (view.view.start, view.view.end) == (0, 5)
    assert player.calls[-1] != ("play", 0.0), "only when it is asked for"
    picture = view.waveform.picture
    assert picture is not None
    assert (picture.start, picture.end) == (0, 5)
    assert "5.00 s" in view.transport.time.text()


def test_a_part_of_a_recording_has_the_recordings_times(qtbot: QtBot, view: ClipView, sound: Path) -> None:
    open_clip(qtbot, view, Clip(sound, 2.0, 3.5))
    assert (view.view.start, view.view.end) == (2.0, 3.5)
    assert view.view.cursor == 2.0
    ticks = view.ruler.ticks()
    assert ticks[0] == (2.0, "2.0")
    # How many there are is a matter of the font.
    assert 3.5 - (ticks[1][0] - ticks[0][0]) < ticks[-1][0] <= 3.5 + 1e-9
    open_clip(qtbot, view, Clip(sound, 4.0, 99.0))
    assert view.view.end == 5.0


def test_dragging_selects_and_tells_once_the_hand_lets_go(
    qtbot: QtBot, view: ClipView, sound: Path, player: FakePlayer
) -> None:
    open_clip(qtbot, view, Clip(sound))
    with qtbot.waitSignal(view.region_selected, timeout=1000) as told:
        drag(qtbot, view.spectrogram, 1.0, 2.0)
    assert tuple(told.args) == pytest.approx((1.0, 2.0), abs=0.02)
    assert view.view.cursor == pytest.approx(1.0, abs=0.02), "Space now plays the region"
    assert player.calls[-1][0] == "seek"
    assert view.transport.label.isVisible()
    assert "From 1.0" in view.transport.hint.whole()
    assert "From 1.0" in view.waveform.accessibleDescription()


def test_the_edges_can_be_dragged(qtbot: QtBot, view: ClipView, sound: Path) -> None:
    open_clip(qtbot, view, Clip(sound))
    drag(qtbot, view.waveform, 1.0, 2.0)
    drag(qtbot, view.waveform, 2.0, 3.0)
    assert view.region == pytest.approx((1.0, 3.0), abs=0.03)
    drag(qtbot, view.waveform, 1.0, 4.0)
    assert view.region == pytest.approx((3.0, 4.0), abs=0.03), "over the other edge"


def test_a_click_moves_the_cursor_and_outside_the_region_clears_it(
    qtbot: QtBot, view: ClipView, sound: Path, player: FakePlayer
) -> None:
    open_clip(qtbot, view, Clip(sound))
    drag(qtbot, view.waveform, 1.0, 2.0)
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(view.waveform, left, pos=at(view.waveform, 1.5))
    assert view.region is not None
    assert view.view.cursor == pytest.approx(1.5, abs=0.01)
    with qtbot.waitSignal(view.region_cleared, timeout=1000):
        qtbot.mouseClick(view.waveform, left, pos=at(view.waveform, 3.0))
    assert view.region is None
    assert player.calls[-1] == ("seek", pytest.approx(3.0, abs=0.01))


def test_the_keys_do_everything(qtbot: QtBot, view: ClipView, sound: Path, player: FakePlayer) -> None:
    open_clip(qtbot, view, Clip(sound))
    pane = view.spectrogram
    qtbot.keyClick(pane, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert player.calls[-1] == ("seek", 0.5)
    qtbot.keyClick(pane, Qt.Key.Key_Space)
    assert player.calls[-1] == ("play", 0.5)
    assert view.transport.play.text() == "Pause"
    qtbot.keyClick(pane, Qt.Key.Key_Space)
    assert player.state is PlayState.STOPPED
    qtbot.keyClick(pane, Qt.Key.Key_L)
    assert ("loop", True) in player.calls
    assert view.transport.loop.isChecked()
    qtbot.keyClick(pane, Qt.Key.Key_BracketLeft)
    with qtbot.waitSignal(view.label_region_asked, timeout=1000) as told:
        qtbot.keyClick(pane, Qt.Key.Key_Return)
    assert told.args == [0.5, 5.0]


def test_every_control_has_a_name_and_a_way_by_keyboard(qtbot: QtBot, view: ClipView, sound: Path) -> None:
    open_clip(qtbot, view, Clip(sound))
    buttons = [b for b in view.transport.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) >= 7
    for widget in (*buttons, view.waveform, view.spectrogram):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_cursor_follows_the_sound_and_the_page_turns(
    qtbot: QtBot, view: ClipView, sound: Path, player: FakePlayer
) -> None:
    open_clip(qtbot, view, Clip(sound))
    view.view.show(0, 1)
    view.toggle_play()
    player.hear(0.5)
    assert view.view.cursor == 0.5
    assert view.view.start == 0
    player.hear(1.2)
    assert view.view.start <= 1.2 <= view.view.end
    assert view.transport.time.text().startswith("1.20")


def test_the_wheel_zooms_at_the_mouse_and_a_better_picture_comes(
    qtbot: QtBot, view: ClipView, sound: Path
) -> None:
    open_clip(qtbot, view, Clip(sound))
    pane = view.waveform
    place = QPointF(at(pane, 2.0))
    none = Qt.KeyboardModifier.NoModifier
    for _ in range(5):
        QApplication.sendEvent(
            pane,
            QWheelEvent(
                place,
                pane.mapToGlobal(place),
                QPoint(),
                QPoint(0, 120),
                Qt.MouseButton.NoButton,
                none,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            ),
        )
    assert view.view.span == pytest.approx(5 * 0.8**5)
    assert pane.time_at(place.x()) == pytest.approx(2.0, abs=0.01)
    qtbot.waitUntil(lambda: pane.picture is not None and pane.picture.start == view.view.start, timeout=3000)
    assert view.bar.isVisible()
    view.bar.setValue(view.bar.maximum())
    assert view.view.end == pytest.approx(5.0, abs=0.01)
    qtbot.mouseClick(view.transport._zooms["zoom-all"], Qt.MouseButton.LeftButton)
    assert view.view.is_whole


def test_missing_and_broken_files_are_sentences_with_another_try(
    qtbot: QtBot, view: ClipView, tmp_path: Path, sound: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(bytes(range(256)) * 20)
    for path in (tmp_path / "gone.wav", broken):
        view.show_clip(Clip(path))
        qtbot.waitUntil(lambda name=path.name: name in view.failed._sentence.text(), timeout=3000)
        assert view.failed.isVisible()
    broken.write_bytes(sound.read_bytes())
    with qtbot.waitSignal(view.shown, timeout=3000):
        qtbot.mouseClick(view.failed.button, Qt.MouseButton.LeftButton)
    assert not view.failed.isVisible()


def test_a_clip_behind_the_end_of_its_file_is_a_sentence(qtbot: QtBot, view: ClipView, sound: Path) -> None:
    view.show_clip(Clip(sound, 7.0, 8.0))
    qtbot.waitUntil(view.failed.isVisible, timeout=3000)
    assert "ends before 7.00 seconds" in view.failed._sentence.text()


def test_what_takes_long_says_that_it_is_busy(
    qtbot: QtBot, view: ClipView, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    go = threading.Event()
    from fsl_desktop.ui.sound import clip_loader

    real = clip_loader.probe
    monkeypatch.setattr(clip_loader, "probe", lambda path: go.wait(5) and real(path))
    view.show_clip(Clip(sound))
    assert not view.busy.isVisible()
    qtbot.waitUntil(view.busy.isVisible, timeout=2000)
    with qtbot.waitSignal(view.shown, timeout=3000):
        go.set()
    assert not view.busy.isVisible()


def test_a_player_without_a_device_says_so_in_the_row(view: ClipView, player: FakePlayer) -> None:
    player.failed.emit(Message.of("No loudspeaker was found. Connect one."))
    assert view.transport.hint.whole() == "No loudspeaker was found. Connect one."
    assert view.transport.hint.property("role") == "warning"


def test_play_when_selected_is_a_setting(
    qtbot: QtBot, view: ClipView, sound: Path, player: FakePlayer
) -> None:
    with qtbot.waitSignal(view.settings_changed, timeout=1000) as told:
        view.transport.menu._auto.setChecked(True)
    assert told.args[0].play_when_shown
    open_clip(qtbot, view, Clip(sound))
    assert player.calls[-1] == ("play", 0.0)
    view.hide()
    assert player.state is PlayState.STOPPED


def test_settings_reach_the_player_and_the_pictures(view: ClipView, player: FakePlayer) -> None:
    view.transport.menu.choose("gain", 6.0)
    view.transport.menu.choose("top_hertz", 4000)
    assert ("gain", 6.0) in player.calls
    assert view.spectrogram.look.top_hertz == 4000
    assert [words for _, words in view.spectrogram.ticks(200)][-1] == "4"
    view.set_settings(ViewSettings(speed=0.5, loop=True, look=Look(top_hertz=2000)))
    assert view.transport.speed.text() == "0.5 ×"
    assert ("speed", 0.5) in player.calls
    assert view.settings.look.top_hertz == 2000


def test_the_theme_is_followed(qtbot: QtBot, player: FakePlayer, tmp_path: Path, sound: Path) -> None:
    holder = ThemeHolder(LIGHT)
    view = ClipView(holder, player, tmp_path / "cache")
    qtbot.addWidget(view)
    view.resize(800, 300)
    view.show()
    open_clip(qtbot, view, Clip(sound))
    before = view.waveform.picture
    holder.set(DARK)
    qtbot.waitUntil(lambda: view.waveform.picture is not before, timeout=3000)
    corner = view.waveform.grab().toImage().pixelColor(view.waveform.width() - 3, 6)
    assert corner.name().upper() == DARK.surface
    view.shut()


def test_many_clips_in_a_row_show_the_last(qtbot: QtBot, view: ClipView, tmp_path: Path) -> None:
    paths = [save(tmp_path / f"{k}.wav", tone(1.0 + k)) for k in range(6)]
    shown = []
    view.shown.connect(shown.append)
    for path in paths:
        view.show_clip(Clip(path))
    qtbot.waitUntil(lambda: view.view.end == 6.0, timeout=3000)
    assert shown[-1].seconds == 6.0


def test_a_long_recording_is_drawn_while_it_is_looked_through(
    qtbot: QtBot, view: ClipView, tmp_path: Path
) -> None:
    wave = np.tile(tone(1.0), 400)
    open_long = Clip(save(tmp_path / "long.wav", wave))
    shares: list[float] = []
    view.loader.wave_known.connect(shares.append)
    with qtbot.waitSignals([view.shown, view.loader.spectrum_known], timeout=20_000):
        view.show_clip(open_long)
    qtbot.waitUntil(lambda: bool(shares) and shares[-1] == 1.0, timeout=20_000)
    for pane in (view.waveform, view.spectrogram):
        qtbot.waitUntil(lambda pane=pane: pane.picture is not None, timeout=10_000)
    assert view.waveform.words == ""
