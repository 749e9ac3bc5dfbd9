"""The table at a million rows: open, scroll, search, filter, sort and label in the real window.

    make bench-table
    python benchmarks/table.py [--rows 1000000] [--times 40] [--keys 200] [--project FOLDER]

A real window (on whatever platform QT_QPA_PLATFORM names; offscreen by default). An action counts from the
event (a key, a choice in a box, a letter typed) until the window shows its result: for a label, that it is
also committed to the project's database; for a search, that all rows were looked through. Suggestions are
handed to the window as the model would give them, because reading a million texts takes the model hours.
Prints p50, p99 and the worst of each, and the largest memory of the window's process.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from _window import CLASSES, Paints, make_project, rest, tell, wait
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from fsl_desktop.app import peak_megabytes
from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.label_page import LabelPage
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.orders import ASKED, Order
from fsl_desktop.ui.row_order import Filter
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.workspace import Workspace
from fsl_desktop.work.runner import Runner

PAUSE = 0.12
WORDS = ("card", "exchange", "top up 7", "(99", "stolen", "not there at all", "pin", "e", "ard arr")


def suggestions(workspace: Workspace, chance: np.random.Generator) -> Suggestions:
    """An answer about every row, as the child would give it."""
    table = workspace.session.table
    n = len(table)
    return Suggestions(
        model="minilm",
        row_ids=table.ids.copy(),
        class_ids=chance.integers(1, len(CLASSES) + 1, n).astype(np.int32),
        confidence=chance.random(n, np.float32),
        usefulness=chance.random(n, np.float32),
        revision=workspace.session.project.revision,
        unknown=chance.random(n, np.float32),
    )


def choose(box: QComboBox, wanted: object) -> None:
    """As a user chooses from a list: Qt tells the choice only where a person made it."""
    (line,) = (line for line in range(box.count()) if box.itemData(line) == wanted)
    box.setCurrentIndex(line)
    box.activated.emit(line)


class Hand:
    """Does something in the window and measures until the table has painted what came of it."""

    def __init__(self, app: QApplication, page: LabelPage) -> None:
        self._app, self._page = app, page
        self._paints = Paints()
        page.view.viewport().installEventFilter(self._paints)

    def time(
        self, act: Callable[[], object], ready: Callable[[], bool] = lambda: True, *, anew: bool = True
    ) -> float:
        """Milliseconds of ``act`` until ``ready`` and painted since. ``anew``: what comes of it may look like
        what was there, so the table is told to paint; not where the window paints by itself."""
        before = self._paints.count
        start = time.perf_counter()
        act()
        while not ready():
            self._app.processEvents()
            before = self._paints.count if not ready() else before
        if anew:
            self._page.view.viewport().update()
        # Where nothing is found, a sentence stands in the table's place.
        while self._paints.count == before and self._page.view.isVisible():
            self._app.processEvents()
        taken = (time.perf_counter() - start) * 1000
        rest(self._app, PAUSE)
        return taken


def measure(app: QApplication, workspace: Workspace, times: int, keys: int) -> None:
    page, project = workspace.label, workspace.session.project
    view, header, chance = page.view, page.header, random.Random(0)
    hand = Hand(app, page)
    bar = view.verticalScrollBar()
    tell(
        "scroll by a page",
        [hand.time(lambda: QTest.keyClick(view, Qt.Key.Key_PageDown)) for _ in range(times)],
    )
    tell(
        "scroll to anywhere",
        [hand.time(lambda: bar.setValue(chance.randrange(bar.maximum()))) for _ in range(times)],
    )
    tell(
        "to the end and back",
        [
            hand.time(lambda key=key: QTest.keyClick(view, key, Qt.KeyboardModifier.ControlModifier))
            for _ in range(times // 2)
            for key in (Qt.Key.Key_End, Qt.Key.Key_Home)
        ],
    )

    def label() -> None:
        revision = project.revision
        QTest.keyClick(view, Qt.Key(Qt.Key.Key_1.value + chance.randrange(len(CLASSES))))
        assert project.revision == revision + 1, "the label was not saved"

    tell("key to painted and saved", [hand.time(label, anew=False) for _ in range(keys)], "keys")
    tell(
        "sort",
        [
            hand.time(lambda order=order: choose(header.order_box, order))
            for _ in range(times // 5)
            for order in Order
            if order not in ASKED  # which the child works out
        ],
    )
    choose(header.order_box, Order.FILE)
    shows = [header.show_box.itemData(line) for line in range(header.show_box.count())]
    tell(
        "filter",
        [hand.time(lambda one=one: choose(header.show_box, one)) for _ in range(times // 5) for one in shows],
    )
    choose(header.show_box, Filter())
    typed = []
    for words in WORDS * max(1, times // 20):
        typed += [
            hand.time(partial(header.search.setText, words[:end]), lambda: not page.searching)
            for end in range(1, len(words) + 1)
        ]
        hand.time(header.search.clear)
    tell("search, a letter to all rows", typed, "letters")
    choose(header.order_box, Order.USEFUL)
    tell("key, most useful first", [hand.time(label, anew=False) for _ in range(keys)], "keys")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--project", type=Path, help="a copy of one that is there, instead of making one")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "big.fsl"
        if options.project is not None:
            shutil.copytree(options.project, folder)
        else:
            start = time.perf_counter()
            make_project(folder, options.rows)
            print(f"{'import of the rows':38s} s   {time.perf_counter() - start:.1f}")
        runner = Runner()
        window = MainWindow(Settings.load(Path(home) / "settings.json"), ThemeHolder(LIGHT), runner)
        window.resize(1440, 900)
        window.show()
        runner.start()
        rest(app, 1.0)
        start = time.perf_counter()
        window.open_path(str(folder))
        workspace = window.workspace
        assert workspace is not None
        workspace.suggester.enabled = False
        paints = Paints()
        workspace.label.view.viewport().installEventFilter(paints)
        wait(app, lambda: len(workspace.session.table) > 0 and paints.count > 0, 60, "the first rows")
        first = time.perf_counter() - start
        wait(app, lambda: not workspace.session.loading, 120, "the rows")
        print(f"{'open: first rows, all rows':38s} s   {first:.2f}, {time.perf_counter() - start:.2f}")
        print(f"{'rows':38s}     {len(workspace.session.table):,}")
        workspace.suggester.enabled = False
        workspace.suggester._on_done(suggestions(workspace, np.random.default_rng(0)))
        rest(app, 3.0)
        measure(app, workspace, options.times, options.keys)
        print(f"{'largest memory of the window':38s} MB  {peak_megabytes():.0f}")
        window.close()
        runner.close()


if __name__ == "__main__":
    main()
