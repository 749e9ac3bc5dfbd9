"""What soundfile cannot read (M4A, AAC, video ...), through the ffmpeg program where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from fsl_desktop.core.audio.info import RATE, SoundInfo
from fsl_desktop.core.audio.pipe import NO_WINDOW, Pipe, Samples
from fsl_desktop.core.audio.trouble import no_samples, nothing_there, unreadable
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.source import Cancelled

_FORMATS = (
    "aac,ac3,eac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,flac,flv,loas,matroska,mov,mp3,mpeg,mpegts,"
    "ogg,rm,tta,wav,w64,wv"
)
"""Containers that hold their sound themselves: a play list that names other files or places is none."""
_PROBE_SECONDS = 60
_DURATION = re.compile(r"^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.MULTILINE)
_AUDIO = re.compile(r"Stream #\S+.*?: Audio: (\w+)[^\n]*?, (\d+) Hz, ([^,\n]+)")
_INPUT = re.compile(r"^Input #0, ([^,\n]+)", re.MULTILINE)
_LAYOUTS = {"mono": 1, "stereo": 2, "2.1": 3, "3.0": 3, "quad": 4, "4.0": 4, "5.0": 5, "5.1": 6, "7.1": 8}
_TOLD = 20_000
"""Bytes of ffmpeg's own words that are looked at."""


def installed() -> str | None:
    """Where ffmpeg is on this computer, or ``None``."""
    return shutil.which("ffmpeg")


def probe_ffmpeg(path: Path, cancelled: Cancelled = lambda: False) -> SoundInfo:
    """Facts about the first sound track. Raises :class:`UserError` and ``Stopped``."""
    told = _ask(path)
    track = _AUDIO.search(told)
    if track is None:
        raise no_samples(path) if "Stream #" in told else unreadable(path, told)
    codec, rate, layout = track.group(1), int(track.group(2)), track.group(3).strip()
    length = _DURATION.search(told)
    if length is not None:
        hours, minutes, seconds = length.groups()
        duration = 3600 * int(hours) + 60 * int(minutes) + float(seconds)
    else:
        duration = sum(len(block) for block in stream_ffmpeg(path, 0.0, None, RATE, cancelled)) / RATE
    if duration <= 0 or rate <= 0:
        raise no_samples(path)
    container = _INPUT.search(told)
    return SoundInfo(
        seconds=duration,
        rate=rate,
        channels=_channels(layout),
        format=(container.group(1) if container else path.suffix.lstrip(".")).upper(),
        subtype=codec.upper(),
        bits=0,
        frames=round(duration * rate),
        decoder="ffmpeg",
    )


def stream_ffmpeg(
    path: Path, start: float, end: float | None, rate: int, cancelled: Cancelled = lambda: False
) -> Iterator[Samples]:
    """Mono samples of the first sound track at ``rate``, in blocks as they come.

    The program is ended when the caller stops, is cancelled, or nothing comes for a minute. Raises
    :class:`UserError` and ``Stopped``.
    """
    command = [
        *_opening(path, "error"),
        *("-ss", f"{start:.6f}", "-i", _address(path), "-map", "0:a:0", "-vn", "-sn", "-dn"),
        *(() if end is None else ("-t", f"{end - start:.6f}")),
        *("-ac", "1", "-ar", str(rate), "-f", "f32le", "pipe:1"),
    ]
    most = None if end is None else round((end - start) * rate)
    delivered = 0
    with Pipe(command, path, cancelled) as pipe:
        for block in pipe.samples():
            if most is not None:
                block = block[: most - delivered]
            delivered += len(block)
            if len(block):
                wrong = ~(np.abs(block) < 1e6)
                yield np.where(wrong, np.float32(0), block)
            if most is not None and delivered >= most:
                return
        code, told = pipe.finish()
    if delivered:
        return
    if code and "matches no streams" not in told:
        raise unreadable(path, told)
    raise no_samples(path) if start <= 0 else nothing_there(path, start)


def _opening(path: Path, level: str) -> tuple[str, ...]:
    program = installed()
    if program is None:
        raise UserError(
            "{file} needs the program ffmpeg, which is not on this computer. Install ffmpeg{how}, "
            "or save the sound as WAV, FLAC or MP3.",
            file=path.name,
            how=_how_to_install(),
        )
    # -nostdin: the program would else take our own input for its keyboard.
    return (
        *(program, "-nostdin", "-hide_banner", "-loglevel", level),
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", _FORMATS),
    )


def _how_to_install() -> str:
    if sys.platform == "win32":
        return " (winget install ffmpeg)"
    if sys.platform == "darwin":
        return " (brew install ffmpeg)"
    return " with your system's software manager"


def _address(path: Path) -> str:
    """With the protocol in front no name is taken for an option or for a place on the network."""
    return f"file:{path.absolute()}"


def _ask(path: Path) -> str:
    """What ffmpeg says about a file; without an output it ends with an error, which is expected."""
    command = [*_opening(path, "info"), "-i", _address(path)]
    with tempfile.TemporaryFile() as told:
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=told,
                timeout=_PROBE_SECONDS,
                check=False,
                creationflags=NO_WINDOW,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise unreadable(path, str(error)) from error
        told.seek(0)
        return told.read(_TOLD).decode("utf-8", errors="replace")


def _channels(layout: str) -> int:
    counted = re.match(r"(\d+) channels", layout)
    return int(counted.group(1)) if counted else _LAYOUTS.get(layout.split("(")[0], 1)
