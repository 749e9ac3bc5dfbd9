"""Frozen dataclasses to and from plain JSON values, checked on the way in."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from enum import Enum
from typing import Any, TypeVar, cast

T = TypeVar("T")


def texts_of(written: object) -> dict[str, str]:
    """Texts by name out of JSON; empty where it is none."""
    try:
        plain = json.loads(str(written)) if written else {}
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in plain.items()} if isinstance(plain, dict) else {}


def to_plain(value: Any) -> Any:
    """Dataclasses, enums, tuples and dicts as the types that ``json`` knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """The dataclass ``kind`` out of what :func:`to_plain` made of it.

    Unknown keys are passed over (a newer version may have written them); a wrong type raises
    ``ValueError``. Nothing but the named dataclasses is ever constructed.
    """
    return cast(T, _build(kind, value))


def _build(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _build_union(typing.get_args(kind), value)
    if origin is tuple:
        return _build_tuple(typing.get_args(kind), value)
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            raise ValueError(f"{kind} needs an object, not {type(value).__name__}")
        hints = typing.get_type_hints(kind)
        known = {f.name for f in dataclasses.fields(kind)}
        try:
            return kind(**{k: _build(hints[k], v) for k, v in value.items() if k in known})  # type: ignore[operator]
        except TypeError as error:
            raise ValueError(str(error)) from error
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is Any or isinstance(value, kind):
        return value
    raise ValueError(f"expected {kind}, found {type(value).__name__}")


def _build_union(choices: tuple[Any, ...], value: Any) -> Any:
    for choice in choices:
        try:
            return _build(choice, value)
        except (ValueError, TypeError):
            continue
    raise ValueError(f"{value!r} is none of {choices}")


def _build_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"expected a list, found {type(value).__name__}")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_build(kinds[0], item) for item in value)
    if len(kinds) != len(value):
        raise ValueError(f"expected {len(kinds)} items, found {len(value)}")
    return tuple(_build(kind, item) for kind, item in zip(kinds, value, strict=True))
