"""Projects of recordings for tests: what is brought in, and what the table then shows."""

from __future__ import annotations

from pathlib import Path

from projects import load

from fsl_desktop.core.clip_import import ImportedSounds, SoundOptions, import_sounds
from fsl_desktop.core.commands import AddBatch
from fsl_desktop.core.project import Project


def bring(project: Project, *given: Path, options: SoundOptions | None = None) -> ImportedSounds:
    batch = import_sounds(project.folder, given, options or SoundOptions())
    project.do(AddBatch(batch.batch, tuple((label, None) for label in batch.labels)))
    load(project)
    return batch


def rows(project: Project) -> dict[str, str]:
    """Text -> class of the rows that are shown."""
    names = {info.id: info.name for info in project.classes} | {0: ""}
    table = project.table
    return {
        text: names[int(label)]
        for text, label, gone in zip(table.texts, table.labels, table.removed, strict=True)
        if not gone
    }


def paths(project: Project) -> list[Path]:
    assert project.table.clips is not None
    return [project.table.clips.at(place).path for place in range(len(project.table))]
