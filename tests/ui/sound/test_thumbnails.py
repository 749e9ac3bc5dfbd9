"""Waveforms in table rows: a line first, then the wave; nothing waits for rows that nobody sees."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from sounds import save, tone

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.ui.sound import thumbnails as module
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.thumbnails import COLUMNS, WAITING, ColumnReader, Picture, Thumbnails, joined

BOX = QRectF(10, 4, 160, 32)
INK = "#1A6FD4"


@pytest.fixture
def pictures(qapp, tmp_path):
    made = Thumbnails(tmp_path / "cache")
    yield made
    made.close()
    made.deleteLater()


def paint(pictures: Thumbnails, clip: Clip | None) -> QImage:
    image = QImage(180, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    pictures.paint(painter, BOX, clip, INK)
    painter.end()
    return image


def height_of(image: QImage, x: int) -> int:
    """How many pixels of a column are painted."""
    return sum(image.pixelColor(x, y) != QColor("#FFFFFF") for y in range(image.height()))


def drawn(qtbot, pictures: Thumbnails, clip: Clip) -> QImage:
    with qtbot.waitSignal(pictures.changed, timeout=5000):
        paint(pictures, clip)
    return paint(pictures, clip)


def test_a_line_at_first_then_the_shape_of_the_sound(qtbot, pictures, tmp_path):
    samples = np.concatenate([tone(1.0) * 0.02, tone(1.0)])
    clip = Clip(save(tmp_path / "late.wav", samples))
    first = paint(pictures, clip)
    assert {height_of(first, x) for x in (12, 90, 168)} == {1}
    qtbot.waitSignal(pictures.changed, timeout=5000).wait()
    image = paint(pictures, clip)
    assert height_of(image, 50) <= 4
    assert height_of(image, 130) >= 28
    assert height_of(image, 5) == height_of(image, 175) == 0


def test_only_the_rows_own_part_is_drawn_and_quiet_ones_fill_the_row_too(qtbot, pictures, tmp_path):
    samples = np.concatenate([tone(1.0) * 0.02, np.zeros(16_000, np.float32), tone(1.0)])
    path = save(tmp_path / "three.wav", samples)
    quiet = drawn(qtbot, pictures, Clip(path, 0.0, 1.0))
    assert height_of(quiet, 90) >= 28
    silent = drawn(qtbot, pictures, Clip(path, 1.1, 1.9))
    assert height_of(silent, 90) <= 3


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\x00\x00\x00\x00WAVEfmt "])
def test_a_broken_file_stays_a_line_and_the_others_go_on(qtbot, pictures, tmp_path, content):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(content)
    image = drawn(qtbot, pictures, Clip(broken))
    assert height_of(image, 90) == 1
    # It is not tried again at every paint.
    assert not pictures._waiting
    good = Clip(save(tmp_path / "good.wav", tone(0.5)))
    assert height_of(drawn(qtbot, pictures, good), 90) > 20


def test_a_fault_in_the_thread_ends_nothing(qtbot, pictures, tmp_path, monkeypatch, caplog):
    good = Clip(save(tmp_path / "good.wav", tone(0.5)))
    other = Clip(save(tmp_path / "other.wav", tone(0.5)))
    whole = ColumnReader.look

    def fails(self, clip, cancelled):
        if clip == good:
            raise ZeroDivisionError
        return whole(self, clip, cancelled)

    monkeypatch.setattr(ColumnReader, "look", fails)
    assert height_of(drawn(qtbot, pictures, good), 90) == 1
    assert height_of(drawn(qtbot, pictures, other), 90) > 20
    assert "no waveform of good.wav" in caplog.text
    caplog.clear()


def test_a_file_that_came_back_is_drawn(qtbot, pictures, tmp_path):
    clip = Clip(tmp_path / "away.wav")
    assert height_of(drawn(qtbot, pictures, clip), 90) == 1
    save(clip.path, tone(0.5))
    assert height_of(paint(pictures, clip), 90) == 1
    pictures.try_again()
    assert height_of(drawn(qtbot, pictures, clip), 90) > 20


def test_no_clip_is_a_line_too(pictures):
    assert height_of(paint(pictures, None), 90) == 1
    assert pictures._thread is None


def test_rows_scrolled_past_are_forgotten_and_each_is_read_once(qtbot, pictures, tmp_path, monkeypatch):
    gate, asked = threading.Event(), []

    def slow(self, clip, cancelled):
        asked.append(clip.name)
        gate.wait(5)
        return Picture(np.zeros((COLUMNS, 2), np.float32))

    monkeypatch.setattr(ColumnReader, "look", slow)
    clips = [Clip(tmp_path / f"{n}.wav") for n in range(500)]
    paint(pictures, clips[0])
    qtbot.waitUntil(lambda: asked == ["0.wav"])
    for clip in clips:
        paint(pictures, clip)
    assert len(pictures._waiting) == WAITING
    gate.set()
    qtbot.waitUntil(lambda: pictures._thread is None, timeout=5000)
    assert asked == ["0.wav"] + [f"{n}.wav" for n in range(499, 499 - WAITING, -1)]


def test_closing_ends_the_thread_in_the_middle_of_a_file(qtbot, pictures, tmp_path, monkeypatch):
    began = threading.Event()

    def endless(self, clip, cancelled):
        began.set()
        while not cancelled():
            time.sleep(0.005)
        raise Stopped

    monkeypatch.setattr(ColumnReader, "look", endless)
    paint(pictures, Clip(tmp_path / "a.wav"))
    assert began.wait(5)
    pictures.close()
    assert not [one for one in threading.enumerate() if one.name == "thumbnails"]
    paint(pictures, Clip(tmp_path / "b.wav"))
    assert pictures._thread is None


def test_long_ones_are_drawn_from_peaks_that_are_read_once(tmp_path, monkeypatch):
    path = save(tmp_path / "long.wav", np.concatenate([tone(40.0) * 0.1, tone(40.0)]))
    reader = ColumnReader(tmp_path / "cache")
    found = reader.look(Clip(path)).columns
    assert np.abs(found[:170]).max() < 0.2
    assert np.abs(found[190:]).max() == pytest.approx(1.0, abs=0.01)
    monkeypatch.setattr(module, "peaks", None)
    again = reader.look(Clip(path, 0.0, 79.0)).columns
    assert again.shape == (COLUMNS, 2)


def test_a_part_beyond_the_end_is_refused(tmp_path):
    path = save(tmp_path / "short.wav", tone(1.0))
    with pytest.raises(UserError):
        ColumnReader(tmp_path / "cache").look(Clip(path, 5.0, 6.0))


def test_columns_are_joined_without_losing_an_extreme():
    columns = np.zeros((COLUMNS, 2), np.float32)
    columns[123] = -0.5, 0.75
    for width in (1, 7, 100, 359, 360, 500):
        found = joined(columns, width)
        assert found.shape == (width, 2)
        assert (found.min(), found.max()) == (np.float32(-0.5), np.float32(0.75))
