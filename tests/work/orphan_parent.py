"""A window's process in small, for the test that kills it: starts a runner, a deaf job, and says so."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.work.jobs import ChildOptions
from fsl_desktop.work.protocol import Train
from fsl_desktop.work.runner import Runner


def main(log_folder: str, how: str) -> int:
    app = QCoreApplication([])
    runner = Runner(poll_ms=10, options=ChildOptions("child_jobs", log_folder))
    ticket = runner.submit(Train("p", how, TrainConfig()))

    def begun(told: int, _: object) -> None:
        assert told == ticket
        print(runner.pid, flush=True)
        if "leave" in sys.argv:
            # Out of the loop and to the interpreter's end without a close().
            QTimer.singleShot(0, app.quit)

    runner.told.connect(begun)
    runner.start()
    return app.exec()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    raise SystemExit(main(sys.argv[1], sys.argv[2]))
