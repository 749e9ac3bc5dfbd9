"""Step 1: choose a file, or drop one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.message import Message
from fsl_desktop.ui import icons
from fsl_desktop.ui.drops import dropped_path, dropped_paths, file_filter
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.theme import ThemeHolder, blend
from fsl_desktop.ui.widgets import muted, named, title, with_role


class DropArea(QFrame):
    """A dashed place that says it takes a file; lights up while one is held over it."""

    dropped = Signal(str)
    paths_dropped = Signal(object)
    """list[str], where ``several`` are taken."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None, *, several: bool = False) -> None:
        super().__init__(parent)
        self._holder = holder
        self._several = several
        self._lit = False
        self.setAcceptDrops(True)
        holder.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = theme.accent if self._lit else blend(theme.line, theme.muted, 0.6)
        pen = QPen(QColor(line), 1.5)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(theme.accent_tint if self._lit else theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._taken(event):
            self._light(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._light(False)
        if paths := self._taken(event):
            event.acceptProposedAction()
            if self._several:
                self.paths_dropped.emit(paths)
            else:
                self.dropped.emit(paths[0])

    def _taken(self, event: QDropEvent) -> list[str]:
        """Of what is held over it."""
        if self._several:
            return dropped_paths(event.mimeData())
        path = dropped_path(event.mimeData())
        return [path] if path else []

    def _light(self, on: bool) -> None:
        self._lit = on
        self.update()


class FileStep(QWidget):
    file_chosen = Signal(str)
    adjust_wanted = Signal()
    """The file could not be read as guessed; the user wants to say how."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._folder = ""
        self.area = DropArea(holder)
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._head = title(self.tr("Drop a file with your texts here"))
        self._head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._head.setWordWrap(True)
        words = self.tr("Choose a file…")
        self.choose = named(with_role(QPushButton(words), "primary"), words, "wizardChoose")
        self.choose.clicked.connect(self.choose_file)
        self.area.dropped.connect(self.file_chosen)
        self._formats = muted(
            self.tr(
                "CSV, TSV, Excel, JSON lines, Parquet, or a text file with one text per line. "
                "One row is one text; a column with labels is welcome and not needed."
            ),
            wrap=True,
        )
        self._formats.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = named(QProgressBar(), self.tr("Looking into the file"), "wizardLooking")
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(280)
        keep = self.bar.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(keep)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 24, 24, 24)
        inner.setSpacing(12)
        inner.addStretch(2)
        inner.addWidget(self._icon)
        # Wrapped words get their height from the width of the layout, so they are not centred in it.
        inner.addWidget(self._head)
        inner.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(self._formats)
        inner.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch(3)
        centred = QHBoxLayout(self.area)
        centred.addStretch(1)
        centred.addLayout(inner, 4)
        centred.addStretch(1)
        self.problem = InlineSentence(holder)
        self.problem.fix_wanted.connect(self.adjust_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.area, 1)
        layout.addWidget(self.problem)
        self.set_busy("")
        self._dress()
        holder.changed.connect(self._dress)

    def set_folder(self, folder: str) -> None:
        """Where the file dialog begins."""
        self._folder = folder

    def set_busy(self, file_name: str) -> None:
        """``file_name`` is being looked into; "" when none is."""
        self.bar.setVisible(bool(file_name))
        self.choose.setEnabled(not file_name)
        if file_name:
            self.problem.clear()
            self._head.setText(self.tr("Looking into {file}…").format(file=file_name))
        else:
            self._head.setText(self.tr("Drop a file with your texts here"))

    def tell(self, message: Message, details: str, file_name: str) -> None:
        """The file was refused: why, and two ways on (another file, or reading it differently)."""
        readable = file_name.lower().endswith((".csv", ".tsv", ".tab", ".txt", ".xlsx"))
        fix = self.tr("Say how to read it…") if readable else ""
        self.problem.tell(message, details, fix=fix)
        self.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), self._folder, file_filter())
        if path:
            self.file_chosen.emit(path)

    def _dress(self) -> None:
        theme = self._holder.theme
        self._icon.setPixmap(icons.pixmap("upload", theme.accent, 36, self.devicePixelRatioF()))
