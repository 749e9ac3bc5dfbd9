"""What the benchmarks of the real window share: a project of many rows, waiting, and watching it paint."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.samples import load_sample

CLASSES = ("card arrival", "exchange rate", "top up failed", "lost or stolen card", "pin blocked")


class Paints(QObject):
    """Counts paint events of a widget."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


def make_project(folder: Path, n_rows: int) -> None:
    """Rows are sample texts with a number, so that no two are the same."""
    texts = [text for text, _ in load_sample().rows]
    project = Project.create(folder, "Big")
    for name in CLASSES:
        project.do(AddClass(name))
    writer = BatchWriter(folder, "big.csv")
    for start in range(0, n_rows, 2000):
        numbers = range(start, min(n_rows, start + 2000))
        writer.add([ReadRow(f"{texts[number % len(texts)]} ({number})") for number in numbers])
    project.do(AddBatch(writer.finish([]), ()))
    project.close()


def wait(app: QApplication, ready: Callable[[], bool], seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise SystemExit(f"waited {seconds:.0f} s for {what}")
        app.processEvents()
        time.sleep(0.001)


def rest(app: QApplication, seconds: float) -> None:
    """What the window still has to do is done between two actions and belongs to none."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        app.processEvents()
        time.sleep(0.001)


def tell(what: str, taken: list[float], noun: str = "times") -> None:
    """One line for some milliseconds."""
    p50, p99 = np.percentile(taken, [50, 99])
    print(
        f"{what:38s} ms  p50 {p50:.1f}  p99 {p99:.1f}  max {max(taken):.1f}  ({len(taken)} {noun})",
        flush=True,
    )
