"""What the user chooses once: theme, text size, the usual preset; and how the model is."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.config import Preset
from fsl_desktop.core.message import Message
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui import speech
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.text_size import TEXT_SIZES, nearest_size
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, ElidedLabel, muted, named, section, title, with_role
from fsl_desktop.work.protocol import CheckModel, ModelStatus


class SettingsDialog(QDialog):
    """Every change goes out at once as ``settings_changed`` with the whole settings, and shows at once."""

    settings_changed = Signal(object)  # Settings
    install_requested = Signal(str)  # model id

    def __init__(
        self,
        settings: Settings,
        holder: ThemeHolder,
        jobs: Jobs,
        models_folder: str,
        parent: QWidget | None = None,
        *,
        model: str = "minilm",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(520)
        self.settings = settings
        self._jobs = jobs
        self._model, self._folder = model, models_folder
        self._ticket: int | None = None
        self.problem = InlineSentence(holder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(title(self.tr("Settings")))
        layout.addWidget(self._look_card())
        layout.addWidget(self._training_card())
        layout.addWidget(self._models_card())
        layout.addStretch(1)
        words = self.tr("Close")
        self.close_button = named(with_role(QPushButton(words), "primary"), words, "settingsClose")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        layout.addLayout(foot)

    def _look_card(self) -> Card:
        card = Card(spacing=8)
        card.body.addWidget(section(self.tr("Look")))
        line = QHBoxLayout()
        line.setSpacing(16)
        self.themes: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        for value, words in (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            button = named(QRadioButton(words), words, f"theme_{value}")
            button.setChecked(self.settings.theme == value)
            button.toggled.connect(lambda on, value=value: self._change(theme=value) if on else None)
            group.addButton(button)
            line.addWidget(button)
            self.themes[value] = button
        line.addStretch(1)
        card.body.addLayout(line)
        self.text_size = named(QComboBox(), self.tr("Text size"), "settingsTextSize")
        for scale in TEXT_SIZES:
            self.text_size.addItem(speech.percent(scale), scale)
        self.text_size.setCurrentIndex(nearest_size(self.settings.font_scale))
        self.text_size.activated.connect(lambda i: self._change(font_scale=TEXT_SIZES[i]))
        card.body.addLayout(_row(self.tr("Text size"), self.text_size))
        return card

    def _training_card(self) -> Card:
        card = Card(spacing=8)
        card.body.addWidget(section(self.tr("Training")))
        self.preset = named(QComboBox(), self.tr("Usual preset"), "settingsPreset")
        for preset in Preset:
            self.preset.addItem(speech.preset_name(preset), preset.value)
        self.preset.setCurrentIndex(max(0, self.preset.findData(self.settings.default_preset)))
        self.preset.activated.connect(self._on_preset)
        card.body.addLayout(_row(self.tr("Usual preset"), self.preset))
        self._preset_words = muted("", wrap=True)
        self._preset_words.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        card.body.addWidget(self._preset_words)
        self._preset_words.setText(speech.preset_words(Preset(self.preset.currentData())))
        return card

    def _models_card(self) -> Card:
        card = Card(spacing=8)
        card.body.addWidget(section(self.tr("Language model")))
        self.status = QLabel(self.tr("Not looked at yet."))
        self.status.setWordWrap(True)
        words = self.tr("Check the files")
        self.verify = named(QPushButton(words), words, "settingsVerify")
        self.verify.clicked.connect(self._on_verify)
        words = self.tr("Download")
        self.install = named(QPushButton(words), self.tr("Download the model"), "settingsInstall")
        self.install.clicked.connect(lambda: self.install_requested.emit(self._model))
        self.install.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.status, 1)
        line.addWidget(self.install)
        line.addWidget(self.verify)
        card.body.addLayout(line)
        card.body.addWidget(self.problem)
        words = self.tr("Show folder")
        self.show_folder = named(with_role(QPushButton(words), "quiet"), words, "settingsFolder")
        self.show_folder.clicked.connect(self._open_folder)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(ElidedLabel(self._folder, role="muted"), 1)
        line.addWidget(self.show_folder)
        card.body.addLayout(line)
        return card

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._ticket is None:
            self._on_verify()

    def show_status(self, status: ModelStatus) -> None:
        """What a check of the model found."""
        self.verify.setEnabled(status.installed)
        self.install.setVisible(not status.installed or status.problem is not None)
        if status.problem is not None:
            self._say("", self.tr("Something is wrong with it."))
            self.problem.tell(status.problem)
        elif status.installed:
            self._say("good", self.tr("Here and unaltered."))
        else:
            self._say("", self.tr("Not on this computer yet."))

    def _say(self, role: str, words: str) -> None:
        self.problem.clear()
        with_role(self.status, role)
        self.status.setText(words)

    def _on_verify(self) -> None:
        self.verify.setEnabled(False)
        self._say("", self.tr("Checking…"))
        self._ticket = self._jobs.submit(
            CheckModel(self._model), done=self._on_checked, refused=self._on_refused, dropped=self._on_dropped
        )

    def _on_checked(self, status: ModelStatus) -> None:
        self._ticket = None
        self.show_status(status)

    def _on_refused(self, message: Message, details: str) -> None:
        self._on_dropped()
        self.problem.tell(message, details)

    def _on_dropped(self) -> None:
        self._ticket = None
        self.verify.setEnabled(True)
        self._say("", self.tr("Not looked at yet."))

    def done(self, result: int) -> None:
        if self._ticket is not None:
            self._jobs.forget(self._ticket)
            self._ticket = None
        super().done(result)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))

    def _on_preset(self) -> None:
        value = str(self.preset.currentData())
        self._preset_words.setText(speech.preset_words(Preset(value)))
        self._change(default_preset=value)

    def _change(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self.settings_changed.emit(self.settings)


def _row(words: str, field: QWidget) -> QHBoxLayout:
    label = QLabel(words)
    label.setBuddy(field)
    field.setMinimumWidth(160)
    line = QHBoxLayout()
    line.setSpacing(12)
    line.addWidget(label)
    line.addStretch(1)
    line.addWidget(field)
    return line
