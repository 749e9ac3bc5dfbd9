"""The style sheet, palette and font of a theme: everything that plain Qt widgets are drawn with."""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from fsl_desktop.core.paths import resources_dir
from fsl_desktop.ui.fonts import window_font
from fsl_desktop.ui.theme import Theme, blend

#: Pixel sizes by meaning, before the user's font scale.
TEXT_PX, SECTION_PX, TITLE_PX, READING_PX, NUMBER_PX, HERO_PX = 13, 12, 17, 16, 22, 30
CONTROL_HEIGHT, ROW_HEIGHT, CONTROL_RADIUS, CARD_RADIUS = 34, 38, 7, 10


def ui_font(scale: float = 1.0, *, px: int = TEXT_PX, bold: bool = False) -> QFont:
    """The window's font at the user's scale. Needs a running application."""
    return window_font(scaled(px, scale), bold=bold)


def scaled(px: float, scale: float) -> int:
    return max(1, round(px * scale))


def dress(target: QApplication | QWidget, theme: Theme, scale: float = 1.0) -> None:
    """Palette, font and style sheet of a theme, for the application or (in a test) for one window."""
    target.setPalette(palette(theme))
    target.setFont(ui_font(scale))
    if isinstance(target, QApplication):
        # Qt announces the font later. A sheet set in between gives windows the font and not what is in them.
        for window in target.topLevelWidgets():
            QCoreApplication.sendEvent(window, QEvent(QEvent.Type.ApplicationFontChange))
    target.setStyleSheet(style_sheet(theme, scale))


def palette(theme: Theme) -> QPalette:
    """What the style sheet does not reach: selections, placeholders, Fusion's own drawing."""
    colours = QPalette()
    roles = QPalette.ColorRole
    for role, value in (
        (roles.Window, theme.window),
        (roles.WindowText, theme.text),
        (roles.Base, theme.surface),
        (roles.AlternateBase, theme.raised),
        (roles.Text, theme.text),
        (roles.Button, theme.surface),
        (roles.ButtonText, theme.text),
        (roles.ToolTipBase, theme.raised),
        (roles.ToolTipText, theme.text),
        (roles.PlaceholderText, theme.muted),
        (roles.Highlight, theme.accent),
        (roles.HighlightedText, theme.on_accent),
        (roles.Link, theme.accent),
        (roles.LinkVisited, theme.accent),
        (roles.Accent, theme.accent),
        (roles.Light, theme.raised),
        (roles.Mid, theme.line),
        (roles.Dark, theme.muted),
    ):
        colours.setColor(role, QColor(value))
    faded = QColor(blend(theme.surface, theme.muted, 0.75))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return colours


def style_sheet(theme: Theme, scale: float = 1.0) -> str:
    """The style sheet for the whole application; ``scale`` is the user's font scale (1.0 = 13 px text)."""
    images = _image_urls(theme.name)
    values = {
        name: getattr(theme, name)
        for name in (
            *("window", "surface", "raised", "line", "text", "muted", "accent", "accent_tint", "on_accent"),
            *("good", "warning", "danger"),
        )
    }
    values |= {
        "hover": blend(theme.surface, theme.text, 0.05),
        "pressed": blend(theme.surface, theme.text, 0.10),
        "accent_hover": blend(theme.accent, theme.text, 0.14),
        "accent_pressed": blend(theme.accent, theme.text, 0.26),
        "danger_tint": blend(theme.surface, theme.danger, 0.12),
        "warning_tint": blend(theme.surface, theme.warning, 0.12),
        "line_strong": blend(theme.line, theme.muted, 0.22),
        "faded": blend(theme.surface, theme.muted, 0.75),
        "handle": blend(theme.surface, theme.muted, 0.38),
        **{
            name: str(scaled(px, scale))
            for name, px in (
                *(("text_px", TEXT_PX), ("section_px", SECTION_PX), ("title_px", TITLE_PX)),
                *(("reading_px", READING_PX), ("number_px", NUMBER_PX), ("hero_px", HERO_PX)),
                # The border and padding are added to Qt's min-height.
                ("control", CONTROL_HEIGHT - 2),
            )
        },
        **images,
    }
    return Template(_SHEET).substitute(values)


def _image_urls(name: str) -> dict[str, str]:
    folder: Path = resources_dir() / "icons" / "style"
    return {
        f"{image}_image": (folder / f"{image.replace('_', '-')}-{name}.svg").as_posix()
        for image in ("chevron", "chevron_up", "check", "dot")
    }


# "$name" stands for a value above. Every rule is by type, object name or the property
# "role"; a widget that needs more paints itself.
_SHEET = """
QMainWindow, QDialog, #window, QWidget[role="page"] { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QScrollArea, QScrollArea > QWidget > QWidget[role="plain"] { background: transparent; border: none; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title_px}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${section_px}px; font-weight: 600; color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="number"] { font-size: ${number_px}px; font-weight: 600; }
QLabel[role="reading"] { font-size: ${reading_px}px; }
QLabel[role="lead"] { font-size: ${title_px}px; }
QLabel[role="hero"] { font-size: ${hero_px}px; font-weight: 600; }
QLabel[role="good"] { color: $good; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="danger"] { color: $danger; }
QLabel:disabled { color: $faded; }

QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 10px; }
QFrame[role="raised"] { background: $raised; border: 1px solid $line; border-radius: 7px; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="warning"] { background: $warning_tint; border: 1px solid $warning; border-radius: 7px; }
QFrame[role="danger"] { background: $danger_tint; border: 1px solid $danger; border-radius: 7px; }
/* A label is a frame to Qt: without this a red sentence would stand in a red box. */
QLabel[role="warning"], QLabel[role="danger"] { background: transparent; border: none; }
#rail { background: $surface; border: none; border-right: 1px solid $line; }
#rail QToolButton { font-size: ${section_px}px; }
#rail QToolButton[role="here"] { font-weight: 600; }

QPushButton { background: $surface; border: 1px solid $line_strong; border-radius: 7px; padding: 0 14px;
  min-height: ${control}px; max-height: ${control}px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $faded; border-color: $line; background: $surface; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent;
  font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; }
QPushButton[role="primary"]:focus { border: 2px solid $text; padding: 0 13px; min-height: 30px;
  max-height: 30px; }
QPushButton[role="primary"]:disabled { background: $line; border-color: $line; color: $faded; }
QPushButton[role="danger"] { color: $danger; border-color: $danger; }
QPushButton[role="danger"]:hover { background: $danger_tint; }
QPushButton[role="quiet"], QToolButton { background: transparent; border: 1px solid transparent;
  border-radius: 7px; }
QPushButton[role="quiet"] { padding: 0 10px; color: $accent; }
QPushButton[role="quiet"]:hover, QToolButton:hover { background: $hover; }
QPushButton[role="quiet"]:pressed, QToolButton:pressed { background: $pressed; }
QPushButton[role="quiet"]:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton[role="quiet"]:disabled { color: $faded; }
QToolButton { padding: 5px; }
QToolButton:checked { background: $accent_tint; color: $accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox { background: $surface; border: 1px solid $line_strong;
  border-radius: 7px; padding: 0 10px; min-height: ${control}px; max-height: ${control}px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 1px solid $accent; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled { color: $faded;
  background: $raised; border-color: $line; }
QLineEdit[role="wrong"] { border: 1px solid $danger; }
QPlainTextEdit, QTextEdit, QTextBrowser { background: $surface; border: 1px solid $line_strong;
  border-radius: 7px; padding: 6px; selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit:focus, QTextEdit:focus { border: 1px solid $accent; }
QTextEdit[role="reading"], QPlainTextEdit[role="reading"], QTextBrowser[role="reading"] {
  background: transparent; border: none; padding: 0; font-size: ${reading_px}px; }
QComboBox QLineEdit { border: none; background: transparent; padding: 0 8px;
  min-height: 0; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url($chevron_image); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $line_strong; outline: none;
  padding: 4px; selection-background-color: $accent_tint; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 28px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  border: none; background: transparent; width: 20px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url($chevron_up_image); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url($chevron_image); width: 10px; height: 10px; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: 22px; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $muted;
  background: $surface; }
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($check_image); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url($dot_image); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faded; }

QProgressBar { background: $line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QAbstractItemView { background: $surface; border: none; outline: none;
  selection-background-color: $accent_tint; selection-color: $text; }
QTableView, QTreeView, QListView, QListWidget { border: none; gridline-color: $line; }
QListView::item, QListWidget::item, QTreeView::item { min-height: 30px; padding: 0 6px; border-radius: 6px; }
QListView::item:selected, QListWidget::item:selected, QTreeView::item:selected { background: $accent_tint;
  color: $text; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 0 8px; font-weight: 600; font-size: ${section_px}px; }
QTableCornerButton::section { background: $surface; border: none; }

QMenuBar { background: $window; }
QMenuBar::item { padding: 6px 10px; background: transparent; border-radius: 6px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $surface; border: 1px solid $line_strong; padding: 5px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 5px; }
QMenu::item:selected { background: $accent_tint; }
QMenu::item:disabled { color: $faded; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }

QSplitter::handle { background: transparent; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QTabBar::tab { background: transparent; border: none; padding: 7px 12px; color: $muted; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $handle; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
