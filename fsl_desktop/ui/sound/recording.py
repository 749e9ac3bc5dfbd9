"""The window that records, and what becomes of takes and of marked parts: rows that the table goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.devices import Devices
from fsl_desktop.ui.sound.dock import SoundDock
from fsl_desktop.ui.sound.new_rows import NewRows
from fsl_desktop.ui.sound.player import SoundPlayer
from fsl_desktop.ui.sound.record_dialog import RecordDialog
from fsl_desktop.ui.sound.recorder import SoundRecorder
from fsl_desktop.ui.theme import ThemeHolder

if TYPE_CHECKING:
    from fsl_desktop.ui.label_page import LabelPage
    from fsl_desktop.ui.session import Session


class Recording(QObject):
    """Make it once the Label page is there: its rows must be in the table before the table goes to them."""

    def __init__(
        self, session: Session, holder: ThemeHolder, devices: Devices, dock: SoundDock, label: LabelPage
    ) -> None:
        super().__init__(dock)
        self._session, self._holder, self._devices, self._dock = session, holder, devices, dock
        self.rows = NewRows(session, self)
        self.dialog: RecordDialog | None = None
        dock.refuse(self.rows.why_not)
        dock.record_asked.connect(self.record)
        dock.region_asked.connect(self._on_region)
        label.record_wanted.connect(self.record)
        self.rows.added.connect(label.go_to_row)

    def record(self) -> None:
        """Open the window that records; it stays open for take after take."""
        if self.dialog is not None:
            return
        if self.rows.why_not is not None:
            self._session.failed.emit(self.rows.why_not, "")
            return
        self._dock.clip_view.pause()
        recorder, player = SoundRecorder(self._devices), SoundPlayer(self._devices)
        self.dialog = dialog = RecordDialog(
            self._holder,
            recorder,
            player,
            self.rows.next_take,
            self.rows.add_take,
            self._session.classes,
            self._dock.window(),
        )
        recorder.setParent(dialog)
        player.setParent(dialog)
        dialog.left.connect(player.close)
        dialog.left.connect(self._on_left)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def close(self) -> None:
        """The project is closing: a take that is not kept is thrown away."""
        if self.dialog is not None:
            self.dialog.close()

    def _on_left(self) -> None:
        self.dialog = None

    def _on_region(self, row_id: int, start: float, end: float, class_ids: tuple[int, ...]) -> None:
        # With its label it is done, and the next part of the same recording can be marked.
        trouble = self.rows.add_part(row_id, start, end, class_ids, follow=not class_ids)
        if trouble is not None:
            self._session.failed.emit(trouble, "")
            return
        self._dock.clip_view.select(None)
        if class_ids:
            name = next(info.name for info in self._session.classes if info.id == class_ids[0])
            self._session.said.emit(
                Message.of("The marked part is a row now, labelled {name}. Undo takes it back.", name=name)
            )
