"""The labelled rows that a run learns from, where a row may have several classes or none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.learn.name_texts import add_descriptions, texts_of_names, without_labels

if TYPE_CHECKING:
    from fsl_desktop.core.table import ExampleTable

Sets = NDArray[np.bool_]
"""(n, C): does the row have the class?"""


@dataclass(frozen=True, slots=True, eq=False)
class SeveralData:
    """Texts with their sets of classes; column j of ``sets`` is ``class_names[j]``, ``class_ids[j]``."""

    texts: Sequence[str]
    sets: Sets
    class_names: Sequence[str]
    row_ids: NDArray[np.int64]
    class_ids: NDArray[np.int64]
    unlabelled_texts: Sequence[str] = field(default=())
    descriptions: Sequence[str] = field(default=())
    """A sentence per class, "" where there is none; or none at all."""

    @classmethod
    def of_lists(
        cls,
        texts: Sequence[str],
        labels: Sequence[Sequence[str]],
        class_names: Sequence[str] | None = None,
        unlabelled_texts: Sequence[str] = (),
        descriptions: Mapping[str, str] | None = None,
    ) -> SeveralData:
        """From texts and the names of their classes (an empty list: of none); ids count from 1.

        ``class_names`` fixes which classes there are; without it they are those that occur, sorted.
        ``descriptions`` are sentences by class name; those of other classes are passed over.
        """
        names = list(class_names) if class_names else sorted({name for row in labels for name in row})
        index = {name: place for place, name in enumerate(names)}
        sets = np.zeros((len(texts), len(names)), np.bool_)
        for row, row_names in enumerate(labels):
            for name in row_names:
                if name not in index:
                    raise UserError(
                        "The label {label} is not among the class names. Add it, or correct the rows that"
                        " have it.",
                        label=name,
                    )
                sets[row, index[name]] = True
        return cls(
            list(texts),
            sets,
            names,
            np.arange(1, len(texts) + 1),
            np.arange(1, len(names) + 1),
            unlabelled_texts,
            [descriptions.get(name, "") for name in names] if descriptions else (),
        )

    @classmethod
    def of_table(cls, table: ExampleTable, classes: Sequence[ClassInfo]) -> SeveralData:
        """The labelled rows of a project, ascending by row id; classes in their order of display."""
        rows = np.flatnonzero(table.labelled())
        ids = [info.id for info in classes]
        return cls(
            [table.texts[row] for row in rows],
            table.sets.matrix(table.labels[rows], ids),
            [info.name for info in classes],
            table.ids[rows].astype(np.int64),
            np.array(ids, dtype=np.int64),
            descriptions=[info.description for info in classes],
        )

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    def counts(self) -> NDArray[np.int64]:
        """Labelled rows per class, (C,)."""
        counts: NDArray[np.int64] = self.sets.sum(axis=0, dtype=np.int64)
        return counts

    def part(self, rows: NDArray[np.int64]) -> SeveralData:
        """These rows alone."""
        return replace(
            self,
            texts=[self.texts[row] for row in rows],
            sets=self.sets[rows],
            row_ids=self.row_ids[rows],
        )

    def sample(self, most: int) -> SeveralData:
        """At most ``most`` rows, evenly spread over the table."""
        if len(self.sets) <= most:
            return self
        return self.part(np.unique(np.linspace(0, len(self.sets) - 1, most).astype(np.int64)))

    def name_examples(self) -> list[str]:
        """Names and descriptions as they take part as examples, see ``texts_of_names``; text i is of the
        class i % C."""
        texts = texts_of_names if len(self.texts) else without_labels
        return texts(self.class_names, self.descriptions)

    def sha256(self) -> str:
        """Identifies texts, labels, classes and what describes them; goes into the model card."""
        digest = hashlib.sha256(b"several")
        for part in add_descriptions([*self.class_names, "", *self.texts], self.descriptions):
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8, "little") + raw)
        digest.update(np.packbits(self.sets).tobytes())
        return digest.hexdigest()

    def check(self, *, use_class_names: bool) -> None:
        """Raise ``UserError`` where nothing can be learnt."""
        if not self.n_classes:
            raise UserError("There is nothing to tell yet. Add at least one class.")
        if not len(self.texts):
            raise UserError("No row has a label yet. Label at least one row of each class.")
        counts = self.counts()
        if not counts.any():
            raise UserError("All labelled rows are of no class. Give at least one row a class.")
        if not use_class_names and not counts.all():
            raise UserError(
                "The class {name} has no labelled rows. Label at least one, or remove the class.",
                name=self.class_names[int(counts.argmin())],
            )
        full = np.flatnonzero(counts == len(self.texts))
        if len(full) and self.n_classes == 1:
            raise UserError(
                "Every labelled row is of the class {name}. Label a row that is not, too.",
                name=self.class_names[int(full[0])],
            )
