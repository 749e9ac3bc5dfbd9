"""Small waveforms for the rows of a table: painted from what is kept, computed beside for what is seen."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from fsl_desktop.core.audio.facts import LOW_RATE, judge
from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.peaks import Peaks, peaks
from fsl_desktop.core.audio.sound import probe, read
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.source import Cancelled
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.wave_picture import Columns, sample_columns, wave_image

log = logging.getLogger(__name__)

COLUMNS = 360
"""As many as two screen pixels for each of the widest cell's; narrower cells join some."""
WAITING = 64
"""Rows that may wait: more than fit on a screen, so what was scrolled past is forgotten."""
KEPT = 4_000
"""Clips whose columns are kept, 3 kB each."""
_IMAGES = 400
_LONG_FILE = 300.0
_SHORT_CLIP = 60.0
_NO_JUMPING = ("MP3",)
"""Formats in which a part far inside takes as long to reach as all before it."""
_TELL_MS = 30


class Picture(NamedTuple):
    """What is known of a clip."""

    columns: Columns | None
    """None where it cannot be heard."""
    odd: tuple[Message, ...] = ()
    """Why it cannot be heard, or what is wrong with it."""
    facts: tuple[Message, ...] = ()
    """What is good to know and no fault."""


class Thumbnails(QObject):
    """``paint`` in a delegate; ``changed`` tells that more can be painted, at most thirty times a second.

    A clip that cannot be read stays a line; ``known`` says why. ``close`` ends the thread.
    """

    changed = Signal()
    _found = Signal()

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = ColumnReader(cache)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._waiting: OrderedDict[Clip, None] = OrderedDict()
        self._doing: Clip | None = None
        self._known: OrderedDict[Clip, Picture] = OrderedDict()
        self._images: OrderedDict[tuple[Clip, int, int, str], QImage] = OrderedDict()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TELL_MS)
        self._soon.timeout.connect(self.changed)
        self._found.connect(self._on_found, Qt.ConnectionType.QueuedConnection)

    def paint(self, painter: QPainter, box: QRectF, clip: Clip | None, colour: str) -> None:
        """Draw the clip's waveform, or a line until it is known. ``colour`` is ``#RRGGBB``."""
        ratio = painter.device().devicePixelRatioF()
        size = round(box.width() * ratio), round(box.height() * ratio)
        image = None if clip is None else self._image(clip, *size, colour)
        if image is None:
            faint = QColor(colour)
            faint.setAlphaF(0.35)
            painter.fillRect(QRectF(box.left(), round(box.center().y()), box.width(), 1), faint)
        else:
            painter.drawImage(box, image)

    def known(self, clip: Clip) -> Picture | None:
        """What was found, once it was painted and read."""
        with self._lock:
            return self._known.get(clip)

    def try_again(self) -> None:
        """Files that could not be read may be there now."""
        with self._lock:
            for clip in [clip for clip, picture in self._known.items() if picture.columns is None]:
                del self._known[clip]
        self.changed.emit()

    def close(self) -> None:
        with self._lock:
            self._closing = True
            self._waiting.clear()
            thread = self._thread
        self._soon.stop()
        if thread is not None:
            thread.join(2.0)

    def _image(self, clip: Clip, width: int, height: int, colour: str) -> QImage | None:
        key = (clip, width, height, colour)
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
            return image
        if width < 1 or height < 4:
            return None
        with self._lock:
            picture = self._known.get(clip)
            if picture is None or picture.columns is None:
                if picture is None and clip != self._doing:
                    self._want(clip)
                return None
            self._known.move_to_end(clip)
        image = wave_image(joined(picture.columns, width), height, colour)
        self._images[key] = image
        while len(self._images) > _IMAGES:
            self._images.popitem(last=False)
        return image

    def _want(self, clip: Clip) -> None:
        """With the lock held. The newest is computed first: it is what is looked at."""
        if self._closing:
            return
        self._waiting[clip] = None
        self._waiting.move_to_end(clip)
        while len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="thumbnails", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._doing = None
                if not self._waiting or self._closing:
                    self._thread = None
                    return
                clip, _ = self._waiting.popitem()
                self._doing = clip
            picture = Picture(None)
            try:
                picture = self._reader.look(clip, lambda: self._closing)
            except UserError as error:
                picture = Picture(None, (error.message,))
            except Stopped:
                continue
            except Exception:
                log.exception("no waveform of %s", clip.name)
            with self._lock:
                self._known[clip] = picture
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
            try:
                self._found.emit()
            except RuntimeError:  # the window was closed meanwhile
                log.debug("nobody waits for waveforms any more")

    def _on_found(self) -> None:
        if not self._soon.isActive() and not self._closing:
            self._soon.start()


class ColumnReader:
    """Reads what is drawn of a clip. The peaks of one file are held, for the other parts of it."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._held: tuple[Path, Peaks] | None = None

    def look(self, clip: Clip, cancelled: Cancelled = lambda: False) -> Picture:
        """``COLUMNS`` smallest and largest values of a clip, its loudest at 1, and what is odd about it
        (of a long clip only what its file says before it is decoded).

        Raises :class:`UserError` and ``Stopped``.
        """
        info = probe(clip.path)
        odd, facts = list(info.notes), []
        end = info.seconds if clip.end is None else min(clip.end, info.seconds)
        jumps = info.format not in _NO_JUMPING or info.seconds <= _LONG_FILE
        if end - clip.start > _SHORT_CLIP or not jumps:
            found = self._peaks(clip.path, cancelled).between(clip.start, end, COLUMNS)
        else:
            notes: list[Message] = []
            samples = read(clip.path, clip.start, end, notes=notes, cancelled=cancelled)
            odd += [note for note in notes if note not in odd]
            for note in judge(samples, info.rate).notes:
                (facts if note.template == LOW_RATE else odd).append(note)
            found = sample_columns(samples, 0.0, (end - clip.start) * RATE, COLUMNS)
        loudest = float(np.abs(found).max(initial=0.0))
        # Rows are told apart by their shape; how loud each is would only hide the quiet ones.
        shape = np.asarray(found / loudest if loudest > 1e-4 else found, np.float32)
        return Picture(shape, tuple(odd), tuple(facts))

    def _peaks(self, path: Path, cancelled: Cancelled) -> Peaks:
        if self._held is None or self._held[0] != path:
            self._held = (path, peaks(path, self._cache, cancelled=cancelled))
        return self._held[1]


def joined(columns: Columns, width: int) -> Columns:
    """As many columns as there are pixels."""
    edges = np.linspace(0, len(columns), width + 1)
    low = np.minimum(np.floor(edges[:-1]).astype(np.int64), len(columns) - 1)
    if width >= len(columns):
        return columns[low]
    return np.stack(
        [np.minimum.reduceat(columns[:, 0], low), np.maximum.reduceat(columns[:, 1], low)], axis=1
    )
