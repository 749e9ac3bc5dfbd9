"""Files and projects that mean harm: what they say is kept as text, or refused in a sentence.

Others stand where their subject does: zips that lead out of their folder or unpack without end, and links in
them (``audio/test_archives.py``), workbooks that do (``test_readers_xlsx.py``), links and paths out of a
project's folder (``test_sound_places.py``), runs that lie elsewhere (``test_runs.py``), cells that would run
as formulas (``test_writers.py``), pickles in place of weights (``learn/test_malicious_models.py``).
"""

from __future__ import annotations

import csv
import io
import sqlite3
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from projects import labels_of, load, make_project, reopened
from read_files import load as load_file
from read_files import write

from fsl_desktop.core import store
from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass, RenameProject, SetLabels
from fsl_desktop.core.edit import unpack_ints
from fsl_desktop.core.project import Project
from fsl_desktop.core.writers import write_table

resource = pytest.importorskip("resource", reason="memory is measured on POSIX systems only")

SQL = '"; DROP TABLE rows; --'
MORE_SQL = "x'); DELETE FROM labels; --"


def test_sql_in_names_of_columns_classes_files_and_projects_is_text(tmp_path: Path) -> None:
    cells = io.StringIO()
    csv.writer(cells).writerows([["text", SQL, "label"], ["some words here", MORE_SQL, SQL]])
    path = write(tmp_path, cells.getvalue(), f"{MORE_SQL}.csv".replace("/", ""))
    (row,), problems = load_file(path, text_column="text", label_column="label", header=True)
    assert problems == {}
    assert (row.label, row.extra) == (SQL, {SQL: MORE_SQL})
    project = make_project(tmp_path / "p.fsl")
    project.do(RenameProject(MORE_SQL))
    project.do(AddClass(SQL))
    writer = BatchWriter(project.folder, path.name)
    writer.add([row])
    project.do(AddBatch(writer.finish([]), ()))
    load(project)
    last = int(project.table.ids[-1])
    project.do(SetLabels((last,), project.classes[-1].id))
    before = labels_of(project)
    again = reopened(project)
    assert again.name == MORE_SQL
    assert again.classes[-1].name == SQL
    assert len(again.table) == 51
    assert labels_of(again) == before == {last: again.classes[-1].id}
    assert again.extra(last) == {SQL: MORE_SQL}
    assert [source.source for source in again.sources()][-1] == path.name
    again.close()


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
def test_names_of_columns_do_not_run_as_formulas(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    evil = '=HYPERLINK("http://example.org";"click")'
    write_table(path, ["text", f"p:{evil}", evil], [["a", 0.5, evil]])
    if ending == ".xlsx":
        import openpyxl

        sheet = openpyxl.load_workbook(path).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
        assert sheet.cell(1, 3).value == evil
        return
    written = path.read_text(encoding="utf-8-sig")
    table = list(csv.reader(io.StringIO(written), delimiter="\t" if ending == ".tsv" else ","))
    assert [cell[:1] for row in table for cell in row if evil in cell] == ["p", "'", "'"]


def claiming(folder: Path, *statements: str) -> Path:
    """A project of 50 rows that says of itself what is not so."""
    make_project(folder).close()
    db = sqlite3.connect(folder / store.DB_NAME)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()
    return folder


@pytest.mark.parametrize(
    "claim",
    [
        "UPDATE batches SET n_rows = 1000000000",
        "UPDATE batches SET last_row = 1000000000, n_rows = 1000000000",
        "INSERT INTO rows(id, batch, text) VALUES(4000000000, 1, 'far away')",
        "INSERT INTO labels(row_id, value) VALUES(4000000000, 1)",
        "INSERT INTO classes(id, name, position) VALUES(1000000000, 'far', 1000000000)",
        "INSERT INTO meta(key, value) VALUES('next_row', '1000000000000') ON CONFLICT DO NOTHING",
    ],
)
def test_a_project_that_claims_a_billion_rows_costs_what_it_has(tmp_path: Path, claim: str) -> None:
    folder = claiming(tmp_path / "p.fsl", claim)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    project = load(Project.open(folder))
    assert len(project.table) in (50, 51)
    project.do(SetLabels((1,), 1))
    assert labels_of(project)[1] == 1
    project.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB


def test_numbers_that_claim_to_be_many_are_refused_before_room_is_made() -> None:
    small = zlib.compress(bytes(8_000_000))
    for count in (1 << 40, 49_000_000, 3):
        with pytest.raises(ValueError, match=r"many numbers|length does not fit"):
            unpack_ints(b"z" + struct.pack("<Q", count) + small)


_READ = """
import resource, sys
sys.path[:0] = [{root!r}]
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers import ReadOptions, read
import pyarrow.parquet
n = 0
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    for chunk in read({path!r}, ReadOptions(text_column="text")):
        n += len(chunk.rows) + len(chunk.problems)
except UserError as error:
    print("refused:", error)
print(n, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("name", ["a.parquet", "data/train-00000-of-00001.parquet"])
@pytest.mark.parametrize("as_numbers", [True, False])
def test_a_small_parquet_file_that_unpacks_to_gigabytes_does_not_fill_the_memory(
    tmp_path: Path, as_numbers: bool, name: str
) -> None:
    """3,000 times one text of 1 MB, kept once in the file: 3 GB."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 3000, pa.int32()), pa.array(["word " * 199_999]))
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    with pq.ParquetWriter(path, pa.schema({"text": column.type if as_numbers else pa.string()})) as writer:
        for start in range(0, 3000, 100):
            part = column[start : start + 100]
            writer.write_table(pa.table({"text": part if as_numbers else part.cast(pa.string())}))
    assert path.stat().st_size < 10_000_000
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _READ.format(root=root, path=str(path if path.parent == tmp_path else tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    rows, megabytes = done.stdout.split()[-2:]
    assert int(rows) == 3000
    assert int(megabytes) < 500, done.stdout
