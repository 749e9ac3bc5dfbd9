"""What the keys do in a waveform or a spectrogram: everything that the mouse can, and playing."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from fsl_desktop.ui.sound.time_view import TimeView

_STEP, _FAR = 0.01, 0.1
"""Shares of what is seen that an arrow moves the cursor."""
_ZOOM = 0.5


class Asked(Enum):
    NOTHING = auto()
    """The key was for the view itself."""
    PLAY = auto()
    LOOP = auto()
    LABEL = auto()


def press(view: TimeView, event: QKeyEvent) -> Asked | None:
    """Do what the key says, or say who must; ``None`` for a key that means nothing here."""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return None
    if control and key == Qt.Key.Key_A:
        view.select((view.first, view.last))
        view.choose()
        return Asked.NOTHING
    if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        step = (_FAR if control else _STEP) * view.span
        _move(view, view.cursor + (step if key == Qt.Key.Key_Right else -step), shift)
        return Asked.NOTHING
    if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        _move(view, view.first if key == Qt.Key.Key_Home else view.last, shift)
        return Asked.NOTHING
    if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        view.scroll(0.9 * view.span * (1 if key == Qt.Key.Key_PageDown else -1))
        return Asked.NOTHING
    if control:
        return None
    return _plain(view, key)


def _plain(view: TimeView, key: Qt.Key) -> Asked | None:
    if key == Qt.Key.Key_Space:
        return Asked.PLAY
    if key == Qt.Key.Key_L:
        return Asked.LOOP
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return Asked.LABEL if view.region is not None else None
    if key == Qt.Key.Key_Escape:
        if view.region is None:
            return None
        view.select(None)
        view.choose()
    elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Up):
        view.zoom(_ZOOM)
    elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Down):
        view.zoom(1 / _ZOOM)
    elif key == Qt.Key.Key_F:
        view.show_all() if view.region is None or not view.is_whole else view.show_region()
    elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
        _set_edge(view, key == Qt.Key.Key_BracketLeft)
    else:
        return None
    return Asked.NOTHING


def _move(view: TimeView, seconds: float, select: bool) -> None:
    view.move_cursor(seconds, select=select)
    view.reveal(view.cursor)
    if select:
        view.choose()


def _set_edge(view: TimeView, is_start: bool) -> None:
    """The region starts, or ends, at the cursor."""
    start, end = view.region if view.region is not None else (view.first, view.last)
    view.select((view.cursor, end) if is_start and view.cursor < end else (start, view.cursor))
    view.choose()
