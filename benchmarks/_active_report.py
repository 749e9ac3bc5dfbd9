"""The tables of the benchmark of orders."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from _active_records import Record

MODELS = ("instant", "logistic")


def report(
    records: Sequence[Record], after: Sequence[int], methods: Sequence[str], *, ours: str, chance: str
) -> str:
    """Mean ± standard deviation over the seeds, and ``ours`` minus each other, paired, ± standard error."""
    lines: list[str] = []
    sets = list(dict.fromkeys(one.set for one in records))
    there = [method for method in methods if any(one.method == method for one in records)]
    for model in MODELS:
        lines += ["", f"**Learnt by {'the instant model' if model == 'instant' else 'logistic regression'}**"]
        head = ["set", "labels", *there, *(f"{ours} - {other}" for other in there if other != ours)]
        lines += ["", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        for name in sets:
            for n in after:
                found = {m: _of(records, name, m, n, model) for m in there}
                lines.append(_row([name, str(n)], found, there, ours))
        pooled = {m: _means(records, sets, after, m, model) for m in there}
        lines.append(_row(["mean of all", ""], pooled, there, ours))
    lines += ["", *_verdicts(records, sets, after, there, ours, chance)]
    return "\n".join(lines)


Scores = dict[int, float]


def _of(records: Sequence[Record], name: str, method: str, n: int, model: str) -> Scores:
    return {
        one.seed: getattr(one, model)
        for one in records
        if (one.set, one.method, one.labels) == (name, method, n)
    }


def _means(
    records: Sequence[Record], sets: Sequence[str], after: Sequence[int], method: str, model: str
) -> Scores:
    """Per seed the mean over sets and numbers of labels, of the seeds that have them all."""
    parts = [_of(records, name, method, n, model) for name in sets for n in after]
    seeds = set.intersection(*(set(part) for part in parts)) if parts else set()
    return {seed: statistics.mean(part[seed] for part in parts) for seed in seeds}


def paired(one: Scores, other: Scores) -> tuple[float, float]:
    """(mean difference, its standard error) over the seeds that both have."""
    seeds = sorted(set(one) & set(other))
    gaps = [one[seed] - other[seed] for seed in seeds]
    if not gaps:
        return math.nan, math.nan
    return statistics.mean(gaps), (statistics.stdev(gaps) / math.sqrt(len(gaps)) if len(gaps) > 1 else 0.0)


def _row(start: list[str], found: dict[str, Scores], there: Sequence[str], ours: str) -> str:
    cells = list(start)
    for method in there:
        values = list(found[method].values())
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        cells.append(f"{statistics.mean(values):.1f} ± {spread:.1f}" if values else "-")
    for method in there:
        if method != ours:
            gap, error = paired(found[ours], found[method])
            cells.append(f"{gap:+.1f} ± {error:.1f}")
    return "| " + " | ".join(cells) + " |"


def _verdicts(
    records: Sequence[Record],
    sets: Sequence[str],
    after: Sequence[int],
    there: Sequence[str],
    ours: str,
    chance: str,
) -> list[str]:
    if ours not in there:
        return []
    lines = []
    for model in MODELS:
        below = []
        for name in sets:
            for n in after:
                mine, drawn = (_of(records, name, method, n, model) for method in (ours, chance))
                gap, error = paired(mine, drawn)
                if gap < -error:
                    below.append(f"{name} at {n} ({gap:+.1f} ± {error:.1f})")
        lines.append(
            f"{model}: below {chance} by more than a standard error: {', '.join(below) or 'nowhere'}."
        )
        peers = {
            m: statistics.mean(scores.values())
            for m in there
            if m not in (ours, chance) and (scores := _means(records, sets, after, m, model))
        }
        mine = _means(records, sets, after, ours, model)
        if peers and mine:
            best = max(peers, key=lambda m: peers[m])
            gap = statistics.mean(mine.values()) - peers[best]
            lines.append(
                f"{model}: the better peer on average is {best}; {ours} minus it: {gap:+.1f} points."
            )
    return lines
