"""What the window's process pays for the way across: nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_runner_and_handlers_bring_no_heavy_library_into_the_process() -> None:
    code = (
        "import sys, fsl_desktop.work.runner, fsl_desktop.work.handlers\n"
        "heavy = {'torch', 'transformers', 'sklearn', 'pandas', 'PySide6.QtGui', 'PySide6.QtWidgets'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=root,
        check=True,
    )
    assert done.stdout.strip() == "[]"
