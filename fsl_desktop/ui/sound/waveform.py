"""The waveform of a clip."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.readers.source import Cancelled
from fsl_desktop.ui.sound.lane import Give, Work
from fsl_desktop.ui.sound.pane import Picture, SoundPane
from fsl_desktop.ui.sound.time_view import TimeView
from fsl_desktop.ui.sound.wave_picture import SAMPLES_SECONDS, WaveSource, wave_image
from fsl_desktop.ui.theme import ThemeHolder, blend

_PAD = 3
"""Pixels above and below full scale."""


class Waveform(SoundPane):
    def __init__(self, holder: ThemeHolder, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(holder, view, QCoreApplication.translate("Waveform", "Waveform"), parent)
        self._source: WaveSource | None = None
        self._gain = 1.0
        self._long_words = ""
        view.changed.connect(self._say)
        self.setMinimumHeight(56)

    def set_source(self, source: WaveSource | None) -> None:
        self.forget()
        self._long_words = ""
        self._source = source
        self.refresh()

    def set_long_words(self, words: str) -> None:
        """What to say in the place of a part that is too long to be drawn yet; "" once it can be."""
        self._long_words = words
        self._say()

    def _say(self) -> None:
        self.set_words(self._long_words if self.view.span > SAMPLES_SECONDS else "")

    def set_gain(self, factor: float) -> None:
        """Taller by this factor; what does not fit is cut."""
        self._gain = factor
        self.refresh()

    def ground(self) -> str:
        return self.theme.surface

    def selection_tint(self) -> QColor:
        tint = QColor(self.theme.accent)
        tint.setAlphaF(0.13)
        return tint

    def work(self, start: float, end: float, size: tuple[int, int], ratio: float) -> Work | None:
        source, gain, colour = self._source, self._gain, self.theme.accent
        if source is None:
            return None
        width, height = size[0], max(8, size[1] - round(2 * _PAD * ratio))

        def make(give: Give, cancelled: Cancelled) -> None:
            columns = source.columns(start, end, width, cancelled)
            if columns is not None:
                give(Picture(start, end, wave_image(columns, height, colour, gain)))

        return make

    def paint_picture(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, QColor(self.ground()))
        inner = box.adjusted(0, _PAD, 0, -_PAD)
        line = QColor(blend(self.theme.surface, self.theme.line, 0.8))
        for share in (0.0, 0.25, 0.75, 1.0):
            painter.fillRect(
                QRectF(box.left(), round(inner.top() + share * inner.height()), box.width(), 1), line
            )
        super().paint_picture(painter, inner)

    def paint_axis(self, painter: QPainter, box: QRectF) -> None:
        metrics = self.fontMetrics()
        inner = box.adjusted(0, _PAD, 0, -_PAD)
        roomy = inner.height() > 5 * metrics.height()
        painter.setPen(QColor(self.theme.muted))
        for share, value in ((0.0, 1.0), (0.25, 0.5), (0.5, 0.0), (0.75, -0.5), (1.0, -1.0)):
            if share in (0.25, 0.75) and not roomy:
                continue
            top = inner.top() + share * inner.height() - metrics.height() / 2
            top = min(max(top, 0.0), self.height() - metrics.height())
            words = "0" if value == 0 else f"{value / self._gain:.2g}".replace("-", "\N{MINUS SIGN}")
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, box.left() - 8, metrics.height()), flags, words)
