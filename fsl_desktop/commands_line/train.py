"""``fsl-desktop train``: from a file of labelled rows to a model folder."""

from __future__ import annotations

import shutil
import tempfile
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from fsl_desktop.commands_line.console import Console
from fsl_desktop.commands_line.descriptions import check_described, read_descriptions
from fsl_desktop.commands_line.several import several_data
from fsl_desktop.commands_line.tables import DataFile, Labelled, read_labelled
from fsl_desktop.core import events, paths
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import MAX_CLASSES
from fsl_desktop.core.writers_target import writing_failed

PHASES = {
    events.Phase.LOADING: "Loading the model",
    events.Phase.ENCODING: "Reading the texts",
    events.Phase.CHECKING: "Checking on held-out rows",
    events.Phase.TUNING: "Training",
    events.Phase.FITTING: "Fitting",
    events.Phase.SCORING: "Scoring",
    events.Phase.SAVING: "Saving",
}


def train(options: Namespace, console: Console) -> None:
    started = time.monotonic()
    out = check_target(options.out)
    model = Catalogue.load().resolve(options.model)
    check_room(out, model)
    file = DataFile.open(
        options.data,
        text_column=options.text_column,
        label_column=options.label_column,
        labelled=True,
        several=options.several,
    )
    rows = read_labelled(file, console)
    unlabelled = [*rows.unlabelled, *read_unlabelled(options.unlabelled, file, console)]
    names = split_names(options.class_names)
    descriptions = read_descriptions(options.descriptions)
    if not file.several:
        check_labels(rows, names, file.path.name)

    console.progress("Loading the model")
    from fsl_desktop.learn.cache import EmbeddingCache
    from fsl_desktop.learn.data import TrainingData
    from fsl_desktop.learn.encoders.text import TextEncoder
    from fsl_desktop.learn.loop import Training
    from fsl_desktop.learn.several.run import SeveralTraining

    config = TrainConfig(model=options.model, preset=Preset(options.preset), seed=options.seed)
    cache = EmbeddingCache(paths.cache_dir())
    try:
        training: Training | SeveralTraining
        if file.several:
            sets = several_data(rows, names, unlabelled, file.path.name, descriptions)
            check_described(descriptions, sets.class_names)
            training = SeveralTraining(sets, config, TextEncoder.load(model), cache)
        else:
            data = TrainingData.of_lists(rows.texts, rows.labels, names, unlabelled, descriptions)
            check_described(descriptions, data.class_names)
            data.check(use_class_names=config.use_class_names)
            training = Training(data, config, TextEncoder.load(model), cache, lambda: False)
        summary = None
        for event in training:
            show(event, console)
            if isinstance(event, events.Finished):
                summary = event.summary
        if training.model is None or summary is None:
            raise UserError("Training ended without a model. Try again, or choose another preset.")
        console.progress("Saving")
        training.model.save(out)
    finally:
        cache.close()
    seconds = time.monotonic() - started
    report(summary, out, seconds, rows.n_skipped, console)


def report(
    summary: events.RunSummary,
    out: Path,
    seconds: float,
    skipped: int,
    console: Console,
    task: Task = Task.CLASSIFY_TEXT,
) -> None:
    """The end, for people and for programs."""
    console.say(f"Trained on {summary.n_labelled} rows of {summary.n_classes} classes in {seconds:.0f} s.")
    if summary.accuracy is not None:
        score = summary.accuracy
        what = "Rows with all labels right, held out:" if summary.several else "Held-out accuracy"
        console.say(
            f"{what} {score.value:.1%} (95 % interval {score.low:.0%} to {score.high:.0%}, "
            f"{score.n} rows it had not seen)."
        )
    for note in summary.notes:
        console.say(note.text)
    console.say(f"Saved in {out}")
    console.result(
        {
            "task": task.value,
            "out": str(out),
            "model": summary.model,
            "preset": summary.preset,
            "n": summary.n_labelled,
            "n_classes": summary.n_classes,
            "n_skipped": skipped,
            "steps": summary.steps,
            "held_out_accuracy": plain_score(summary.accuracy),
            "held_out_macro_f1": plain_score(summary.macro_f1),
            **(
                {"held_out_micro_f1": plain_score(summary.micro_f1)}
                if summary.several
                else {"held_out_mcc": summary.mcc}
            ),
            "notes": [note.text for note in summary.notes],
            "seconds": round(seconds, 3),
        }
    )


def plain_score(score: events.Score | None) -> dict[str, float] | None:
    """A score as JSON has it, or null while it is too early to tell."""
    if score is None:
        return None
    return {"value": score.value, "low": score.low, "high": score.high, "n": score.n}


def show(event: events.Event, console: Console, phases: Mapping[events.Phase, str] = PHASES) -> None:
    """An event of the run as a line of progress."""
    if isinstance(event, events.Progress):
        console.progress(phases.get(event.phase, str(event.phase)), event.done, event.total)
    elif isinstance(event, events.StepEnd):
        loss = f"loss {event.train_loss:.4f}"
        if event.held_out_loss is not None:
            loss += f", held-out {event.held_out_loss:.4f}"
        left = f", {event.seconds_left:.0f} s left" if event.seconds_left is not None else ""
        console.progress(PHASES.get(event.phase, str(event.phase)), event.step, event.steps, loss + left)
    elif isinstance(event, events.Failure):
        raise UserError.of(event.message, event.details)


def check_target(out: str) -> Path:
    """Where the model goes: a new or empty folder, or an older model that is replaced."""
    folder = Path(out).expanduser().absolute()
    try:
        folder.exists()
    except OSError as error:  # a name that no file system takes
        raise writing_failed(folder, error) from error
    if folder.exists() and not folder.is_dir():
        raise UserError("{out} is a file. Choose another name for the model's folder.", out=out)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "fsl.json").is_file():
        raise UserError(
            "{out} is not empty and is no model of FSL Desktop. Choose a new or empty folder.", out=out
        )
    return folder


def check_room(folder: Path, *models: Path) -> None:
    """Before the work, not after it: may the model be written there, and is there room? It is about as
    large as those it starts from."""
    parent = next(parent for parent in folder.parents if parent.is_dir())
    try:
        with tempfile.TemporaryFile(dir=parent):
            pass
        free = shutil.disk_usage(parent).free
        needed = sum(path.stat().st_size for model in models for path in model.glob("*.safetensors"))
    except OSError as error:
        raise writing_failed(folder, error) from error
    if free < needed:
        raise UserError(
            "The model needs {needed} MB and the disk of {out} has {free} MB left. "
            "Free some space, or choose another folder.",
            needed=-(-needed // 1_000_000),
            free=free // 1_000_000,
            out=folder.name,
        )


def check_labels(rows: Labelled, names: Sequence[str] | None, file: str) -> None:
    """Enough to tell apart, and said in terms of the file; ``UserError`` where not."""
    found = dict.fromkeys(rows.labels)
    bad = f" {rows.n_skipped} of its rows could not be used." if rows.n_skipped > 1 else ""
    if not found:
        raise UserError(
            "{file} has no row with a label. Label at least one row of two classes.{bad}", file=file, bad=bad
        )
    if names is None and len(found) == 1:
        raise UserError(
            "Every labelled row of {file} is “{label}”. Add rows with at least one more label.{bad}",
            file=file,
            label=rows.labels[0],
            bad=bad,
        )
    if len(found) > MAX_CLASSES:
        raise UserError(
            "{file} has {n} different labels, and {most} are possible. Choose another --label-column.",
            file=file,
            n=len(found),
            most=MAX_CLASSES,
        )


def read_unlabelled(path: str | None, like: DataFile, console: Console) -> Sequence[str]:
    """Texts alone, from a file that need not have the same columns."""
    if not path:
        return []
    file = DataFile.open(path, text_column=None, label_column=None, labelled=False)
    if like.text_column in file.columns and like.text_column != file.text_column:
        file = DataFile.open(path, text_column=like.text_column, label_column=None, labelled=False)
    texts: list[str] = []
    for chunk in file.chunks():
        texts += [row.text for row in chunk.rows]
        console.progress("Reading unlabelled rows", chunk.done, chunk.total)
    return texts


def split_names(names: str | None) -> list[str] | None:
    """``a, b, c`` as names; ``UserError`` for fewer than two or doubles."""
    if names is None:
        return None
    parts = [part.strip() for part in names.split(",") if part.strip()]
    if len(parts) < 2 or len(set(parts)) != len(parts):
        raise UserError("Class names must be two or more different ones, like --class-names yes,no.")
    return parts
