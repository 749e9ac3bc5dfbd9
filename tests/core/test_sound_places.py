"""Which files outside a project may be read: those in places that this user has chosen, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.paths import config_dir
from fsl_desktop.core.sound_places import known_places, recorded, remember_places, resolved


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Path:
    made = tmp_path / "p.fsl"
    (made / "media").mkdir(parents=True)
    return made


def test_a_file_inside_is_written_relative_and_one_outside_absolute(folder: Path, tmp_path: Path) -> None:
    assert recorded(folder, folder / "media" / "cat" / "a b.wav") == "media/cat/a b.wav"
    assert recorded(folder, tmp_path / "a.wav") == str(tmp_path / "a.wav")
    assert resolved(folder, "media/cat/a b.wav") == folder / "media" / "cat" / "a b.wav"


@pytest.mark.parametrize(
    "written",
    [
        "../secret.wav",
        "media/../../secret.wav",
        "/etc/secret.wav",
        "//server/share/secret.wav",
        "\\\\server\\share\\secret.wav",
        "C:\\Users\\secret.wav",
        "C:secret.wav",
        "media/\x00secret.wav",
        "",
    ],
)
def test_a_strangers_path_that_leads_out_is_refused(folder: Path, written: str) -> None:
    with pytest.raises(UserError, match="outside the project's folder"):
        resolved(folder, written)


def test_a_path_with_dots_is_refused_even_where_its_place_was_chosen(folder: Path, tmp_path: Path) -> None:
    remember_places([tmp_path])
    with pytest.raises(UserError):
        resolved(folder, "../a.wav")
    assert resolved(folder, str(tmp_path / "a.wav")) == tmp_path / "a.wav"


def test_a_link_inside_counts_as_where_it_leads(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    try:
        (folder / "media" / "link").symlink_to(tmp_path / "out")
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(UserError):
        resolved(folder, "media/link/a.wav")
    remember_places([folder / "media" / "link"])
    assert resolved(folder, "media/link/a.wav") == folder / "media" / "link" / "a.wav"


def test_a_chosen_place_counts_with_all_below_it_and_nothing_beside_it(folder: Path, tmp_path: Path) -> None:
    remember_places([tmp_path / "birds"])
    remember_places([tmp_path / "birds" / "below", tmp_path / "one.wav"])
    assert len(known_places()) == 2
    assert resolved(folder, str(tmp_path / "birds" / "x" / "a.wav")).name == "a.wav"
    assert resolved(folder, str(tmp_path / "one.wav")).name == "one.wav"
    for other in (tmp_path / "birds2" / "a.wav", tmp_path / "two.wav", tmp_path / "birds" / ".." / "c.wav"):
        with pytest.raises(UserError):
            resolved(folder, str(other))


@pytest.mark.parametrize("damage", ["", "{", "[1, null]", '"text"', "[" * 100_000])
def test_a_damaged_list_of_places_knows_none(folder: Path, damage: str) -> None:
    config_dir().mkdir(parents=True)
    (config_dir() / "sound_places.json").write_text(damage, encoding="utf-8")
    assert known_places() == frozenset()
    remember_places([folder])
    assert len(known_places()) == 1
