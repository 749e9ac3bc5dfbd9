"""Any recording as mono samples: whole for a clip, block by block for what is long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio import trouble
from fsl_desktop.core.audio.ffmpeg import installed, probe_ffmpeg, stream_ffmpeg
from fsl_desktop.core.audio.info import RATE, SoundInfo
from fsl_desktop.core.audio.kinds import HEAD, is_for_ffmpeg, is_text
from fsl_desktop.core.audio.native import NotNativeError, probe_native, stream_native
from fsl_desktop.core.audio.resampling import in_blocks, resampled
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.files import open_binary, reading_failed
from fsl_desktop.core.readers.source import Cancelled, stop_if

Samples = NDArray[np.float32]
SoundPath = str | os.PathLike[str]

_OTHER_CODEC = ("unsupported encoding", "unimplemented")
MAX_CLIP_HOURS = 2
"""``read`` gives no more at once (460 MB); ``stream`` has no such limit."""


def probe(path: SoundPath) -> SoundInfo:
    """Length, rate, channels and format of a recording, without decoding it where its header can be trusted.

    Raises :class:`UserError` for what is no sound, has none in it, or cannot be opened.
    """
    file = Path(path)
    head = _head(file)
    try:
        return probe_native(file)
    except NotNativeError as error:
        if _ffmpeg_may(file, head, error):
            return probe_ffmpeg(file)
        raise _refusal(file, head, error) from error
    except OSError as error:
        raise reading_failed(file, error) from error


def read(
    path: SoundPath,
    start: float = 0.0,
    end: float | None = None,
    rate: int = RATE,
    *,
    notes: list[Message] | None = None,
    cancelled: Cancelled = lambda: False,
) -> Samples:
    """A clip as float32 samples (n,) at ``rate``, the mean of its channels, from ``start`` to ``end`` in s.

    Full scale is 1; files of floats may go beyond. ``n`` is ``(end - start) * rate`` within one sample (some
    milliseconds through ffmpeg), less where the file ends before, and never 0. ``notes`` is filled with
    what the user should know (the file breaks off, samples that are no numbers). Raises as :func:`stream`,
    and :class:`UserError` for more than ``MAX_CLIP_HOURS``.
    """
    blocks: list[Samples] = []
    left = MAX_CLIP_HOURS * 3600 * rate
    for block in stream(path, start, end, rate, notes=notes, cancelled=cancelled):
        left -= len(block)
        if left < 0:
            raise trouble.too_long(Path(path), MAX_CLIP_HOURS)
        blocks.append(block)
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def stream(
    path: SoundPath,
    start: float = 0.0,
    end: float | None = None,
    rate: int = RATE,
    block_seconds: float = 10.0,
    *,
    notes: list[Message] | None = None,
    cancelled: Cancelled = lambda: False,
) -> Iterator[Samples]:
    """The same samples as :func:`read` in consecutive blocks of ``block_seconds``, the last one shorter.

    At least one block with at least one sample comes. Memory depends on the length of a block alone. Raises,
    at the first block or later, :class:`UserError` (no sound, nothing at ``start``, damaged) or ``Stopped``.
    """
    file = Path(path)
    if start < 0 or (end is not None and not end > start):
        raise trouble.wrong_span(file)
    head = _head(file)
    told: list[Message] = [] if notes is None else notes
    length = max(1, round(block_seconds * rate))
    given = False
    try:
        for block in in_blocks(_pieces(file, head, start, end, rate, told, cancelled), length):
            stop_if(cancelled)
            given = True
            yield block
    except OSError as error:
        raise reading_failed(file, error) from error
    if not given:  # a sample or two of a high rate are less than one of a low rate
        yield np.zeros(1, np.float32)


def _pieces(
    file: Path,
    head: bytes,
    start: float,
    end: float | None,
    rate: int,
    notes: list[Message],
    cancelled: Cancelled,
) -> Iterator[Samples]:
    try:
        yield from resampled(stream_native(file, start, end, notes), rate)
    except NotNativeError as error:
        if not _ffmpeg_may(file, head, error):
            raise _refusal(file, head, error) from error
        yield from stream_ffmpeg(file, start, end, rate, cancelled)


def _head(file: Path) -> bytes:
    """The first bytes of a file that can be opened and is not empty."""
    with open_binary(file) as raw:
        try:
            head = raw.read(HEAD)
        except OSError as error:
            raise reading_failed(file, error) from error
    if not head:
        raise trouble.empty(file)
    return head


def _ffmpeg_may(file: Path, head: bytes, error: NotNativeError) -> bool:
    """Files of ffmpeg's, and where it is there also codecs that libsndfile lacks in containers it knows."""
    if is_for_ffmpeg(file.name, head):
        return True
    return any(word in str(error) for word in _OTHER_CODEC) and installed() is not None


def _refusal(file: Path, head: bytes, error: Exception) -> UserError:
    return trouble.is_a_text(file) if is_text(head) else trouble.unreadable(file, str(error))
