"""What the user chose once for the whole program."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from fsl_desktop.core.atomic import write_text_atomic
from fsl_desktop.core.config import Preset

MAX_RECENT = 10
THEMES = ("system", "light", "dark")
_MAX_BYTES = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen: change with ``dataclasses.replace`` (or :meth:`with_recent`), then :meth:`save`."""

    theme: str = "system"
    language: str = ""
    """A locale such as ``zh_CN``; "" follows the system."""
    recent: tuple[str, ...] = ()
    """Project folders, newest first."""
    geometry: str = ""
    """The window's place and size as Qt gives it, in hex."""
    last_folder: str = ""
    font_scale: float = 1.0
    """0.8 to 2."""
    default_preset: str = Preset.AUTO.value
    sound_view: Mapping[str, str | float | bool] = field(default_factory=dict)
    """How recordings are shown and played, as the view of them writes it down."""
    path: Path | None = field(default=None, compare=False)
    """Where :meth:`save` writes; not part of the file."""

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Never raises: a missing file gives the defaults, a damaged one is kept aside, and a single
        value that makes no sense gives that value's default."""
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise ValueError("too large for settings")
            plain = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(plain, dict):
                raise ValueError("not an object")
        except FileNotFoundError:
            return cls(path=path)
        except (OSError, ValueError, RecursionError) as error:
            log.warning("settings could not be read: %r", error)
            _keep_aside(path)
            return cls(path=path)
        known = {f.name for f in fields(cls)} - {"path"}
        return cls(path=path, **{k: v for k, v in _sane(plain).items() if k in known})  # type: ignore[arg-type]

    def save(self) -> None:
        """``UserError`` where it cannot be written; nothing is written without a ``path``."""
        if self.path is None:
            return
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "path"}
        write_text_atomic(self.path, json.dumps(plain, indent=2, ensure_ascii=False) + "\n")

    def with_recent(self, folder: str | Path) -> Settings:
        """These settings with ``folder`` first among the recent projects."""
        name = str(folder)
        return replace(self, recent=(name, *(r for r in self.recent if r != name))[:MAX_RECENT])

    def without_recent(self, folder: str | Path) -> Settings:
        return replace(self, recent=tuple(r for r in self.recent if r != str(folder)))


def _sane(plain: dict[str, object]) -> dict[str, object]:
    """Only the values that make sense."""
    kept: dict[str, object] = {}
    for name in ("language", "geometry", "last_folder"):
        value = plain.get(name)
        if isinstance(value, str):
            kept[name] = value
    if plain.get("theme") in THEMES:
        kept["theme"] = plain["theme"]
    if plain.get("default_preset") in [preset.value for preset in Preset]:
        kept["default_preset"] = plain["default_preset"]
    scale = plain.get("font_scale")
    if isinstance(scale, (int, float)) and not isinstance(scale, bool) and 0.8 <= scale <= 2.0:
        kept["font_scale"] = float(scale)
    view = plain.get("sound_view")
    if isinstance(view, dict):
        kept["sound_view"] = {k: v for k, v in view.items() if isinstance(v, (str, int, float, bool))}
    recent = plain.get("recent")
    if isinstance(recent, list):
        kept["recent"] = tuple(item for item in recent if isinstance(item, str) and item)[:MAX_RECENT]
    return kept


def _keep_aside(path: Path) -> None:
    aside = path.with_name(f"{path.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
    try:
        path.replace(aside)
    except OSError as error:
        log.warning("damaged settings could not be kept aside: %r", error)
