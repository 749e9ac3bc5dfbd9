"""Kill the child again and again while it trains: does the window's side say so, and mend it?

    python benchmarks/kill_child.py [--times 20] [--seed 0]

Each round starts a real training on the sample project, kills the child (SIGKILL, or TerminateProcess on
Windows) at a random moment of it, and then expects one sentence for people, a child that is ready again,
an answer to a question, and every label where it was. The last line is the summary; exit status 1 where
a round failed. Needs the default model (``fsl-desktop models install minilm``).
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
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.project import Project
from fsl_desktop.core.runs import RunRecord
from fsl_desktop.core.samples import make_sample
from fsl_desktop.core.snapshot import ProjectReader
from fsl_desktop.work.protocol import Ask, Suggest, Train
from fsl_desktop.work.runner import Runner, RunnerState

PATIENCE = 120.0


class Watch:
    """Remembers what the runner said, and runs the event loop until something is so."""

    def __init__(self, runner: Runner) -> None:
        self.said: list[str] = []
        self.ends: dict[int, str] = {}
        self.told: set[int] = set()
        runner.said.connect(lambda message: self.said.append(message.text))
        runner.told.connect(lambda ticket, _: self.told.add(ticket))
        runner.replied.connect(lambda ticket, _: self.ends.update({ticket: "replied"}))
        runner.refused.connect(lambda ticket, message, _: self.ends.update({ticket: message.text}))
        runner.dropped.connect(lambda ticket: self.ends.update({ticket: "dropped"}))

    def until(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> float:
        """Seconds that it took; ``TimeoutError`` names what did not happen."""
        start = time.perf_counter()
        loop = QEventLoop()
        timer = QTimer()
        timer.setInterval(5)
        timer.timeout.connect(lambda: condition() and loop.quit())
        timer.start()
        QTimer.singleShot(int(seconds * 1000), loop, loop.quit)
        if not condition():
            loop.exec()
        timer.stop()
        if not condition():
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        return time.perf_counter() - start


def kill(pid: int) -> None:
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def labels_of(folder: Path) -> list[int]:
    """What is on disk, read beside the open project."""
    with ProjectReader(folder) as reader:
        reader.refresh()
        return [int(label) for label in reader.table.labels]


def one_round(runner: Runner, watch: Watch, project: Project, moment: float) -> tuple[float, float]:
    """Train, kill, and see that all is well again: seconds to the sentence and to the answer."""
    folder = str(project.folder)
    run_id = project.new_run_id()
    config = TrainConfig(preset=Preset.THOROUGH)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    project.add_run(RunRecord(id=run_id, created=created, config=config, state="running"))
    watch.said.clear()
    training = runner.submit(Train(folder, run_id, config))
    watch.until(lambda: training in watch.told, "the training begins")
    clock = time.perf_counter()
    watch.until(lambda: time.perf_counter() - clock >= moment, "the moment comes")
    if training in watch.ends:
        raise RuntimeError("the training ended before it could be killed")
    pid = runner.pid
    assert pid is not None
    kill(pid)
    to_sentence = watch.until(lambda: bool(watch.said), "a sentence")
    if not watch.said[0].startswith("Training stopped"):
        raise RuntimeError(f"said {watch.said[0]!r}")
    question = runner.submit(Ask(folder, ("My card has not arrived yet",)))
    to_answer = watch.until(lambda: question in watch.ends, "an answer") + to_sentence
    if watch.ends[question] != "replied":
        raise RuntimeError(f"the question ended with {watch.ends[question]!r}")
    if runner.state is not RunnerState.READY or training not in watch.ends or len(watch.said) != 1:
        raise RuntimeError(f"state {runner.state}, said {watch.said}")
    return to_sentence, to_answer


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    app = QCoreApplication(sys.argv[:1])
    sentence_seconds: list[float] = []
    answer_seconds: list[float] = []
    failures = 0
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "killed.fsl"
        project = make_sample(folder)
        before = labels_of(folder)
        runner = Runner()
        watch = Watch(runner)
        runner.start()
        try:
            # Once, so that training is what is killed and not the first look at every row.
            first = runner.submit(Suggest(str(folder), project.revision))
            watch.until(lambda: first in watch.ends, "the first suggestions")
            for number in range(1, arguments.times + 1):
                moment = rng.uniform(0.0, 6.0)
                try:
                    sentence, answer = one_round(runner, watch, project, moment)
                except (TimeoutError, RuntimeError) as error:
                    failures += 1
                    print(f"{number:3d}  killed after {moment:.2f} s: FAILED, {error}", flush=True)
                    continue
                sentence_seconds.append(sentence)
                answer_seconds.append(answer)
                timing = f"sentence {sentence:.2f} s, answer {answer:.2f} s"
                print(f"{number:3d}  killed after {moment:.2f} s: {timing}", flush=True)
        finally:
            runner.close()
            project.close()
        lost = sum(a != b for a, b in zip(before, labels_of(folder), strict=True))
    del app
    well = len(answer_seconds)
    middle = f", median {statistics.median(answer_seconds):.1f} s to the next answer" if well else ""
    slowest = f", slowest sentence {max(sentence_seconds):.2f} s" if well else ""
    print(f"{well} of {arguments.times} kills said and mended{middle}{slowest}; {lost} labels lost")
    return 1 if failures or lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
