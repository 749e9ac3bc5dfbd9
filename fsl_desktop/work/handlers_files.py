"""Looking into files and reading them into a project, for the child."""

from __future__ import annotations

from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.labels import MAX_CLASSES
from fsl_desktop.core.readers.types import Preview, RowProblem
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import Exported, ExportLabels, ImportedBatch, ImportFile, PreviewFile

MAX_PROBLEMS = 1000


def preview_file(request: PreviewFile, job: Job) -> Preview:
    """The first rows of a file and how it would be read."""
    from fsl_desktop.core import readers

    preview = readers.preview(Path(request.path), request.options)
    job.check()
    return preview


def import_file(request: ImportFile, job: Job) -> ImportedBatch:
    """Read a file into a new batch; a failure or a cancel leaves nothing of it in the project."""
    from fsl_desktop.core import readers
    from fsl_desktop.core.batches import BatchWriter
    from fsl_desktop.core.label_cells import parts_of
    from fsl_desktop.core.plan import storable
    from fsl_desktop.core.snapshot import ProjectReader

    separated = bool(request.options.label_separator)
    known = {info.name for info in ProjectReader(Path(request.project)).classes}
    path = Path(request.path)
    writer = BatchWriter(Path(request.project), path.name)
    new_classes: dict[str, None] = {}
    problems: list[RowProblem] = []
    n_rows = n_labelled = n_problems = 0
    try:
        for chunk in readers.read(path, request.options, cancelled=job.cancelled):
            job.check()
            writer.add(chunk.rows)
            n_rows += len(chunk.rows)
            for row in chunk.rows:
                if row.label:
                    n_labelled += 1
                    parts = parts_of(row.label) if separated else (row.label,)
                    # As the project stores it, or AddBatch would not find its rows again.
                    new_classes |= {storable(part): None for part in parts if part not in known}
            if len(known) + len(new_classes) > MAX_CLASSES:
                raise UserError(
                    "There are more than {n} different labels. Choose another label column, or none.",
                    n=MAX_CLASSES,
                )
            n_problems += len(chunk.problems)
            problems += chunk.problems[: MAX_PROBLEMS - len(problems)]
            job.tell(Progress(Phase.READING, chunk.done, chunk.total))
        job.check()
        batch = writer.finish(problems)
    except BaseException:
        writer.discard()
        raise
    return ImportedBatch(batch, n_rows, n_labelled, tuple(new_classes), tuple(problems), n_problems)


def export_labels(request: ExportLabels, job: Job) -> Exported:
    from fsl_desktop.core.exports.labels import export_labels as write

    def progress(done: int, total: int) -> None:
        job.tell(Progress(Phase.WRITING, done, total))

    path = Path(request.path)
    written = write(Path(request.project), request.kind, path, progress=progress, cancelled=job.cancelled)
    return Exported(request.path, written.n_rows, written.notes)
