"""A recording of hours: how fast a trained model listens, in how much memory, and what it finds.

    make bench-long-audio [ARGS="--hours 0.1"]
    python benchmarks/long_audio.py [--hours 3] [--window 2] [--hop 1] [--shots 10] [--threads N]
                                    [--data ../shared/data] [--keep FOLDER]

Sounds of home_sounds that were not learnt from are laid into noise at known moments. A model learns from
others of them (``--shots`` per class, and as many pieces of the noise), listens to the recording with
progress, and its events are compared with what is there: F1 by collars (0.2 s, end 20 %) and by intersection
(half of either), see core/audio/event_scores.py. The timeline is painted without a screen at places all over
it, and its slider is moved.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from fsl_desktop.core.audio.detections import Detection, Joining, Overlap, Rule, detect
from fsl_desktop.core.audio.event_files.files import ENDINGS, Format, write_events
from fsl_desktop.core.audio.event_scores import by_collars, by_intersection
from fsl_desktop.core.audio.peaks import peaks
from fsl_desktop.core.audio.scanning import LookingThrough, ScanFinished, ScanPart, ScanStarted
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.audio.track import Track
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.labels import ClassInfo

ROOT = Path(__file__).resolve().parents[1]
RATE = 16_000
BACKGROUND = "background"
NOISE = 0.004
"""Loudness of the noise; sounds have a peak of 0.1 to 0.5."""
APART = 25.0
"""Seconds from one sound to the next on average."""
PIECE = 60

Samples = NDArray[np.float32]


def noise(chance: np.random.Generator, seconds: float) -> Samples:
    """Hum of a room: stronger the deeper, and swelling."""
    n = round(seconds * RATE)
    spectrum = np.fft.rfft(chance.standard_normal(n))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(n, 1 / RATE), 40.0) / 40.0)
    made = np.fft.irfft(spectrum, n)
    swell = 1 + 0.5 * np.sin(2 * np.pi * np.arange(n) / RATE / 17.0)
    return (NOISE * swell * made / made.std()).astype(np.float32)


def active(samples: Samples) -> tuple[int, int]:
    """From the first to the last 50 ms that are within 30 dB of the loudest."""
    frame = RATE // 20
    whole = np.pad(samples, (0, -len(samples) % frame)).reshape(-1, frame)
    level = np.sqrt((whole.astype(np.float64) ** 2).mean(axis=1))
    loud = np.flatnonzero(level >= level.max() * 10 ** (-30 / 20))
    return int(loud[0]) * frame, min(len(samples), (int(loud[-1]) + 1) * frame)


def build(path: Path, hours: float, sounds: list[tuple[Path, str]]) -> list[Detection]:
    """Write the recording; what is in it."""
    chance = np.random.default_rng(7)
    truth: list[Detection] = []
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
        for piece in range(max(1, round(hours * 3600 / PIECE))):
            made = noise(chance, PIECE)
            at = chance.exponential(APART / 2)
            while at < PIECE - 6:
                place, label = sounds[int(chance.integers(len(sounds)))]
                samples = read(place, 0.0, 5.0, RATE)
                first, last = active(samples)
                samples = samples[first:last] * (chance.uniform(0.1, 0.5) / np.abs(samples).max())
                start = round(at * RATE)
                made[start : start + len(samples)] += samples
                begin = piece * PIECE + start / RATE
                truth.append(Detection(begin, begin + len(samples) / RATE, label))
                at += len(samples) / RATE + 3.0 + chance.exponential(APART - 6.0)
            file.write(np.clip(made, -1, 1))
    return truth


def drawn(data: Path, shots: int) -> tuple[list[tuple[Path, str]], list[tuple[Path, str]]]:
    """(sounds to learn from, sounds to lay into the recording), no sound in both."""
    with (data / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [(data / row["file"], row["label"]) for row in csv.DictReader(file)]
    chance = np.random.default_rng(0)
    learnt: list[tuple[Path, str]] = []
    for name in sorted({label for _, label in rows}):
        own = [row for row in rows if row[1] == name]
        learnt += [own[int(k)] for k in chance.permutation(len(own))[:shots]]
    return learnt, [row for row in rows if row not in learnt]


def peak_megabytes() -> float:
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--window", type=float, default=2.0)
    parser.add_argument("--hop", type=float, default=1.0)
    parser.add_argument("--shots", type=int, default=10)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    parser.add_argument("--keep", type=Path, help="where recording and exports stay; else nothing stays")
    options = parser.parse_args()
    sounds = options.data / "audio" / "home_sounds"
    if not sounds.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    with tempfile.TemporaryDirectory(prefix="fsl-long-") as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        measure(sounds, folder, options)


def measure(sounds: Path, folder: Path, options: argparse.Namespace) -> None:
    import torch

    from fsl_desktop.learn.sound.blocks import SoundEncoders

    torch.set_num_threads(options.threads)
    learnt, rest = drawn(sounds, options.shots)
    recording = folder / "recording.wav"
    truth = build(recording, options.hours, rest)
    print(f"recording: {options.hours:g} h, {recording.stat().st_size / 1e6:.0f} MB, {len(truth)} sounds")
    model = train(learnt, folder, SoundEncoders.installed(Catalogue.load()), options)
    print(f"memory before: {peak_megabytes():.0f} MB")
    track = listen(model, recording, folder, options)
    print(f"peak memory of the process that listens: {peak_megabytes():.0f} MB (to stay under 2,000)")
    for joining in (Joining(Overlap.MEAN), Joining(Overlap.LEAST)):
        for threshold in (0.3, 0.5, 0.7):
            found = detect(track, Rule(threshold=threshold, leave_out=frozenset([BACKGROUND])), joining)
            collars, shared = by_collars(truth, found), by_intersection(truth, found)
            loose = by_collars(truth, found, collar=options.hop, offset_share=0.5)
            print(
                f"{joining.overlap.value} {threshold}: {len(found)} events, F1 by intersection"
                f" {shared.overall.f1:.3f} (precision {shared.overall.precision:.3f}, recall"
                f" {shared.overall.recall:.3f}, macro {shared.macro_f1:.3f}), by collars of 0.2 s"
                f" {collars.overall.f1:.3f}, of a hop {loose.overall.f1:.3f}"
            )
    found = detect(track, Rule(leave_out=frozenset([BACKGROUND])))
    for kind in Format:
        out = folder / f"events{ENDINGS[kind]}"
        write_events(out, kind, found, track.seconds, recording.name)
        print(f"export {kind.value}: {out.stat().st_size / 1e3:.1f} kB")
    paint(track, recording, folder)


def train(learnt: list[tuple[Path, str]], folder: Path, ears: object, options: argparse.Namespace) -> object:
    from fsl_desktop.learn.sound.clips import Clip
    from fsl_desktop.learn.sound.data import SoundData
    from fsl_desktop.learn.sound.run import SoundTraining

    chance = np.random.default_rng(99)
    clips, labels = [], []
    for path, label in learnt:
        first, last = active(read(path, 0.0, 5.0, RATE))
        start = first / RATE
        clips.append(Clip(path, start, max(start + 0.1, min(last / RATE, start + options.window))))
        labels.append(label)
    for k in range(options.shots):
        place = folder / f"noise {k}.wav"
        soundfile.write(place, noise(chance, options.window), RATE)
        clips.append(Clip(place))
        labels.append(BACKGROUND)
    config = TrainConfig(task=Task.CLASSIFY_AUDIO, model="mix", preset=Preset.INSTANT, seed=0)
    began = time.perf_counter()
    training = SoundTraining(SoundData.of_lists(clips, labels), config, ears)  # type: ignore[arg-type]
    for _ in training:
        pass
    print(f"trained on {len(clips)} clips in {time.perf_counter() - began:.1f} s")
    assert training.model is not None
    return training.model


def listen(model: object, recording: Path, folder: Path, options: argparse.Namespace) -> Track:
    from fsl_desktop.learn.sound.scan import scan

    began, told = time.perf_counter(), 0.0
    for event in scan(model, recording, options.window, options.hop, keep=folder / "scans"):  # type: ignore[arg-type]
        now = time.perf_counter()
        if isinstance(event, ScanStarted):
            print(
                f"looked through in {now - began:.1f} s: {event.windows} windows to hear, {event.skipped} in"
                f" which nothing stands out, {event.known} known"
            )
            began, heard = now, event.windows - event.known
        elif isinstance(event, ScanPart) and now - told > 10:
            left = f", {event.seconds_left:.0f} s left" if event.seconds_left else ""
            print(f"  {event.done} of {event.total}{left}", file=sys.stderr, flush=True)
            told = now
        elif isinstance(event, ScanFinished):
            took = now - began
            print(
                f"heard in {took:.1f} s with {options.threads} thread(s): {event.track.seconds / took:.1f}"
                f" times as fast as the recording, {heard * options.hop / took:.1f} times where something was"
                " heard"
            )
            return event.track
        elif not isinstance(event, LookingThrough | ScanPart):
            raise AssertionError(event)
    raise AssertionError("no end")


def paint(track: Track, recording: Path, folder: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from fsl_desktop.ui.sound.timeline import Timeline
    from fsl_desktop.ui.theme import ThemeHolder

    application = QApplication.instance() or QApplication([])
    began = time.perf_counter()
    drawn_peaks = peaks(recording, folder)
    computed = time.perf_counter() - began
    began = time.perf_counter()
    peaks(recording, folder)
    print(f"peaks: {computed:.2f} s the first time, {1e3 * (time.perf_counter() - began):.1f} ms after that")
    widget = Timeline(ThemeHolder())
    widget.resize(1280, 600)
    widget.show()
    classes = [ClassInfo(k + 1, name, k) for k, name in enumerate(track.class_names)]
    widget.show_track(track, classes, drawn_peaks)
    application.processEvents()
    for words, share in (("all of it", 1.0), ("a tenth", 0.1), ("a minute", 60 / track.seconds)):
        widget.canvas.show_whole()
        widget.canvas.zoom(share)
        frames = []
        for step in range(100):
            began = time.perf_counter()
            widget.canvas.centre_on(track.seconds * step / 100)
            widget.canvas.repaint()
            frames.append(1e3 * (time.perf_counter() - began))
        print(f"a frame of {words}: {_spread(frames)}")
    moves = []
    for value in range(5, 95):
        began = time.perf_counter()
        widget.slider.setValue(value)
        moves.append(1e3 * (time.perf_counter() - began))
    print(f"a move of the slider: {_spread(moves)}; 60 frames a second leave 16.7 ms")
    widget.close()


def _spread(values: list[float]) -> str:
    return f"median {statistics.median(values):.1f} ms, 95 % {np.percentile(values, 95):.1f} ms"


if __name__ == "__main__":
    main()
