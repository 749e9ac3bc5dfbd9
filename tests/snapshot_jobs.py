"""What runs in another process in test_snapshot: importable by name, as spawn wants it."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.snapshot import ProjectReader


def follow(folder: str, pipe: Connection) -> None:
    """Read again for as long as revisions are asked for; tell labels, texts and what was new each time."""
    with ProjectReader(Path(folder)) as reader:
        while True:
            revision = pipe.recv()
            if revision is None:
                return
            while reader.revision < revision:
                reader.refresh()
            table = reader.table
            pipe.send(
                (table.labels.tolist(), table.removed.tolist(), list(table.texts), len(reader.changed_ids))
            )


def bring(folder: str, n_rows: int, pipe: Connection) -> None:
    """Import rows while the window labels."""
    writer = BatchWriter(Path(folder), "big.csv")
    pipe.send("started")
    for start in range(0, n_rows, 2000):
        writer.add([ReadRow(f"imported row {i}", "yes") for i in range(start, start + 2000)])
    pipe.send(writer.finish([]))
