"""Failures that are the user's to mend, said in one sentence with the fix in it."""

from __future__ import annotations

from fsl_desktop.core.message import Message, Value


class UserError(Exception):
    """Something a person can put right: ``UserError("Row {row} has no text. Fill it in.", row=14)``.

    ``message`` is the sentence, ``details`` is what is folded under it and written to the log.
    """

    def __init__(self, template: str, /, *, details: str = "", **values: Value) -> None:
        self.message = Message.of(template, **values)
        self.details = details
        super().__init__(self.message.text)

    @classmethod
    def of(cls, message: Message, details: str = "") -> UserError:
        error = cls(message.template, details=details, **dict(message.values))
        return error

    def __reduce__(self) -> tuple[object, ...]:
        return (UserError.of, (self.message, self.details))


class Stopped(Exception):  # noqa: N818 - stopping is no error
    """The user asked to stop; normal, and never shown as a failure."""
