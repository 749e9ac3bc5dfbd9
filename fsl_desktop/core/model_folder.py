"""What a trained model's folder says of itself, before anything of it is trusted."""

from __future__ import annotations

import json
import os
from pathlib import Path

DESCRIPTION = "fsl.json"


def task_of(folder: str | os.PathLike[str]) -> str:
    """The task that a trained model was made for, or "" where the folder does not say: what is wrong with it
    is told when it is loaded."""
    try:
        described = json.loads((Path(folder).expanduser() / DESCRIPTION).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    return str(described.get("task", "")) if isinstance(described, dict) else ""
