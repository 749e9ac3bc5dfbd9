"""A sentence for people, kept apart from its numbers so that it can be translated."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence with named places, e.g. ``Message.of("Row {row} has no text.", row=14)``.

    The template is what a translator sees; ``text`` is what a reader sees.
    """

    template: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, template: str, **values: Value) -> Message:
        return cls(template, tuple(sorted(values.items())))

    @property
    def text(self) -> str:
        return self.fill(self.template)

    def fill(self, template: str) -> str:
        """Put the values into a template, usually a translation of ``self.template``."""
        try:
            return template.format(**dict(self.values))
        except (KeyError, IndexError, ValueError):
            # A translation with a wrong place must not turn one failure into two.
            return template

    def __str__(self) -> str:
        return self.text
