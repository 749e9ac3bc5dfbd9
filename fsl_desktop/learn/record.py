"""What a run leaves in its folder: config.json, events.jsonl, summary.json and model/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

from fsl_desktop.core.atomic import is_full
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Event, Progress, RunSummary
from fsl_desktop.core.serial import to_plain


class RunRecorder:
    """Writes a run's folder as the run goes on; use it as a context. Raises ``UserError`` (disk full)."""

    def __init__(self, folder: Path, config: TrainConfig) -> None:
        self._folder = folder
        self._stream: TextIO | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "config.json").write_text(_json(config), encoding="utf-8")
            self._stream = (folder / "events.jsonl").open("w", encoding="utf-8")
        except OSError as error:
            raise _cannot_write(folder, error) from error

    def __enter__(self) -> RunRecorder:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()

    @property
    def model_folder(self) -> Path:
        return self._folder / "model"

    def add(self, event: Event) -> None:
        """One line per event, there at once; progress is not worth keeping."""
        if isinstance(event, Progress) or self._stream is None:
            return
        line = {"event": type(event).__name__, **to_plain(event)}
        try:
            self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._stream.flush()
        except OSError as error:
            raise _cannot_write(self._folder, error) from error

    def finish(self, summary: RunSummary) -> None:
        try:
            (self._folder / "summary.json").write_text(_json(summary), encoding="utf-8")
        except OSError as error:
            raise _cannot_write(self._folder, error) from error


def _json(value: object) -> str:
    return json.dumps(to_plain(value), indent=1, ensure_ascii=False)


def _cannot_write(folder: Path, error: OSError) -> UserError:
    if is_full(error):
        return UserError(
            "The disk is full, so the run could not be saved. Free some space and train again; "
            "your labels are safe.",
            details=f"{folder}: {error}",
        )
    return UserError(
        "The run could not be saved in the project. Check that the project's folder can be written to, "
        "then train again.",
        details=f"{folder}: {type(error).__name__}: {error}",
    )
