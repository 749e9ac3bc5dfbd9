"""Annotation files of ELAN (.eaf), read and written by pympi."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.layers import layers
from fsl_desktop.core.audio.event_files.lines import read_text
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.names import first_free

HEAD = "<ANNOTATION_DOCUMENT"
_DOCTYPE = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_elan(path: Path) -> list[Detection]:
    """Every annotation with a place in time, by start, those without a text too; ``file`` is the recording
    that the document names. Annotations of annotations and those without times are left out. Raises
    :class:`UserError`."""
    document = _document(path)
    file = _recording(document)
    found: list[Detection] = []
    try:
        for aligned, *_ in document.tiers.values():
            for first, last, value, _ in aligned.values():
                start, end = document.timeslots[first], document.timeslots[last]
                if start is None or end is None or not 0 <= start <= end:
                    continue
                found.append(Detection(start / 1000, end / 1000, value.strip(), file=file))
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, error) from error
    return sorted(found, key=lambda one: (one.start, one.end))


def write_elan(path: Path, events: Sequence[Detection], file: str = "") -> None:
    """Write a document with a tier per class, named after it. Times are whole milliseconds; events of a class
    that overlap get further tiers. Confidences and frequencies have no place in it. ``OSError`` where it
    cannot be written."""
    from pympi import Eaf

    document = Eaf(author="FSL Desktop")
    document.remove_tier("default")
    if file:
        address = f"./{file}"
        document.add_linked_file(address, address, mimetype="audio/x-wav")
    taken: set[str] = set()
    for name in sorted({one.label for one in events}):
        text = _NOT_XML.sub("\ufffd", name)
        for layer in layers([_in_milliseconds(one) for one in events if one.label == name]):
            tier = first_free(text.strip() or "events", "{name} ({number})", taken.__contains__)
            taken.add(tier)
            document.add_tier(tier)
            for one in layer:
                document.add_annotation(tier, round(one.start * 1000), round(one.end * 1000), text)
    if not taken:
        document.add_tier("events")  # ELAN opens no document without a tier
    # pympi keeps an old file under another name; the caller gave an empty one.
    path.unlink(missing_ok=True)
    document.to_file(str(path))


def _document(path: Path) -> Any:
    from pympi import Eaf

    text = read_text(path)
    if _DOCTYPE.search(text):
        raise UserError(
            "{file} has definitions of its own, which ELAN does not write. Save it in ELAN again.",
            file=path.name,
        )
    if HEAD not in text:
        raise UserError("{file} is no annotation file of ELAN. Choose another file.", file=path.name)
    try:
        return Eaf(str(path), suppress_version_warning=True)
    except Exception as error:  # pympi has no errors of its own
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> UserError:
    return UserError(
        "{file} is damaged and cannot be read as a file of ELAN. Save it in ELAN again.",
        file=path.name,
        details=f"{type(error).__name__}: {error}",
    )


def _recording(document: Any) -> str:
    """The name of the first recording that the document is about, "" where it names none."""
    for one in document.media_descriptors:
        address = one.get("RELATIVE_MEDIA_URL") or one.get("MEDIA_URL") or ""
        name = PurePosixPath(address.replace("\\", "/")).name
        if name:
            return name
    return ""


def _in_milliseconds(event: Detection) -> Detection:
    """Nothing shorter than one has a place in ELAN."""
    start = round(event.start * 1000)
    return replace(event, start=start / 1000, end=max(start + 1, round(event.end * 1000)) / 1000)
