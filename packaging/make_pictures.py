"""Take the pictures of the README and the guide: every page, light and dark, from the program itself.

    python packaging/make_pictures.py [--to docs/images] [PAGE ...]

Opens the real window (1440 x 900, without a screen) with the real child on the sample project, takes every
label away and lets the names suggest, sets some fifty labels, trains once to the end and once more while the
pictures of Label and Train are taken, types a question that fits a class and one that fits none on the Test
page, turns through the Results, and writes ``PAGE-THEME.png``. Takes some three minutes; needs the default
model.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import Evaluated, StepEnd
from fsl_desktop.core.labels import UNLABELLED
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.recent import RecentProject
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder
from fsl_desktop.ui.workspace import Workspace
from fsl_desktop.work.runner import Runner

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SIZE = (1440, 900)
MOST_BYTES = 150_000
PAGES = ("start", "names", "label", "train", "test", "strange", "results", "more-labels", "how-sure")
#: What a start screen looks like after a while: name -> hours since it was changed.
RECENT = {"Bank questions": 0, "Reviews, autumn": 27, "Tickets by team": 220}
QUESTION = "my pin is not accepted any more, what can i do"
FOREIGN = "how long does the train to paris take"

#: Rows of the sample (from 1) -> their class; a few in between stay open, as they would.
LABELS = {
    **dict.fromkeys((16, 17, 25, 44), "card arrival"),
    **dict.fromkeys((26, 29, 51), "exchange rate"),
    **dict.fromkeys((18, 37, 42, 72), "top up failed"),
    **dict.fromkeys((15, 30, 49), "lost or stolen card"),
    **dict.fromkeys((27, 32, 41), "pin blocked"),
    **dict.fromkeys((34, 50), "request refund"),
    **dict.fromkeys((14, 21, 31, 36), "cash withdrawal charge"),
    **dict.fromkeys((22, 33, 53, 54), "cancel transfer"),
    **dict.fromkeys((11, 13, 23), "change pin"),
    **dict.fromkeys((43, 67, 93), "apple pay or google pay"),
    **dict.fromkeys((12, 28, 38), "terminate account"),
    **dict.fromkeys((19, 20, 39, 40), "age limit"),
}
SHOWN_ROW = 45
"""The first open row that the table stands on."""


class Photographer:
    def __init__(self, home: Path, folder: Path, pages: tuple[str, ...]) -> None:
        self.app = QApplication(sys.argv[:1])
        self.app.setStyle("Fusion")
        self.folder, self.pages = folder, pages
        self.themes = ThemeHolder(LIGHT)
        self.runner = Runner()
        self.window = MainWindow(Settings.load(home / "settings.json"), self.themes, self.runner)
        self.window.resize(*SIZE)
        self.window.show()
        self.runner.start()

    def until(self, happened: Callable[[], object], what: str, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                raise SystemExit(f"waited {seconds:.0f} s for {what}")
            QTest.qWait(10)

    def take(self, page: str) -> None:
        if page not in self.pages:
            return
        for theme in (LIGHT, DARK):
            self.themes.set(theme)
            QTest.qWait(200)
            path = self.folder / f"{page}-{theme.name}.png"
            with_palette(self.picture()).save(str(path), "PNG", 0)  # 0: packed tightest
            size = path.stat().st_size
            print(f"{path}  {size // 1000} kB" + ("  TOO LARGE" if size > MOST_BYTES else ""), flush=True)
        self.themes.set(LIGHT)

    def picture(self) -> QImage:
        """The window, and what stands open above it in the middle, as no screen is there to put it."""
        made = self.window.grab()
        above = QApplication.activeModalWidget()
        if above is not None:
            painter = QPainter(made)
            place = self.window.rect().center() - above.rect().center()
            painter.fillRect(made.rect(), QColor(0, 0, 0, 70))
            painter.drawPixmap(place, above.grab())
            painter.setPen(QColor(self.themes.theme.muted))
            painter.drawRect(above.rect().translated(place))
            painter.end()
        return made.toImage()

    def run(self) -> None:
        window = self.window
        now = datetime.now(UTC)
        window.start_page.set_recent(
            [
                RecentProject(f"{name}.fsl", name, "~/Projects", (now - timedelta(hours=age)).isoformat())
                for name, age in RECENT.items()
            ]
        )
        self.take("start")
        window.open_sample()
        space = window.workspace
        assert space is not None
        self.until(lambda: not space.session.loading, "the rows")
        self._names(space)
        ids = {info.name: info.id for info in space.session.classes}
        for number, name in sorted(LABELS.items()):
            space.session.label_rows((int(space.session.table.ids[number - 1]),), ids[name])
        self.until(lambda: space.suggester.revision == space.session.project.revision, "suggestions")
        self._train(Preset.BALANCED)
        self.until(lambda: space.trainer.running is None, "the first run")
        run_id = self._train(Preset.THOROUGH)
        seen = lambda kind: sum(isinstance(e, kind) for e in space.trainer.history(run_id))  # noqa: E731
        self.until(lambda: seen(Evaluated) >= 4 and seen(StepEnd) >= 12, "the curves")
        window.show_page("label")
        view = space.label.view
        view.go_to_row(int(space.session.table.ids[SHOWN_ROW - 1]))
        view.scrollTo(view.model().index(SHOWN_ROW - 10, 1), QAbstractItemView.ScrollHint.PositionAtTop)
        QTest.qWait(1500)  # the deciding words follow the cursor
        self.take("label")
        window.show_page("train")
        self.take("train")
        self.until(lambda: space.trainer.running is None, "the second run")
        window.show_page("test")
        for text in ("where is the card you sent me", "how old must i be", QUESTION):
            self._ask(space, text)
        self.take("test")
        self._ask(space, FOREIGN)
        self.take("strange")
        window.show_page("results")
        for tab, page in enumerate(("results", "more-labels", "how-sure")):
            space.results.trust.tabs.setCurrentIndex(tab)
            QTest.qWait(500)
            self.take(page)

    def _names(self, space: Workspace) -> None:
        """The sample as if nobody had labelled a row of it: what the names of the classes know."""
        labelled = space.session.table.ids[space.session.table.labelled()].tolist()
        space.session.label_rows(labelled, UNLABELLED)
        self.until(lambda: space.suggester.revision == space.session.project.revision, "suggestions by name")
        self.window.show_page("label")
        space.label.view.go_to_row(int(space.session.table.ids[0]))
        QTest.qWait(1500)
        self.take("names")
        space.session.undo()

    def _ask(self, space: Workspace, text: str) -> None:
        space.test.box.setPlainText(text)
        space.test.box.moveCursor(QTextCursor.MoveOperation.End)
        self.until(lambda: space.test.answer.answer is not None, "an answer")
        QTest.qWait(2500)  # it is kept under the tried ones once the typing has stopped

    def _train(self, preset: Preset) -> str:
        space = self.window.workspace
        assert space is not None
        space.choice.set_preset(preset)
        run_id = space.trainer.start(space.choice.config)
        assert run_id is not None
        return run_id

    def close(self) -> None:
        self.window.close()
        self.runner.close()


def with_palette(picture: QImage) -> QImage:
    """The picture in its 256 most frequent colours; the others become the nearest of them."""
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    width, height = picture.width(), picture.height()
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(height, width) & 0xFFFFFF
    colours, which, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[:256])
    channels = np.stack([(colours >> shift) & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.int32)
    nearest = [int(np.argmin(((channels[kept] - colour) ** 2).sum(axis=1))) for colour in channels]
    indices = np.asarray(nearest, np.uint8)[which].reshape(height, width)
    made = QImage(np.ascontiguousarray(indices).data, width, height, width, QImage.Format.Format_Indexed8)
    made.setColorTable([0xFF000000 | int(colour) for colour in colours[kept]])
    return made.copy()  # copied, because the indices go away


def main(make: type[Photographer], about: str, all_pages: tuple[str, ...]) -> None:
    """Take the pages that the command line names, or ``all_pages``."""
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=", ".join(all_pages))
    parser.add_argument("--to", type=Path, default=IMAGES)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    models = Catalogue.load().models_dir
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "data").mkdir()
        os.symlink(models, home / "data" / "models", target_is_directory=True)
        os.environ["FSL_DESKTOP_HOME"] = name
        photographer = make(home, options.to, tuple(options.pages) or all_pages)
        try:
            photographer.run()
        finally:
            photographer.close()


if __name__ == "__main__":
    main(Photographer, __doc__ or "", PAGES)
