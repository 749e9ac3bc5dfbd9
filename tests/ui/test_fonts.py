"""The window's type: Inter in two real weights, digits of one width, other scripts from the system."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QRawFont, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from fsl_desktop.core.paths import resources_dir
from fsl_desktop.ui.fonts import FILES, load_fonts, window_font
from fsl_desktop.ui.rail import Rail
from fsl_desktop.ui.style import HERO_PX, NUMBER_PX, SECTION_PX, TEXT_PX, dress, scaled
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder
from fsl_desktop.ui.widgets import with_role


def test_inter_is_shipped_with_its_licence() -> None:
    folder = resources_dir() / "fonts"
    assert sum((folder / name).stat().st_size for name in FILES) < 1_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "LICENSE.txt").read_text("utf-8")


def test_both_weights_are_drawn_ones(qapp) -> None:  # type: ignore[no-untyped-def]
    assert load_fonts()
    assert QFontInfo(window_font(13)).family() == "Inter"
    # The font that is drawn with: a made-up bold would still be called Regular.
    assert QRawFont.fromFont(window_font(13)).styleName() == "Regular"
    assert QRawFont.fromFont(window_font(13, bold=True)).styleName() == "Semi Bold"
    assert QFontInfo(window_font(13, bold=True)).weight() == QFont.Weight.DemiBold


def test_numbers_under_each_other_align_also_in_labels_that_a_style_sheet_has_dressed(qtbot) -> None:  # type: ignore[no-untyped-def]
    window = QWidget()
    plain, number = QLabel("11 %", window), with_role(QLabel("11 %", window), "number")
    dress(window, LIGHT)
    qtbot.addWidget(window)
    window.show()
    assert number.font().pixelSize() == NUMBER_PX
    for label in (plain, number):
        metrics = QFontMetricsF(label.font())
        assert metrics.horizontalAdvance("11 %") == metrics.horizontalAdvance("88 %"), label.font().toString()


def test_chinese_text_is_drawn_by_a_font_that_has_it(qapp) -> None:  # type: ignore[no-untyped-def]
    if not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        pytest.skip("this system has no Chinese font")
    layout = QTextLayout("card 银行卡", window_font(13))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    families = {run.rawFont().familyName() for run in layout.glyphRuns()}
    assert "Inter" in families
    assert len(families) > 1, "no font of the system was asked for what Inter lacks"


@pytest.fixture
def undressed(qapp: QApplication) -> Iterator[QApplication]:
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    yield qapp
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def test_widgets_made_before_the_font_and_every_later_text_size_have_it(undressed, qtbot) -> None:  # type: ignore[no-untyped-def]
    window = QWidget()
    column = QVBoxLayout(window)
    label, name, rail = QLabel("Ready"), with_role(QLabel("FSL Desktop"), "hero"), Rail(ThemeHolder(LIGHT))
    for widget in (label, name, rail):
        column.addWidget(widget)
    rail.set_project_open(True)
    qtbot.addWidget(window)
    for scale, theme, page in (
        (1.0, LIGHT, "data"),
        (1.4, LIGHT, "label"),
        (1.4, DARK, "train"),
        (1.2, DARK, ""),
    ):
        rail.choose(page)
        dress(undressed, theme, scale)
        window.show()
        qtbot.wait(1)
        assert label.font().families()[0] == "Inter"
        assert label.font().pixelSize() == scaled(TEXT_PX, scale)
        assert name.font().pixelSize() == scaled(HERO_PX, scale)
        assert name.font().weight() == QFont.Weight.DemiBold
        for button in (*rail.pages.values(), rail.home):
            assert button.font().families()[0] == "Inter"
            assert button.font().pixelSize() == scaled(SECTION_PX, scale)
            assert (button.font().weight() == QFont.Weight.DemiBold) == button.isChecked(), button.text()
