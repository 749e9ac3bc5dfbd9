"""Chips and bars: the same class looks the same everywhere, a suggestion is dashed, and names are spoken."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from fsl_desktop.ui.chips import Chip, chip_border, chip_fill, paint_chip
from fsl_desktop.ui.probability_bar import percent
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder, class_colour
from fsl_desktop.ui.widgets import BusyState, ElidedLabel, EmptyState, ProbabilityBar

BOX = QRectF(10, 5, 200, 38)


def drawn(theme, name="card arrival", dashed=False, box=BOX):
    image = QImage(240, 48, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.surface))
    painter = QPainter(image)
    took = paint_chip(painter, box, name, "1", class_colour(theme, 0), theme, dashed)
    painter.end()
    return image, took


def near(colour, other, by=6):
    return all(abs(a - b) <= by for a, b in zip(colour.getRgb()[:3], QColor(other).getRgb()[:3], strict=True))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
def test_a_label_is_filled_and_a_suggestion_is_not(theme, qapp):
    colour = class_colour(theme, 0)
    label, took = drawn(theme)
    suggestion, _ = drawn(theme, dashed=True)
    inside = int(took.right()) - 8, int(took.center().y())
    assert near(label.pixelColor(*inside), chip_fill(theme, colour))
    assert near(suggestion.pixelColor(*inside), theme.surface)


def test_the_line_of_a_suggestion_has_gaps(qapp):
    def inked(dashed):
        image, took = drawn(LIGHT, dashed=dashed)
        border = chip_border(LIGHT, class_colour(LIGHT, 0))
        xs = range(int(took.left()) + 14, int(took.right()) - 14)
        return sum(near(image.pixelColor(x, int(took.top())), border, 70) for x in xs) / len(xs)

    assert inked(dashed=False) > 0.95
    assert 0.3 < inked(dashed=True) < 0.85


def test_a_chip_stays_inside_its_room_and_a_very_long_name_is_cut(qapp):
    _, took = drawn(LIGHT, "w" * 100_000)
    assert took.width() <= BOX.width()
    _, small = drawn(LIGHT, "word", box=QRectF(0, 0, 10, 38))
    assert small.width() < 40


def test_the_chip_widget_says_its_class(qtbot):
    chip = Chip(ThemeHolder(LIGHT))
    qtbot.addWidget(chip)
    chip.set_class("card arrival", 0)
    narrow = chip.sizeHint().width()
    chip.set_class("a much longer name of a class", 1, dashed=True)
    assert chip.sizeHint().width() > narrow
    assert chip.accessibleName() == "a much longer name of a class"
    assert not chip.grab().isNull()


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "0 %"), (0.001, "< 1 %"), (0.01, "1 %"), (0.934, "93 %"), (0.9951, "> 99 %"), (1.0, "100 %")],
)
def test_percentages_do_not_claim_more_than_is_so(probability, words):
    assert percent(probability) == words


def test_a_bar_fills_by_probability_and_keeps_its_size(qtbot):
    bar = ProbabilityBar(ThemeHolder(LIGHT))
    qtbot.addWidget(bar)
    bar.set_class("card arrival", 0)
    bar.resize(300, bar.sizeHint().height())
    size = bar.sizeHint()
    empty = bar.grab().toImage()
    bar.set_value(0.5)
    half = bar.grab().toImage()
    assert bar.sizeHint() == size
    assert half.pixelColor(140, 4) != empty.pixelColor(140, 4)
    assert half.pixelColor(160, 4) == empty.pixelColor(160, 4)
    bar.set_chosen(True)
    assert bar.accessibleName() == "card arrival, 50 %, your label"


def test_a_bar_is_pressed_with_mouse_and_space(qtbot):
    bar = ProbabilityBar(ThemeHolder(LIGHT))
    qtbot.addWidget(bar)
    bar.resize(200, 34)
    pressed = []
    bar.clicked.connect(lambda: pressed.append(1))
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton)
    qtbot.keyClick(bar, Qt.Key.Key_Space)
    assert len(pressed) == 2


def test_a_label_that_does_not_fit_has_its_whole_in_the_tooltip(qtbot):
    label = ElidedLabel("a sentence that is long enough\nnot to fit")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.toolTip() == "a sentence that is long enough not to fit"
    label.resize(label.sizeHint().width() + 20, 20)
    assert label.text() == label.whole()
    assert label.toolTip() == ""


def test_empty_and_busy_states_have_one_button_each(qtbot):
    empty = EmptyState("table", "Nothing here yet.", "Add a file")
    busy = BusyState("Reading the file")
    for widget in (empty, busy):
        qtbot.addWidget(widget)
        widget.resize(400, 300)
        widget.show()
    with qtbot.waitSignal(empty.clicked):
        qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    busy.set_progress(3 * 10**9, 6 * 10**9)
    assert busy.bar.value() == 500
    with qtbot.waitSignal(busy.cancelled):
        qtbot.mouseClick(busy.cancel, Qt.MouseButton.LeftButton)
    assert not empty.grab().isNull()
