"""The line icons of ``resources/icons``, tinted from the palette."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from fsl_desktop.core.paths import resources_dir
from fsl_desktop.ui.theme import Theme

ICON_PX = 18


def names() -> tuple[str, ...]:
    """The icons there are."""
    return tuple(sorted(path.stem for path in (resources_dir() / "icons").glob("*.svg")))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, color: str, size: int = ICON_PX, dpr: float = 1.0) -> QPixmap:
    """The icon, ``size`` logical pixels, in ``color`` (``#RRGGBB``); FileNotFoundError for none."""
    # The drawings are black; the colour is put into the source, so that thin lines keep their edges.
    tinted = _source(name).replace("#000000", color)
    image = QPixmap(QSize(round(size * dpr), round(size * dpr)))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(tinted.encode())).render(painter, QRectF(0, 0, size * dpr, size * dpr))
    painter.end()
    image.setDevicePixelRatio(dpr)
    return image


def icon(name: str, theme: Theme, color: str | None = None, size: int = ICON_PX) -> QIcon:
    """The icon in the theme's text colour (or ``color``): muted when disabled, accent when checked."""
    made = QIcon()
    for dpr in (1.0, 2.0):
        made.addPixmap(pixmap(name, color or theme.text, size, dpr))
        made.addPixmap(pixmap(name, theme.muted, size, dpr), QIcon.Mode.Disabled)
        made.addPixmap(pixmap(name, color or theme.accent, size, dpr), QIcon.Mode.Normal, QIcon.State.On)
    return made
