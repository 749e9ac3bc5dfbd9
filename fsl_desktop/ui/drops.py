"""What is being dropped on the window, and what letting go will do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os.path import isdir

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.audio.kinds import is_sound_name
from fsl_desktop.ui.start_parts import larger
from fsl_desktop.ui.theme import ThemeHolder, blend

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson", ".json", ".xlsx", ".parquet")
DATA_ENDINGS = (*_TABLES, ".arrow", ".conll", ".bio")


def dropped_paths(data: QMimeData) -> list[str]:
    """Local files and folders that are being dropped."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


def dropped_path(data: QMimeData) -> str:
    """The one local file or folder that is being dropped, or ""."""
    paths = dropped_paths(data)
    return paths[0] if len(paths) == 1 else ""


def is_project(path: str) -> bool:
    return path.rstrip("/\\").lower().endswith(".fsl")


def are_recordings(paths: Sequence[str]) -> bool:
    """Whether these look like recordings: sound files, a zip, or a folder that is no project."""

    def looks(path: str) -> bool:
        name = path.rstrip("/\\")
        return is_sound_name(name) or name.lower().endswith(".zip") or (not is_project(path) and isdir(path))

    return bool(paths) and all(looks(path) for path in paths)


class DropVeil(QWidget):
    """Laid over a page while something is held over it: says what letting go will do."""

    def __init__(self, holder: ThemeHolder, parent: QWidget) -> None:
        super().__init__(parent)
        self._holder = holder
        self._over = parent
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, words: str) -> None:
        self._words = words
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.window)
        veil.setAlphaF(0.9)
        painter.fillRect(self.rect(), veil)
        pen = QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(blend(theme.window, theme.accent_tint, 0.7)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 10, 10)
        painter.setPen(QColor(theme.text))
        painter.setFont(larger(self.font(), 17 / 13, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)


class DropTarget(QObject):
    """Lets a page take what ``paths_of`` finds in a drop; ``dropped`` brings them as list[str]."""

    dropped = Signal(object)

    def __init__(
        self,
        page: QWidget,
        holder: ThemeHolder,
        words: str,
        paths_of: Callable[[QMimeData], list[str]],
    ) -> None:
        super().__init__(page)
        self._words, self._paths_of = words, paths_of
        self._veil = DropVeil(holder, page)
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            if self._paths_of(event.mimeData()):
                self._veil.tell(self._words)
                event.acceptProposedAction()
            else:
                event.ignore()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._veil.hide()
            if paths := self._paths_of(event.mimeData()):
                event.acceptProposedAction()
                self.dropped.emit(paths)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._veil.hide()
        return super().eventFilter(watched, event)


def file_filter() -> str:
    """What a file dialog offers, in Qt's form."""
    endings = " ".join(f"*{ending}" for ending in DATA_ENDINGS)
    words = QCoreApplication.translate("StartPage", "Files with texts ({endings})").format(endings=endings)
    return words + ";;" + QCoreApplication.translate("StartPage", "All files (*)")
