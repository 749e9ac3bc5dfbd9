"""``fsl-desktop doctor``: what works on this computer, and the fix for what does not."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from fsl_desktop import __version__
from fsl_desktop.commands_line.console import Console
from fsl_desktop.commands_line.probes import ask_child, probe_qt, probe_torch
from fsl_desktop.commands_line.system_libraries import SOUND, WINDOW, install_line, missing
from fsl_desktop.core import paths
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import UserError

LITTLE_DISK = 2_000_000_000
"""Bytes: a model, its cache and some runs."""


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """The program works, with less."""
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: State
    text: str
    fix: str = ""


def doctor(options: Namespace, console: Console) -> None:
    checks: list[Check] = []
    for name, look in CHECKS:
        console.progress(f"Looking at {name}")
        checks += look()
    marks = {State.OK: "ok      ", State.WARNING: "warning ", State.PROBLEM: "PROBLEM "}
    console.say(f"FSL Desktop {__version__}")
    for check in checks:
        console.say(f"{marks[check.state]} {check.name:<12} {check.text}")
        if check.fix:
            console.say(f"{'':<22}Fix: {check.fix}")
    console.result(
        {
            "version": __version__,
            "ok": all(check.state is not State.PROBLEM for check in checks),
            "checks": [asdict(check) for check in checks],
        }
    )


def check_python() -> list[Check]:
    version = platform.python_version()
    return [Check("Python", State.OK, f"{version} on {platform.system()} {platform.machine()}")]


def check_window() -> list[Check]:
    lacking = missing(WINDOW)
    if lacking:
        return [
            Check(
                "Window", State.PROBLEM, f"{len(lacking)} system libraries are missing", install_line(lacking)
            )
        ]
    linux = sys.platform.startswith("linux")
    screen = not linux or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    answer = ask_child(probe_qt, seconds=60)
    if isinstance(answer, str):
        fix = "Install FSL Desktop again; the log has the details."
        return [Check("Window", State.PROBLEM, f"Qt does not start: {answer}", fix)]
    if not screen:
        text = f"Qt {answer['qt']} works; there is no screen here"
        return [Check("Window", State.WARNING, text, "Start it from a desktop session, or set DISPLAY.")]
    return [Check("Window", State.OK, f"Qt {answer['qt']}")]


def check_sound() -> list[Check]:
    lacking = missing(SOUND)
    if lacking:
        text = "no sound devices (this version works on texts and needs none)"
        return [Check("Sound", State.WARNING, text, install_line(lacking))]
    return [Check("Sound", State.OK, "the library for sound devices is there")]


def check_models() -> list[Check]:
    try:
        catalogue = Catalogue.load()
    except UserError as error:
        return [Check("Models", State.PROBLEM, error.message.text)]
    checks: list[Check] = []
    for entry in catalogue.entries:
        state = catalogue.status(entry.id)
        fix = f"fsl-desktop models install {entry.id}"
        if state.installed:
            checks.append(Check("Models", State.OK, f"{entry.name} in {state.folder}"))
        elif state.problem is not None:
            checks.append(Check("Models", State.PROBLEM, state.problem.text, fix))
        else:
            checks.append(Check("Models", State.WARNING, f"{entry.name} is not installed", fix))
    return checks


def check_engine() -> list[Check]:
    """torch in a process of its own: it may be broken, and it is big."""
    answer = ask_child(probe_torch, seconds=120)
    if isinstance(answer, str):
        fix = "Install it again with: python -m pip install --force-reinstall torch"
        return [Check("Engine", State.PROBLEM, f"torch does not start: {answer}", fix)]
    gpu = answer["gpu"] or "no GPU (the processor is enough)"
    pays = "bfloat16 is used" if answer["bfloat16"] == "yes" else "bfloat16 would not be faster here"
    return [
        Check("Engine", State.OK, f"torch {answer['torch']}, {answer['threads']} threads, {pays}"),
        Check("GPU", State.OK, gpu),
    ]


def check_disk() -> list[Check]:
    place = _existing(paths.data_dir())
    free = shutil.disk_usage(place).free
    text = f"{free / 1e9:.1f} GB free for {paths.data_dir()}"
    if free < LITTLE_DISK:
        return [Check("Disk", State.WARNING, text, "Free some space; models and runs need about 2 GB.")]
    return [Check("Disk", State.OK, text)]


def check_folders() -> list[Check]:
    checks: list[Check] = []
    for folder in dict.fromkeys(
        (paths.data_dir(), paths.models_dir(), paths.cache_dir(), paths.config_dir(), paths.log_dir())
    ):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            fix = "Allow writing there, or set FSL_DESKTOP_HOME to another folder."
            checks.append(
                Check("Folders", State.PROBLEM, f"{folder} cannot be written ({error.strerror})", fix)
            )
    return checks or [Check("Folders", State.OK, "settings, models, cache and log can be written")]


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


CHECKS: tuple[tuple[str, Callable[[], list[Check]]], ...] = (
    ("Python", check_python),
    ("the window", check_window),
    ("sound", check_sound),
    ("models", check_models),
    ("the engine", check_engine),
    ("the disk", check_disk),
    ("folders", check_folders),
)
