"""How long suggestions take after a label: fit the head, answer for every row, rank what to label next.

    python benchmarks/instant_refresh.py [--rows 10000] [--classes 8] [--refreshes 50]

Makes a project of generated texts in a temporary folder, embeds it once (not counted), then sets one
label and asks for suggestions, again and again. Prints milliseconds: p50, p99, worst.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path

import numpy as np

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.commands import AddBatch, AddClass, SetLabels
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow

TOPICS = ("card", "transfer", "refund", "password", "exchange", "delivery", "account", "limit", "fee", "cash")
FIRST = ("my", "the", "a new", "your", "this")
MIDDLE = ("was", "is", "has been")
LAST = ("late", "wrong", "lost", "blocked", "fine")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--classes", type=int, default=8)
    parser.add_argument("--labels", type=int, default=40, help="labels there before the first refresh")
    parser.add_argument("--refreshes", type=int, default=50)
    parser.add_argument("--model", default="minilm")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options, Path(folder))


def measure(options: argparse.Namespace, folder: Path) -> None:
    import torch

    from fsl_desktop.learn.workbench import Workbench

    torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))  # as in the child process
    project = make_project(folder / "bench.fsl", options.rows, options.classes)
    bench = Workbench(Catalogue.load(), folder / "cache")
    chance = random.Random(0)
    rows = chance.sample(range(options.rows), options.labels + options.refreshes)
    for place, row in enumerate(rows[: options.labels]):
        label(project, row, place % options.classes)
    began = time.perf_counter()
    suggest(bench, project, options.model)
    print(f"first, with embedding {options.rows} rows: {time.perf_counter() - began:.1f} s")
    times = []
    for place, row in enumerate(rows[options.labels :]):
        label(project, row, place % options.classes)
        began = time.perf_counter()
        suggest(bench, project, options.model)
        times.append(1000 * (time.perf_counter() - began))
    p50, p99 = np.percentile(times, [50, 99])
    print(f"refresh at {options.rows} rows, {options.classes} classes, {options.labels} labels and up, ms:")
    print(f"p50 {p50:.0f}  p99 {p99:.0f}  worst {max(times):.0f}")
    project.close()


def make_project(folder: Path, rows: int, classes: int) -> Project:
    chance = random.Random(1)
    project = Project.create(folder, "Benchmark")
    for name in TOPICS[:classes]:
        project.do(AddClass(name))
    for number in range(len(TOPICS), classes):
        project.do(AddClass(f"topic {number}"))
    writer = BatchWriter(folder, "generated")
    parts = (FIRST, TOPICS, MIDDLE, LAST)
    texts = [" ".join(chance.choice(part) for part in parts) + f" since day {n}" for n in range(rows)]
    writer.add([ReadRow(text) for text in texts])
    project.do(AddBatch(writer.finish([]), ()))
    for _ in project.load_rows():
        pass
    return project


def label(project: Project, row: int, place: int) -> None:
    project.do(SetLabels((int(project.table.ids[row]),), project.classes[place].id))


def suggest(bench: object, project: Project, model: str) -> None:
    bench.suggest(  # type: ignore[attr-defined]
        project.folder, project.revision, model, True, tell=lambda _event: None, cancelled=lambda: False
    )


if __name__ == "__main__":
    main()
