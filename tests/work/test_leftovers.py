"""Half-written files of a child that died: gone, and nothing else with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.work.leftovers import sweep
from fsl_desktop.work.protocol import ExportModel, ExportTable, Request, Train

KEPT = (
    "bank.xlsx",
    "model",
    ".model.0123abcd.old",  # what was there before, set aside
    ".bank.xlsx.part",
    ".other.xlsx.0123abcd.part",
    ".model.notes",
    "x.model.0123abcd",
)


@pytest.mark.parametrize("kind", ["table", "model", "run"])
def test_only_what_is_half_written_is_removed(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "run-1"
    folder.mkdir(parents=True)
    for name in KEPT:
        (folder / name).touch()
    (folder / ".model.0123abcd").mkdir()
    (folder / ".model.0123abcd" / "model.safetensors").touch()
    (folder / ".bank.xlsx.0123abcd.part").touch()
    requests: dict[str, Request] = {
        "table": ExportTable(str(tmp_path), str(folder / "bank.xlsx"), "minilm", True),
        "model": ExportModel(str(tmp_path), str(folder / "model"), None),
        "run": Train(str(tmp_path), "run-1", TrainConfig()),
    }
    sweep(requests[kind])
    gone = ".bank.xlsx.0123abcd.part" if kind == "table" else ".model.0123abcd"
    other = ".model.0123abcd" if kind == "table" else ".bank.xlsx.0123abcd.part"
    assert sorted(path.name for path in folder.iterdir()) == sorted((*KEPT, other))
    assert not (folder / gone).exists()
    sweep(requests[kind])


def test_a_folder_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    sweep(ExportModel("", str(tmp_path / "nowhere" / "model"), None))
