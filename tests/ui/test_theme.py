"""Both themes can be read by everybody: contrast is computed, not believed."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from fsl_desktop.core.paths import resources_dir
from fsl_desktop.ui import icons, theme
from fsl_desktop.ui.chips import chip_border, chip_fill
from fsl_desktop.ui.style import palette, style_sheet
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder, class_colour, class_key, class_mark, contrast

THEMES = pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda t: t.name)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@THEMES
def test_text_can_be_read_on_every_ground(look):
    grounds = (look.window, look.surface, look.raised, look.accent_tint)
    for ground in grounds:
        assert contrast(look.text, ground) >= 7.0
        assert contrast(look.muted, ground) >= 4.5, f"muted on {ground}"
    for name in ("accent", "good", "warning", "danger"):
        for ground in (look.surface, look.raised, look.window):
            assert contrast(getattr(look, name), ground) >= 4.5, f"{name} on {ground}"
    assert contrast(look.accent, look.accent_tint) >= 4.5
    assert contrast(look.on_accent, look.accent) >= 4.5


@THEMES
def test_chips_can_be_read_in_every_class_colour(look):
    for position in range(len(look.class_colours)):
        colour = class_colour(look, position)
        fill, ink = theme.mark_colours(look, colour)
        assert contrast(ink, fill) >= 4.5, f"mark {position}"
        assert contrast(look.text, chip_fill(look, colour)) >= 4.5, f"name in chip {position}"
        assert contrast(chip_border(look, colour), look.surface) >= 3.0, f"border {position}"


@THEMES
def test_class_colours_are_told_apart(look):
    pixels = np.array([QColor(colour).getRgb()[:3] for colour in look.class_colours], float)
    gaps = np.linalg.norm(pixels[:, None] - pixels[None], axis=-1)
    assert gaps[~np.eye(len(pixels), dtype=bool)].min() > 40


def test_marks_are_unique_and_keys_do_not_collide_with_skip_unsure_undo():
    marks = [class_mark(position) for position in range(77)]
    assert marks[:10] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "A"]
    assert len(set(marks)) == 77
    keys = [class_key(position) for position in range(77)]
    assert not set("SUZ") & set(keys)
    for position, key in enumerate(keys):
        assert theme.position_of_key(key) == (position if key else None)


@pytest.mark.parametrize(
    ("setting", "system_dark", "name"),
    [("light", True, "light"), ("dark", False, "dark"), ("system", True, "dark"), ("?", False, "light")],
)
def test_the_setting_wins_and_the_system_decides_otherwise(setting, system_dark, name):
    assert theme.theme_for(setting, system_dark).name == name


def test_holder_tells_a_change_once(qtbot):
    holder = ThemeHolder()
    told = []
    holder.changed.connect(told.append)
    holder.set(DARK)
    holder.set(DARK)
    assert told == [DARK]


@THEMES
def test_style_sheet_has_no_place_left_open_and_its_images_exist(look, qtbot):
    sheet = style_sheet(look, 1.4)
    assert "$" not in sheet
    assert "font-size: 24px" in sheet  # 17 px at 140 %
    for part in sheet.split("url(")[1:]:
        path = part.split(")")[0]
        assert (resources_dir() / path).is_file(), path
    assert palette(look).text().color() == QColor(look.text)


@THEMES
def test_baked_images_have_the_colours_of_the_theme(look):
    folder = resources_dir() / "icons" / "style"
    assert look.muted in (folder / f"chevron-{look.name}.svg").read_text()
    assert look.on_accent in (folder / f"check-{look.name}.svg").read_text()


def test_every_icon_draws_something_in_the_colour_asked_for(qtbot):
    for name in icons.names():
        image = icons.pixmap(name, "#3355D1", 24, 2.0).toImage()
        assert image.width() == 48
        inked = [
            image.pixelColor(x, y)
            for x in range(0, 48)
            for y in range(0, 48)
            if image.pixelColor(x, y).alpha() > 250
        ]
        assert len(inked) > 20, name
        assert all(abs(colour.blue() - 0xD1) < 8 for colour in inked[:50]), name
