"""A zip of recordings, unpacked without letting it write anywhere else or fill the disk."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core.atomic import write_error
from fsl_desktop.core.audio.found import FoundProblem, Progress
from fsl_desktop.core.audio.kinds import is_sound_name
from fsl_desktop.core.audio.trees import is_hidden, is_table_name
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.files import open_binary, protected
from fsl_desktop.core.readers.source import Cancelled, damaged, stop_if
from fsl_desktop.core.readers.xlsx_archive import is_absurd

_MAX_UNPACKED = 64 << 30
_MAX_FILES = 500_000
_BLOCK = 1 << 20
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))]
)
_FORBIDDEN = frozenset('<>:"|?*') | frozenset(map(chr, range(32)))
_LONGEST = 200

UNSAFE = "{name} in {file} would be written outside its folder and is left out."
LINK = "{name} in {file} is a link and no sound. It is left out."
TWICE = "{name} is twice in {file}. The first is used."
BROKEN = "{name} in {file} is damaged and is left out. Make the zip again."


@dataclass(frozen=True, slots=True)
class Unpacked:
    folder: Path
    problems: tuple[FoundProblem, ...]
    left_out: int
    """Files that are neither sound nor table and were not unpacked."""


def is_archive(path: Path) -> bool:
    """Is it a zip by its name? Workbooks are zips as well."""
    return path.suffix.lower() == ".zip"


def unpack(
    path: Path,
    folder: Path,
    *,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> Unpacked:
    """Unpack the sounds and tables of a zip into a new folder in ``folder``, named after the zip.

    All of it is there when this returns, and nothing after an exception. Raises :class:`UserError` (no zip,
    protected, absurdly large, disk full) and ``Stopped``.
    """
    with open_binary(path):
        pass
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _check(path, infos)
            wanted = [info for info in infos if _is_wanted(_name(info))]
            _check_space(path, folder, wanted)
            return _unpack(path, archive, wanted, folder, len(infos) - len(wanted), progress, cancelled)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError) as error:
        damaged(path.name, "zip", error)
    except OSError as error:
        raise write_error(error, folder / path.stem) from error


def _unpack(
    path: Path,
    archive: zipfile.ZipFile,
    wanted: Sequence[zipfile.ZipInfo],
    folder: Path,
    left_out: int,
    progress: Progress,
    cancelled: Cancelled,
) -> Unpacked:
    folder.mkdir(parents=True, exist_ok=True)
    total = max(1, sum(info.file_size for info in wanted))
    problems: list[FoundProblem] = []
    done = 0
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=folder) as staging:
        for info in wanted:
            stop_if(cancelled)
            template = _unpack_one(archive, info, Path(staging) / "files", cancelled)
            if template:
                name = _name(info)[-_LONGEST:]
                problems.append(FoundProblem(path, None, Message.of(template, name=name, file=path.name)))
            done += info.file_size
            progress(min(1.0, done / total))
        made = Path(staging) / "files"
        if not made.is_dir():
            raise UserError("There is no sound file in {folder}. Choose another one.", folder=path.name)
        target = _free(folder, path.stem)
        made.rename(target)
    return Unpacked(target, tuple(problems), left_out)


def _unpack_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, root: Path, cancelled: Cancelled) -> str:
    """Write one file; "" if it went well, else the sentence that says what is wrong."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return LINK
    parts = _safe_parts(_name(info))
    if parts is None:
        return UNSAFE
    target = root.joinpath(*parts)
    if target.exists():
        return TWICE
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        # zipfile gives no more than the size that was checked, whatever the stream holds.
        with archive.open(info) as source, open(target, "xb") as file:
            while block := source.read(_BLOCK):
                stop_if(cancelled)
                file.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        target.unlink(missing_ok=True)
        return BROKEN
    return ""


def _check(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & 1 for info in infos):
        raise protected(path)
    # Only silence is as dense as a workbook may be, and only made-up files are large with it.
    if len(infos) > _MAX_FILES or is_absurd(infos, _MAX_UNPACKED):
        raise UserError(
            "{file} would unpack to an absurd size and is not opened. Ask for the sounds in a folder.",
            file=path.name,
        )


def _check_space(path: Path, folder: Path, wanted: Sequence[zipfile.ZipInfo]) -> None:
    there = next((place for place in (folder, *folder.parents) if place.is_dir()), None)
    needed = sum(info.file_size for info in wanted)
    if there is not None and needed > shutil.disk_usage(there).free:
        raise UserError(
            "{file} needs {size} MB unpacked, more than the disk has left. Free some space and try again.",
            file=path.name,
            size=f"{needed / 1e6:,.0f}",
        )


def _is_wanted(name: str) -> bool:
    parts = name.split("/")
    return not any(map(is_hidden, filter(None, parts[:-1]))) and (
        not is_hidden(parts[-1]) and (is_sound_name(parts[-1]) or is_table_name(parts[-1]))
    )


def _name(info: zipfile.ZipInfo) -> str:
    """The name with forward slashes. Many programs write UTF-8 without saying so, which looks like code page
    437."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def _safe_parts(name: str) -> tuple[str, ...] | None:
    """The parts of a path that every system can make inside a folder; ``None`` if it leads elsewhere."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or not parts or ".." in parts or ":" in parts[0]:
        return None
    return tuple(map(safe_part, parts))


def safe_part(part: str) -> str:
    """A name that Windows takes as well; the ending stays."""
    clean = "".join("_" if letter in _FORBIDDEN else letter for letter in part).rstrip(" .") or "_"
    if clean.split(".")[0].casefold() in _RESERVED:
        clean = f"_{clean}"
    encoded = clean.encode("utf-8", errors="replace")
    if len(encoded) > _LONGEST:
        ending = Path(clean).suffix.encode("utf-8", errors="replace")[-20:]
        kept = encoded[: _LONGEST - len(ending)].decode("utf-8", errors="ignore")
        clean = kept + ending.decode("utf-8", errors="ignore")
    return clean


def _free(folder: Path, name: str) -> Path:
    target = folder / safe_part(name)
    count = 2
    while target.exists():
        target = folder / f"{safe_part(name)} {count}"
        count += 1
    return target
