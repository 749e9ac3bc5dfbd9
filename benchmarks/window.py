"""The window at 100,000 rows: from a key to painted and saved, idle and while training, and its memory.

    python benchmarks/window.py [--rows 100000] [--keys 300] [--while-training]

A real window (on whatever platform QT_QPA_PLATFORM names; offscreen by default), the real child process
and the real model. A key counts from the press until the edit is committed to the project's database
and the table has painted again. Prints p50, p99 and the worst.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from _window import Paints, make_project, tell, wait
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fsl_desktop.app import resident_megabytes
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.work.runner import Runner


def press_keys(
    app: QApplication, window: MainWindow, n_keys: int, stop: Callable[[], bool], pause: float
) -> list[float]:
    """Milliseconds from each key press to painted and saved."""
    workspace = window.workspace
    assert workspace is not None
    view, project = workspace.label.view, workspace.session.project
    paints = Paints()
    view.viewport().installEventFilter(paints)
    taken = []
    chance = random.Random(0)
    for _ in range(n_keys):
        if stop():
            break
        revision, before = project.revision, paints.count
        start = time.perf_counter()
        QTest.keyClick(view, Qt.Key(Qt.Key.Key_1.value + chance.randrange(5)))
        assert project.revision == revision + 1, "the label was not saved"
        while paints.count == before:
            app.processEvents()
        taken.append((time.perf_counter() - start) * 1000)
        # What runs between two keys (the answer about the next row, say) is not the key's.
        rest = time.perf_counter() + pause
        while time.perf_counter() < rest:
            app.processEvents()
            time.sleep(0.001)
    view.viewport().removeEventFilter(paints)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between keys; 0.2 is a fast hand")
    parser.add_argument("--while-training", action="store_true")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "big.fsl"
        make_project(folder, options.rows)
        runner = Runner()
        window = MainWindow(Settings.load(Path(home) / "settings.json"), ThemeHolder(LIGHT), runner)
        window.show()
        runner.start()
        start = time.perf_counter()
        window.open_path(str(folder))
        workspace = window.workspace
        assert workspace is not None
        first = time.perf_counter() - start
        wait(app, lambda: not workspace.session.loading, 60, "the rows")
        print(f"{'project opened (usable, all rows)':34s} s   {first:.2f}, {time.perf_counter() - start:.2f}")
        # Encoding every row takes minutes here and is the model's speed, not the window's: labelling
        # goes on beside it, which is what is measured.
        tell(
            "key to painted and saved, encoding",
            press_keys(app, window, options.keys, lambda: False, options.pause),
            "keys",
        )
        workspace.suggester.enabled = False
        if workspace.suggester.busy:
            for ticket in workspace.session.jobs.open_tickets:
                workspace.session.jobs.cancel(ticket)
        wait(app, lambda: not workspace.suggester.busy, 60, "the suggestions to stop")
        tell(
            "key to painted and saved, idle",
            press_keys(app, window, options.keys, lambda: False, options.pause),
            "keys",
        )
        print(f"{'memory of the window':34s} MB  {resident_megabytes():.0f}")
        if options.while_training:
            workspace.trainer.start(TrainConfig(preset=Preset.THOROUGH))
            wait(
                app,
                lambda: len(workspace.trainer.history(workspace.trainer.runs()[0].id)) > 3,
                90,
                "training",
            )
            taken = press_keys(
                app, window, options.keys, lambda: workspace.trainer.running is None, options.pause
            )
            tell("key to painted and saved, training", taken, "keys")
            workspace.trainer.stop()
            wait(app, lambda: workspace.trainer.running is None, 60, "training to stop")
        window.close()
        runner.close()


if __name__ == "__main__":
    main()
