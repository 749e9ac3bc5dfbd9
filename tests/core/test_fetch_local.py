"""A model from a folder or archive that the user picked."""

from __future__ import annotations

import errno
import shutil
import zipfile
from pathlib import Path

import pytest
from hub_stand_in import FILES, write_catalogue

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch import local


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue.load(tmp_path / "models", write_catalogue(tmp_path / "models.toml"))


def write_folder(folder: Path, files: dict[str, bytes] = FILES) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def write_zip(path: Path, inside: str, files: dict[str, bytes] = FILES) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(inside + name, data)
    return path


@pytest.mark.parametrize("inside", ["", "models/tiny/"])
def test_a_folder_is_found_wherever_the_model_lies_in_it(
    tmp_path: Path, catalogue: Catalogue, inside: str
) -> None:
    write_folder(tmp_path / "picked" / inside)
    folder = catalogue.install("tiny", path=str(tmp_path / "picked"))
    assert (folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert catalogue.verify("tiny") is None


def test_the_weights_file_itself_can_be_picked(tmp_path: Path, catalogue: Catalogue) -> None:
    picked = write_folder(tmp_path / "picked")
    catalogue.install("tiny", path=str(picked / "model.safetensors"))
    assert catalogue.status("tiny").installed


@pytest.mark.parametrize("inside", ["", "tiny-main/"])
def test_a_zip_can_be_picked(tmp_path: Path, catalogue: Catalogue, inside: str) -> None:
    catalogue.install("tiny", path=str(write_zip(tmp_path / "tiny.zip", inside)))
    assert catalogue.verify("tiny") is None


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_an_altered_file_is_named(tmp_path: Path, catalogue: Catalogue, kind: str) -> None:
    altered = {**FILES, "config.json": b'{"hidden_size": 5}'}
    if kind == "folder":
        picked = write_folder(tmp_path / "picked", altered)
    else:
        picked = write_zip(tmp_path / "picked.zip", "", altered)
    with pytest.raises(UserError, match=r"config\.json in picked.* is not the right file"):
        catalogue.install("tiny", path=str(picked))
    assert not catalogue.status("tiny").installed


def test_a_much_longer_file_is_not_read_to_its_end(tmp_path: Path, catalogue: Catalogue) -> None:
    picked = write_folder(tmp_path / "picked", {**FILES, "config.json": b"x" * 50_000_000})
    with pytest.raises(UserError, match=r"config.json"):
        catalogue.install("tiny", path=str(picked))
    left = [path.stat().st_size for path in (tmp_path / "models").rglob("config.json*")]
    assert all(size < 1_000_000 for size in left)


def test_a_missing_file_is_named(tmp_path: Path, catalogue: Catalogue) -> None:
    picked = write_folder(tmp_path / "picked", {"config.json": FILES["config.json"]})
    with pytest.raises(UserError, match=r"picked does not hold Tiny: 1_Pooling/config.json is missing"):
        catalogue.install("tiny", path=str(picked))


def test_a_damaged_zip_is_one_sentence(tmp_path: Path, catalogue: Catalogue) -> None:
    path = write_zip(tmp_path / "tiny.zip", "")
    data = bytearray(path.read_bytes())
    data[60:2000] = b"\0" * 1940
    path.write_bytes(data)
    with pytest.raises(UserError, match="damaged"):
        catalogue.install("tiny", path=str(path))
    assert not catalogue.status("tiny").installed


def test_something_that_is_not_there_is_one_sentence(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match=r"is not there. Pick a model folder, a zip or a wheel"):
        catalogue.install("tiny", path=str(tmp_path / "nothing"))


def test_a_full_disk_is_one_sentence_and_installs_nothing(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    picked = write_folder(tmp_path / "picked")
    monkeypatch.setattr(local, "_copy", full)
    with pytest.raises(UserError, match=r"The disk is full. Free some space"):
        catalogue.install("tiny", path=str(picked))
    assert not catalogue.status("tiny").installed


def test_too_little_space_is_told_before_anything_is_fetched(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    picked = write_folder(tmp_path / "picked")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(UserError, match="Tiny needs 52 MB and the disk has 1 MB left"):
        catalogue.install("tiny", path=str(picked))


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    catalogue = Catalogue.load(blocked / "models", write_catalogue(tmp_path / "models.toml"))
    with pytest.raises(UserError, match=r"cannot be written. Allow writing there"):
        catalogue.install("tiny", path=str(write_folder(tmp_path / "picked")))
