"""Kill the child while it trains, with the real window up: does the screen say so, and does all go on?

    python benchmarks/kill_child_in_window.py [--times 20] [--seed 0] [--show FOLDER]

Each round presses Start in the training card of the sample project, kills the child (SIGKILL, or
TerminateProcess on Windows) at a random moment of the run, and then expects on the window: a notice with
the sentence, the training card in its failed state with the sentence under it, the button back at Start,
a label set by key while the new child is still starting, and a new child that makes suggestions for it.
``--show`` leaves a picture of each round. The last line is the summary; exit status 1 where a round
failed. Needs the default model. ``kill_child.py`` does the same below the window.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import StepEnd
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.work.runner import Runner

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds after the kill."""

    sentence: float
    """Until the notice and the training card said it."""
    mended: float
    """Until a new child had made suggestions for a label that was set in between."""


class Bench:
    """The real window on the sample project, with a runner whose child can be killed."""

    def __init__(self, home: Path) -> None:
        self.app = QApplication(sys.argv[:1])
        self.app.setStyle("Fusion")
        self.runner = Runner()
        self.window = MainWindow(Settings.load(home / "settings.json"), ThemeHolder(LIGHT), self.runner)
        self.window.show()
        self.runner.start()
        self.window.open_sample()
        space = self.window.workspace
        assert space is not None, "the sample project did not open"
        self.space = space
        space.choice.set_preset(Preset.THOROUGH)
        self.until(self.is_up_to_date, "the first suggestions")

    def is_up_to_date(self) -> bool:
        space = self.space
        return not space.session.loading and space.suggester.revision == space.session.project.revision

    def until(self, happened: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
        """Seconds that it took; ``RuntimeError`` names what did not happen."""
        start = time.perf_counter()
        while not happened():
            if time.perf_counter() - start > seconds:
                raise RuntimeError(f"not within {seconds:.0f} s: {what}; the window says {self.notices()}")
            QTest.qWait(5)
        return time.perf_counter() - start

    def notices(self) -> list[str]:
        bar = self.window.notifications
        return [notice.sentence for notice in bar.notices if bar.isVisible() and notice.isVisible()]

    def words(self, name: str) -> str:
        """What a label of the training card says, if it can be seen."""
        label = self.space.dock.controls.findChild(QLabel, name)
        assert label is not None, name
        return label.text() if label.isVisible() else ""

    def round(self, moment: float, picture: Path | None) -> Timing:
        space = self.space
        start = space.dock.controls.start
        self.window.notifications.clear()
        self.window.show_page("label")
        QTest.mouseClick(start, Qt.MouseButton.LeftButton)
        run_id = space.trainer.running
        if run_id is None:
            raise RuntimeError(f"training did not start: {self.words('training_sentence')!r}")
        self.until(lambda: space.trainer.history(run_id), "the run's first event")
        clock = time.perf_counter()
        self.until(lambda: time.perf_counter() - clock >= moment, "the moment")
        if space.trainer.running != run_id:
            raise RuntimeError("the training ended before it could be killed")
        pid = self.runner.pid
        assert pid is not None
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        killed = time.perf_counter()
        self.until(lambda: space.trainer.running is None and self.notices(), "a notice")
        self.until(lambda: self.words("training_status") == "The training failed", "the failed state")
        sentence = time.perf_counter() - killed
        QTest.qWait(50)  # a second notice would come up now
        self._look(run_id)
        if picture is not None:
            QTest.qWait(100)
            self.window.grab().save(str(picture))
        self._label_a_row()
        self.until(lambda: self.runner.pid not in (None, pid) and self.is_up_to_date(), "suggestions again")
        return Timing(sentence, time.perf_counter() - killed)

    def _look(self, run_id: str) -> None:
        """What the window shows after the kill."""
        told = self.notices()
        if len(told) != 1 or not told[0].startswith("Training stopped"):
            raise RuntimeError(f"the notices say {told}")
        if not self.words("training_sentence").startswith("Training stopped"):
            raise RuntimeError(f"the training card says {self.words('training_sentence')!r}")
        start, run = self.space.dock.controls.start, self.space.trainer.run(run_id)
        if run is None or run.state != "failed":
            raise RuntimeError(f"the run is kept as {run}")
        if start.text() != "Start" or not start.isEnabled():
            raise RuntimeError(f"the button says {start.text()!r}")

    def _label_a_row(self) -> None:
        session, view = self.space.session, self.space.label.view
        before = session.project.revision
        view.go_to_next_unlabelled()
        QTest.keyClick(view, Qt.Key.Key_1)
        if session.project.revision != before + 1:
            raise RuntimeError("a label could not be set")

    def close(self) -> None:
        self.window.close()
        self.runner.close()


def steps_of(bench: Bench) -> int:
    """Steps that the newest run had told before it was killed."""
    newest = bench.space.trainer.runs()[0]
    return sum(isinstance(event, StepEnd) for event in bench.space.trainer.history(newest.id))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=Path, help="leave a picture of each round in this folder")
    options = parser.parse_args()
    models = Catalogue.load().models_dir
    if options.show:
        options.show.mkdir(parents=True, exist_ok=True)
    chance = random.Random(options.seed)
    timings: list[Timing] = []
    with tempfile.TemporaryDirectory(prefix="kill-child-") as name:
        home = Path(name)
        (home / "data").mkdir()
        os.symlink(models, home / "data" / "models", target_is_directory=True)
        os.environ["FSL_DESKTOP_HOME"] = str(home)
        bench = Bench(home)
        try:
            for number in range(1, options.times + 1):
                moment = chance.uniform(0.0, 6.0)
                picture = options.show / f"killed-{number:02d}.png" if options.show else None
                try:
                    timing = bench.round(moment, picture)
                except RuntimeError as error:
                    print(f"{number:3d}  killed after {moment:.2f} s: FAILED, {error}", flush=True)
                    bench.space.trainer.stop()
                    bench.until(lambda: bench.space.trainer.running is None, "the run's end")
                    continue
                timings.append(timing)
                print(
                    f"{number:3d}  killed after {moment:.2f} s and {steps_of(bench)} steps: "
                    f"said after {timing.sentence:.2f} s, suggestions again after {timing.mended:.1f} s",
                    flush=True,
                )
        finally:
            bench.close()
    spread = ""
    if timings:
        spread = (
            f"; said after {max(t.sentence for t in timings):.2f} s at worst, suggestions again after "
            f"{statistics.median(t.mended for t in timings):.1f} s in the median"
        )
    print(f"{len(timings)} of {options.times} kills: window alive, sentence on the screen, mended{spread}")
    return 0 if len(timings) == options.times else 1


if __name__ == "__main__":
    raise SystemExit(main())
