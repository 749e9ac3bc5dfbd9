"""A folder as ``save_to_disk`` of Hugging Face ``datasets`` makes it; ``load_from_disk`` reads it.

Format: https://huggingface.co/docs/datasets/about_arrow and the folders that datasets 4 and 5 write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fsl_desktop.core.exports.kinds import Written
from fsl_desktop.core.exports.rows import LabelledRow, ProjectRows
from fsl_desktop.core.readers.names import unique_names

_BATCH = 1000
"""Rows of a record batch, as ``datasets`` writes them."""
_FILE = "data-00000-of-00001.arrow"
_OWN = ("id", "text", "label", "status")


def write_dataset(folder: Path, rows: ProjectRows, given: Iterable[LabelledRow]) -> Written:
    """Write the data set into an empty folder. ``label`` is a number with its name (a list of them where a
    row may have several), null without a label; ``status`` says skipped or unsure. ``OSError``."""
    import pyarrow

    extra = rows.extra_names()
    names = unique_names([*_OWN, *extra])
    classes = {"names": rows.class_names, "_type": "ClassLabel"}
    text = {"dtype": "string", "_type": "Value"}
    label = {"feature": classes, "_type": "Sequence"} if rows.several else classes
    features: dict[str, Any] = dict.fromkeys(names, text)
    features |= {"id": {"dtype": "int64", "_type": "Value"}, "label": label}
    number = pyarrow.int64()
    kinds = {name: pyarrow.string() for name in names}
    kinds |= {"id": number, "label": pyarrow.list_(number) if rows.several else number}
    about = json.dumps({"info": {"features": features}})
    schema = pyarrow.schema(list(kinds.items()), metadata={"huggingface": about})
    numbers = {name: place for place, name in enumerate(rows.class_names)}
    digest = hashlib.sha256(about.encode())
    with pyarrow.OSFile(str(folder / _FILE), "wb") as file, pyarrow.ipc.new_stream(file, schema) as writer:
        cells: list[list[Any]] = []
        for row in given:
            digest.update(f"{row.id} {row.text} {row.labels}\n".encode(errors="replace"))
            cells.append([*_cells(row, numbers, rows.several), *(row.extra.get(name) for name in extra)])
            if len(cells) == _BATCH:
                writer.write_batch(_batch(cells, schema))
                cells = []
        if cells:
            writer.write_batch(_batch(cells, schema))
    info = {"citation": "", "description": "", "features": features, "homepage": "", "license": ""}
    _write(folder / "dataset_info.json", info)
    state = dict.fromkeys(["_format_columns", "_format_type", "_split"])
    state |= {"_data_files": [{"filename": _FILE}], "_fingerprint": digest.hexdigest()[:16]}
    _write(folder / "state.json", state | {"_format_kwargs": {}, "_output_all_columns": False})
    return Written(len(rows))


def _cells(row: LabelledRow, numbers: dict[str, int], several: bool) -> list[Any]:
    said = None if row.labels is None else [numbers[name] for name in row.labels]
    label = said if several or said is None else said[0]
    return [row.id, row.text, label, row.state or None]


def _batch(cells: list[list[Any]], schema: Any) -> Any:
    import pyarrow

    columns = zip(*cells, strict=True)
    arrays = [pyarrow.array(list(column), field.type) for column, field in zip(columns, schema, strict=True)]
    return pyarrow.record_batch(arrays, schema=schema)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
