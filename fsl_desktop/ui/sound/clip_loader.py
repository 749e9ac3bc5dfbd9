"""Everything that a view must know of a clip before it can draw it, found beside the window's thread."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.audio.info import SoundInfo
from fsl_desktop.core.audio.overview import overview
from fsl_desktop.core.audio.peaks import Peaks, peaks
from fsl_desktop.core.audio.sound import probe
from fsl_desktop.core.audio.spectrogram import Scale
from fsl_desktop.core.audio.trouble import nothing_there
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.source import Cancelled
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.lane import Give, Lane
from fsl_desktop.ui.sound.spectrum_picture import OVERVIEW_FROM, SpectrumSource
from fsl_desktop.ui.sound.wave_picture import SAMPLES_SECONDS, WaveSource

_TELL = 0.25
"""Seconds between two reports of what is known so far."""


class ClipLoader(QObject):
    """After ``ready`` the sources can be drawn from; for long clips more becomes known later."""

    ready = Signal(object)
    """(SoundInfo)"""
    failed = Signal(object)
    """(Message)"""
    wave_known = Signal(float)
    """The share of the waveform's peaks that is computed; 1.0 when they can be drawn."""
    spectrum_known = Signal(float)
    """The share of the overview that is computed and can be drawn."""

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._clip: Clip | None = None
        self._facts = Lane("facts of a sound", self)
        self._peaks = Lane("peaks of a sound", self)
        self._overview = Lane("overview of a sound", self)
        self._scale = Scale.LINEAR
        self._seconds = 0.0
        self.wave: WaveSource | None = None
        self.spectrum: SpectrumSource | None = None

    def load(self, clip: Clip | None) -> None:
        self._clip = clip
        for lane in (self._facts, self._peaks, self._overview):
            lane.clear()
        if clip is None:
            return

        def look(give: Give, cancelled: Cancelled) -> None:
            info = probe(clip.path)
            if clip.start >= info.seconds:
                raise nothing_there(clip.path, clip.start)
            give(info)

        self._facts.do(look, self._on_facts, self.failed.emit)

    def use_scale(self, scale: Scale) -> None:
        """Which overview a long clip needs."""
        if scale is not self._scale:
            self._scale = scale
            self._want_overview()

    def close(self) -> None:
        for lane in (self._facts, self._peaks, self._overview):
            lane.close()

    def _on_facts(self, info: SoundInfo) -> None:
        clip = self._clip
        if clip is None:
            return
        end = info.seconds if clip.end is None else min(clip.end, info.seconds)
        self._seconds = end - clip.start
        if self.wave is None or self.wave.path != clip.path:
            # Parts of one recording share what is known of it.
            self.wave = WaveSource(clip.path)
            self.spectrum = SpectrumSource(clip.path, self._cache)
        self.ready.emit(info)
        if self._seconds > SAMPLES_SECONDS and self.wave.peaks is None:
            self._want_peaks(clip.path)
        self._want_overview()

    def _want_peaks(self, path: Path) -> None:
        def compute(give: Give, cancelled: Cancelled) -> None:
            told = time.monotonic()

            def progress(share: float) -> None:
                nonlocal told
                if time.monotonic() - told > _TELL:
                    told = time.monotonic()
                    give(min(share, 0.999))

            give(peaks(path, self._cache, progress=progress, cancelled=cancelled))

        self._peaks.do(compute, self._on_peaks, self._on_late_failure)

    def _on_peaks(self, known: Peaks | float) -> None:
        if isinstance(known, Peaks):
            if self.wave is not None:
                self.wave.peaks = known
            self.wave_known.emit(1.0)
        else:
            self.wave_known.emit(known)

    def _want_overview(self) -> None:
        clip, spectrum, scale = self._clip, self.spectrum, self._scale
        if clip is None or spectrum is None or self._seconds <= OVERVIEW_FROM:
            return
        if scale in spectrum.overviews and scale in spectrum.complete:
            self.spectrum_known.emit(1.0)
            return

        def compute(give: Give, cancelled: Cancelled) -> None:
            told = time.monotonic()
            rows: list[NDArray[np.float16]] = []

            def progress(share: float, more: NDArray[np.float16]) -> None:
                nonlocal told
                rows.append(more)
                if time.monotonic() - told > _TELL:
                    told = time.monotonic()
                    rows[:] = [np.concatenate(rows)]
                    spectrum.overviews[scale] = rows[0]
                    give(min(share, 0.999))

            spectrum.overviews[scale] = overview(
                clip.path, self._cache, scale, progress=progress, cancelled=cancelled
            )
            spectrum.complete.add(scale)
            give(1.0)

        self._overview.do(compute, self.spectrum_known.emit, self._on_late_failure)

    def _on_late_failure(self, message: Message) -> None:
        """A cache folder that is full, for instance: what could be drawn stays."""
        self.failed.emit(message)
