"""``train``, ``predict`` and ``evaluate`` for recordings: folders, tables with a file column, and zips."""

from __future__ import annotations

import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fsl_desktop.commands_line.agreement import tell_agreement
from fsl_desktop.commands_line.console import Console
from fsl_desktop.commands_line.train import PHASES, check_room, check_target, report, show, split_names
from fsl_desktop.commands_line.use import check_ending, check_not_input, check_plain, free_names
from fsl_desktop.core import events, paths, writers
from fsl_desktop.core.audio.columns import TableOptions
from fsl_desktop.core.audio.found import Found, FoundClip
from fsl_desktop.core.audio.sources import find
from fsl_desktop.core.catalogue import AUDIO, Catalogue
from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.errors import UserError

if TYPE_CHECKING:
    from fsl_desktop.learn.sound.clips import Clip
    from fsl_desktop.learn.sound.model import SoundModel

_TOLD = 5
"""Problems that are named one by one."""
_AT_ONCE = 32
"""Clips that are heard and answered at a time, so that any folder fits in memory."""
_PHASES = {**PHASES, events.Phase.ENCODING: "Listening"}


def train(options: Namespace, console: Console) -> None:
    """From labelled recordings to a model folder."""
    started = time.monotonic()
    out = check_target(options.out)
    from fsl_desktop.learn.sound.blocks import BlockCache, SoundEncoders
    from fsl_desktop.learn.sound.listeners import LISTENERS

    catalogue = Catalogue.load()
    check_room(out, *(catalogue.resolve(model, AUDIO) for model in LISTENERS))
    with found_in(options.data, options, console) as found, _around(options, console) as around:
        labelled = [clip for clip in found.clips if clip.label]
        if not labelled:
            raise UserError(
                "No recording in {data} has a label. Put each class in a folder of its own, or name the"
                " column with --label-column.",
                data=Path(options.data).name,
            )
        from fsl_desktop.learn.encoders.text import TextEncoder
        from fsl_desktop.learn.models.shelf import Shelf
        from fsl_desktop.learn.sound.data import SoundData
        from fsl_desktop.learn.sound.reader import NameReader
        from fsl_desktop.learn.sound.run import SoundTraining

        console.progress("Loading the models")
        cache = BlockCache(paths.cache_dir())
        ears = SoundEncoders.installed(catalogue, cache=cache)
        unlabelled = [clip for clip in found.clips if not clip.label]
        data = SoundData.of_lists(
            [_clip(clip) for clip in labelled],
            [clip.label or "" for clip in labelled],
            split_names(options.class_names),
            [_clip(clip) for clip in (*unlabelled, *around.clips)],
        )
        config = TrainConfig(
            task=Task.CLASSIFY_AUDIO, model="mix", preset=Preset(options.preset), seed=options.seed
        )
        reader = NameReader(catalogue, Shelf(TextEncoder.load))
        training = SoundTraining(data, config, ears, names=partial(reader.prior, ears))
        summary = None
        try:
            for event in training:
                show(event, console, _PHASES)
                if isinstance(event, events.Finished):
                    summary = event.summary
        finally:
            cache.close()
        if training.model is None or summary is None:
            raise UserError("Training ended without a model. Try again.")
        console.progress("Saving")
        training.model.save(out)
        skipped = len(found.problems) + len(training.troubles)
    report(summary, out, time.monotonic() - started, skipped, console, Task.CLASSIFY_AUDIO)


def predict(options: Namespace, console: Console) -> None:
    """Write a row per clip: where it is, what was beside it in a table, and the answer; or with ``--events``
    what is to be heard when."""
    if options.events:
        from fsl_desktop.commands_line.long_sounds import predict_events

        predict_events(options, console)
        return
    check_plain(options)
    started = time.monotonic()
    check_ending(options.out)
    data = Path(options.data).expanduser()
    if data.is_file():
        check_not_input(options.out, data)
    with found_in(options.data, options, console) as found:
        model = load(options.model_folder, console)
        job = _Predicting(model, found, data, console)
        answers = free_names(
            ["predicted", "confidence", *(f"p:{name}" for name in model.class_names)], job.columns
        )
        n = writers.write_table(Path(options.out).expanduser(), [*job.columns, *answers], job.rows())
    skipped = len(found.problems) + job.skipped
    seconds = time.monotonic() - started
    left_out = {0: "", 1: " One clip could not be used."}.get(skipped, f" {skipped} clips could not be used.")
    console.say(f"Answered {n} clips in {seconds:.1f} s: {options.out}.{left_out}")
    console.result(
        {
            "task": Task.CLASSIFY_AUDIO.value,
            "out": options.out,
            "n": n,
            "n_skipped": skipped,
            "seconds": round(seconds, 3),
        }
    )


def evaluate(options: Namespace, console: Console) -> None:
    """Compare the model's answers with the labels of the recordings."""
    started = time.monotonic()
    with found_in(options.data, options, console) as found:
        labelled = [clip for clip in found.clips if clip.label]
        if not labelled:
            raise UserError(
                "No recording in {data} has a label to compare with.", data=Path(options.data).name
            )
        model = load(options.model_folder, console)
        labels: list[str] = []
        predicted: list[str] = []
        skipped = len(found.problems) + len(found.clips) - len(labelled)
        for start in range(0, len(labelled), _AT_ONCE):
            part = labelled[start : start + _AT_ONCE]
            places, answers, troubles = model.predict_clips([_clip(clip) for clip in part])
            labels += [part[place].label or "" for place in places]
            predicted += answers.labels
            for trouble in troubles:
                console.note(trouble.message.text)
            skipped += len(troubles)
            console.progress("Listening", start + len(part), len(labelled))
    if not labels:
        raise UserError("None of the recordings could be read.")
    tell_agreement(Task.CLASSIFY_AUDIO.value, model.class_names, labels, predicted, skipped, started, console)


class _Predicting:
    """Hears, answers and passes on some clips at a time."""

    def __init__(self, model: SoundModel, found: Found, data: Path, console: Console) -> None:
        self._model, self._found, self._console = model, found, console
        self._root = (data if data.is_dir() else data.parent).absolute()
        clips = found.clips
        self._parts = any(clip.start is not None or clip.end is not None for clip in clips)
        self._labelled = any(clip.label for clip in clips)
        self._extra = list(dict.fromkeys(name for clip in clips for name in clip.extra))
        own = ["file", *(["start", "end"] if self._parts else []), *(["label"] if self._labelled else [])]
        self._extra = [name for name in self._extra if name not in own]
        self.columns = (*own, *self._extra)
        self.skipped = 0

    def rows(self) -> Iterator[list[object]]:
        clips = self._found.clips
        for start in range(0, len(clips), _AT_ONCE):
            part = clips[start : start + _AT_ONCE]
            places, answers, troubles = self._model.predict_clips([_clip(clip) for clip in part])
            self.skipped += len(troubles)
            for trouble in troubles:
                self._console.note(trouble.message.text)
            for row, place in enumerate(places):
                shares = [round(float(p), 6) for p in answers.probabilities[row]]
                sure = round(float(answers.confidence[row]), 6)
                yield [*self._cells(part[place]), answers.labels[row], sure, *shares]
            self._console.progress("Listening", start + len(part), len(clips))

    def _cells(self, clip: FoundClip) -> list[object]:
        inside = clip.path.is_relative_to(self._root)
        name = clip.path.relative_to(self._root).as_posix() if inside else str(clip.path)
        span: list[object] = [clip.start or 0.0, "" if clip.end is None else clip.end] if self._parts else []
        label: list[object] = [clip.label or ""] if self._labelled else []
        return [name, *span, *label, *(clip.extra.get(column, "") for column in self._extra)]


@contextmanager
def found_in(data: str, options: Namespace, console: Console) -> Iterator[Found]:
    """What is in a file or folder; a zip is unpacked for as long as it is needed. Problems are told."""
    columns = TableOptions(
        file=getattr(options, "file_column", None), label=getattr(options, "label_column", None)
    )
    with tempfile.TemporaryDirectory(prefix="fsl-sounds-") as scratch:
        found = find([Path(data).expanduser()], columns, unpack_to=Path(scratch))
        for problem in found.problems[:_TOLD]:
            console.note(problem.message.text)
        if len(found.problems) > _TOLD:
            console.note("More cannot be used; they are left out too.")
        for note in found.notes:
            console.note(note.text)
        yield found


@contextmanager
def _around(options: Namespace, console: Console) -> Iterator[Found]:
    """Recordings without labels, where some were named."""
    if not options.unlabelled:
        yield Found()
        return
    with found_in(options.unlabelled, options, console) as found:
        yield found


def _clip(found: FoundClip) -> Clip:
    from fsl_desktop.learn.sound.clips import Clip

    return Clip(found.path, found.start or 0.0, found.end)


def load(folder: str, console: Console) -> SoundModel:
    """The trained model in ``folder``; ``UserError`` where it was altered."""
    console.progress("Loading the model")
    from fsl_desktop.learn.sound.folder import load_sound_folder

    return load_sound_folder(Path(folder).expanduser())
