"""Settings and atomic files: never half written, never in the way of starting."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from fsl_desktop.core import paths
from fsl_desktop.core.atomic import write_bytes_atomic, write_text_atomic
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.settings import MAX_RECENT, Settings


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    first = Settings.load(path)
    assert first == Settings()
    changed = replace(first, theme="dark", language="zh_CN", geometry="01d9", font_scale=1.4).with_recent(
        "/a"
    )
    changed.save()
    assert Settings.load(path) == changed


def test_a_damaged_file_gives_the_defaults_and_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"{\x00\xff not json")
    assert Settings.load(path) == Settings()
    (aside,) = tmp_path.glob("settings.damaged-*.json")
    assert aside.read_bytes() == b"{\x00\xff not json"


@pytest.mark.parametrize(
    "value",
    [{"theme": "pink"}, {"font_scale": 90}, {"font_scale": True}, {"recent": "x"}, {"default_preset": 3}, []],
)
def test_one_value_that_makes_no_sense_does_not_spoil_the_others(tmp_path: Path, value: object) -> None:
    path = tmp_path / "settings.json"
    plain = {"language": "en", "unknown": 1} | value if isinstance(value, dict) else value
    path.write_text(json.dumps(plain), encoding="utf-8")
    loaded = Settings.load(path)
    assert replace(loaded, language="") == Settings()
    assert loaded.language == ("en" if isinstance(value, dict) else "")


def test_recent_projects_are_newest_first_without_doubles_and_few() -> None:
    settings = Settings()
    for number in range(MAX_RECENT + 5):
        settings = settings.with_recent(f"/p{number}")
    settings = settings.with_recent(Path("/p9"))
    assert settings.recent[0] == str(Path("/p9"))
    assert len(settings.recent) == MAX_RECENT == len(set(settings.recent))


def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    write_text_atomic(path, "old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="disk is full"):
        write_bytes_atomic(path, b"new")
    assert path.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_everything_of_the_program_lies_under_the_home_that_was_named(home: Path) -> None:
    folders = [paths.data_dir(), paths.models_dir(), paths.cache_dir(), paths.log_dir(), paths.config_dir()]
    assert all(home in folder.parents for folder in folders)
    assert len(set(folders)) == 5
    assert not home.exists(), "asking where a folder is must not make it"


def test_without_a_named_home_the_system_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE, raising=False)
    assert paths.APP_NAME in str(paths.data_dir())
    assert paths.config_dir().is_absolute()
    assert (paths.resources_dir() / "samples").is_dir()
