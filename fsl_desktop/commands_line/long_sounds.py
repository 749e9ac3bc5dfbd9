"""``predict --events``: what is to be heard when in long recordings, as files that other programs read."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from fsl_desktop.commands_line.console import Console
from fsl_desktop.commands_line.sounds import found_in, load
from fsl_desktop.commands_line.use import check_ending, check_not_input
from fsl_desktop.core import paths, writers
from fsl_desktop.core.audio.detections import Detection, Rule, detect
from fsl_desktop.core.audio.event_files.files import ENDINGS, Format, write_events
from fsl_desktop.core.audio.event_files.table import write_event_table
from fsl_desktop.core.audio.scanning import WINDOW, LookingThrough, ScanFinished, ScanPart
from fsl_desktop.core.audio.track import Track
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.scan import check_windows, scan
from fsl_desktop.learn.sound.scan_store import KEPT


def predict_events(options: Namespace, console: Console) -> None:
    """Listen to every recording and write its events, and with ``--out`` a row per window.

    Where it is stopped, the same command goes on from there.
    """
    started = time.monotonic()
    window = WINDOW if options.window is None else options.window
    hop = window / 2 if options.hop is None else options.hop
    check_windows(window, hop)
    data = Path(options.data).expanduser()
    for out in filter(None, (options.out, options.events)):
        if data.is_file():
            check_not_input(out, data)
    if options.out:
        check_ending(options.out)
    with found_in(options.data, options, console) as found:
        recordings = list(dict.fromkeys(clip.path for clip in found.clips))
        if not recordings:
            raise UserError("There is no recording in {data} that can be used.", data=data.name)
        model = load(options.model_folder, console)
        job = _Listening(model, options, _named(recordings, data), window, hop, console)
        if options.out:
            answers = ["predicted", "confidence", *(f"p:{name}" for name in model.class_names)]
            columns = ["file", "start", "end", *answers]
            writers.write_table(Path(options.out).expanduser(), columns, job.rows())
        else:
            for _ in job.tracks():
                pass
        job.finish()
        skipped = job.skipped + len(found.problems)
    seconds = time.monotonic() - started
    left_out = {0: "", 1: " One could not be used."}.get(skipped, f" {skipped} could not be used.")
    console.say(
        f"Found {job.n_events} events in {job.n} recordings ({job.heard / 3600:.2f} h) in {seconds:.1f} s:"
        f" {options.events}.{left_out}"
    )
    console.result(
        {
            "task": Task.CLASSIFY_AUDIO.value,
            "events": options.events,
            "out": options.out,
            "n": job.n,
            "n_events": job.n_events,
            "n_skipped": skipped,
            "audio_seconds": round(job.heard, 3),
            "seconds": round(seconds, 3),
        }
    )


class _Listening:
    """Hears one recording after the other and writes the events of each as soon as they are known."""

    def __init__(
        self,
        model: SoundModel,
        options: Namespace,
        recordings: Sequence[tuple[str, Path]],
        window: float,
        hop: float,
        console: Console,
    ) -> None:
        self._model, self._recordings, self._console = model, recordings, console
        self._window, self._hop = window, hop
        self._skip_silence = not options.all_windows
        self._format = Format(options.events_format)
        self._target = Path(options.events).expanduser()
        # Only a table has room for several recordings.
        self._single = len(recordings) == 1 and Path(options.data).expanduser().is_file()
        self._check_target(options.events)
        left_out = frozenset(filter(None, map(str.strip, (options.leave_out or "").split(","))))
        strange = sorted(left_out - set(model.class_names))
        if strange:
            raise UserError(
                "The model has no class {name} to leave out. Its classes are {names}.",
                name=strange[0],
                names=", ".join(model.class_names[:20]),
            )
        threshold = 0.5 if options.threshold is None else options.threshold
        self._rule = Rule(threshold=threshold, leave_out=left_out)
        self._told: list[tuple[str, list[Detection]]] = []
        self.n = self.n_events = self.skipped = 0
        self.heard = 0.0
        """Seconds."""

    def _check_target(self, events: str) -> None:
        """Before hours of listening: can it be written there at all?"""
        if self._format is Format.CSV:
            check_ending(events)
        elif not self._single:
            if self._target.is_file():
                raise UserError(
                    "{events} is a file. There are several recordings, so name a folder with --events.",
                    events=events,
                )
            return
        if not self._target.absolute().parent.is_dir():
            raise UserError("The folder for {file} is not there. Choose another one.", file=events)

    def rows(self) -> Iterator[list[object]]:
        """A row per window."""
        for name, track in self.tracks():
            best = track.probabilities.argmax(axis=1)
            for k, (start, end) in enumerate(zip(track.starts, track.ends, strict=True)):
                shares = [round(float(p), 6) for p in track.probabilities[k]]
                label = track.class_names[best[k]]
                yield [name, round(float(start), 3), round(float(end), 3), label, shares[best[k]], *shares]

    def tracks(self) -> Iterator[tuple[str, Track]]:
        """What was said of each recording, after its events were written."""
        for name, path in self._recordings:
            try:
                track = self._track(name, path)
            except UserError as error:
                if self._single:
                    raise
                self._console.note(error.message.text)
                self.skipped += 1
                continue
            self.n += 1
            self.heard += track.seconds
            self._write(name, track, detect(track, self._rule))
            yield name, track

    def finish(self) -> None:
        """Write what stands in one file for all."""
        if not self.n:
            raise UserError("None of the recordings could be read.")
        if self._format is Format.CSV:
            self._console.progress("Writing")
            write_event_table(self._target, self._told)

    def _track(self, name: str, path: Path) -> Track:
        phase = f"Listening to {name}"
        keep = paths.cache_dir() / KEPT
        for event in scan(
            self._model, path, self._window, self._hop, skip_silence=self._skip_silence, keep=keep
        ):
            if isinstance(event, LookingThrough):
                self._console.progress(f"Looking through {name}", round(100 * event.share), 100)
            elif isinstance(event, ScanPart):
                left = event.seconds_left
                more = "" if left is None or left < 1 else f"{left / 60:.0f} min left" if left > 90 else ""
                self._console.progress(phase, event.done, event.total, more)
            elif isinstance(event, ScanFinished):
                for note in event.notes:
                    self._console.note(note.text)
                return event.track
        raise AssertionError("a scan ends with its track")

    def _write(self, name: str, track: Track, events: list[Detection]) -> None:
        self.n_events += len(events)
        if self._format is Format.CSV:
            self._told.append((name, events))
            return
        target = self._target
        if not self._single:
            target = self._target / f"{name}{ENDINGS[self._format]}"
            target.parent.mkdir(parents=True, exist_ok=True)
        write_events(target, self._format, events, track.seconds, Path(name).name)


def _named(recordings: Sequence[Path], data: Path) -> list[tuple[str, Path]]:
    """Each with its path inside the data, or its name where it is elsewhere."""
    root = (data if data.is_dir() else data.parent).absolute()
    return [
        (path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name, path)
        for path in recordings
    ]
