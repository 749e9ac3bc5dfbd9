"""Recordings that libsndfile reads: WAV, FLAC, OGG, Opus, MP3, AIFF and their like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.info import SoundInfo
from fsl_desktop.core.audio.quiet import quiet
from fsl_desktop.core.audio.riff import missing_share
from fsl_desktop.core.audio.trouble import (
    breaks_off,
    no_samples,
    not_numbers,
    nothing_there,
    strange_rate,
    unreadable,
)
from fsl_desktop.core.message import Message

Samples = NDArray[np.float32]

_MIN_RATE = 1_000
_MAX_RATE = 4_000_000
_BLOCK_VALUES = 1 << 18
"""Numbers decoded at a time, all channels together: 1 MB."""
_MAX_VALUE = 1e6
"""Floating point files may hold anything; what is larger than this is damage and not sound."""
_FRAMES_PER_BYTE = 200
"""MP3 reaches 50 in real files. A header that claims more is not believed, and the samples are counted."""
_BITS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "FLOAT": 32, "DOUBLE": 64}


class NotNativeError(Exception):
    """libsndfile cannot open it; the text says what it says."""


def probe_native(path: Path) -> SoundInfo:
    """Facts from the header. Raises ``NotNativeError``, :class:`UserError` and ``OSError``."""
    size = path.stat().st_size
    with closing(_open(path)) as file:
        frames = int(file.frames)
        if frames > size * _FRAMES_PER_BYTE:
            frames = sum(len(block) for block in _decode(file, path, 0, None, []))
        rate = int(file.samplerate)
        notes: tuple[Message, ...] = ()
        if frames == 0:
            raise no_samples(path)
        with open(path, "rb") as raw:
            missing = missing_share(raw, size)
        if 0 < missing < 1:
            notes = (breaks_off(path, frames / rate, frames / rate / (1 - missing)),)
        subtype = str(file.subtype)
        return SoundInfo(
            seconds=frames / rate,
            rate=rate,
            channels=int(file.channels),
            format=str(file.format),
            subtype=subtype,
            bits=_BITS.get(subtype, 0),
            frames=frames,
            notes=notes,
        )


def stream_native(
    path: Path, start: float, end: float | None, notes: list[Message]
) -> Iterator[tuple[int, Samples]]:
    """Pairs of the file's own rate and a block of mono samples at it, from ``start`` to ``end`` seconds.

    Several channels become their mean. What is remarkable is added to ``notes``. Raises as
    :func:`probe_native`; a file that breaks off is no error, one without a single sample is.
    """
    with closing(_open(path)) as file:
        rate = int(file.samplerate)
        first = round(start * rate)
        last = None if end is None else max(first + 1, round(end * rate))
        claimed = int(file.frames)
        if claimed and first >= claimed:
            raise nothing_there(path, start)
        bad = 0
        done = 0
        for block in _decode(file, path, first, last, notes):
            wrong = ~(np.abs(block) < _MAX_VALUE)  # true of NaN as well
            if wrong.any():
                bad += int(wrong.sum())
                block = np.where(wrong, np.float32(0), block)
            done += len(block)
            yield rate, block.mean(axis=1, dtype=np.float32)
        if not done:
            raise no_samples(path) if first == 0 else nothing_there(path, start)
        if bad:
            notes.append(not_numbers(path, bad))


def _open(path: Path) -> Any:
    """An open ``soundfile.SoundFile`` with a rate that can be true."""
    import soundfile

    try:
        with quiet():
            file = soundfile.SoundFile(path)
    except (soundfile.SoundFileError, RuntimeError, TypeError, ValueError) as error:
        # TypeError: its name promises raw samples without a header.
        raise NotNativeError(str(error)) from error
    if not _MIN_RATE <= file.samplerate <= _MAX_RATE:
        rate = int(file.samplerate)
        file.close()
        raise strange_rate(path, rate)
    return file


def _decode(
    file: Any, path: Path, first: int, last: int | None, notes: list[Message]
) -> Iterator[NDArray[np.float32]]:
    """Blocks (frames, channels) from one frame to another, the end where the file ends or breaks."""
    import soundfile

    noisy = "MPEG" in str(file.subtype)
    claimed = int(file.frames)
    channels = int(file.channels)
    block = max(1, _BLOCK_VALUES // channels)
    place = 0
    error: Exception | None = None
    try:
        if first:
            with quiet() if noisy else nullcontext():
                place = int(file.seek(first))
    except (soundfile.SoundFileError, RuntimeError):
        place = 0  # cannot jump in it, so it is heard from the start
    delivered = 0
    while last is None or place < last:
        wanted = min(block, max(1024, claimed - place))  # a short clip needs no large buffer
        buffer = np.zeros((wanted if last is None else min(wanted, last - place), channels), np.float32)
        try:
            with quiet() if noisy else nullcontext():
                read = file.read(out=buffer)
        except (soundfile.SoundFileError, RuntimeError) as failure:
            error = failure
            # What was decoded before the damage is in the buffer, and zeros behind it.
            heard = np.flatnonzero(buffer.any(axis=1))
            read = buffer[: heard[-1] + 1] if len(heard) else buffer[:0]
        if not len(read):
            break
        before = place
        place += len(read)
        if place > first:
            delivered += place - max(before, first)
            yield read[max(0, first - before) :]
        if error is not None:
            break
    if error is not None and not delivered:
        raise unreadable(path, str(error))
    _tell_break(file, path, place, claimed if last is None else min(claimed, last), error, notes)


def _tell_break(
    file: Any, path: Path, place: int, expected: int, error: Exception | None, notes: list[Message]
) -> None:
    """Encoders pad and headers estimate, so a tenth of a second less is nothing to talk about."""
    rate = int(file.samplerate)
    if error is None and expected - place <= 0.1 * rate:
        return
    if place < expected <= path.stat().st_size * _FRAMES_PER_BYTE:
        notes.append(breaks_off(path, place / rate, expected / rate))
