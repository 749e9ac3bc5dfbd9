"""Every reader and importer, given damaged files: rows, numbered problems or one sentence, nothing else.

Some of each here; ``make bench-fuzz`` gives each 2,000.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from damage import into_the_file
from fuzz_readers import READERS
from fuzz_run import Report, fuzz
from projects import make_project
from read_files import load, write

from fsl_desktop.core import salvage
from fsl_desktop.core.audio.arrays import load_arrays, save_arrays
from fsl_desktop.core.model_folder import task_of
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.reading import Reading

FILES = 100
NEVER_PROBLEMS = ("settings", "model folder", "waveform cache", "label cells")
"""Damage there costs a default, and nobody is told."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    return fuzz(list(READERS), FILES, 7, tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize("name", READERS)
def test_damage_ends_in_rows_numbered_problems_or_one_sentence(name: str, reports: dict[str, Report]) -> None:
    report = reports[name]
    assert report.failures == [], "\n".join(said for _, said in report.failures[:3])
    assert report.files == FILES
    if name not in NEVER_PROBLEMS:
        assert report.refused + report.bad_rows > 0, "the damage was never noticed"
        assert report.refused < FILES, "not one file could be read"


def test_names_of_columns_are_what_a_database_takes(tmp_path: Path) -> None:
    assert unique_names(["na\0me", "name", "half \ud83d"]) == ["name", "name 2", "half \ufffd"]
    line = json.dumps({"some words": "a b c", "na\0me": "1", "half \ud83d": "2"})
    names = [name for row in load(write(tmp_path, line, "a.jsonl"))[0] for name in row.extra]
    assert {"name", "half \ufffd"} <= set(names)
    assert not any("\0" in name for name in names)
    assert all(name.encode() for name in names)


@pytest.mark.parametrize(
    "header", [b"{'descr': (((", b"\0" * 20, b"(" * 5000, b"{'shape': (9" + b"9" * 90 + b",)}"]
)
def test_a_cache_with_a_damaged_header_is_no_cache(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "a.peaks"
    save_arrays(path, [np.arange(3)])
    good = path.read_bytes()
    path.write_bytes(good[:8] + len(header).to_bytes(2, "little") + header + b"\n")
    assert load_arrays(path) is None


def test_a_model_folder_that_is_nested_without_end_has_no_task(tmp_path: Path) -> None:
    (tmp_path / "fsl.json").write_text("[" * 100_000)
    assert task_of(tmp_path) == ""


def test_a_table_whose_tree_leads_nowhere_is_left_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the damage a key was found that the next query came upon damage before, for ever."""
    project = make_project(tmp_path / "a.fsl", 20)
    project.close()
    into_the_file(tmp_path / "a.fsl")
    monkeypatch.setattr(salvage, "_behind", lambda source, table, key, last: last + 1)
    reading = Reading(tmp_path / "a.fsl" / "project.db")
    # Asked for columns in vain, as a page that cannot be read answers.
    assert list(salvage.readable(reading.db, "rows", where="no_such_column = 1")) == []
    reading.close()
