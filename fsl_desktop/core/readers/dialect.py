"""How a table in plain text separates and quotes its fields."""

from __future__ import annotations

import re
from dataclasses import dataclass

NOTHING = "\x1f"
"""Stands for "no delimiter" where the csv module wants one; no text contains it."""
_EXCEL_HINT = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    """"" where the table has one column."""
    quotes: bool = True
    """A field may be put in ``"`` to hold delimiters and line ends."""
    backslash: bool = False
    """A quotation mark inside a field is written \\" instead of doubled."""
    blanks: bool = False
    """Blanks may follow a delimiter."""


def excel_hint(line: str) -> str | None:
    """The delimiter that a first line ``sep=;`` names, which Excel understands and hides."""
    match = _EXCEL_HINT.fullmatch(line.rstrip("\r\n"))
    return match.group(1) if match else None
