"""What a key in the table stands for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from fsl_desktop.ui.theme import class_mark, position_of_key

_COMMANDS = {
    Qt.Key.Key_Return: "accept",
    Qt.Key.Key_Enter: "accept",
    Qt.Key.Key_S: "skip",
    Qt.Key.Key_U: "unsure",
    Qt.Key.Key_R: "repeat",
    Qt.Key.Key_Left: "back",
    Qt.Key.Key_Space: "play",
    Qt.Key.Key_Z: "undo",
    Qt.Key.Key_Backspace: "clear",
    Qt.Key.Key_Delete: "clear",
    Qt.Key.Key_Right: "next",
    Qt.Key.Key_0: "none",
}
_OTHER_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def is_for_the_view(event: QKeyEvent) -> bool:
    """Arrows, shortcuts and the like."""
    return bool(event.modifiers() & _OTHER_MODIFIERS) or not (event.text() or event.key() in _COMMANDS)


def command_of(event: QKeyEvent) -> str | None:
    """A class's mark ("1", "A"), the name of a command, or nothing."""
    command = _COMMANDS.get(Qt.Key(event.key()))
    if command is None and (position := position_of_key(event.text())) is not None:
        command = class_mark(position)
    return command
