"""Kill a program that sets labels, again and again, and look whether a label that was told as set is lost.

    python benchmarks/kill_window.py [--kills 50] [--rows 5000] [--seed 0] [--worker COMMAND ...]

A worker is any command that takes a project folder and a file, opens the project, sets labels and
appends a line ``row value`` to the file after each one that it shows as set. This file is the default
worker (``--work FOLDER FILE``): it calls ``Project.do`` as fast as it can. Every round starts with a fresh
copy of the same project and kills the worker with SIGKILL at a random moment.

Prints one line a round that lost something and a summary; exit status 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass, SetLabels
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow

N_CLASSES = 9
START_SECONDS = 60.0


@dataclass
class Tally:
    """What the rounds came to."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    ahead: int = 0
    """Rounds whose last label was on disk before it could be told."""
    notices: int = 0
    reopen_ms: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def make_template(folder: Path, n_rows: int) -> int:
    """A project with ``n_rows`` rows and nine classes; returns its revision."""
    project = Project.create(folder, "Kill")
    for number in range(N_CLASSES):
        project.do(AddClass(f"class {number + 1}"))
    writer = BatchWriter(folder, "rows.csv")
    writer.add(
        [ReadRow(f"row {i} with some sixty characters of text, as people write it") for i in range(n_rows)]
    )
    project.do(AddBatch(writer.finish([])))
    revision = project.revision
    project.close()
    return revision


def work(folder: Path, told: Path) -> None:
    """Label row after row, round after round with another class, until killed."""
    project = Project.open(folder)
    for _ in project.load_rows():
        pass
    ids = project.table.ids.tolist()
    # Straight to the system: a line that was written outlives the process.
    file = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    turn = 0
    while True:
        for row in ids:
            value = 1 + (row + turn) % N_CLASSES
            project.do(SetLabels((row,), value))
            os.write(file, b"%d %d\n" % (row, value))
        turn += 1


def default_worker() -> list[str]:
    return [sys.executable, str(Path(__file__).resolve()), "--work"]


def kill_once(worker: Sequence[str], folder: Path, told: Path, seconds: float) -> list[tuple[int, int]]:
    """Start the worker, kill it ``seconds`` after the first label; returns what it told, in order."""
    process = subprocess.Popen([*worker, str(folder), str(told)])
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (told.exists() and told.stat().st_size):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the worker set no label (exit status {process.poll()})")
            time.sleep(0.005)
        time.sleep(seconds)
    finally:
        process.kill()
        process.wait()
    # A line without its end was cut off by the kill: it was never told.
    lines = told.read_bytes().split(b"\n")[:-1]
    return [(int(row), int(value)) for row, value in (line.split() for line in lines)]


def check(folder: Path, before: int, told: list[tuple[int, int]], tally: Tally) -> None:
    """Reopen and compare. One label more than was told may be there: on disk, killed before telling."""
    start = time.perf_counter()
    project = Project.open(folder)
    tally.reopen_ms.append((time.perf_counter() - start) * 1e3)
    try:
        for _ in project.load_rows():
            pass
        labels = dict(zip(project.table.ids.tolist(), project.table.labels.tolist(), strict=True))
        more = project.revision - before - len(told)
        wrong = [row for row, value in dict(told).items() if labels.get(row) != value]
        # The label that was set and not yet told may be the next one of a row that was told before.
        allowed = 1 if more == 1 else 0
        lost = max(0, len(wrong) - allowed, -more)
        tally.kills += 1
        tally.acknowledged += len(told)
        tally.lost += lost
        tally.ahead += more == 1
        tally.notices += len(project.notices)
        if lost or more not in (0, 1):
            tally.problems.append(
                f"{len(told)} labels told, {more} more edits on disk, {len(wrong)} rows differ"
            )
    finally:
        project.close()


def run(kills: int, n_rows: int, seed: int, worker: Sequence[str] | None = None) -> Tally:
    """``kills`` rounds in a temporary folder."""
    tally = Tally()
    chance = random.Random(seed)
    command = worker or default_worker()
    with tempfile.TemporaryDirectory(prefix="kill-window-") as name:
        base = Path(name)
        before = make_template(base / "template.fsl", n_rows)
        for number in range(kills):
            folder, told = base / f"{number}.fsl", base / f"{number}.told"
            shutil.copytree(base / "template.fsl", folder)
            check(folder, before, kill_once(command, folder, told, chance.uniform(0.0, 0.6)), tally)
            shutil.rmtree(folder)
    return tally


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Does a killed window lose labels?")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", nargs=2, metavar=("FOLDER", "FILE"), help=argparse.SUPPRESS)
    parser.add_argument("--worker", nargs=argparse.REMAINDER, help="another command to be killed")
    options = parser.parse_args(argv)
    if options.work:
        work(Path(options.work[0]), Path(options.work[1]))
    tally = run(options.kills, options.rows, options.seed, options.worker)
    for problem in tally.problems:
        print("LOST:", problem)
    reopen = sorted(tally.reopen_ms)
    print(
        f"kills {tally.kills}, labels told {tally.acknowledged}, lost {tally.lost}, "
        f"on disk before told {tally.ahead}, notices {tally.notices}, "
        f"reopening {reopen[len(reopen) // 2]:.0f} ms median, {reopen[-1]:.0f} ms worst"
    )
    return 1 if tally.lost or tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
