"""One edit as data: what it changed, and what was there before. Undo, table and log share this record."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.core.message import Value

Ints = NDArray[np.int64]

# Up to this many numbers are stored as they are; more are worth compressing.
_RAW = 16
# More rows than a project can hold; a header that says more is damage.
_MOST = 50_000_000


@dataclass(frozen=True, slots=True)
class LabelCells:
    """Label values of ``row_ids`` (ascending) before and after, all of the same length."""

    row_ids: Ints
    before: Ints
    after: Ints


@dataclass(frozen=True, slots=True)
class Removal:
    """``row_ids`` (ascending) become removed, or come back."""

    row_ids: Ints
    gone: bool


@dataclass(frozen=True, slots=True)
class ClassCell:
    """One class before and after; ``None`` where it was not there."""

    before: ClassInfo | None
    after: ClassInfo | None


@dataclass(frozen=True, slots=True)
class TextCell:
    row_id: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BatchSwitch:
    """An imported batch appears or vanishes; ``labels`` are (value in the file, class id)."""

    batch: int
    visible: bool
    labels: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Edit:
    kind: str
    """A key of ``edit_words.WORDS``."""
    words: tuple[tuple[str, Value], ...] = ()
    labels: LabelCells | None = None
    removal: Removal | None = None
    classes: tuple[ClassCell, ...] = ()
    text: TextCell | None = None
    batch: BatchSwitch | None = None
    name: tuple[str, str] | None = None
    """The project's name before and after."""
    sets: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """Sets of classes that this edit was first to need: (number, class ids). They stay when it is undone."""
    several: tuple[bool, bool] | None = None
    """May a row have several labels, before and after."""

    def inverted(self) -> Edit:
        """The edit that takes this one back."""
        return replace(
            self,
            labels=self.labels and LabelCells(self.labels.row_ids, self.labels.after, self.labels.before),
            removal=self.removal and Removal(self.removal.row_ids, not self.removal.gone),
            classes=tuple(ClassCell(cell.after, cell.before) for cell in self.classes),
            text=self.text and TextCell(self.text.row_id, self.text.after, self.text.before),
            batch=self.batch and replace(self.batch, visible=not self.batch.visible),
            name=self.name and (self.name[1], self.name[0]),
            several=self.several and (self.several[1], self.several[0]),
        )


@dataclass(frozen=True, slots=True)
class Packed:
    """An edit as the columns of the log."""

    kind: str
    detail: str
    row_ids: bytes | None
    before: bytes | None
    after: bytes | None


def pack(edit: Edit) -> Packed:
    plain: dict[str, object] = {}
    if edit.words:
        plain["words"] = dict(edit.words)
    if edit.classes:
        plain["classes"] = [[_class_plain(c.before), _class_plain(c.after)] for c in edit.classes]
    if edit.text is not None:
        plain["text"] = [edit.text.row_id, edit.text.before, edit.text.after]
    if edit.batch is not None:
        plain["batch"] = [edit.batch.batch, edit.batch.visible, [list(pair) for pair in edit.batch.labels]]
    if edit.name is not None:
        plain["name"] = list(edit.name)
    if edit.sets:
        plain["sets"] = [[number, list(members)] for number, members in edit.sets]
    if edit.several is not None:
        plain["several"] = list(edit.several)
    row_ids = before = after = None
    if edit.labels is not None:
        row_ids, before, after = (
            pack_ints(a) for a in (edit.labels.row_ids, edit.labels.before, edit.labels.after)
        )
    elif edit.removal is not None:
        plain["gone"] = edit.removal.gone
        row_ids = pack_ints(edit.removal.row_ids)
    return Packed(
        edit.kind, json.dumps(plain, ensure_ascii=False, separators=(",", ":")), row_ids, before, after
    )


def unpack(packed: Packed) -> Edit:
    """``ValueError`` where the record is damaged."""
    try:
        plain = json.loads(packed.detail)
        labels = removal = None
        if packed.row_ids is not None:
            ids = unpack_ints(packed.row_ids)
            if packed.before is not None and packed.after is not None:
                labels = LabelCells(ids, unpack_ints(packed.before), unpack_ints(packed.after))
                if not len(ids) == len(labels.before) == len(labels.after):
                    raise ValueError("label cells differ in length")
            else:
                removal = Removal(ids, bool(plain["gone"]))
        text = plain.get("text")
        batch = plain.get("batch")
        name = plain.get("name")
        several = plain.get("several")
        return Edit(
            kind=packed.kind,
            words=unpack_words(plain),
            labels=labels,
            removal=removal,
            classes=tuple(ClassCell(_class(b), _class(a)) for b, a in plain.get("classes", [])),
            text=TextCell(int(text[0]), str(text[1]), str(text[2])) if text else None,
            batch=BatchSwitch(int(batch[0]), bool(batch[1]), tuple((str(v), int(c)) for v, c in batch[2]))
            if batch
            else None,
            name=(str(name[0]), str(name[1])) if name else None,
            sets=tuple((int(n), tuple(int(c) for c in members)) for n, members in plain.get("sets", [])),
            several=(bool(several[0]), bool(several[1])) if several else None,
        )
    except (
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        struct.error,
        zlib.error,
        RecursionError,
    ) as error:
        raise ValueError(f"damaged record of an edit: {error!r}") from error


def unpack_words(plain: dict[str, object]) -> tuple[tuple[str, Value], ...]:
    words = plain.get("words") or {}
    if not isinstance(words, dict):
        raise ValueError("words")
    return tuple((str(k), v if isinstance(v, (str, int, float)) else str(v)) for k, v in words.items())


def pack_ints(values: Ints) -> bytes:
    """Integers in few bytes: neighbours' differences, compressed; a run of any length takes some ten."""
    array = np.ascontiguousarray(values, dtype="<i8")
    if len(array) <= _RAW:
        return b"r" + array.tobytes()
    steps = np.diff(array, prepend=np.int64(0)).astype("<i8")
    return b"z" + struct.pack("<Q", len(array)) + zlib.compress(steps.tobytes(), 1)


def unpack_ints(data: bytes) -> Ints:
    if data[:1] == b"r":
        return np.frombuffer(data[1:], dtype="<i8").astype(np.int64)
    if data[:1] != b"z":
        raise ValueError("unknown packing")
    (count,) = struct.unpack("<Q", data[1:9])
    if count > _MOST:
        raise ValueError("too many numbers")
    # The length is checked against the header while unpacking, so that no small blob fills the memory.
    unpacker = zlib.decompressobj()
    steps = unpacker.decompress(data[9:], 8 * count + 1)
    if len(steps) != 8 * count:
        raise ValueError("length does not fit")
    return np.cumsum(np.frombuffer(steps, dtype="<i8"), dtype=np.int64)


def _class_plain(info: ClassInfo | None) -> list[object] | None:
    return None if info is None else [info.id, info.name, info.position, info.description]


def _class(plain: Sequence[object] | None) -> ClassInfo | None:
    if plain is None:
        return None
    class_id, name, position, description = plain
    if not isinstance(class_id, int) or not isinstance(position, int):
        raise ValueError("class")
    return ClassInfo(class_id, str(name), position, str(description))
