"""The tables of the text benchmark, made from its records alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from _text_records import Record

FLOORS = {"trec6": 86.1, "ag_news": 83.1, "tweeteval_emotion": 65.4, "banking77": 85.6}
"""Accuracy at 8 labels per class that the recipe reached when it was found: three seeds, banking77 one."""

FLOOR_SHOTS = 8
PRESETS = ("instant", "balanced", "thorough", "auto")


class Table:
    """Records by set, shots and method; ``pairs`` are the seeds that two methods share."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._by: dict[tuple[str, int, str], dict[int, Record]] = {}
        for record in records:
            self._by.setdefault((record.set, record.shots, record.method), {})[record.seed] = record

    def of(self, name: str, shots: int, method: str) -> list[Record]:
        return [record for _, record in sorted(self._by.get((name, shots, method), {}).items())]

    def pairs(self, name: str, shots: int, one: str, other: str) -> list[tuple[Record, Record]]:
        first, second = self._by.get((name, shots, one), {}), self._by.get((name, shots, other), {})
        return [(first[seed], second[seed]) for seed in sorted(first.keys() & second.keys())]

    def shots(self) -> list[int]:
        return sorted({shots for _, shots, _ in self._by})


def report(
    records: Iterable[Record], sets: Sequence[str], cases: dict[str, str], methods: Sequence[str], peer: str
) -> str:
    """Everything as text; ``cases`` maps names to explanations, ``peer`` is the name of SetFit's records."""
    records = list(records)
    plain = Table(record for record in records if record.set in sets)
    special = Table(record for record in records if record.set in cases)
    lines: list[str] = []
    for shots in plain.shots():
        lines += _accuracy(plain, sets, shots, methods, peer)
    if FLOOR_SHOTS in plain.shots():
        ours = [method for method in methods if method in PRESETS]
        lines += _floors(plain, sets, ours)
        lines += _against(plain, sets, ours, peer)
    lines += _auto(plain, sets)
    if special.shots():
        lines += _cases(special, cases, methods)
    return "\n".join(lines)


def _accuracy(table: Table, sets: Sequence[str], shots: int, methods: Sequence[str], peer: str) -> list[str]:
    title = "accuracy in per cent, mean ± sd of the seeds (number of seeds; seconds of a fit, median)"
    lines = _head(f"{shots} labels per class: {title}", ["set", *methods])
    for name in sets:
        cells = [table.of(name, shots, method) for method in methods]
        if any(cells):
            lines.append(_row([name, *(_cell(cell) for cell in cells)]))
    for columns in (methods, [method for method in methods if method != peer]):
        # Over the sets that all of these were measured on, so that the columns can be compared.
        shared = [name for name in sets if all(table.of(name, shots, method) for method in columns)]
        row = [f"mean of {', '.join(shared)}"]
        for method in methods:
            means = [_mean(table.of(name, shots, method)) for name in shared] if method in columns else []
            row.append(f"{np.mean(means):.1f}" if means else "-")
        if len(shared) > 1 and _row(row) not in lines:
            lines.append(_row(row))
    return lines


def _floors(table: Table, sets: Sequence[str], ours: Sequence[str]) -> list[str]:
    lines = _head(
        f"{FLOOR_SHOTS} labels per class: accuracy minus the recipe's floor, points, mean ± sd of the seeds",
        ["set", "floor", *ours],
    )
    for name in (name for name in sets if name in FLOORS):
        cells = [table.of(name, FLOOR_SHOTS, method) for method in ours]
        if any(cells):
            floor = FLOORS[name]
            gains = (_spread([r.accuracy - floor for r in cell], sign="+") for cell in cells)
            lines.append(_row([name, f"{floor:.1f}", *gains]))
    return lines


def _against(table: Table, sets: Sequence[str], ours: Sequence[str], peer: str) -> list[str]:
    """Seed by seed, so only over the seeds that SetFit was measured with, too."""
    title = f"accuracy minus {peer}'s on the same rows (number of seeds; its seconds through ours)"
    lines = _head(f"{FLOOR_SHOTS} labels per class: {title}", ["set", *ours])
    n = len(lines)
    for name in sets:
        pairs = [table.pairs(name, FLOOR_SHOTS, method, peer) for method in ours]
        if any(pairs):
            lines.append(_row([name, *(_versus(cell) for cell in pairs)]))
    return lines if len(lines) > n else []


def _versus(pairs: list[tuple[Record, Record]]) -> str:
    if not pairs:
        return "-"
    gains = [one.accuracy - other.accuracy for one, other in pairs]
    ratio = np.median([other.seconds / one.seconds for one, other in pairs])
    return f"{_spread(gains, sign='+')} ({len(pairs)}; {ratio:.1f} times as fast)"


def _auto(table: Table, sets: Sequence[str]) -> list[str]:
    """How far AUTO is from the better of instant and thorough: on a set's mean, never a point below."""
    rows = []
    for name in sets:
        for shots in table.shots():
            auto, instant, thorough = (table.of(name, shots, m) for m in ("auto", "instant", "thorough"))
            if auto and instant and thorough:
                gap = _mean(auto) - max(_mean(instant), _mean(thorough))
                seconds = [np.median([r.seconds for r in each]) for each in (auto, thorough)]
                rows.append(_row([name, str(shots), f"{gap:+.1f}", *(f"{second:.1f}" for second in seconds)]))
    title = "auto minus the better of instant and thorough, points on the mean of the seeds; seconds of a fit"
    return [*_head(title, ["set", "labels", "auto", "s, auto", "s, thorough"]), *rows] if rows else []


def _cases(table: Table, cases: dict[str, str], methods: Sequence[str]) -> list[str]:
    def f1(records: list[Record]) -> str:
        return _spread([r.macro_f1 for r in records])

    lines: list[str] = []
    kinds: list[tuple[str, Callable[[list[Record]], str]]] = [("accuracy", _cell), ("macro-F1", f1)]
    for what, cell in kinds:
        lines += _head(f"Cases: {what} in per cent, mean ± sd of the seeds", ["case", *methods])
        for name, about in cases.items():
            for shots in table.shots():
                found = [table.of(name, shots, method) for method in methods]
                if any(found):
                    lines.append(_row([f"{name} ({about})", *(cell(each) for each in found)]))
    return lines


def _head(title: str, columns: Sequence[str]) -> list[str]:
    return ["", title, "", _row(columns), _row(["---"] * len(columns))]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(records: list[Record]) -> str:
    if not records:
        return "-"
    seconds = np.median([record.seconds for record in records])
    return f"{_spread([record.accuracy for record in records])} ({len(records)}; {seconds:.1f} s)"


def _mean(records: list[Record]) -> float:
    return float(np.mean([record.accuracy for record in records]))


def _spread(values: Sequence[float], sign: str = "") -> str:
    """Sample standard deviation; none is claimed where there is one value."""
    if not values:
        return "-"
    mean = f"{np.mean(values):{sign}.1f}"
    return f"{mean} ± {np.std(values, ddof=1):.1f}" if len(values) > 1 else mean
