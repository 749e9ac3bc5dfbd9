"""Shown where the language model is not on this computer: fetch it, or point to a copy of it."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, muted, named, section, with_role


class ModelPrompt(Card):
    """A calm panel. It fetches nothing: ``download_requested`` is the click that allows the network."""

    download_requested = Signal()
    file_chosen = Signal(str)
    cancel_requested = Signal()

    def __init__(
        self, holder: ThemeHolder, size_bytes: int = 91_000_000, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, margin=16, spacing=12)
        named(self, self.tr("Language model"), "modelPrompt")
        self._holder = holder
        self._name, self._size = "", size_bytes
        self._icon = QLabel()
        self._head = QLabel()
        self._head.setWordWrap(True)
        self._body = muted("", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._head)
        words.addWidget(self._body)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        self.problem = InlineSentence(holder)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._make_buttons())
        self.stack.addWidget(self._make_progress())
        self.body.addWidget(section(self.tr("Language model")))
        self.body.addLayout(top)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.stack)
        self.show_missing()
        self._dress()
        holder.changed.connect(self._dress)

    def _make_buttons(self) -> QWidget:
        text = self.tr("Download")
        self.download = named(with_role(QPushButton(text), "primary"), text, "modelDownload")
        self.download.clicked.connect(self._on_download)
        text = self.tr("Choose a file…")
        self.choose = named(QPushButton(text), text, "modelChoose")
        self.choose.setToolTip(self.tr("A copy of the model from another computer: a .whl or .zip file"))
        self.choose.clicked.connect(self.choose_file)
        return _line(self.download, self.choose)

    def _make_progress(self) -> QWidget:
        self.bar = named(QProgressBar(), self.tr("Fetching the model"), "modelBar")
        self.bar.setTextVisible(False)
        self._done = muted("")
        text = self.tr("Cancel")
        self.cancel = named(QPushButton(text), self.tr("Stop fetching the model"), "modelCancel")
        self.cancel.clicked.connect(self._on_cancel)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.bar, 1)
        line.addWidget(self._done)
        line.addWidget(self.cancel)
        return whole

    @property
    def fetching(self) -> bool:
        return self.stack.currentIndex() == 1

    def set_model(self, name: str, size_bytes: int) -> None:
        """Which model is to be fetched, and how much that is."""
        self._name, self._size = name, size_bytes
        self._say_missing()

    def show_missing(self) -> None:
        """The first state: two ways to get the model."""
        self.problem.clear()
        self.stack.setCurrentIndex(0)
        self.download.setText(self.tr("Download"))
        self._say_missing()

    def show_progress(self, progress: Progress | None = None) -> None:
        """It is being fetched; ``progress`` counts bytes."""
        if not self.fetching:
            self.problem.clear()
            self.stack.setCurrentIndex(1)
            self.cancel.setEnabled(True)
        if progress is None or progress.total <= 0:
            self.bar.setRange(0, 0)
            self._done.setText("")
            return
        # QProgressBar counts in 32 bits; bytes do not fit.
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * min(progress.done, progress.total) / progress.total))
        if progress.phase == Phase.DOWNLOADING:
            words = self.tr("{done} of {total} MB")
            self._done.setText(words.format(done=_mb(progress.done), total=_mb(progress.total)))
        else:
            self._done.setText(speech.phase_words(progress.phase))

    def show_failure(self, message: Message | str, details: str = "") -> None:
        """It could not be fetched; the same two ways are open, the first as "Try again"."""
        self.stack.setCurrentIndex(0)
        self.download.setText(self.tr("Try again"))
        self.problem.tell(message, details)

    def show_cancelled(self) -> None:
        self.show_missing()
        self.problem.tell(
            self.tr("Stopped. What was fetched is kept, so the next try goes on from there."), kind="warning"
        )

    def choose_file(self) -> None:
        kinds = self.tr("Model files (*.whl *.zip *.safetensors);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), "", kinds)
        if path:
            self.show_progress()
            self.file_chosen.emit(path)

    def _on_download(self) -> None:
        self.show_progress()
        self.download_requested.emit()

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel_requested.emit()

    def _say_missing(self) -> None:
        words = self.tr("The language model is not on this computer yet ({size} MB).")
        if self._name:
            words = self.tr("The language model {name} is not on this computer yet ({size} MB).")
        self._head.setText(words.format(name=self._name, size=_mb(self._size)))
        self._body.setText(
            self.tr(
                "Suggestions and training need it. You can label in the meantime. "
                "It is fetched once; your texts never leave this computer."
            )
        )

    def _dress(self) -> None:
        theme = self._holder.theme
        self._icon.setPixmap(icons.pixmap("download", theme.accent, 24, self.devicePixelRatioF()))


def _mb(size: int) -> str:
    return QLocale().toString(round(size / 1e6))


def _line(*widgets: QWidget) -> QWidget:
    whole = QWidget()
    layout = QHBoxLayout(whole)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return whole
