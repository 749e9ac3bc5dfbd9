"""What storing costs: one label, opening, loading, large edits and memory on a project of many rows.

python benchmarks/storage.py [--rows 100000] [--labels 1000]
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, Change, RemoveRows, SetLabels
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.snapshot import ProjectReader


def resident_mb() -> float:
    """Resident megabytes, 0 where /proc does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def timed(name: str, act: Callable[[], Change | None]) -> None:
    start = time.perf_counter()
    act()
    print(f"{name}: {(time.perf_counter() - start) * 1e3:.0f} ms")


def spread(name: str, seconds: list[float], unit: float, suffix: str) -> None:
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"{name}: p50 {p50 * unit:.2f}, p99 {p99 * unit:.2f}, max {ordered[-1] * unit:.2f} {suffix}")


def row_of(number: int) -> ReadRow:
    return ReadRow(f"row {number} with some sixty characters of text, as people do", f"class {number % 12}")


def make(folder: Path, n_rows: int) -> None:
    project = Project.create(folder, "Storage")
    start = time.perf_counter()
    writer = BatchWriter(folder, "rows.csv")
    for first in range(0, n_rows, 2000):
        writer.add([row_of(i) for i in range(first, min(n_rows, first + 2000))])
    batch = writer.finish([])
    print(f"writing {n_rows} rows as the child does: {time.perf_counter() - start:.2f} s")
    classes = tuple((f"class {i}", None) for i in range(12))
    timed("adding them with 12 classes", lambda: project.do(AddBatch(batch, classes)))
    timed("closing", lambda: project.close())


def measure(folder: Path, n_labels: int) -> None:
    gc.collect()
    base = resident_mb()
    start = time.perf_counter()
    project = Project.open(folder)
    print(f"opening without rows: {(time.perf_counter() - start) * 1e3:.1f} ms")
    steps: list[float] = []
    start = time.perf_counter()
    for _ in project.load_rows():
        steps.append(time.perf_counter() - start)
        start = time.perf_counter()
    print(f"loading {len(project.table)} rows: {sum(steps) * 1e3:.0f} ms in {len(steps)} steps")
    spread("one step", steps, 1e3, "ms")
    gc.collect()
    print(f"memory for the open project: {resident_mb() - base:.1f} MB")
    chance = random.Random(0)
    n_rows = len(project.table)
    labels: list[float] = []
    for _ in range(n_labels):
        command = SetLabels((chance.randrange(1, n_rows + 1),), chance.randrange(1, 13))
        start = time.perf_counter()
        project.do(command)
        labels.append(time.perf_counter() - start)
        time.sleep(0.02)  # people pause; the thread beside gets its turn
    spread("one label", labels, 1e3, "ms")
    half = tuple(range(1, n_rows // 2 + 1))
    timed("labelling half of the rows", lambda: project.do(SetLabels(half, 3)))
    timed("  undo", project.undo)
    timed("removing half of the rows", lambda: project.do(RemoveRows(half)))
    timed("  undo", project.undo)
    timed("  redo", project.redo)
    with ProjectReader(folder) as reader:
        start = time.perf_counter()
        reader.refresh()
        print(f"the child's first reading: {(time.perf_counter() - start) * 1e3:.0f} ms")
        again: list[float] = []
        for row in range(1, 51):
            project.do(SetLabels((row,), 1 + row % 12))
            start = time.perf_counter()
            reader.refresh()
            again.append(time.perf_counter() - start)
        spread("the child's reading of one label", again, 1e3, "ms")
    timed("closing", lambda: project.close())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=1000)
    parser.add_argument("--measure", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(Path(options.measure), options.labels)
        return
    with tempfile.TemporaryDirectory(prefix="storage-") as name:
        folder = Path(name) / "storage.fsl"
        make(folder, options.rows)
        # In a process of its own: memory that making it left behind would hide what opening takes.
        command = [sys.executable, __file__, "--measure", str(folder), "--labels", str(options.labels)]
        sys.stdout.flush()
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
