"""Kill the real window during mixed edits, and let the disk fail under it: is an edit lost that was told?

    make bench-crash
    python benchmarks/crash.py [--kills 200] [--faults 200] [--rows 400] [--seed 11]

**Kills.** Each round starts the program's own window on a fresh copy of one project and does at random what
people do: a label by key, one for many rows, repeat, skip, undo, redo, a class added, renamed, merged or
removed, rows removed, a text corrected. After each the number of the edit and a fingerprint of what the
window holds are written to a file; at a random moment the process is killed (SIGKILL). Then the project must
open, without a notice, in the state of the last line, or one edit further, which undo or redo takes back to
exactly that line.

**Faults.** The same edits, while reads and writes of the database fail at random with a full disk or a
broken one. Each edit is either made or refused in a sentence and without a trace; when the disk is well
again, labelling goes on, and the closed project opens with everything that was made.

Exit status 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _mixed_edits import random_edit
from kill_window import START_SECONDS, make_template

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project


@dataclass
class Tally:
    """What the rounds came to."""

    rounds: int = 0
    told: int = 0
    ahead: int = 0
    """Rounds whose last edit was on disk before it could be told."""
    refused: int = 0
    shown: int = 0
    """Times that undo or redo was offered."""
    problems: list[str] = field(default_factory=list)
    reopen_ms: list[float] = field(default_factory=list)


def fingerprint(project: Project) -> str:
    """Of everything that a user could miss."""
    table = project.table
    shown = ~table.removed
    labels = [table.sets.members(value) if value > 0 else value for value in table.labels[shown].tolist()]
    texts = [text for text, there in zip(table.texts, shown.tolist(), strict=True) if there]
    seen = repr((table.ids[shown].tolist(), labels, texts, project.classes, project.name))
    return hashlib.blake2b(seen.encode(), digest_size=12).hexdigest()


def opened(folder: Path) -> Project:
    project = Project.open(folder)
    for _ in project.load_rows():
        pass
    return project


def work(folder: Path, told: Path, seed: int) -> None:
    """The real window: one edit after another, each written down once it is shown, until killed."""
    from PySide6.QtWidgets import QApplication

    from fsl_desktop.core import paths
    from fsl_desktop.core.settings import Settings
    from fsl_desktop.ui.main_window import MainWindow
    from fsl_desktop.ui.theme import LIGHT, ThemeHolder
    from fsl_desktop.work.runner import Runner

    app = QApplication([])
    app.setStyle("Fusion")
    runner = Runner()
    window = MainWindow(Settings.load(paths.config_dir() / "settings.json"), ThemeHolder(LIGHT), runner)
    window.show()
    runner.start()
    window.open_path(str(folder))
    space = window.workspace
    assert space is not None, "the project did not open"
    while space.session.loading:
        app.processEvents()
    chance = random.Random(seed)
    project = space.session.project
    # Straight to the system: a line that was written outlives the process.
    file = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        random_edit(chance, space)
        app.processEvents()
        os.write(file, f"{project.revision} {fingerprint(project)}\n".encode())


def kill_once(folder: Path, told: Path, home: Path, seed: int, seconds: float) -> list[tuple[int, str]]:
    """Start the window, kill it ``seconds`` after its first edit; returns what it told, in order."""
    environment = {"QT_QPA_PLATFORM": "offscreen", "HF_HUB_OFFLINE": "1"} | os.environ
    environment["FSL_DESKTOP_HOME"] = str(home)
    command = [sys.executable, str(Path(__file__).resolve()), "--work", str(folder), str(told), str(seed)]
    process = subprocess.Popen(command, env=environment)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (told.exists() and told.stat().st_size):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the window made no edit (exit status {process.poll()})")
            time.sleep(0.002)
        time.sleep(seconds)
        if process.poll() is not None:
            raise RuntimeError(f"the window ended by itself (exit status {process.returncode})")
    finally:
        process.kill()
        process.wait()
    lines = told.read_bytes().decode().split("\n")[:-1]
    return [(int(revision), print_) for revision, print_ in (line.split() for line in lines)]


def check(folder: Path, told: list[tuple[int, str]], tally: Tally) -> None:
    """Open what was left, and compare with the last line."""
    tally.rounds += 1
    tally.told += len(told)
    revision, wanted = told[-1]
    start = time.perf_counter()
    project = opened(folder)
    tally.reopen_ms.append((time.perf_counter() - start) * 1e3)
    further = project.revision - revision
    found = fingerprint(project)
    notices = list(project.notices)
    project.close()
    if notices:
        tally.problems.append(f"opening had to tell: {notices}")
    if further == 0 and found == wanted:
        return
    if further == 1:
        tally.ahead += 1
        if wanted in (_after(folder, Project.undo), _after(folder, Project.redo)):
            return
    tally.problems.append(
        f"{folder.name}: edit {revision} was told; {further} more on disk; not the state that was shown"
    )


def _after(folder: Path, step: Callable[[Project], object]) -> str:
    """The state one step of undo or redo away, in a copy."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(shutil.copytree(folder, Path(name) / "copy.fsl"))
        project = opened(copy)
        step(project)
        for _ in project.load_rows():  # rows of an import that comes back
            pass
        found = fingerprint(project)
        project.close()
    return found


def kills(number: int, n_rows: int, seed: int, longest: float = 0.8) -> Tally:
    """``number`` windows killed, each at most ``longest`` seconds after its first edit."""
    tally, chance = Tally(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="crash-") as name:
        base = Path(name)
        make_template(base / "template.fsl", n_rows)
        for turn in range(number):
            folder, told = base / f"{turn}.fsl", base / f"{turn}.told"
            shutil.copytree(base / "template.fsl", folder)
            check(folder, kill_once(folder, told, base / "home", turn, chance.uniform(0, longest)), tally)
            shutil.rmtree(folder)
    return tally


class Failing:
    """A connection to the database whose statements fail at random, once ``share`` says so."""

    def __init__(self, db: sqlite3.Connection, chance: random.Random) -> None:
        self._db, self._chance = db, chance
        self.share = 0.0

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        self._maybe_fail(sql)
        return self._db.execute(sql, values)

    def executemany(self, sql: str, values: Sequence[Sequence[object]]) -> sqlite3.Cursor:
        self._maybe_fail(sql)
        return self._db.executemany(sql, values)

    def __getattr__(self, name: str) -> object:
        return getattr(self._db, name)

    def _maybe_fail(self, sql: str) -> None:
        if sql.startswith("ROLLBACK") or self._chance.random() >= self.share:
            return
        kind = self._chance.randrange(4)
        if kind == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        if kind == 1:
            raise OSError(errno.EIO, "Input/output error")
        raise sqlite3.OperationalError(("database or disk is full", "disk I/O error")[kind - 2])


def faults(number: int, n_rows: int, seed: int, edits: int = 60) -> Tally:
    """``number`` projects with ``edits`` edits each, on a disk that fails in one of seven statements."""
    from _mixed_edits import Headless

    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        base = Path(name)
        make_template(base / "template.fsl", n_rows)
        for turn in range(number):
            chance = random.Random(seed * 1000 + turn)
            folder = Path(shutil.copytree(base / "template.fsl", base / f"{turn}.fsl"))
            project = opened(folder)
            real = project._db
            failing = Failing(real, chance)
            project._db = failing  # type: ignore[assignment]
            space = Headless(project)
            for place in range(edits):
                failing.share = 1 / 7 if place < edits - 10 else 0.0
                before = project.revision, fingerprint(project)
                try:
                    random_edit(chance, space)
                except UserError:
                    tally.refused += 1
                    if (project.revision, fingerprint(project)) != before:
                        tally.problems.append(f"round {turn}: edit {place} was refused and left a trace")
                else:
                    tally.told += project.revision - before[0]
                # The window shows them after every edit.
                tally.shown += project.can_undo + project.can_redo
            failing.share, project._db = 0.0, real
            wanted = project.revision, fingerprint(project)
            project.close()
            again = opened(folder)
            if (again.revision, fingerprint(again)) != wanted or again.notices:
                tally.problems.append(f"round {turn}: the project opened in another state {again.notices}")
            again.close()
            tally.rounds += 1
            shutil.rmtree(folder)
    return tally


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Does a killed window, or a failing disk, lose edits?")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--work", nargs=3, metavar=("FOLDER", "FILE", "SEED"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.work:
        work(Path(options.work[0]), Path(options.work[1]), int(options.work[2]))
    broken = faults(options.faults, options.rows, options.seed)
    print(
        f"failing disk: {broken.rounds} projects, {broken.told} edits made, {broken.refused} refused, "
        f"undo or redo offered {broken.shown} times, {len(broken.problems)} problems",
        flush=True,
    )
    killed = kills(options.kills, options.rows, options.seed)
    reopen = sorted(killed.reopen_ms) or [0.0]
    print(
        f"kills: {killed.rounds} windows, {killed.told} edits told, {killed.ahead} times one more on disk, "
        f"{len(killed.problems)} problems; opening took {reopen[len(reopen) // 2]:.0f} ms (median), "
        f"{reopen[-1]:.0f} ms (worst)"
    )
    for problem in [*broken.problems, *killed.problems]:
        print("PROBLEM:", problem)
    return 1 if broken.problems or killed.problems else 0


if __name__ == "__main__":
    sys.exit(main())
