"""Kill the real window, again and again, while labels are set by key: is a label lost that was seen as set?

    python benchmarks/kill_real_window.py [--kills 50] [--rows 3000] [--seed 0]

Each round starts the program's own window with its own child process on a fresh copy of the same project.
Inside it, keys are pressed in the table as fast as it takes them; a label counts as shown only once the
table has painted its chip, and is then written to a file. At a random moment the window's process is
killed (SIGKILL, or TerminateProcess on Windows). Then everything that it had started must be gone within
3 s, and the project must open with every label that was shown. The last line is the summary; exit status 1
where a label was lost or a process stayed behind. ``kill_window.py`` does the same below the window, at a
far higher rate.
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

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from kill_window import START_SECONDS, Tally, check, make_template

from fsl_desktop.core.catalogue import Catalogue

GONE_SECONDS = 3.0


@dataclass
class WindowTally(Tally):
    """What the rounds came to, with the processes that each window had started."""

    with_child: int = 0
    left_behind: int = 0
    gone_seconds: list[float] = field(default_factory=list)


def work(folder: Path, told: Path) -> None:
    """The real window: label row after row by key, and write down what has been painted, until killed."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from fsl_desktop.core import paths
    from fsl_desktop.core.settings import Settings
    from fsl_desktop.ui.main_window import MainWindow
    from fsl_desktop.ui.table_model import Role
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
    while space.session.loading or runner.pid is None:
        app.processEvents()
    view = space.label.view

    painted: dict[int, int] = {}
    paint_label = view.rows._paint_label

    def note_what_is_painted(painter, room, index, inks):  # type: ignore[no-untyped-def]
        paint_label(painter, room, index, inks)
        if int(index.data(Role.POSITION)) >= 0:
            painted[int(index.data(Role.ROW_ID))] = int(index.data(Role.LABEL))

    view.rows._paint_label = note_what_is_painted
    # Straight to the system: a line that was written outlives the process.
    file = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    chance = random.Random(str(folder))
    while True:
        row, number = view.current_row(), chance.randrange(len(space.session.classes))
        value = space.session.classes[number].id
        QTest.keyClick(view, Qt.Key(Qt.Key.Key_1.value + number))
        # Painted, and out of Qt's hands: the event loop has come back from painting.
        while painted.get(row) != value:
            app.processEvents()
        os.write(file, b"%d %d\n" % (row, value))


def seconds_until_gone(processes: Sequence[psutil.Process]) -> float | None:
    """How long the last of them lived on, or ``None`` where one lives still after the time allowed."""
    start = time.perf_counter()
    while any(_alive(process) for process in processes):
        if time.perf_counter() - start > GONE_SECONDS:
            return None
        time.sleep(0.01)
    return time.perf_counter() - start


def _alive(process: psutil.Process) -> bool:
    try:
        # Its parent is dead: where nobody takes its exit status it stays as a name without memory.
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_once(
    folder: Path, told: Path, home: Path, seconds: float, tally: WindowTally
) -> list[tuple[int, int]]:
    """Start the window, kill it ``seconds`` after the first label; returns what it showed, in order."""
    environment = {"QT_QPA_PLATFORM": "offscreen", "HF_HUB_OFFLINE": "1"} | os.environ
    environment["FSL_DESKTOP_HOME"] = str(home)
    command = [sys.executable, str(Path(__file__).resolve()), "--work", str(folder), str(told)]
    process = subprocess.Popen(command, env=environment)
    started: list[psutil.Process] = []
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (told.exists() and told.stat().st_size):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the window set no label (exit status {process.poll()})")
            time.sleep(0.005)
        time.sleep(seconds)
        started = psutil.Process(process.pid).children(recursive=True)
    finally:
        process.kill()
        process.wait()
    gone = seconds_until_gone(started)
    tally.with_child += bool(started)
    if gone is None:
        tally.left_behind += 1
        tally.problems.append(f"processes of a dead window still there after {GONE_SECONDS:.0f} s: {started}")
        for left in filter(_alive, started):
            left.kill()
    else:
        tally.gone_seconds.append(gone)
    # A line without its end was cut off by the kill: it was never shown.
    lines = told.read_bytes().split(b"\n")[:-1]
    return [(int(row), int(value)) for row, value in (line.split() for line in lines)]


def run(kills: int, n_rows: int, seed: int, longest: float = 3.0) -> WindowTally:
    """``kills`` rounds in a temporary folder, with its own settings, and the installed models.

    A window lives at most ``longest`` seconds after its first label.
    """
    tally = WindowTally()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kill-real-window-") as name:
        base = Path(name)
        home = base / "home"
        (home / "data").mkdir(parents=True)
        models = Catalogue.load().models_dir
        if models.is_dir():
            os.symlink(models, home / "data" / "models", target_is_directory=True)
        before = make_template(base / "template.fsl", n_rows)
        for number in range(kills):
            folder, told = base / f"{number}.fsl", base / f"{number}.told"
            shutil.copytree(base / "template.fsl", folder)
            shown = kill_once(folder, told, home, chance.uniform(0.0, longest), tally)
            check(folder, before, shown, tally)
            shutil.rmtree(folder)
    return tally


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Does a killed window lose labels?")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", nargs=2, metavar=("FOLDER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.work:
        work(Path(options.work[0]), Path(options.work[1]))
    tally = run(options.kills, options.rows, options.seed)
    for problem in tally.problems:
        print("PROBLEM:", problem)
    print(
        f"kills {tally.kills}, labels shown {tally.acknowledged}, labels lost {tally.lost}, "
        f"on disk before shown {tally.ahead}; {tally.with_child} windows had a child, "
        f"{tally.left_behind} left it behind, slowest end {max(tally.gone_seconds, default=0.0):.2f} s; "
        f"reopening {max(tally.reopen_ms):.0f} ms at worst"
    )
    return 1 if tally.lost or tally.problems or tally.with_child < tally.kills else 0


if __name__ == "__main__":
    sys.exit(main())
