"""Where a run errs, what more labels would do, and whether its percentages can be believed: one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from fsl_desktop.core.events import RunSummary
from fsl_desktop.ui.confusion_view import ConfusionView
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.trust_words import calibration_words, error_words, forecast_words
from fsl_desktop.ui.widgets import Card, muted, named

if TYPE_CHECKING:
    from fsl_desktop.ui.trust_charts import LearningChart, ReliabilityChart

MISTAKES, MORE_LABELS, CERTAINTY = range(3)


class TrustView(Card):
    """Three views of one run behind tabs. The charts are built when they are first seen."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._summary: RunSummary | None = None
        self.learning: LearningChart | None = None
        self.reliability: ReliabilityChart | None = None
        self.confusion = ConfusionView(holder)
        self.forecast, self.calibration = muted("", wrap=True), muted("", wrap=True)
        self.forecast.setObjectName("results_curve_words")
        self.calibration.setObjectName("results_calibration_words")
        self.tabs = named(QTabBar(), self.tr("What is shown of the run"), "trust_tabs")
        for words in (self.tr("Mistakes"), self.tr("More labels"), self.tr("How sure it is")):
            self.tabs.addTab(words)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.currentChanged.connect(self._on_tab)
        self._boxes = [QVBoxLayout() for _ in range(2)]
        self._pages = QStackedWidget()
        self._pages.addWidget(self.confusion)
        for box, words in zip(self._boxes, (self.forecast, self.calibration), strict=True):
            page = QWidget()
            page.setLayout(box)
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(8)
            box.addStretch(0)
            box.addWidget(words)
            self._pages.addWidget(page)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._pages, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.build)

    def show_summary(self, summary: RunSummary) -> None:
        """The curve and the reliability of this run; the mistakes are shown by ``confusion``."""
        self._summary = summary
        words = forecast_words(summary)
        if summary.curve is not None and summary.curve.stand_in:
            words += " " + self.tr(
                "The line is a simple model's, which learns from the labels alone; the point is this run."
            )
        self.forecast.setText(words)
        found = summary.reliability
        parts = [calibration_words(found), error_words(found) if found is not None else ""]
        self.calibration.setText(" ".join(part for part in parts if part))
        if self.learning is not None and self.reliability is not None:
            self.learning.show_summary(summary)
            self.reliability.show_summary(summary)

    def build(self) -> None:
        """Make the charts now (when one of them is first seen, this happens by itself)."""
        if self.learning is not None:
            return
        from fsl_desktop.ui.trust_charts import LearningChart, ReliabilityChart

        self.learning, self.reliability = LearningChart(self._holder), ReliabilityChart(self._holder)
        for box, chart in zip(self._boxes, (self.learning, self.reliability), strict=True):
            # A chart asks for more height than a table: what stands above must not jump with the tabs.
            chart.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
            box.insertWidget(0, chart, 1)
        if self._summary is not None:
            self.show_summary(self._summary)

    def _on_tab(self, at: int) -> None:
        self._pages.setCurrentIndex(at)
        if at != MISTAKES and self.isVisible():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.tabs.currentIndex() != MISTAKES:
            self._timer.start()
