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

    def part(self, start: float, end: float) -> Watch:
        """The same caller, told of a step that makes up the share from ``start`` to ``end`` of the whole."""
        if self.progress is None:
            return Watch(self.total, None, self.cancelled)
        tell = self.progress

        def scaled(done: int, total: int) -> None:
            share = start + (end - start) * (done / total if total else 1.0)
            tell(round(share * total), total)

        return Watch(self.total, scaled, self.cancelled)

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
