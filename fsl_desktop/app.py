"""Builds settings, runner and window, and takes care of crashes. Wiring lives here and in ``cli`` alone."""

from __future__ import annotations

import argparse
import faulthandler
import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from fsl_desktop.core import paths
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.theme import ThemeHolder, theme_for
from fsl_desktop.work.runner import Runner

log = logging.getLogger("fsl_desktop")


class CrashTeller(QObject):
    """Brings an unforeseen error from any thread to the window as one sentence; the rest is in the log."""

    crashed = Signal(str)

    def install(self) -> None:
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(
            args.exc_type, args.exc_value or Exception(), args.exc_traceback
        )

    def _hook(self, kind: type[BaseException], value: BaseException, where: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, value, where))
        log.error("unforeseen error\n%s", details)
        if not issubclass(kind, KeyboardInterrupt):
            self.crashed.emit(details)


class OpenFileFilter(QObject):
    """macOS hands over a double-clicked project as an event."""

    opened = Signal(str)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.opened.emit(event.file())
            return True
        return super().eventFilter(watched, event)


class FirstPaint(QObject):
    """Prints one line, with the resident megabytes, once the window has painted for the first time."""

    painted = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._tell)
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        print(f"painted {resident_megabytes():.1f}", flush=True)
        self.painted.emit()


def resident_megabytes() -> float:
    """The resident set of this process, or 0 where /proc does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * 4096 / 1e6


def peak_megabytes() -> float:
    """The largest resident set that this process has had, or 0 where /proc does not tell."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1000
    except (OSError, ValueError, IndexError):
        return 0.0


def start_log() -> TextIO | None:
    """Log to a small rotating file; faults of the interpreter itself go to a file beside it."""
    # On a full disk logging itself fails; a traceback of that helps nobody, and nor do bare warnings.
    logging.raiseExceptions = False
    log.addHandler(logging.NullHandler())
    try:
        folder = paths.log_dir()
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "fsl-desktop.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        faults = (folder / "faults.log").open("w", encoding="utf-8")
        faulthandler.enable(faults)
        return faults
    except OSError:
        return None  # a full or read-only disk must not keep the window from opening


def main(argv: list[str] | None = None) -> int:
    """Open the window; returns the exit status."""
    parser = argparse.ArgumentParser(prog="fsl-desktop", add_help=False)
    parser.add_argument("project", nargs="?", default="")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--quit-after-paint", action="store_true")  # for benchmarks/startup.py
    options, rest = parser.parse_known_args(sys.argv[1:] if argv is None else argv)

    faults = start_log()
    QApplication.setApplicationName("FSL Desktop")
    QApplication.setOrganizationName("FSL Desktop")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([sys.argv[0], *rest])
    app.setStyle("Fusion")
    settings = Settings.load(paths.config_dir() / "settings.json")
    dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    themes = ThemeHolder(theme_for(settings.theme, dark))
    runner = Runner()
    window = MainWindow(settings, themes, runner)
    teller = CrashTeller(app)
    teller.crashed.connect(window.show_crash)
    teller.install()
    opener = OpenFileFilter(app)
    opener.opened.connect(window.open_path)
    app.installEventFilter(opener)
    if options.quit_after_paint:
        first = FirstPaint(app)
        first.painted.connect(app.quit)
        window.installEventFilter(first)
        window.show()
        return app.exec()
    window.show()
    # The child costs a second of start-up on another core: the window is painted first.
    QTimer.singleShot(0, runner.start)
    if options.sample:
        QTimer.singleShot(0, window.open_sample)
    elif options.project:
        QTimer.singleShot(0, lambda: window.open_path(str(Path(options.project).absolute())))
    try:
        return app.exec()
    finally:
        runner.close()
        if faults is not None:
            faulthandler.disable()
            faults.close()


if __name__ == "__main__":
    sys.exit(main())
