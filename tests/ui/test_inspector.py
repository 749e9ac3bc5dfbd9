"""The inspector: read, choose, see why; without jumps and without freezing."""

from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from fsl_desktop.core.answers import Answer, WordWeight
from fsl_desktop.core.labels import SKIPPED, ClassInfo
from fsl_desktop.ui.inspector import Inspector
from fsl_desktop.ui.reading_pane import SHOWN_CHARS, displayable, utf16_length
from fsl_desktop.ui.style import dress
from fsl_desktop.ui.theme import LIGHT, ThemeHolder

CLASSES = tuple(ClassInfo(i + 1, name, i) for i, name in enumerate(["card arrival", "pin blocked", "top up"]))
MANY = tuple(ClassInfo(i + 1, f"class number {i}", i) for i in range(77))


def answer(*probabilities, words=()):
    return Answer(tuple(range(1, len(probabilities) + 1)), probabilities, words=tuple(words))


@pytest.fixture
def inspector(qtbot):
    inspector = Inspector(ThemeHolder(LIGHT))
    dress(inspector, LIGHT)
    qtbot.addWidget(inspector)
    inspector.set_classes(CLASSES)
    inspector.resize(336, 640)
    inspector.show()
    inspector.show_row(6, 612, 42, "Where is my card?", 0)
    return inspector


def values(inspector):
    return [bar.value for bar in inspector.labels.bars()]


def test_shows_the_row_and_where_it_is(inspector):
    assert inspector.place.text() == "ROW 6 OF 612"
    assert inspector.reading.view.toPlainText() == "Where is my card?"
    assert [bar.name for bar in inspector.labels.bars()] == ["card arrival", "pin blocked", "top up"]


def test_a_click_on_a_class_chooses_it(inspector, qtbot):
    with qtbot.waitSignal(inspector.label_chosen) as chosen:
        qtbot.mouseClick(inspector.labels.bars()[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [2]
    inspector.show_row(6, 612, 42, "Where is my card?", 2)
    assert [bar.chosen for bar in inspector.labels.bars()] == [False, True, False]
    assert inspector.state.text() == "labelled"


def test_a_skipped_row_says_so(inspector):
    inspector.show_row(6, 612, 42, "Where is my card?", SKIPPED)
    assert inspector.state.text() == "skipped"


def test_the_answer_fills_the_bars(inspector):
    inspector.show_answer(answer(0.9, 0.07, 0.03))
    assert values(inspector) == [0.9, 0.07, 0.03]
    inspector.show_answer(None)
    assert values(inspector) == [None] * 3


def test_old_probabilities_wait_a_moment_and_then_go(inspector, qtbot):
    inspector.show_answer(answer(0.9, 0.07, 0.03))
    inspector.show_row(7, 612, 43, "Another one", 0)
    assert values(inspector) == [0.9, 0.07, 0.03], "no flicker when the answer comes at once"
    qtbot.waitUntil(lambda: values(inspector) == [None] * 3, timeout=2000)


def test_rows_that_rush_by_do_not_keep_old_numbers_alive(inspector, qtbot):
    inspector.show_answer(answer(0.9, 0.07, 0.03))
    inspector.show_row(7, 612, 43, "Another one", 0)
    first = inspector._neutral.remainingTime()
    qtbot.waitUntil(lambda: inspector._neutral.remainingTime() < first, timeout=1000)
    before = inspector._neutral.remainingTime()
    inspector.show_row(8, 612, 44, "And another", 0)
    assert inspector._neutral.remainingTime() <= before


def test_deciding_words_are_shaded_and_the_strongest_bold(inspector):
    text = "Where is my card? \U0001f600 lost"
    inspector.show_row(1, 2, 50, text, 0)
    words = [WordWeight(12, 16, 1.0), WordWeight(20, 24, 0.4), WordWeight(0, 5, -0.5), WordWeight(6, 8, 0.01)]
    inspector.show_answer(answer(0.9, 0.07, 0.03, words=words))
    assert inspector.reading.shaded() == ["card", "lost"]
    assert inspector.reading.caption.whole() == "The shaded words decided."
    document = inspector.reading.view.document()
    formats = {}
    for piece in document.begin().textFormats():
        shown = document.toPlainText().encode("utf-16-le")[2 * piece.start : 2 * (piece.start + piece.length)]
        bold = piece.format.fontWeight() >= QFont.Weight.DemiBold
        tinted = piece.format.background().style() != Qt.BrushStyle.NoBrush
        formats[shown.decode("utf-16-le")] = (tinted, bold)
    assert formats["card"] == (True, True)
    assert formats["lost"] == (True, False)


def test_words_stay_for_the_same_row_and_go_with_the_next(inspector):
    inspector.show_answer(answer(0.9, 0.07, 0.03, words=[WordWeight(12, 16, 1.0)]))
    inspector.show_answer(answer(0.8, 0.17, 0.03))
    inspector.show_row(6, 612, 42, "Where is my card?", 1)
    assert inspector.reading.shaded() == ["card"]
    inspector.show_row(7, 612, 43, "Where is my card?", 0)
    assert inspector.reading.shaded() == []


def places(inspector):
    shown = (inspector.labels, inspector.hint, inspector.neighbours, *inspector.labels.bars())
    return [(widget.pos(), widget.size()) for widget in shown]


def test_nothing_jumps_when_the_answer_comes_or_goes(inspector, qtbot):
    before = places(inspector)
    inspector.show_answer(answer(0.9, 0.07, 0.03, words=[WordWeight(12, 16, 1.0)]))
    inspector.show_neighbours([("a labelled text " * 30, CLASSES[0], 0.9)] * 3)
    inspector.show_truncated(True)
    inspector.layout().activate()
    assert places(inspector) == before
    inspector.show_row(7, 612, 43, "x", 1)
    inspector.show_answer(None)
    inspector.layout().activate()
    assert places(inspector) == before


def test_text_that_needs_more_lines_gets_them_and_short_text_keeps_them(inspector, qtbot):
    def lines():
        return inspector.reading.view.height() // inspector.reading.view.fontMetrics().lineSpacing()

    assert lines() == 2
    text = "Where is the card that I ordered two weeks ago? " * 3
    inspector.show_row(8, 612, 44, text, 0)
    needed = lines()
    assert 3 <= needed <= 9
    qtbot.waitUntil(lambda: inspector.reading.view.verticalScrollBar().maximum() == 0, timeout=1000)
    inspector.show_row(9, 612, 45, "short", 0)
    assert lines() == needed, "and what stands below does not jump back"
    inspector.show_row(10, 612, 46, text * 30, 0)
    assert lines() == 9


def test_a_text_that_is_read_in_parts_is_told(inspector):
    inspector.show_truncated(True)
    assert "it was read in parts" in inspector.reading.caption.whole()


def test_a_million_characters_do_not_freeze_it(inspector, qtbot):
    text = "wide words and no end to them " * 34_000
    started = perf_counter()
    inspector.show_row(1, 1, 99, text, 0)
    inspector.grab()
    assert perf_counter() - started < 1.0
    shown = inspector.reading.view.toPlainText()
    assert len(shown) <= SHOWN_CHARS + 100
    more = inspector.reading.more
    assert more.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert len(inspector.reading.view.toPlainText()) > 1.9 * SHOWN_CHARS
    inspector.show_row(1, 1, 100, "short", 0)
    assert not more.isVisible()


def test_nul_bytes_and_line_ends_keep_every_character_in_place():
    text = "a\r\nb\x00c\rd"
    assert len(displayable(text)) == len(text)
    assert "\x00" not in displayable(text)
    assert utf16_length("a\U0001f600b") == 4


def test_many_classes_are_narrowed_by_typing(inspector, qtbot):
    inspector.set_classes(MANY)
    assert len(inspector.labels.bars()) == 77
    entry = inspector.labels.entry
    qtbot.keyClicks(entry, "NUMBER 33")
    assert [bar.name for bar in inspector.labels.bars()] == ["class number 33"]
    with qtbot.waitSignal(inspector.label_chosen) as chosen:
        qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert chosen.args == [34]
    assert len(inspector.labels.bars()) == 77


def test_among_many_classes_the_likeliest_come_first(inspector):
    inspector.set_classes(MANY)
    likely = [0.0] * 77
    likely[40], likely[20] = 0.7, 0.3
    inspector.show_answer(answer(*likely))
    assert [bar.name for bar in inspector.labels.bars()[:2]] == ["class number 40", "class number 20"]


def test_tab_stops_once_at_the_classes_and_arrows_move_inside(inspector, qtbot):
    inspector.set_classes(MANY)
    stops = [bar for bar in inspector.labels.bars() if bar.focusPolicy() == Qt.FocusPolicy.TabFocus]
    assert len(stops) == 1
    inspector.activateWindow()
    stops[0].setFocus()
    qtbot.keyClick(stops[0], Qt.Key.Key_Down)
    with qtbot.waitSignal(inspector.label_chosen) as chosen:
        qtbot.keyClick(inspector.labels.bars()[1], Qt.Key.Key_Return)
    assert chosen.args == [2]


def test_a_class_is_added_by_its_name_and_not_twice(inspector, qtbot):
    entry = inspector.labels.entry
    qtbot.keyClicks(entry, "  refund   wanted ")
    with qtbot.waitSignal(inspector.class_added) as added:
        qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert added.args == ["refund wanted"]
    assert entry.text() == ""
    qtbot.keyClicks(entry, "Pin Blocked")
    with qtbot.assertNotEmitted(inspector.class_added):
        qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert entry.toolTip() == "There is a class of that name already."


def test_neighbours_are_spoken_and_painted(inspector):
    inspector.show_neighbours([("My card is late", CLASSES[0], 0.9)])
    assert inspector.neighbours.accessibleName() == "“My card is late”, your label: card arrival"
    assert not inspector.neighbours.grab().isNull()


def test_without_a_row_it_says_what_to_do(inspector):
    inspector.show_nothing()
    assert inspector.row is None
    assert inspector.empty.isVisible()
    inspector.show_row(1, 5, 7, "again", 0)
    assert not inspector.empty.isVisible()


def test_in_a_low_window_the_classes_come_before_the_examples(inspector):
    inspector.resize(336, 400)
    assert not inspector.neighbours.isVisible()
    assert inspector.labels.bars()[0].isVisible()


def test_the_likeliest_class_is_in_sight_and_nothing_moves_under_the_mouse(inspector, qtbot, monkeypatch):
    inspector.resize(336, 540)
    classes = [ClassInfo(number, f"class {number}", number - 1) for number in range(1, 13)]
    inspector.set_classes(classes)
    inspector.show_row(1, 1, 7, "some text", 0)
    labels = inspector.labels
    qtbot.waitUntil(lambda: labels.scroll.verticalScrollBar().maximum() > 0)
    labels.set_probabilities({number: 0.9 if number == 12 else 0.01 for number in range(1, 13)})
    last = labels.bars()[-1]
    assert last.visibleRegion().boundingRect().height() == last.height()
    monkeypatch.setattr(labels.scroll, "underMouse", lambda: True)
    before = labels.scroll.verticalScrollBar().value()
    labels.set_probabilities({1: 0.9})
    assert labels.scroll.verticalScrollBar().value() == before
