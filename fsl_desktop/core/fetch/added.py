"""Models of the hub that were installed by name: remembered in their own folders, nowhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

from fsl_desktop.core.fetch.entry import FileEntry, HubSource, ModelEntry, is_safe_name
from fsl_desktop.core.fetch.lookup import ADDED

ENTRY = "entry.json"
_DIGEST = re.compile(r"[0-9a-f]{64}|git:[0-9a-f]{40}")


def write_entry(entry: ModelEntry, folder: Path) -> None:
    """Keep what the hub said about ``entry``, so that it can be verified without asking again."""
    from fsl_desktop.core.atomic import write_text_atomic

    source = next(source for source in entry.sources if isinstance(source, HubSource))
    record = {
        "id": entry.id,
        "repo": source.repo,
        "revision": source.revision,
        "parameters": entry.parameters,
        "languages": list(entry.languages),
        "license": entry.license,
        "files": [{"name": file.name, "size": file.size, "hash": file.sha256} for file in entry.files],
    }
    write_text_atomic(folder / ENTRY, json.dumps(record, indent=1) + "\n")


def read_added(models_dir: Path) -> tuple[ModelEntry, ...]:
    """Every model that was installed by its name on the hub; a damaged record is none."""
    found = (_read(folder / ENTRY) for folder in sorted(models_dir.glob(f"{ADDED}*")))
    return tuple(entry for entry in found if entry is not None)


def _read(path: Path) -> ModelEntry | None:
    try:
        record = cast(dict[str, object], json.loads(path.read_text(encoding="utf-8")))
        listed = cast(list[dict[str, object]], record["files"])
        files = tuple(
            FileEntry(str(file["name"]), int(str(file["size"])), str(file["hash"])) for file in listed
        )
        if record["id"] != path.parent.name or not files:
            return None
        if not all(is_safe_name(file.name) and _DIGEST.fullmatch(file.sha256) for file in files):
            return None
        return ModelEntry(
            id=path.parent.name,
            name=str(record["repo"]),
            modality="text",
            architecture="transformer",
            parameters=int(str(record["parameters"])),
            dim=0,
            languages=tuple(str(code) for code in cast(list[object], record["languages"])),
            license=str(record["license"]),
            pooling="",
            prefix="",
            max_tokens=0,
            files=files,
            sources=(HubSource(str(record["repo"]), str(record["revision"])),),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
