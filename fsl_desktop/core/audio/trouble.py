"""The sentences about sounds that cannot be read, or not as one would think."""

from __future__ import annotations

from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message

BREAKS_OFF = (
    "{file} breaks off after {seconds} of {expected} seconds: it was not copied or recorded to its end. "
    "What is there is used."
)
NOT_NUMBERS = "{file} has {n} samples that are no numbers or absurdly large. They are taken as silence."


def empty(path: Path) -> UserError:
    return UserError("{file} is empty. Record it again or remove it.", file=path.name)


def no_samples(path: Path) -> UserError:
    return UserError("{file} has no sound in it. Record it again or remove it.", file=path.name)


def is_a_text(path: Path) -> UserError:
    return UserError(
        "{file} is a text and not a sound, whatever its name says. Remove it or put the recording there.",
        file=path.name,
    )


def unreadable(path: Path, details: str) -> UserError:
    return UserError(
        "{file} cannot be read as sound: it is damaged or of a kind that is not known here. "
        "Save it as WAV or FLAC in the program that made it.",
        file=path.name,
        details=details,
    )


def strange_rate(path: Path, rate: int) -> UserError:
    return UserError(
        "{file} says that it has {rate} samples per second, which no recording has. "
        "Save it again in the program that made it.",
        file=path.name,
        rate=rate,
    )


def too_long(path: Path, hours: int) -> UserError:
    return UserError(
        "{file} is longer than {hours} hours, too long to be one clip. Cut it into windows.",
        file=path.name,
        hours=hours,
    )


def nothing_there(path: Path, start: float) -> UserError:
    return UserError(
        "{file} ends before {start} seconds. Correct the start of this clip or remove it.",
        file=path.name,
        start=f"{start:.2f}",
    )


def wrong_span(path: Path) -> UserError:
    return UserError(
        "The end of a clip of {file} is not after its start. Correct its times or remove it.", file=path.name
    )


def breaks_off(path: Path, seconds: float, expected: float) -> Message:
    return Message.of(BREAKS_OFF, file=path.name, seconds=f"{seconds:.1f}", expected=f"{expected:.1f}")


def not_numbers(path: Path, count: int) -> Message:
    return Message.of(NOT_NUMBERS, file=path.name, n=count)
