"""Where the program keeps what is its own. Nothing is made on import; whoever writes makes the folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP_NAME = "FSL Desktop"
HOME_VARIABLE = "FSL_DESKTOP_HOME"
"""Puts everything under one folder: for tests, and for a program carried on a stick."""


def _home() -> Path | None:
    value = os.environ.get(HOME_VARIABLE, "")
    return Path(value).expanduser().absolute() if value else None


def data_dir() -> Path:
    """What should outlive an update of the program."""
    home = _home()
    if home is not None:
        return home / "data"
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def models_dir() -> Path:
    """Installed models, a folder each."""
    return data_dir() / "models"


def cache_dir() -> Path:
    """What can be computed again."""
    home = _home()
    if home is not None:
        return home / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))


def log_dir() -> Path:
    home = _home()
    if home is not None:
        return home / "log"
    import platformdirs

    return Path(platformdirs.user_log_dir(APP_NAME, appauthor=False))


def config_dir() -> Path:
    home = _home()
    if home is not None:
        return home / "config"
    import platformdirs

    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False))


def resources_dir() -> Path:
    """Icons, samples and the model catalogue: beside the package, or inside the frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(str(frozen)) / "resources"
    return Path(__file__).resolve().parents[2] / "resources"
