"""The spectrogram of a clip: time to the right, pitch upwards, loudness as colour."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.audio.spectrogram import Scale
from fsl_desktop.core.readers.source import Cancelled
from fsl_desktop.ui.chart_axis import nice_step
from fsl_desktop.ui.sound.colour_maps import ColourMap, ground
from fsl_desktop.ui.sound.lane import Give, Work
from fsl_desktop.ui.sound.pane import Picture, SoundPane
from fsl_desktop.ui.sound.spectrum_picture import Look, SpectrumSource, share_at
from fsl_desktop.ui.sound.time_view import TimeView
from fsl_desktop.ui.theme import ThemeHolder

_MEL_TICKS = (250, 500, 1000, 2000, 4000, 8000)


class SpectrogramPane(SoundPane):
    def __init__(self, holder: ThemeHolder, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(holder, view, QCoreApplication.translate("SpectrogramPane", "Spectrogram"), parent)
        self._source: SpectrumSource | None = None
        self._look = Look()
        self.setMinimumHeight(72)

    @property
    def look(self) -> Look:
        return self._look

    def set_look(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            self.refresh()

    def set_source(self, source: SpectrumSource | None) -> None:
        self.forget()
        self._source = source
        self.refresh()

    def ground(self) -> str:
        return ground(self._look.colours)

    def selection_tint(self) -> QColor:
        tint = QColor(self.theme.accent if self._look.colours is ColourMap.INK else "#FFFFFF")
        tint.setAlphaF(0.20)
        return tint

    def work(self, start: float, end: float, size: tuple[int, int], ratio: float) -> Work | None:
        source, look = self._source, self._look
        if source is None:
            return None

        def make(give: Give, cancelled: Cancelled) -> None:
            def picture(image: QImage) -> None:
                give(Picture(start, end, image))

            source.draw(start, end, size, look, picture, cancelled)

        return make

    def ticks(self, height: float) -> list[tuple[float, str]]:
        """(share of the height, words) of the frequencies that are named, in kHz."""
        room = max(2, int(height / (1.7 * self.fontMetrics().height())))
        top = self._look.top_hertz
        if self._look.scale is Scale.LINEAR:
            step = nice_step(top, room)
            values = [step * k for k in range(int(top / step + 1e-9) + 1)]
        else:
            values = [0.0, *(float(hertz) for hertz in _MEL_TICKS if hertz <= top)]
        return [(share_at(hertz, self._look), f"{hertz / 1000:g}") for hertz in values]

    def paint_axis(self, painter: QPainter, box: QRectF) -> None:
        metrics = self.fontMetrics()
        painter.setPen(QColor(self.theme.muted))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        lowest = 1e9
        for share, words in self.ticks(box.height()):
            middle = box.bottom() - share * box.height()
            top = min(max(middle - metrics.height() / 2, 0.0), self.height() - metrics.height())
            if top + metrics.height() > lowest + 2:
                continue
            lowest = top
            painter.drawText(QRectF(0, top, box.left() - 8, metrics.height()), flags, words)
        painter.save()
        painter.translate(metrics.height() / 2 + 1, box.center().y())
        painter.rotate(-90)
        unit = QRectF(-40, -metrics.height() / 2, 80, metrics.height())
        painter.drawText(unit, Qt.AlignmentFlag.AlignCenter, self.tr("kHz"))
        painter.restore()
