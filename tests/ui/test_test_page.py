"""The Test page: answers while one types, and only about the newest text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from page_fakes import TEXTS, FakeSession, FakeSuggester, FakeTrainer, answer, record
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fsl_desktop.core.answers import WordWeight
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import ColumnInfo, Preview, ReadOptions
from fsl_desktop.ui.answer_list import AnswerListModel, Tried
from fsl_desktop.ui.answer_view import AnswerView
from fsl_desktop.ui.asker import Asker, Inquiry
from fsl_desktop.ui.test_page import TestPage
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder
from fsl_desktop.ui.tried_box import TriedBox

TEXT = "When will the replacement card get here?"


class FakeImporter:
    def __init__(self) -> None:
        self.paths: list[str] = []

    def preview(self, path: str, options: ReadOptions, done, refused=None, dropped=None) -> int:
        self.paths.append(path)
        columns = (ColumnInfo("id", ("1",), 2, 1.0), ColumnInfo("question", ("a",), 2, 9.0))
        filled = ReadOptions(text_column="question")
        done(Preview(path, "csv", filled, columns, (("1", "Where is it?"), ("2", "My pin\nis blocked")), 2))
        return 1


@pytest.fixture
def page(qtbot: QtBot) -> Callable[..., TestPage]:
    def make(
        session: FakeSession | None = None, trainer: FakeTrainer | None = None, importer: object = None
    ) -> TestPage:
        session = session or FakeSession()
        suggester = FakeSuggester(session)
        made = TestPage(session, suggester, trainer or FakeTrainer(), ThemeHolder(LIGHT), importer)
        made.fake, made.fake_session = suggester, session
        qtbot.addWidget(made)
        made.resize(1200, 760)
        made.show()
        return made

    return make


def wait_asked(qtbot: QtBot, page: TestPage, n: int) -> None:
    qtbot.waitUntil(lambda: len(page.fake.asked) >= n, timeout=2000)
    assert len(page.fake.asked) == n


def test_without_classes_it_leads_to_the_table(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page(FakeSession(names=(), labels=(0,) * 6))
    assert made.empty.isVisible()
    with qtbot.waitSignal(made.label_requested):
        qtbot.mouseClick(made.empty.button, Qt.MouseButton.LeftButton)


def test_typing_fast_asks_only_the_newest(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    qtbot.keyClicks(made.box, "Whe")
    wait_asked(qtbot, made, 1)
    assert made.fake.asked[0]["texts"] == ("Whe",)
    for piece in ("re i", "s my ", "card"):
        qtbot.keyClicks(made.box, piece)
        qtbot.wait(80)
    assert len(made.fake.asked) == 1, "one question outstanding at a time"
    made.fake.reply(answer(2, 0.9))
    assert made.answer.answer is None, "an overtaken answer is not shown"
    wait_asked(qtbot, made, 2)
    assert made.fake.asked[1]["texts"] == ("Where is my card",)
    made.fake.reply(answer(1, 0.93))
    assert made.answer.sentence.text() == "card arrival, 93 %"


def test_the_answer_has_bars_and_the_rows_most_like_it(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    made.box.setPlainText(TEXT)
    wait_asked(qtbot, made, 1)
    made.fake.reply(answer(1, 0.93))
    bars = [bar for bar in made.answer.bars if bar.isVisible()]
    assert bars[0].name == "card arrival"
    assert bars[0].value == pytest.approx(0.93)
    assert len(bars) == 5
    quotes = [(q.text(), label.text()) for q, label in made.answer._nearest if q.isVisible()]
    assert quotes[0] == (f"“{TEXTS[0]}”", "your label: card arrival")


def test_after_a_pause_the_words_that_decided_are_shaded(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    made.box.setPlainText(f"  {TEXT}")
    wait_asked(qtbot, made, 1)
    assert made.fake.asked[0]["explain"] is False
    made.fake.reply(answer())
    wait_asked(qtbot, made, 2)
    assert made.fake.asked[1]["explain"] is True
    made.fake.reply(answer())
    shaded = [mark.cursor.selectedText() for mark in made.box.extraSelections()]
    assert shaded == ["replacement card", "get here"]
    assert made.hint.text() == "The shaded words decided."
    assert [item.text for item in made.tried.items.items()] == [TEXT]
    qtbot.keyClicks(made.box, "x")
    assert made.box.extraSelections() == [], "typing takes the shade away"


def test_a_tried_text_comes_back_with_a_click(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    made._remember(Tried(TEXT, answer()))
    made.tried.clicked.emit(made.tried.items.index(0))
    assert made.box.toPlainText() == TEXT


def test_several_lines_get_an_answer_each(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    made.box.setPlainText("\n".join((TEXTS[0], "", TEXTS[1])))
    wait_asked(qtbot, made, 1)
    assert made.fake.asked[0]["texts"] == TEXTS[:2]
    made.fake.reply(answer(1, 0.9), answer(2, 0.8))
    assert made.lines.isVisible()
    assert [item.answer is not None for item in made.lines.items.items()] == [True, True]
    assert made.answer.sentence.text() == "card arrival, 90 %"
    made.lines.setCurrentIndex(made.lines.items.index(1))
    assert made.answer.sentence.text() == "exchange rate, 80 %"


def test_which_model_answers_can_be_chosen(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    trainer = FakeTrainer([record("r1"), record("r2", "failed")])
    made = page(trainer=trainer)
    assert [made.model.itemData(i) for i in range(made.model.count())] == [None, "r1"]
    made.box.setPlainText(TEXT)
    wait_asked(qtbot, made, 1)
    assert made.fake.asked[0]["model"] == "minilm"
    made.fake.reply(answer())
    made.model.setCurrentIndex(1)
    made.model.activated.emit(1)
    wait_asked(qtbot, made, 2)
    assert made.fake.asked[1]["model"] == "run:r1"


def test_the_model_in_use_is_chosen_at_first(page: Callable[..., TestPage]) -> None:
    trainer = FakeTrainer([record("r1")])
    trainer.active = "r1"
    made = page(trainer=trainer)
    assert made.model_name() == "run:r1"
    trainer.set_active(None)
    assert made.model_name() == "minilm"


def test_new_labels_ask_again_only_in_sight(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    made.box.setPlainText(TEXT)
    wait_asked(qtbot, made, 1)
    made.fake.reply(answer(nearest=False))
    made.hide()
    made._explain.stop()
    made.fake.updated.emit()
    qtbot.wait(120)
    assert len(made.fake.asked) == 1
    made.show()
    wait_asked(qtbot, made, 2)


def test_a_failure_is_a_sentence(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    made.box.setPlainText(TEXT)
    wait_asked(qtbot, made, 1)
    made.fake.refuse(Message.of("The model is not installed. Install it under Settings."))
    assert made.answer.sentence.text() == "The model is not installed. Install it under Settings."
    qtbot.keyClicks(made.box, "x")
    wait_asked(qtbot, made, 2)


def test_an_empty_box_asks_nothing(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    made = page()
    made.box.setPlainText(TEXT)
    wait_asked(qtbot, made, 1)
    made.box.clear()
    made.fake.reply(answer())
    assert made.answer.answer is None
    qtbot.wait(100)
    assert len(made.fake.asked) == 1


def test_a_dropped_file_is_answered_line_by_line(qtbot: QtBot, page: Callable[..., TestPage]) -> None:
    importer = FakeImporter()
    made = page(importer=importer)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/home/me/questions.csv")])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    made.dropEvent(event)
    assert importer.paths == ["/home/me/questions.csv"]
    assert made.box.toPlainText() == "Where is it?\nMy pin is blocked"
    assert made.hint.text() == "The first lines of questions.csv."
    data.setUrls([QUrl.fromLocalFile("/home/me/picture.png")])
    made.dropEvent(event)
    assert len(importer.paths) == 1


def test_all_classes_can_be_shown(qtbot: QtBot) -> None:
    session = FakeSession(names=[f"class {i}" for i in range(30)])
    view = AnswerView(session, ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    view.show()
    view.show_answer(answer(3, 0.34, 30, nearest=False))
    assert view.sentence.text().startswith("The model is not sure: class 2 34\u00a0%")
    assert sum(bar.isVisible() for bar in view.bars) == 8
    qtbot.mouseClick(view.more, Qt.MouseButton.LeftButton)
    assert sum(bar.isVisible() for bar in view.bars) == 30
    assert view.more.text() == "Show the likeliest only"
    assert not view._nearest_head.isVisible()


def test_a_long_text_is_told(qtbot: QtBot) -> None:
    view = AnswerView(FakeSession(), ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    view.show()
    view.show_answer(replace(answer(), truncated=True))
    assert "it was read in parts" in view.note.text()
    assert view.note.isVisible()
    view.show_answer(answer())
    assert not view.note.isVisible()


def test_a_neighbour_that_was_removed_is_left_out(qtbot: QtBot) -> None:
    session = FakeSession()
    view = AnswerView(session, ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    session.table.ids[3] = 999
    view.show_answer(answer())
    assert [q.text() for q, _ in view._nearest if not q.isHidden()] == [f"“{TEXTS[0]}”"]


def test_shade_counts_characters_as_people_do(qtbot: QtBot) -> None:
    holder = ThemeHolder(LIGHT)
    box = TriedBox(holder)
    qtbot.addWidget(box)
    box.setPlainText("🙂 card")
    box.shade((WordWeight(2, 6, 0.5), WordWeight(0, 1, -0.5)))
    assert [mark.cursor.selectedText() for mark in box.extraSelections()] == ["card"]

    def tint() -> str:
        marks = box.extraSelections()
        look = marks[0].format
        return str(look.background().color().name())

    before = tint()
    holder.set(DARK)
    assert tint() != before


def test_the_asker_goes_on_after_a_dropped_question(qtbot: QtBot) -> None:
    fake = FakeSuggester(FakeSession())
    asker = Asker(fake, delay_ms=0)
    asker.ask(Inquiry(("a",), "minilm"))
    qtbot.waitUntil(lambda: len(fake.asked) == 1)
    asker.ask(Inquiry(("b",), "minilm"))
    qtbot.wait(20)
    fake.asked[0]["dropped"]()
    qtbot.waitUntil(lambda: len(fake.asked) == 2)
    assert fake.asked[1]["texts"] == ("b",)


def test_a_slow_answer_is_told_once(qtbot: QtBot) -> None:
    fake = FakeSuggester(FakeSession())
    asker = Asker(fake, delay_ms=0, slow_ms=20)
    with qtbot.waitSignal(asker.waiting, timeout=1000):
        asker.ask(Inquiry(("a",), "minilm"))
    fake.reply(answer())


def test_the_answers_are_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = AnswerListModel(FakeSession())
    model.set_items([Tried("a", answer()), Tried("b")])
    qtmodeltester.check(model, force_py=True)
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "a\ncard arrival, 93 %"
