"""Columns of Arrow tables as texts, with the names that data sets of Hugging Face keep for classes."""

from __future__ import annotations

import json
from typing import Any

from fsl_desktop.core.readers.xlsx import as_text


def class_names(schema: Any) -> dict[int, list[str]]:
    """By column: the names that its numbers (or lists of numbers) stand for. They are in the metadata."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
        found = {}
        for position, name in enumerate(schema.names):
            feature = features.get(name)
            if isinstance(feature, dict) and feature.get("_type") in ("Sequence", "List", "LargeList"):
                feature = feature.get("feature")
            if isinstance(feature, list) and len(feature) == 1:
                feature = feature[0]
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel":
                found[position] = [str(label) for label in feature["names"]]
        return found
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return {}


def texts_of(column: Any, classes: list[str] | None) -> list[str]:
    """The cells of a column, as they stand in a table; ``classes`` names its numbers."""
    import pyarrow

    if isinstance(column, pyarrow.DictionaryArray):
        return _of_dictionary(column)
    values = column.to_pylist()
    if classes is None:
        return [_as_text(value) for value in values]
    return [_as_text(_named(value, classes)) for value in values]


def is_text(type: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(type) or types.is_binary(type))


def _named(value: Any, classes: list[str]) -> Any:
    if isinstance(value, list):
        return [name for one in value if (name := _named(one, classes))]
    return classes[value] if isinstance(value, int) and 0 <= value < len(classes) else ""


def _of_dictionary(column: Any) -> list[str]:
    """The texts of a column that has numbers of texts; each text is made once."""
    import numpy as np

    numbers = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    used, places = np.unique(numbers, return_inverse=True)
    known = used >= 0
    values = iter(column.dictionary.take(used[known]).to_pylist())
    texts = [_as_text(next(values)) if there else "" for there in known]
    return [texts[place] for place in places.tolist()]


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return "" if value != value else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return as_text(value)
