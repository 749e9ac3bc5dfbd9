"""What the caller sees and says while a model is fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fsl_desktop.core.errors import Stopped


@dataclass(slots=True)
class Watch:
    """Progress out, "stop" in."""

    total: int
    progress: Callable[[int, int], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def tell(self, done: int) -> None:
        """Report ``done`` of ``total`` bytes."""
        if self.progress is not None:
            self.progress(min(done, self.total), self.total)

    def check(self) -> None:
        """Raise ``Stopped`` where the caller asked to stop."""
        if self.cancelled is not None and self.cancelled():
            raise Stopped


class SourceFailed(Exception):  # noqa: N818 - not the end: the next source is tried
    """This source gave nothing; the text says why, for the folded details.

    ``unreachable``: nobody answered at all, so asking the same place for something else is a waste of time.
    """

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable
