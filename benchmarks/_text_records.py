"""Every fit of the text benchmark as a line of JSON, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Conditions:
    """What has to be equal for two fits to be compared."""

    threads: int
    unlabelled: bool


@dataclass(frozen=True)
class Key:
    """Which fit."""

    set: str
    shots: int
    seed: int
    method: str


@dataclass(frozen=True)
class Record:
    """One fit: accuracy and macro-F1 in per cent on the test rows, seconds of the fit alone.

    ``code`` says which program gave it, so that figures of an older recipe are not taken for this one's.
    """

    set: str
    shots: int
    seed: int
    method: str
    accuracy: float
    macro_f1: float
    seconds: float
    rows: int
    classes: int
    model: str
    threads: int
    unlabelled: bool
    code: str
    note: str = ""

    @property
    def key(self) -> Key:
        return Key(self.set, self.shots, self.seed, self.method)


class Records:
    """The fits in a file; ``file`` None keeps them in memory only.

    Only those made under the same conditions and, where ``any_code`` is false, by the same code count.
    """

    def __init__(self, file: Path | None, conditions: Conditions, *, any_code: bool = False) -> None:
        self._file = file
        self._conditions = conditions
        self._any_code = any_code
        self._found: dict[Key, Record] = {}
        self.left_out = 0
        for record in _read(file) if file is not None and file.is_file() else []:
            if self._counts(record):
                self._found[record.key] = record
            else:
                self.left_out += 1

    def __contains__(self, key: Key) -> bool:
        return key in self._found

    def add(self, record: Record) -> None:
        self._found[record.key] = record
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            # A killed run may have left half a line: what comes after it must not be lost with it.
            whole = not self._file.is_file() or self._file.read_bytes()[-1:] in (b"", b"\n")
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(("" if whole else "\n") + json.dumps(asdict(record), ensure_ascii=False) + "\n")

    def all(self) -> list[Record]:
        return list(self._found.values())

    def _counts(self, record: Record) -> bool:
        same = record.threads == self._conditions.threads
        # What others make of the rows does not depend on the rows that nobody labelled, nor on our code.
        if record.method not in PEERS:
            same = same and record.unlabelled == self._conditions.unlabelled
            same = same and (self._any_code or record.code == code_of(record.method))
        return same


PEERS = ("frozen + LR", "SetFit")
_ELSEWHERE = (
    *(f"learn/{name}" for name in ("sound/", "methods/mix.", "workbench", "desk.", "table_export")),
    *(f"learn/encoders/{name}." for name in ("yamnet", "whisper", "speaker", "mel")),
)
"""Where the code of a run on texts is not."""


@cache
def code_of(method: str) -> str:
    """Twelve digits that change when the code behind a method of ours does; "" for a peer.

    Read once: a file that is edited while the benchmark runs is not what is running.
    """
    if method in PEERS:
        return ""
    digest = hashlib.sha256()
    package = ROOT / "fsl_desktop"
    for path in sorted([*(package / "learn").rglob("*.py"), package / "core" / "config.py"]):
        name = path.relative_to(package).as_posix()
        if not name.startswith(_ELSEWHERE):
            digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _read(file: Path) -> list[Record]:
    names = {each.name for each in fields(Record)}
    records = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            values = json.loads(line)
        except ValueError:
            continue  # the line that a killed run was about to write
        records.append(Record(**{name: values[name] for name in names if name in values}))
    return records
