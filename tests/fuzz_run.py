"""Damaged files given to a reader in a process of its own, and what became of them.

A reader may read a file, leave rows out with their numbers, or refuse it with one sentence. Everything else
is a failure: another exception, a sentence with a hole in it, a row that no project can hold, more than five
seconds, more than a gigabyte.
"""

from __future__ import annotations

import dataclasses
import faulthandler
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAX_SECONDS = 5.0
MAX_BYTES = 1 << 30
_STUCK = 60
"""Seconds on the clock after which a file counts as never read: other programs run on this computer too."""


@dataclass
class Report:
    """What became of the files; ``failures`` are pairs of a kept file and what went wrong."""

    reader: str
    files: int = 0
    whole: int = 0
    refused: int = 0
    bad_rows: int = 0
    slowest: float = 0.0
    """Seconds of the processor."""
    peak: int = 0
    """Bytes above what the process takes with its libraries loaded; 0 where the system does not say."""
    failures: list[Sequence[str]] = field(default_factory=list)


def fuzz(names: Sequence[str], files: int, seed: int, keep: Path) -> dict[str, Report]:
    """Give ``files`` damaged files to each of the readers, one process for all of them; those that fail are
    kept in ``keep``. The peak of a reader counts from the largest one before it."""
    keep.mkdir(parents=True, exist_ok=True)
    out = keep / "reports.jsonl"
    out.unlink(missing_ok=True)
    command = [
        sys.executable,
        str(Path(__file__)),
        ",".join(names),
        str(files),
        str(seed),
        str(keep),
        str(out),
    ]
    path = os.pathsep.join([str(HERE.parent), str(HERE)])
    env = {**os.environ, "PYTHONPATH": path, "FSL_DESKTOP_HOME": str(keep / "home")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace", timeout=3600)
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    reports = {report.reader: report for report in (Report(**json.loads(line)) for line in lines)}
    said = ""
    if done.returncode:
        said = f"the process ended ({done.returncode}): {done.stderr[-3000:]}"
    elif done.stdout.strip() or done.stderr.strip():
        said = f"something was printed: {(done.stdout + done.stderr)[-2000:]}"
    for name in names:
        reports.setdefault(name, Report(name, failures=[(str(keep / f"{name}.last"), said or "no report")]))
    if said:
        reports[names[-1]].failures.append(("", said))
    return reports


def run(name: str, files: int, seed: int, keep: Path) -> Report:
    """In the child."""
    logging.getLogger().addHandler(logging.NullHandler())  # nothing else may be printed
    from fuzz_readers import READERS

    from fsl_desktop.core.errors import Stopped, UserError

    reader = READERS[name]
    dice = random.Random(f"{name} {seed}")
    report = Report(name)
    last = keep / f"{name}.last"
    with tempfile.TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True) as folder:
        seeds = reader.seeds(Path(folder) / "seeds")
        for file, data in seeds:
            _taken(reader, Path(folder) / "first", file, data)  # loads the libraries; good files are read
        base = _limit_memory()
        for number in range(files):
            file, data = dice.choice(seeds)
            changed = dice.choice(reader.mutations)(data, dice)
            last.write_bytes(changed)
            faulthandler.dump_traceback_later(_STUCK, exit=True)
            began = time.process_time()
            said = ""
            try:
                problems = _taken(reader, Path(folder) / "room", file, changed)
                report.whole += not problems
                report.bad_rows += len(problems)
                said = next(
                    (wrong for row, message in problems if (wrong := _wrong(message, row, reader.numbered))),
                    "",
                )
            except UserError as error:
                report.refused += 1
                said = _wrong(error.message, None, False)
            except Stopped:
                report.refused += 1
            except BaseException:
                said = traceback.format_exc()[-3000:]
            seconds = time.process_time() - began
            faulthandler.cancel_dump_traceback_later()
            report.files += 1
            report.slowest = max(report.slowest, seconds)
            if seconds > MAX_SECONDS:
                said = said or f"took {seconds:.1f} s"
            if said and len(report.failures) < 40:
                kept = keep / f"{name}-{number}{Path(file).suffix}"
                shutil.copyfile(last, kept)
                report.failures.append((str(kept), said))
        report.peak = max(0, _peak() - base)
    if report.peak > MAX_BYTES:
        report.failures.append(("", f"took {report.peak / 1e6:.0f} MB"))
    last.unlink(missing_ok=True)
    return report


def _taken(reader, room: Path, file: str, data: bytes):  # type: ignore[no-untyped-def]
    """The problems of one file, read in a folder of its own."""
    room.mkdir(parents=True)
    try:
        path = room / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return reader.take(path)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _wrong(message, row, numbered: bool) -> str:  # type: ignore[no-untyped-def]
    """What is wrong with a sentence, "" where nothing is."""
    text = message.text
    if not text.strip() or text == message.template != message.template.replace("{", ""):
        return f"a sentence with a hole: {text!r}"
    try:
        text.encode()
    except UnicodeError:
        return f"a sentence that cannot be written: {text!r}"
    if numbered and (not row or row < 1 or ("{row}" in message.template and str(row) not in text)):
        return f"a bad row without its number: {row}, {text!r}"
    return ""


def _limit_memory() -> int:
    """Allow a gigabyte more than what is taken already; returns the largest memory so far."""
    try:
        import resource

        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MAX_BYTES, resource.RLIM_INFINITY))
    except (ImportError, OSError, ValueError):
        pass  # measured afterwards, where that is possible
    return _peak()


def _peak() -> int:
    try:
        import resource
    except ImportError:
        return 0
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    given, count, first, place, told = sys.argv[1:]
    for one in given.split(","):
        made = run(one, int(count), int(first), Path(place))
        with open(told, "a", encoding="utf-8") as reports:
            reports.write(json.dumps(dataclasses.asdict(made)) + "\n")
