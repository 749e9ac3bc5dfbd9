"""Which columns of a table say where a sound is, what it is, and which part of it is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fsl_desktop.core.audio.kinds import is_sound_name
from fsl_desktop.core.readers.columns import guess_label
from fsl_desktop.core.readers.sample import Sample
from fsl_desktop.core.readers.source import Source
from fsl_desktop.core.readers.types import ReadOptions


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(","))


FILE_NAMES = _names(
    "file, files, file_name, filename, file name, path, file_path, filepath, audio, audio_file, audio_path, "
    "sound, sound_file, recording, wav, wav_file, clip, begin file, begin path, slice_file_name, fname, "
    "datei, dateiname, pfad, fichier, archivo, 文件, 文件名, 路径, 音频, 檔案, ファイル, ファイル名, 파일"
)
START_NAMES = _names(
    "start, start_time, start time, start_s, start_seconds, begin, begin_time, begin time (s), onset, "
    "t_start, start (s), xmin, tmin, 开始, 開始, 시작"
)
END_NAMES = _names(
    "end, end_time, end time, end_s, end_seconds, stop, end time (s), t_end, end (s), xmax, tmax, "
    "结束, 終了, 끝"
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class TableOptions:
    """Which columns are meant; ``None`` guesses, and "" says that there is none (not for ``file``)."""

    file: str | None = None
    label: str | None = None
    start: str | None = None
    end: str | None = None
    reading: ReadOptions = field(default_factory=ReadOptions)
    """Encoding, delimiter, header, sheet and ``label_separator``; its own columns do not count."""


def guess_columns(source: Source, sample: Sample, options: TableOptions) -> TableOptions:
    """``options`` with every guess made; ``file`` is "" where no column names sounds."""
    names, rows = source.names, sample.cells
    file = options.file if options.file is not None else _file_column(names, rows)
    if file.casefold().startswith("slice"):
        # UrbanSound8K gives the times in the recordings that its files were cut from.
        options = replace(options, start=options.start or "", end=options.end or "")
    start = options.start if options.start is not None else _time_column(names, rows, START_NAMES)
    end = options.end if options.end is not None else _time_column(names, rows, END_NAMES)
    label = options.label
    if label is None:
        taken = {file, start, end}
        left = [name for name in names if name not in taken]
        places = [names.index(name) for name in left]
        cells = [[row[i] if i < len(row) else "" for i in places] for row in rows]
        label = guess_label(left, cells, None) or ""
    return replace(options, file=file, label=label, start=start, end=end)


def seconds_of(cell: str) -> float | None:
    """A time in seconds, minutes:seconds or hours:minutes:seconds; ``None`` for what is no time."""
    text = cell.strip()
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds)
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def _file_column(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    best, best_score = "", 0.0
    for place, name in enumerate(names):
        filled = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        if not filled:
            continue
        score = sum(map(is_sound_name, filled)) / len(filled)
        if name.strip().casefold() in FILE_NAMES:
            score += 0.6  # names without an ending, e.g. of LJSpeech, are looked up
        if score > max(best_score, 0.5):
            best, best_score = name, score
    return best


def _time_column(names: Sequence[str], rows: Sequence[Sequence[str]], known: frozenset[str]) -> str:
    for place, name in enumerate(names):
        if name.strip().casefold() not in known:
            continue
        filled = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if sum(seconds_of(cell) is not None for cell in filled) > 0.5 * len(filled):
            return name
    return ""
