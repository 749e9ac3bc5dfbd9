"""What the next run will be asked to do, shared by every place that can start it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.config import Preset, TrainConfig


class TrainChoice(QObject):
    changed = Signal()

    def __init__(self, preset: Preset = Preset.AUTO, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._config = TrainConfig(preset=preset)

    @property
    def config(self) -> TrainConfig:
        return self._config

    @property
    def preset(self) -> Preset:
        return self._config.preset

    def set_preset(self, preset: Preset) -> None:
        self.set_config(replace(self._config, preset=preset))

    def set_config(self, config: TrainConfig) -> None:
        if config != self._config:
            self._config = config
            self.changed.emit()
