"""Which program wrote a JSON object, and its content as a flat one."""

from __future__ import annotations

import json

from fsl_desktop.core.formats import doccano, label_studio, prodigy
from fsl_desktop.core.formats.cells import Record

_FORMATS = (label_studio, prodigy, doccano)


def flattened(value: Record, source: str) -> Record:
    """``value`` as it is, or where it is an annotation of a known program, a record of texts alone.

    ``source`` is the JSON that it came from: numbers inside are taken from there.
    """
    for program in _FORMATS:
        if program.is_task(value):
            try:
                record: Record = program.flat(json.loads(source))
                return record
            except (ValueError, RecursionError):  # a number of thousands of digits
                return value
    return value
