"""Sentences about classes, given to ``train`` as a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from fsl_desktop.core.errors import UserError

_MAX_BYTES = 1_000_000


def read_descriptions(path: str | None) -> dict[str, str]:
    """What belongs to each class, by its name; nothing without a path. ``UserError`` for anything else
    than an object of texts."""
    if not path:
        return {}
    file = Path(path).expanduser()
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ValueError("too large")
        plain = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError(
            "{file} cannot be read. Check the name given with --descriptions.", file=path, details=repr(error)
        ) from error
    except (ValueError, RecursionError) as error:
        raise _not_so(path, repr(error)) from error
    if not isinstance(plain, dict) or not all(isinstance(value, str) for value in plain.values()):
        raise _not_so(path, "not an object of texts")
    return {str(name): " ".join(value.split()) for name, value in plain.items()}


def check_described(descriptions: Mapping[str, str], names: Sequence[str]) -> None:
    """``UserError`` where a class is described that is not there: most likely its name is misspelt."""
    strange = next((name for name in descriptions if name not in names), None)
    if strange is not None:
        raise UserError(
            "The class {name} is described, and there is none of that name. The classes are {names}.",
            name=strange,
            names=", ".join(names[:20]),
        )


def _not_so(path: str, details: str) -> UserError:
    return UserError(
        "The descriptions in {file} must be JSON like {example}.",
        file=path,
        example='{"card": "About a card and its delivery."}',
        details=details,
    )
