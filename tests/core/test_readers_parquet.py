"""Parquet files, sound and damaged, and what reading costs those who do not need it."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from read_files import load, refusal

from fsl_desktop.core.readers import ReadRow, preview


def parquet(path: Path, table: pa.Table) -> Path:
    pq.write_table(table, path, row_group_size=1500)
    return path


def test_parquet_is_read_in_chunks(tmp_path: Path) -> None:
    n = 5000
    table = pa.table(
        {
            "text": [f"some words {i}" if i != 3 else None for i in range(n)],
            "label": pa.array([f"c{i % 3}" for i in range(n)]).dictionary_encode(),
            "x": [float("nan") if i == 0 else i / 2 for i in range(n)],
            "tags": [["a", "b"]] * n,
            "day": [datetime.date(2024, 1, 2)] * n,
        }
    )
    path = parquet(tmp_path / "a.parquet", table)
    rows, problems = load(path)
    assert len(rows) == n - 1
    assert rows[0] == ReadRow("some words 0", "c0", {"x": "", "tags": '["a", "b"]', "day": "2024-01-02"})
    assert rows[1].extra["x"] == "0.5"
    assert problems == {4: "Row 4 has no text. Fill it in or remove it."}
    seen = preview(path)
    assert (seen.format, seen.estimated_rows, seen.options.label_column) == ("parquet", n, "label")
    assert preview(path.rename(tmp_path / "a.csv")).format == "parquet"


def test_class_names_of_hugging_face_data_sets_are_used(tmp_path: Path) -> None:
    features = {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}, "text": {"_type": "Value"}}
    table = pa.table({"text": ["good words", "bad words", "no words"], "label": [1, 0, -1]})
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    rows, _ = load(parquet(tmp_path / "a.parquet", table))
    assert [row.label for row in rows] == ["pos", "neg", None]


def test_damaged_parquet_is_told(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a.parquet", pa.table({"text": [f"some words {i * 7919}" for i in range(3000)]})
    )
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert "is damaged and cannot be read as Parquet" in refusal(path)
    path.write_bytes(data[:100] + bytes(len(data) // 2) + data[100 + len(data) // 2 :])
    assert "is damaged and cannot be read as Parquet" in refusal(path)
    path.write_bytes(b"\x00\x01\x02" * 100)
    assert "is damaged and cannot be read as Parquet" in refusal(path)
    empty = parquet(tmp_path / "b.parquet", pa.table({"text": pa.array([], pa.string())}))
    assert "no row under them" in refusal(empty)


def test_reading_imports_heavy_libraries_only_when_needed() -> None:
    script = (
        "import sys, fsl_desktop.core.readers, fsl_desktop.core.writers, fsl_desktop.core.metrics\n"
        "heavy = {'pandas', 'openpyxl', 'pyarrow', 'charset_normalizer', 'torch', 'sklearn'}\n"
        "sys.exit(','.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
