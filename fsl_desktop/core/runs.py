"""Training runs of a project: their records in the database and their folders under ``runs/``."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.message import Message
from fsl_desktop.core.serial import from_plain, to_plain

RUNS = "runs"
STATES = ("running", "finished", "cancelled", "failed", "interrupted")
MODEL_UNUSABLE = (
    "The model of this run is missing or was changed. Train again, or let the instant model answer."
)
_ID = re.compile(r"[0-9a-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run; ``state`` is running, finished, cancelled, failed or interrupted."""

    id: str
    created: str
    """ISO 8601, UTC."""
    config: TrainConfig
    state: str = "running"
    summary: RunSummary | None = None
    message: Message | None = None
    """Why it failed or what became of it."""


def new_run_id(taken: set[str]) -> str:
    """Time and chance: sorts by age, and two copies of a project do not give the same."""
    while True:
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}"
        if name not in taken:
            return name


def run_folder(project: Path, run_id: str) -> Path:
    """``runs/<id>`` of a project; ``UserError`` where it would lie outside the project's folder."""
    if not _ID.fullmatch(run_id) or run_id.strip("-") == "":
        raise UserError("This run's name is not a valid one. Remove the run.", details=repr(run_id))
    runs = project / RUNS
    folder = runs / run_id
    if _is_link(runs) or _is_link(folder):
        raise UserError(
            "The folder “runs” of this project is a link to somewhere else. Put a real folder in its place.",
            details=str(folder),
        )
    return folder


def remove_run_folder(project: Path, run_id: str) -> None:
    """Delete a run's folder; links inside it are removed and never followed. ``UserError`` where a file
    cannot be deleted."""
    folder = run_folder(project, run_id)
    try:
        if folder.is_dir():
            shutil.rmtree(folder)
    except OSError as error:
        raise UserError(
            "The files of this run could not be deleted: another program uses them or they are protected. "
            "Close what uses them and try again.",
            details=repr(error),
        ) from error


def read_runs(db: sqlite3.Connection) -> dict[str, RunRecord]:
    """By id, oldest first; records that make no sense are passed over."""
    found: dict[str, RunRecord] = {}
    for run_id, text in db.execute("SELECT id, record FROM runs ORDER BY id"):
        try:
            record = from_plain(RunRecord, json.loads(text))
        except (ValueError, TypeError, RecursionError):
            continue
        if record.id == run_id and _ID.fullmatch(record.id) and record.state in STATES:
            found[record.id] = record
    return found


def write_run(db: sqlite3.Connection, record: RunRecord) -> None:
    text = json.dumps(to_plain(record), ensure_ascii=False)
    db.execute("INSERT OR REPLACE INTO runs VALUES(?, ?)", (record.id, text))


def as_left(project: Path, record: RunRecord) -> RunRecord:
    """What became of a run whose program ended under it. Where its model had been saved by then, and only
    the record had not (a full disk, a power cut), it has simply ended."""
    if record.state != "running":
        return record
    try:
        folder = run_folder(project, record.id)
        summary = from_plain(RunSummary, json.loads((folder / "summary.json").read_text("utf-8")))
        if (folder / "model").is_dir():
            state = "cancelled" if summary.cancelled else "finished"
            return replace(record, state=state, summary=summary, message=None)
    except (OSError, ValueError, TypeError, RecursionError, UserError):
        pass
    return replace(
        record,
        state="interrupted",
        message=Message.of("The program ended while this run was learning. Start it again."),
    )


def _is_link(path: Path) -> bool:
    if path.is_symlink():
        return True
    # Windows: a junction is a link too (Path.is_junction from Python 3.12).
    is_junction = getattr(path, "is_junction", None)
    return bool(is_junction()) if is_junction else False
