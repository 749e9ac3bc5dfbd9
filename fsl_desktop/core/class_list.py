"""The classes of a project in memory, and the rules for their names and order."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from fsl_desktop.core.edit import ClassCell
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import MAX_CLASSES, ClassInfo

MAX_NAME = 200


def checked_name(name: str) -> str:
    """A class name, stripped; ``UserError`` where it is empty or too long."""
    stripped = " ".join(name.split())
    if not stripped:
        raise UserError("A class needs a name. Type one.")
    if len(stripped) > MAX_NAME:
        raise UserError(
            "The class name “{start}…” is too long. Use at most {n} characters.",
            start=stripped[:40],
            n=MAX_NAME,
        )
    return stripped


class ClassList:
    """The classes that are there, and the ids that were ever given (an id is never given twice)."""

    def __init__(self, classes: dict[int, ClassInfo] | None = None, last_id: int = 0) -> None:
        self._classes = classes or {}
        self._last_id = last_id

    @classmethod
    def read(cls, db: sqlite3.Connection) -> ClassList:
        found = db.execute("SELECT id, name, position, description, removed FROM classes ORDER BY id")
        last = 0
        classes: dict[int, ClassInfo] = {}
        for class_id, name, position, description, removed in found:
            last = max(last, class_id)
            if not removed and class_id > 0:
                classes[class_id] = ClassInfo(class_id, str(name), int(position), str(description))
        return cls(classes, last)

    def copy(self) -> ClassList:
        return ClassList(dict(self._classes), self._last_id)

    def ordered(self) -> tuple[ClassInfo, ...]:
        return tuple(sorted(self._classes.values(), key=lambda info: (info.position, info.id)))

    def find(self, class_id: int) -> ClassInfo | None:
        return self._classes.get(class_id)

    def by_id(self, class_id: int) -> ClassInfo:
        """``UserError`` where there is no such class."""
        info = self._classes.get(class_id)
        if info is None:
            raise UserError("This class is not there any more. Choose another.", details=f"class {class_id}")
        return info

    def named(self, name: str) -> ClassInfo | None:
        """The class of that name; upper and lower case are the same."""
        wanted = " ".join(name.split()).casefold()
        return next((info for info in self._classes.values() if info.name.casefold() == wanted), None)

    def new(self, name: str, description: str = "") -> ClassInfo:
        """A class that could be added: named as no other, last in order, with a fresh id."""
        if len(self._classes) >= MAX_CLASSES:
            raise UserError(
                "A project can have at most {n} classes. Remove one first, or choose another label column.",
                n=MAX_CLASSES,
            )
        return ClassInfo(self._last_id + 1, self._free(name), len(self._classes), description.strip())

    def renamed(self, info: ClassInfo, name: str) -> ClassInfo:
        return replace(info, name=self._free(name, besides=info.id))

    def moved(self, class_id: int, position: int) -> list[ClassCell]:
        """What changes when the class goes to ``position``."""
        order = [info for info in self.ordered() if info.id != class_id]
        order.insert(max(0, position), self.by_id(class_id))
        return self._renumbered(order)

    def closed_up(self, class_id: int) -> list[ClassCell]:
        """What changes for the others when the class goes."""
        return self._renumbered([info for info in self.ordered() if info.id != class_id])

    def put(self, info: ClassInfo) -> None:
        self._classes[info.id] = info
        self._last_id = max(self._last_id, info.id)

    def drop(self, class_id: int) -> None:
        self._classes.pop(class_id, None)

    def _free(self, name: str, besides: int = 0) -> str:
        wanted = checked_name(name)
        taken = self.named(wanted)
        if taken is not None and taken.id != besides:
            raise UserError("There is already a class “{name}”. Choose another name.", name=taken.name)
        return wanted

    @staticmethod
    def _renumbered(order: list[ClassInfo]) -> list[ClassCell]:
        return [
            ClassCell(info, replace(info, position=place))
            for place, info in enumerate(order)
            if info.position != place
        ]
