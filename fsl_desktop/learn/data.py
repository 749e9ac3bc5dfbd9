"""The labelled rows that a run learns from."""

from __future__ import annotations

import hashlib
import unicodedata
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


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Texts with their classes. ``labels[i]`` is an index into ``class_names`` and ``class_ids``."""

    texts: Sequence[str]
    labels: NDArray[np.int64]
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
        labels: Sequence[str],
        class_names: Sequence[str] | None = None,
        unlabelled_texts: Sequence[str] = (),
        descriptions: Mapping[str, str] | None = None,
    ) -> TrainingData:
        """From texts and the names of their classes; row and class ids count from 1.

        ``class_names`` fixes which classes there are; without it they are those that occur, sorted.
        ``descriptions`` are sentences by class name; those of other classes are passed over.
        """
        names = list(class_names) if class_names else sorted(set(labels))
        index = {name: place for place, name in enumerate(names)}
        strange = next((label for label in labels if label not in index), None)
        if strange is not None:
            raise UserError(
                "The label {label} is not among the class names. Add it, or correct the rows that have it.",
                label=strange,
            )
        return cls(
            list(texts),
            np.array([index[label] for label in labels], dtype=np.int64),
            names,
            np.arange(1, len(texts) + 1),
            np.arange(1, len(names) + 1),
            unlabelled_texts,
            [descriptions.get(name, "") for name in names] if descriptions else (),
        )

    @classmethod
    def of_table(cls, table: ExampleTable, classes: Sequence[ClassInfo]) -> TrainingData:
        """The labelled rows of a project, ascending by row id; classes in their order of display."""
        place = {info.id: index for index, info in enumerate(classes)}
        rows = [int(row) for row in np.flatnonzero(table.labelled()) if int(table.labels[row]) in place]
        return cls(
            [table.texts[row] for row in rows],
            np.array([place[int(table.labels[row])] for row in rows], dtype=np.int64),
            [info.name for info in classes],
            table.ids[rows].astype(np.int64),
            np.array([info.id for info in classes], dtype=np.int64),
            descriptions=[info.description for info in classes],
        )

    def sample(self, most: int) -> TrainingData:
        """At most ``most`` rows, evenly spread over the table."""
        if len(self.labels) <= most:
            return self
        return self.part(np.unique(np.linspace(0, len(self.labels) - 1, most).astype(np.int64)))

    def part(self, rows: NDArray[np.int64]) -> TrainingData:
        """These labelled rows alone."""
        return replace(
            self,
            texts=[self.texts[row] for row in rows],
            labels=self.labels[rows],
            row_ids=self.row_ids[rows],
        )

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    def counts(self) -> NDArray[np.int64]:
        """Labelled rows per class, (C,)."""
        return np.bincount(self.labels, minlength=self.n_classes)

    def name_examples(self) -> list[str]:
        """Names and descriptions as they take part as examples, see ``texts_of_names``; text i is of the
        class i % C."""
        texts = texts_of_names if len(self.texts) else without_labels
        return texts(self.class_names, self.descriptions)

    def groups(self) -> NDArray[np.int64]:
        """Equal numbers for rows whose text is the same but for case, spacing and Unicode form, (n,)."""
        seen: dict[str, int] = {}
        return np.array([seen.setdefault(normalised(text), len(seen)) for text in self.texts], dtype=np.int64)

    def sha256(self) -> str:
        """Identifies texts, labels, classes and what describes them; goes into the model card."""
        digest = hashlib.sha256()
        for part in add_descriptions([*self.class_names, "", *self.texts], self.descriptions):
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8, "little") + raw)
        digest.update(self.labels.astype("<i8").tobytes())
        return digest.hexdigest()

    def check(self, *, use_class_names: bool) -> None:
        """Raise ``UserError`` where nothing can be learnt."""
        if self.n_classes < 2:
            raise UserError("There is nothing to tell apart yet. Add at least two classes.")
        counts = self.counts()
        if not counts.any():
            raise UserError("No row has a label yet. Label at least one row of two classes.")
        if np.count_nonzero(counts) < 2:
            only = self.class_names[int(counts.argmax())]
            raise UserError(
                "All labelled rows are of the class {name}. Label at least one row of another class.",
                name=only,
            )
        if not use_class_names and not counts.all():
            empty = self.class_names[int(counts.argmin())]
            raise UserError(
                "The class {name} has no labelled rows. Label at least one, or remove the class.", name=empty
            )


def normalised(text: str) -> str:
    """Without what makes no difference: case, spacing and Unicode form."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
