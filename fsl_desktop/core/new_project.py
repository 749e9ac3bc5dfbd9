"""Where a new project goes, how its folder is called, and how it is taken back when the user cancels."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from fsl_desktop.core.commands import AddClass
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project

SUFFIX = ".fsl"
# Reserved by Windows, whatever comes after the dot.
_RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))}


def projects_folder() -> Path:
    """Where projects are kept unless the user says otherwise; it need not exist yet."""
    home = os.environ.get("FSL_DESKTOP_HOME")
    if home:
        return Path(home) / "projects"
    import platformdirs

    return Path(platformdirs.user_documents_dir()) / "FSL Projects"


def folder_name(name: str) -> str:
    """A project's name as a folder can be called on every system; never empty."""
    kept = "".join(" " if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in name)
    stem = " ".join(kept.split()).strip(". ")[:80].strip(". ")
    if not stem or stem.split(".")[0].lower() in _RESERVED:
        return f"Project {stem}".strip()
    return stem


def free_folder(parent: Path, name: str) -> Path:
    """``parent/name.fsl``, or the first of ``name 2.fsl``, ``name 3.fsl``, ... that is not there yet."""
    stem = folder_name(name)
    folder = parent / f"{stem}{SUFFIX}"
    number = 2
    while os.path.lexists(folder):
        folder = parent / f"{stem} {number}{SUFFIX}"
        number += 1
    return folder


def create_project(
    folder: Path,
    name: str,
    class_names: Iterable[str] = (),
    sentences: Mapping[str, str] | None = None,
    task: Task = Task.CLASSIFY_TEXT,
) -> Project:
    """A new, open project with these classes; ``sentences`` say by name what belongs to some of them.

    Parents of ``folder`` are made where they are missing.

    ``UserError`` where the folder is there already or cannot be written; nothing is left behind then.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            "The folder {folder} cannot be made. Choose another place for the project.",
            folder=str(folder.parent),
            details=repr(error),
        ) from error
    project = Project.create(folder, name, task)
    try:
        for class_name in class_names:
            project.do(AddClass(class_name, (sentences or {}).get(class_name, "")))
    except BaseException:
        project.close()
        discard_project(folder)
        raise
    return project


def discard_project(folder: Path) -> None:
    """Remove a project that was just created and never shown. Only a folder that is a project's goes."""
    if folder.suffix == SUFFIX and (folder / "project.db").is_file():
        # Something left behind must not turn a cancel into a failure.
        shutil.rmtree(folder, ignore_errors=True)
