"""``predict``, ``evaluate`` and ``export``: what a trained model folder is good for."""

from __future__ import annotations

import contextlib
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fsl_desktop.commands_line.agreement import tell_agreement
from fsl_desktop.commands_line.console import Console
from fsl_desktop.commands_line.several import judge
from fsl_desktop.commands_line.tables import DataFile, read_labelled, tell_problems
from fsl_desktop.core import writers
from fsl_desktop.core.answers import UNKNOWN_FROM
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.model_folder import task_of

if TYPE_CHECKING:
    from fsl_desktop.learn.trained import TrainedModel


def predict(options: Namespace, console: Console) -> None:
    """Write the input's columns with the model's answers beside them, ``unknown`` where it can tell."""
    if options.events:
        raise UserError("Events are found in sounds only. Leave out --events, and name a table with --out.")
    check_plain(options)
    started = time.monotonic()
    check_ending(options.out)
    file = DataFile.open(options.data, text_column=options.text_column, label_column=None, labelled=False)
    check_not_input(options.out, file.path)
    model = load_model(options.model_folder, console)
    answers = free_names(
        [
            "predicted",
            "confidence",
            *(["unknown"] if model.unknown is not None else []),
            *(f"p:{name}" for name in model.class_names),
        ],
        file.columns,
    )
    job = _Predicting(model, file, console, as_lists=Path(options.out).suffix.lower() in writers.LISTS)
    n = writers.write_table(Path(options.out).expanduser(), [*file.columns, *answers], job.rows())
    seconds = time.monotonic() - started
    left_out = {0: "", 1: " One row could not be used."}.get(
        job.skipped, f" {job.skipped} rows could not be used."
    )
    console.say(f"Answered {n} rows in {seconds:.1f} s: {options.out}.{left_out}")
    if job.strange:
        console.say(f"{job.strange} of them seem to fit none of the classes: their unknown is 0.5 or more.")
    console.result(
        {
            "task": "classify-text",
            "out": options.out,
            "n": n,
            "n_skipped": job.skipped,
            "seconds": round(seconds, 3),
        }
    )


class _Predicting:
    """Reads, answers and passes on some thousand rows at a time, so that any file fits in memory."""

    def __init__(self, model: TrainedModel, file: DataFile, console: Console, *, as_lists: bool) -> None:
        self._as_lists = as_lists
        self._model, self._file, self._console = model, file, console
        self.skipped = 0
        self.strange = 0
        """Rows that fit none of the classes."""

    def rows(self) -> Iterator[list[object]]:
        for chunk in self._file.chunks():
            self.skipped += tell_problems(chunk, self.skipped, self._console)
            answer = self._model.predict([row.text for row in chunk.rows])
            for place, row in enumerate(chunk.rows):
                shares = [round(float(p), 6) for p in answer.probabilities[place]]
                sure = round(float(answer.confidence[place]), 6)
                strange = [] if answer.unknown is None else [round(float(answer.unknown[place]), 4)]
                self.strange += sum(value >= UNKNOWN_FROM for value in strange)
                yield [*self._file.cells(row), answer.cell(place, self._as_lists), sure, *strange, *shares]
            self._console.progress("Answering", chunk.done, chunk.total)


def evaluate(options: Namespace, console: Console) -> None:
    """Compare the model's answers with the file's labels."""
    started = time.monotonic()
    model = load_model(options.model_folder, console)
    file = DataFile.open(
        options.data,
        text_column=options.text_column,
        label_column=options.label_column,
        labelled=True,
        several=model.several is not None,
    )
    if model.several is None:
        file = replace(file, options=replace(file.options, label_separator=""))
    rows = read_labelled(file, console)
    if not rows.texts:
        raise UserError("{file} has no row with a label to compare with.", file=file.path.name)
    if model.several is not None:
        judged = judge(model, rows, console)
        judged |= {
            "n_skipped": rows.n_skipped + len(rows.unlabelled),
            "seconds": round(time.monotonic() - started, 3),
        }
        console.result({"task": "classify-text", **judged})
        return
    predicted = model.predict(rows.texts, progress=console.counter("Answering")).labels
    tell_agreement(
        "classify-text",
        model.class_names,
        rows.labels,
        predicted,
        rows.n_skipped + len(rows.unlabelled),
        started,
        console,
    )


def export(options: Namespace, console: Console) -> None:
    """Copy a model, after every file of it has been checked."""
    if options.format != "hf":
        raise UserError(
            "Export as {format} is not in this version yet. Use --format hf.", format=options.format
        )
    if task_of(options.model_folder) == Task.CLASSIFY_AUDIO:
        from fsl_desktop.commands_line.sounds import load

        load(options.model_folder, console)
    else:
        load_model(options.model_folder, console)
    from fsl_desktop.learn.export import copy_model_folder

    source = Path(options.model_folder).expanduser().resolve()
    target = Path(options.out).expanduser().absolute()
    if target.resolve().is_relative_to(source):
        raise UserError("{out} lies inside the model itself. Choose a folder elsewhere.", out=options.out)
    copy_model_folder(source, target)
    console.say(f"Exported to {options.out}")
    console.result({"format": "hf", "out": options.out})


def load_model(folder: str, console: Console) -> TrainedModel:
    """The trained model in ``folder``; ``UserError`` where it is none or was altered."""
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise UserError(
            "There is no folder {folder}. Name the folder that train made with --out.", folder=folder
        )
    console.progress("Loading the model")
    from fsl_desktop.learn.trained import TrainedModel

    return TrainedModel.load(path)


def check_plain(options: Namespace) -> None:
    """Without ``--events``: is there a table to write to, and nothing that goes with events alone?"""
    if not options.out:
        raise UserError("The table for the answers is not named. Name it with --out FILE.csv.")
    for name in ("window", "hop", "threshold", "leave_out", "all_windows"):
        if getattr(options, name) not in (None, False):
            raise UserError(
                "{option} goes with --events only. Name a file for them, or leave it out.",
                option="--" + name.replace("_", "-"),
            )


def check_ending(out: str) -> None:
    """Before the model is loaded: can a table be written under this name at all?"""
    ending = Path(out).suffix.lower()
    if ending not in writers.ENDINGS:
        raise UserError(
            "A table cannot be saved as {out}. Choose a name that ends in .csv, .tsv, .xlsx, .jsonl or"
            " .parquet.",
            out=out,
        )


def check_not_input(out: str, data: Path) -> None:
    """The answers must not replace the data: rows that could not be used would be gone."""
    target = Path(out).expanduser()
    with contextlib.suppress(OSError):
        if target.exists() and target.samefile(data):
            raise UserError("{out} is the file with the data. Choose another name for the answers.", out=out)


def free_names(wanted: list[str], taken: tuple[str, ...]) -> list[str]:
    """The answer's columns keep their names; ``UserError`` where the input has one of them already."""
    double = [name for name in wanted if name in taken]
    if double:
        raise UserError(
            "The data already has a column called {name}. Rename it there, so that the answers have a place.",
            name=double[0],
        )
    return wanted
