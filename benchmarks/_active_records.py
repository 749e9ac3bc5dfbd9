"""Every run of the benchmark of orders as a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Record:
    """Accuracies in per cent on the test rows after so many ``labels``; to choose all took ``seconds``."""

    set: str
    seed: int
    method: str
    labels: int
    step: int
    instant: float
    logistic: float
    classes: int
    """That had a label by then."""
    seconds: float


class Records:
    """The runs in a file; ``file`` None keeps them in memory only. Those with another ``step`` do not
    count."""

    def __init__(self, file: Path | None, step: int) -> None:
        self._file = file
        self._found: dict[tuple[str, int, str, int], Record] = {}
        lines = file.read_text(encoding="utf-8").splitlines() if file and file.is_file() else []
        names = {each.name for each in fields(Record)}
        for line in lines:
            try:
                values = json.loads(line)
            except ValueError:
                continue  # the line that a killed run was about to write
            if set(values) == names and values["step"] == step:
                self._keep(Record(**values))

    def has(self, name: str, seed: int, method: str, after: Iterable[int]) -> bool:
        return all((name, seed, method, n) in self._found for n in after)

    def add(self, record: Record) -> None:
        self._keep(record)
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            # A killed run may have left half a line: what comes after it must not be lost with it.
            whole = not self._file.is_file() or self._file.read_bytes()[-1:] in (b"", b"\n")
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(("" if whole else "\n") + json.dumps(asdict(record)) + "\n")

    def all(self) -> list[Record]:
        return list(self._found.values())

    def _keep(self, record: Record) -> None:
        self._found[record.set, record.seed, record.method, record.labels] = record
