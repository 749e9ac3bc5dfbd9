"""What people are told when the child process had to be started again."""

from __future__ import annotations

from fsl_desktop.core.message import Message
from fsl_desktop.work.protocol import (
    Ask,
    ExportLabels,
    ExportModel,
    ExportTable,
    ImportFile,
    InstallModel,
    PreviewFile,
    Request,
    ScanRecording,
    Suggest,
    Train,
)

STUCK = Message.of("Stopping took too long, so the model was ended and started again. Your labels are safe.")

_DIED = Message.of("The model ran out of memory or crashed. Your labels are safe; it has been started again.")
_DIED_DOING: dict[type[Request], Message] = {
    Train: Message.of(
        "Training stopped because the model ran out of memory or crashed. Your labels are safe; "
        "it has been started again."
    ),
    ImportFile: Message.of(
        "Reading the file stopped because the program ran out of memory or crashed. Your labels are safe; "
        "it has been started again."
    ),
}

_REFUSED: dict[type[Request], Message] = {
    Train: Message.of(
        "Training stopped because the model ran out of memory or crashed. Your labels are safe. "
        "Close other programs and train again, or choose a faster preset."
    ),
    ImportFile: Message.of(
        "The file was too much for the memory of this computer, or reading it crashed. "
        "Nothing was added; try a smaller part of it."
    ),
    PreviewFile: Message.of(
        "The file could not be looked into: it was too much for the memory, or reading it crashed. "
        "Try a smaller part of it."
    ),
    ScanRecording: Message.of(
        "Listening to the recording was interrupted. Press Find events again, and it goes on where it was."
    ),
    ExportLabels: Message.of("Writing the labels was interrupted. Please export them again."),
    ExportTable: Message.of("Writing the table was interrupted. Please export it again."),
    ExportModel: Message.of("Writing the model was interrupted. Please export it again."),
    InstallModel: Message.of("Fetching the model was interrupted. Press Install again to go on."),
    Suggest: Message.of(
        "The model crashed twice while making suggestions. Close other programs, or choose a smaller model."
    ),
    Ask: Message.of("The model crashed twice while answering. Close other programs, or ask a shorter text."),
}
_REFUSED_OTHER = Message.of("This was interrupted. Please try again.")
# Another job had to be ended by force, and took this one along.
_COLLATERAL: dict[type[Request], Message] = {
    Train: Message.of(
        "Training stopped because another job could not be stopped otherwise. Please train again."
    ),
}


def died(open_requests: list[Request]) -> Message:
    """The child died by itself while it had these to do."""
    for kind, message in _DIED_DOING.items():
        if any(isinstance(request, kind) for request in open_requests):
            return message
    return _DIED


def refused(request: Request, stuck: bool) -> Message:
    """Why one request has come to nothing; ``stuck`` if the child was ended because of another one."""
    if stuck:
        return _COLLATERAL.get(type(request), _REFUSED_OTHER)
    return _REFUSED.get(type(request), _REFUSED_OTHER)


def not_startable(attempts: int, cause: Message | None) -> Message:
    """The child died ``attempts`` times in a row before it was ready."""
    if cause is not None:
        return Message.of(
            "The model could not be started. {cause} Your labels are safe; start the program again to "
            "try once more.",
            cause=cause.text,
        )
    return Message.of(
        "The model could not be started after {attempts} attempts. Your labels are safe; close other "
        "programs, then start this one again.",
        attempts=attempts,
    )
