"""What kind of project is in a folder, without reading its rows."""

from __future__ import annotations

from pathlib import Path

from fsl_desktop.core import store
from fsl_desktop.core.config import Task
from fsl_desktop.core.reading import Reading


def task_of(folder: Path) -> Task:
    """Texts where the project does not say. Raises ``UserError`` where it cannot be read."""
    with store.explained():
        reading = Reading(Path(folder) / store.DB_NAME)
        try:
            found = reading.db.execute("SELECT value FROM meta WHERE key = 'task'").fetchone()
        finally:
            reading.close()
    try:
        return Task(str(found[0])) if found is not None else Task.CLASSIFY_TEXT
    except ValueError:
        return Task.CLASSIFY_TEXT
