"""The sample projects that are shipped, and a project made from one."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass, SetLabels
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.paths import resources_dir
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow

DEFAULT_SAMPLE = "banking"
SOUND_SAMPLE = "digits"
_MISSING = "The sample project did not come with this copy of the program. Install it again."


@dataclass(frozen=True, slots=True)
class Sample:
    """What a sample project is made of; ``rows`` are (text, class name or ""), in file order."""

    name: str
    task: Task
    source: str
    classes: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


def load_sample(name: str = DEFAULT_SAMPLE) -> Sample:
    """The shipped sample called ``name``; ``UserError`` where it is missing or damaged."""
    try:
        folder, manifest = _manifest(name)
        source = str(manifest["rows"])
        lines = (folder / source).read_text(encoding="utf-8").splitlines()
        rows = tuple(_row(json.loads(line)) for line in lines if line.strip())
        classes = tuple(str(item) for item in manifest["classes"])
        sample = Sample(str(manifest["name"]), Task(manifest["task"]), source, classes, rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(_MISSING, details=repr(error)) from error
    return sample


def _manifest(name: str) -> tuple[Path, dict[str, Any]]:
    """(folder of the shipped sample ``name``, what its manifest says)."""
    folder = resources_dir() / "samples" / name
    return folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def _row(line: dict[str, str]) -> tuple[str, str]:
    return line["text"], line.get("label", "")


def make_sample(folder: Path, name: str = DEFAULT_SAMPLE) -> Project:
    """A new project in ``folder`` (which must not exist) with the rows and labels of a shipped sample.

    Everything goes through the project's own commands, each label by itself, so that undoing takes
    back one label at a time. ``UserError`` where the folder is there or cannot be written; nothing is
    left behind then.
    """
    sample = load_sample(name)
    project = Project.create(folder, sample.name, sample.task)
    try:
        _fill(project, sample)
    except BaseException:
        project.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return project


def make_sound_sample(folder: Path, name: str = SOUND_SAMPLE) -> Project:
    """The same with recordings, which come out of a zip into the project's own folder."""
    # Imported here: a window that starts does not need what reads sound.
    from fsl_desktop.core.clip_import import SoundOptions, import_sounds

    try:
        shipped, manifest = _manifest(name)
        title, classes = str(manifest["name"]), [str(item) for item in manifest["classes"]]
        labels = {str(file): str(label) for file, label in manifest["labels"].items()}
        sounds = shipped / str(manifest["sounds"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(_MISSING, details=repr(error)) from error
    project = Project.create(folder, title, Task.CLASSIFY_AUDIO)
    try:
        for class_name in classes:
            project.do(AddClass(class_name))
        found = import_sounds(project.folder, [sounds], SoundOptions())
        project.do(AddBatch(found.batch, ()))
        for _ in project.load_rows():
            pass
        ids = {info.name: info.id for info in project.classes}
        for row_id, text in zip(project.table.ids, project.table.texts, strict=True):
            if text in labels:
                project.do(SetLabels((int(row_id),), ids[labels[text]]))
    except BaseException:
        project.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return project


def _fill(project: Project, sample: Sample) -> None:
    for class_name in sample.classes:
        project.do(AddClass(class_name))
    writer = BatchWriter(project.folder, sample.source)
    writer.add([ReadRow(text) for text, _ in sample.rows])
    project.do(AddBatch(writer.finish([]), ()))
    for _ in project.load_rows():
        pass
    ids = {info.name: info.id for info in project.classes}
    for row_id, (_, label) in zip(project.table.ids, sample.rows, strict=True):
        if label:
            project.do(SetLabels((int(row_id),), ids[label]))
