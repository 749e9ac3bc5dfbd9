"""What the order of rows and their cells need to know of a table and of what is suggested for it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.label_sets import LabelSets


class Rows(Protocol):
    """What of an ``ExampleTable`` is needed here; arrays of length n, ids ascending."""

    texts: list[str]
    sets: LabelSets
    """What its labels from ``FIRST_SET`` on stand for; asked for only where there are some."""

    @property
    def ids(self) -> NDArray[np.int64]: ...

    @property
    def labels(self) -> NDArray[np.int32]: ...

    @property
    def removed(self) -> NDArray[np.bool_]: ...

    def __len__(self) -> int: ...


class Suggested(Protocol):
    """What of a ``Suggester`` is needed here; arrays by table position, shorter while rows load."""

    class_ids: NDArray[np.int32]
    confidence: NDArray[np.float32]
    usefulness: NDArray[np.float32]
    doubt: NDArray[np.float32]
    unknown: NDArray[np.float32]
    sets: LabelSets
    """What its ``class_ids`` from ``FIRST_SET`` on stand for; asked for only where there are some."""
