"""A wizard over the fake runner, and the answers that a test gives it."""

from dataclasses import replace
from pathlib import Path

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ColumnInfo, Preview, ReadOptions, ReadRow
from fsl_desktop.ui.wizard.new_project import PLACE
from fsl_desktop.work.protocol import ImportedBatch, ImportFile, PreviewFile

ROWS = (("1", "Where is my card?", "card"), ("2", "The rate is wrong.", "rate"))
GUESS = ReadOptions("utf-8", ",", True, "", "text", "label")


def preview(options=GUESS, **changes):
    columns = tuple(ColumnInfo(name, (), 2, 9.0) for name in ("id", "text", "label"))
    made = Preview("/x/bank_questions.csv", "csv", options, columns, ROWS, 2, (), ("card", "rate"))
    return replace(made, **changes)


def looked(wizard, runner, **changes):
    wizard.look("/x/bank_questions.csv")
    runner.reply(runner.last(PreviewFile)[0], preview(**changes))


def to_place(wizard, runner, **changes):
    looked(wizard, runner, **changes)
    wizard.next.click()
    wizard.next.click()
    assert wizard.step == PLACE


def answer_import(runner, rows, problems=(), new_classes=()):
    """What the child does with an import: write the rows, then tell the batch."""
    ticket, request = runner.last(ImportFile)
    writer = BatchWriter(Path(request.project), Path(request.path).name)
    writer.add([ReadRow(text, label) for text, label in rows])
    batch = writer.finish(problems)
    labelled = sum(label is not None for _, label in rows)
    runner.reply(
        ticket, ImportedBatch(batch, len(rows), labelled, new_classes, tuple(problems), len(problems))
    )


def opened(folder):
    project = Project.open(Path(folder))
    for _ in project.load_rows():
        pass
    return project
