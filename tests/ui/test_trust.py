"""What more labels would add and whether percentages can be believed, on the Results and Train pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from page_fakes import FakeSession, FakeSuggester, FakeTrainer, record, summary
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from trust_fakes import trusted

from fsl_desktop.core.reliability import Reliability, ReliabilityBin
from fsl_desktop.ui.results_page import ResultsPage
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder
from fsl_desktop.ui.train_page import TrainPage
from fsl_desktop.ui.trust_view import CERTAINTY, MISTAKES, MORE_LABELS, TrustView
from fsl_desktop.ui.trust_words import calibration_words, error_words, forecast_words


def one_bin(said: float, found: float, n: int = 60) -> Reliability:
    return Reliability((ReliabilityBin(0.6, 0.8, said, found, n),), 0.2, abs(said - found), n)


@pytest.fixture
def view(qtbot: QtBot) -> Callable[..., TrustView]:
    def make(shown: object = None, holder: ThemeHolder | None = None) -> TrustView:
        made = TrustView(holder or ThemeHolder(LIGHT))
        qtbot.addWidget(made)
        made.resize(700, 380)
        made.show_summary(shown or trusted())
        made.show()
        return made

    return make


def test_the_words_say_whether_the_percentages_hold() -> None:
    assert calibration_words(one_bin(0.8, 0.78)).startswith(
        "When it says 80 %, it is right about 78 % of the time."
    )
    assert "can be believed" in calibration_words(one_bin(0.8, 0.78))
    assert "too sure" in calibration_words(one_bin(0.9, 0.7))
    assert "more often than it says" in calibration_words(one_bin(0.6, 0.9))
    assert "12 rows only" in calibration_words(one_bin(0.9, 0.7, 12))
    assert calibration_words(None) == ""
    assert "4 points" in error_words(Reliability((), 0.2, 0.04, 480))
    assert "one point" in error_words(Reliability((), 0.2, 0.011, 480))
    assert error_words(Reliability((), 0.2, 0.04, 48)) == ""
    assert forecast_words(trusted()) == "20 more labels would probably add 2 to 5 points."
    assert forecast_words(summary()) == ""


def test_the_score_card_says_both(qtbot: QtBot) -> None:
    session = FakeSession()
    trainer = FakeTrainer([record("r1", summary=trusted()), record("r2", summary=summary())])
    page = ResultsPage(session, trainer, FakeSuggester(session), ThemeHolder(LIGHT))
    qtbot.addWidget(page)
    page.show()
    page.show_run("r1")
    assert "would probably add 2 to 5 points" in page.score.outlook.text()
    assert "When it says 93 %, it is right about 96 % of the time" in page.score.outlook.text()
    page.show_run("r2")
    assert page.score.outlook.text() == ""
    assert not page.score.outlook.isVisible()


def test_several_labels_per_row_have_neither_confusion_nor_curve(qtbot: QtBot) -> None:
    session = FakeSession()
    trainer = FakeTrainer([record("r1", summary=summary(several=True))])
    page = ResultsPage(session, trainer, FakeSuggester(session), ThemeHolder(LIGHT))
    qtbot.addWidget(page)
    page.show()
    assert not page.trust.isVisible()


def test_charts_are_built_when_their_tab_is_opened_and_read_out_by_keys(
    qtbot: QtBot, view: Callable[..., TrustView]
) -> None:
    made = view()
    assert made.learning is None
    made.tabs.setFocus()
    qtbot.keyClick(made.tabs, Qt.Key.Key_Right)
    assert made.tabs.currentIndex() == MORE_LABELS
    qtbot.waitUntil(lambda: made.learning is not None)
    assert made.learning is not None
    assert made.learning.isVisible()
    assert made.learning.steps() == [12, 19, 29, 38, 48]
    assert made.learning.accessibleDescription() == "20 more labels would probably add 2 to 5 points."
    qtbot.keyClick(made.learning, Qt.Key.Key_Left)
    assert made.learning.heading.whole() == "With 48 labels: 84 %, between 72 and 93 %"
    qtbot.keyClick(made.learning, Qt.Key.Key_Left)
    assert made.learning.heading.whole().startswith("With 38 labels: 81 %")
    made.tabs.setCurrentIndex(CERTAINTY)
    assert made.reliability is not None
    assert made.reliability.isVisible()
    qtbot.keyClick(made.reliability, Qt.Key.Key_Left)
    assert made.reliability.heading.whole() == "80 to 100 % sure: 23 of 24 rows right, 96 %"
    assert [text.toPlainText() for text in made.reliability._counts] == [
        "4 rows",
        "8 rows",
        "12 rows",
        "24 rows",
    ]
    made.tabs.setCurrentIndex(MISTAKES)
    assert made.confusion.isVisible()


def test_the_forecast_goes_on_from_the_runs_own_score(view: Callable[..., TrustView]) -> None:
    made = view(replace(trusted(stand_in=True), accuracy=replace(trusted().accuracy, value=0.92)))  # type: ignore[type-var, arg-type]
    made.build()
    assert made.learning is not None
    x, y = made.learning.expected.getData()
    assert x.tolist() == [48, 68]
    assert y.tolist() == pytest.approx([0.92, 0.955])
    _, measured = made.learning.measured.getData()
    assert measured[-1] == pytest.approx(0.84)
    assert "simple model" in made.forecast.text()
    assert made.learning.words_at(48).startswith("The simple model with 48 labels")


def test_a_run_of_an_older_version_has_sentences_in_place_of_charts(view: Callable[..., TrustView]) -> None:
    made = view(summary())
    made.build()
    made.tabs.setCurrentIndex(MORE_LABELS)
    assert made.learning is not None
    assert made.reliability is not None
    assert "no learning curve" in made.learning.empty.text()
    assert "too few labels" in made.reliability.empty.text()
    assert made.learning.steps() == []
    assert made.calibration.text() == ""


def test_the_charts_follow_the_theme(view: Callable[..., TrustView]) -> None:
    holder = ThemeHolder(LIGHT)
    made = view(holder=holder)
    made.build()
    assert made.learning is not None
    before = made.learning.expected.opts["pen"].color().name()
    holder.set(DARK)
    assert made.learning.expected.opts["pen"].color().name() != before


def test_the_train_page_says_what_more_labels_would_add(qtbot: QtBot) -> None:
    session = FakeSession()
    trainer = FakeTrainer([record("r1", summary=trusted()), record("r0", summary=summary())])
    page = TrainPage(session, trainer, FakeSuggester(session), ThemeHolder(LIGHT))
    qtbot.addWidget(page)
    page.show()
    assert page.shown.run_id == "r1"
    assert page.forecast.text() == "20 more labels would probably add 2 to 5 points."
    page.shown.show_run("r0")
    assert not page.forecast.isVisible()
