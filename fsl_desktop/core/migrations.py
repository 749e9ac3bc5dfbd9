"""The tables of ``project.db``, and the steps from every older schema to the present one."""

from __future__ import annotations

import sqlite3

from fsl_desktop.core.errors import UserError

# What a project of schema 1 consists of. Labels and removals live apart from the texts, so that a label
# touches a page of some hundred small records and not one of texts; rows without a label have no record.
_FIRST = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE classes(id INTEGER PRIMARY KEY, name TEXT NOT NULL, position INTEGER NOT NULL,
    description TEXT NOT NULL DEFAULT '', removed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE batches(id INTEGER PRIMARY KEY, source TEXT NOT NULL, created TEXT NOT NULL,
    state INTEGER NOT NULL DEFAULT 0, first_row INTEGER NOT NULL DEFAULT 0,
    last_row INTEGER NOT NULL DEFAULT 0, n_rows INTEGER NOT NULL DEFAULT 0,
    problems TEXT NOT NULL DEFAULT '[]');
CREATE TABLE rows(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL,
    text TEXT NOT NULL, file_label TEXT, extra TEXT);
CREATE TABLE labels(row_id INTEGER PRIMARY KEY REFERENCES rows(id), value INTEGER NOT NULL);
CREATE TABLE removed(row_id INTEGER PRIMARY KEY REFERENCES rows(id));
CREATE TABLE runs(id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE edits(id INTEGER PRIMARY KEY, at TEXT NOT NULL, act TEXT NOT NULL, kind TEXT NOT NULL,
    target INTEGER NOT NULL, below INTEGER NOT NULL, undo_top INTEGER NOT NULL,
    redo_top INTEGER NOT NULL, detail TEXT NOT NULL, row_ids BLOB, before BLOB, after BLOB);
CREATE TRIGGER edits_stay BEFORE UPDATE ON edits BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER edits_last BEFORE DELETE ON edits BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""

# Sets of classes, for projects in which a row may have several labels.
_SETS = "CREATE TABLE label_sets(id INTEGER PRIMARY KEY, classes TEXT NOT NULL);"

# Recordings, and which part of which one a row of a sound project is (no end: to the end of the file).
_SOUNDS = """
CREATE TABLE files(id INTEGER PRIMARY KEY, path TEXT NOT NULL, content TEXT NOT NULL DEFAULT '',
    seconds REAL NOT NULL DEFAULT 0, rate INTEGER NOT NULL DEFAULT 0, channels INTEGER NOT NULL DEFAULT 0);
CREATE INDEX files_by_path ON files(path);
CREATE TABLE clips(row_id INTEGER PRIMARY KEY REFERENCES rows(id), file INTEGER NOT NULL,
    start REAL NOT NULL DEFAULT 0, "end" REAL);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SETS, _SOUNDS)
"""Script i leads from schema i to schema i + 1. Once released, a script is never changed."""

TABLES = (
    "meta",
    "classes",
    "batches",
    "rows",
    "label_sets",
    "labels",
    "removed",
    "files",
    "clips",
    "runs",
    "edits",
)


def present_schema() -> int:
    """The schema that this version of the program writes."""
    return len(MIGRATIONS)


def schema_of(db: sqlite3.Connection) -> int:
    """The schema of a project; raises ``sqlite3.DatabaseError`` where the file says nothing sensible."""
    found = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    if found is None or not str(found[0]).isdecimal():
        raise sqlite3.DatabaseError("no schema number")
    return int(found[0])


def refuse_newer(schema: int) -> None:
    """``UserError`` where a newer version of the program made the project."""
    if schema > present_schema():
        raise UserError(
            "This project was made by a newer version of FSL Desktop. Update the program to open it.",
            details=f"schema {schema}, this version knows {present_schema()}",
        )


def migrate(db: sqlite3.Connection, schema: int) -> None:
    """Bring a project from ``schema`` (0: an empty file) to the present one, in one transaction."""
    refuse_newer(schema)
    if schema == present_schema():
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for script in MIGRATIONS[schema:]:
            for statement in _statements(script):
                db.execute(statement)
        db.execute(
            "INSERT INTO meta VALUES('schema', ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (str(present_schema()),),
        )
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _statements(script: str) -> list[str]:
    """``executescript`` would commit between statements; a half-migrated project must not exist."""
    found: list[str] = []
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                found.append(statement.strip())
            statement = ""
    return found
