"""The table of what is fuzzed: a reader, good files to damage, and the ways to damage them.

A further reader is a line in ``READERS``: ``take(path)`` reads the file and returns the rows that could not
be used, as pairs of a row's number (or ``None``) and the sentence about it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import fuzz_seeds as seeds
from mutations import Mutation, bytes_changed, json_changed, members_changed, text_changed

from fsl_desktop.core import label_cells
from fsl_desktop.core.audio.event_files.files import Format, read_events
from fsl_desktop.core.audio.peaks import cached_peaks
from fsl_desktop.core.audio.sources import check, find
from fsl_desktop.core.audio.tables import table_columns
from fsl_desktop.core.message import Message
from fsl_desktop.core.model_folder import task_of
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers import preview, read
from fsl_desktop.core.settings import Settings

Problems = list[tuple[int | None, Message]]
Files = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Reader:
    take: Callable[[Path], Problems]
    seeds: Callable[[Path], Files]
    """Good files by name, made in the folder that is given where they must be on a disk first."""
    mutations: tuple[Mutation, ...] = (bytes_changed, text_changed)
    numbered: bool = True
    """Problems are about rows and must have their numbers."""


def table_of_texts(path: Path) -> Problems:
    """As the wizard does: looked at, then read with what was guessed."""
    preview(path)
    problems: Problems = []
    for chunk in read(path):
        for row in chunk.rows:
            for text in (row.text, row.label or "", *row.extra, *row.extra.values()):
                assert isinstance(text, str), text
                assert "\0" not in text, text
                text.encode()  # a lone surrogate is what no database takes
            assert row.text.strip()
        problems += [(problem.row, problem.message) for problem in chunk.problems]
        assert all("{row}" in problem.message.template for problem in chunk.problems)
    return problems


def data_set(path: Path) -> Problems:
    """A folder of ``datasets`` whose list of files is damaged."""
    for name, data in seeds.arrow(path.parent):
        for folder in (path.parent, path.parent / "a", path.parent / "b"):
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
            if folder != path.parent:
                (folder / "state.json").write_bytes(seeds.dataset_state(folder)[0][1])
    return table_of_texts(path.parent)


def label_column(path: Path) -> Problems:
    """Cells with several labels: what is guessed, split and joined gives the same again."""
    cells = path.read_bytes().decode("utf-8", "replace").split("\n")
    separator = label_cells.guess_separator(cells)
    for cell in cells:
        for one in (separator, label_cells.JSON, ";", ""):
            parts = label_cells.split_cell(cell, one)
            if parts:
                assert label_cells.split_cell(label_cells.join_cell(parts), ";") == parts
                assert label_cells.parts_of(label_cells.as_label(parts)) == parts
    return []


def events(format: Format | None) -> Callable[[Path], Problems]:
    def take(path: Path) -> Problems:
        for one in read_events(path, format):
            assert 0 <= one.start <= one.end < float("inf"), one
        return []

    return take


BESIDE = (".txt", ".TextGrid", ".eaf")


def sounds(path: Path) -> Problems:
    """A table, zip or folder of recordings, with two recordings beside it."""
    for name, data in seeds.two_sounds():
        (path.parent / name).write_bytes(data)
    if path.suffix == ".csv":
        table_columns(path)
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=path.parent.parent) as room:
        given = path.parent if path.stem == "metadata" or path.suffix in BESIDE else path
        found, _ = check(find([given], unpack_to=Path(room)))
        assert all(clip.start is None or clip.start >= 0 for clip in found.clips)
        below = (path.parent, Path(room))
        assert (
            all(any(clip.path.is_relative_to(one) for one in below) for clip in found.clips)
            or path.suffix != ".zip"
        )
    return [(one.row, one.message) for one in found.problems if one.row is not None]


def project(path: Path) -> Problems:
    """A project whose file is damaged opens or is refused; what opens can be closed and opened again."""
    folder = path.parent / "Test.fsl"
    folder.mkdir()
    shutil.move(path, folder / "project.db")
    for _ in range(2):
        with closing(Project.open(folder)) as opened:
            for _ in opened.load_rows():
                pass
            assert len(opened.table.texts) == len(opened.table.labels)
            _ = opened.runs, opened.sources(), opened.classes, opened.notices
    return []


def settings(path: Path) -> Problems:
    Settings.load(path)
    return []


def model_folder(path: Path) -> Problems:
    task_of(path.parent)
    return []


def waveform(path: Path) -> Problems:
    """A cache file is used or computed anew, never believed blindly."""
    sound = path.parent / "a.wav"
    sound.write_bytes(seeds.two_sounds()[0][1])
    known = cached_peaks(sound, path.parent)
    if known is not None:
        known.between(0, known.seconds, 100)
    return []


TEXT = (bytes_changed, text_changed, text_changed)
JSON = (bytes_changed, text_changed, json_changed, json_changed)
ZIPPED = (
    bytes_changed,
    members_changed(bytes_changed),
    members_changed(text_changed),
    members_changed(text_changed),
)

READERS = {
    "csv": Reader(table_of_texts, seeds.csv, TEXT),
    "tsv": Reader(table_of_texts, seeds.tsv, TEXT),
    "txt": Reader(table_of_texts, seeds.txt, TEXT),
    "jsonl": Reader(table_of_texts, seeds.jsonl, JSON),
    "json": Reader(table_of_texts, seeds.json_list, JSON),
    "annotations": Reader(table_of_texts, seeds.annotations, JSON),
    "xlsx": Reader(table_of_texts, seeds.xlsx, ZIPPED),
    "conll": Reader(table_of_texts, seeds.conll, TEXT),
    "sound tasks": Reader(sounds, seeds.sound_tasks, JSON),
    "events beside sounds": Reader(sounds, seeds.events_beside, TEXT, numbered=False),
    "arrow": Reader(table_of_texts, seeds.arrow, (bytes_changed,)),
    "data set folder": Reader(data_set, seeds.dataset_state, JSON, numbered=False),
    "parquet": Reader(table_of_texts, seeds.parquet, (bytes_changed,)),
    "label cells": Reader(label_column, seeds.label_cells, TEXT),
    "audacity": Reader(events(Format.AUDACITY), seeds.audacity, TEXT),
    "raven": Reader(events(Format.RAVEN), seeds.raven, TEXT),
    "elan": Reader(events(Format.ELAN), seeds.elan, TEXT),
    "textgrid": Reader(events(Format.TEXTGRID), seeds.textgrid, TEXT),
    "event table": Reader(events(Format.CSV), seeds.event_table, TEXT),
    "any events": Reader(events(None), seeds.all_events, TEXT),
    "table of sounds": Reader(sounds, seeds.sound_table, TEXT),
    "audiofolder": Reader(sounds, seeds.metadata, TEXT),
    "zip of sounds": Reader(sounds, seeds.sound_zip, (bytes_changed, *ZIPPED)),
    "project": Reader(project, seeds.project, (bytes_changed,), numbered=False),
    "settings": Reader(settings, seeds.settings, JSON),
    "model folder": Reader(model_folder, seeds.model_folder, JSON),
    "waveform cache": Reader(waveform, seeds.waveform, (bytes_changed,)),
}
