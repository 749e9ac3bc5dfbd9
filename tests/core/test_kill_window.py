"""A killed program loses no label that it showed as set, and a second one starts at once."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """The benchmark, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("kill_window", ROOT / "benchmarks" / "kill_window.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["kill_window"] = module
    spec.loader.exec_module(module)
    return module


def test_five_kills_lose_no_label(module: ModuleType) -> None:
    tally = module.run(kills=5, n_rows=500, seed=1)
    assert tally.problems == []
    assert (tally.kills, tally.lost, tally.notices) == (5, 0, 0)
    assert tally.acknowledged > 50


def test_a_lost_label_would_be_found(module: ModuleType, tmp_path: Path) -> None:
    before = module.make_template(tmp_path / "p.fsl", 20)
    tally = module.Tally()
    module.check(tmp_path / "p.fsl", before, [(1, 2), (2, 3)], tally)
    assert tally.lost == 2
    assert tally.problems


def test_opening_a_project_imports_nothing_heavy() -> None:
    code = (
        "import sys, fsl_desktop.core.project, fsl_desktop.core.settings, fsl_desktop.core.snapshot\n"
        "heavy = {'pandas', 'openpyxl', 'pyarrow', 'huggingface_hub', 'charset_normalizer', 'platformdirs',"
        " 'torch', 'PySide6', 'sklearn'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
