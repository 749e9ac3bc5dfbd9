"""Planted label errors: how many of the first k rows of the list of doubtful labels are wrong, k planted.

    make bench-label-errors [ARGS="--sets trec6 --seeds 3"]
    python benchmarks/label_errors.py [--sets trec6 ag_news fsdd] [--shares 0.05 0.1] [--rows 400]
                                      [--seeds 10] [--first-seed 0] [--data ../shared/data]

Each seed draws labelled rows of a set and gives some of them another label, drawn evenly from the other
classes. The program's instant models, which have not seen a row's label, give its probabilities; from these
and the labels the program puts the rows in order ("model disagrees"), and so does cleanlab in four
ways (``packaging/peers.sh`` installs it). Precision at k and recall at k are the same number here. Printed
are mean ± standard deviation over the seeds and the difference ± its standard error.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _active_pools import Pool, Rows, SoundPool, Sounds, TextPool, Texts, opened, threads
from text import peers_python

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.doubted import doubted
from fsl_desktop.learn.orders.projects import held_out_shares
from fsl_desktop.learn.sound.ranking import held_out_shares as held_out_of_sounds

ROOT = Path(__file__).resolve().parents[1]
SETS = ("trec6", "ag_news", "fsdd")
OURS = "ours"


@dataclass(frozen=True, eq=False)
class Case:
    """Labels of rows that could be held out, (h,), which of them were planted, and probabilities (h, C)."""

    labels: Rows
    wrong: np.ndarray
    shares: Matrix

    def precision(self, order: Rows) -> float:
        k = int(self.wrong.sum())
        return 100 * float(self.wrong[order[:k]].mean()) if k else 100.0


def plant(labels: Rows, n_classes: int, share: float, seed: int) -> tuple[Rows, np.ndarray]:
    """(labels with errors, which are wrong); every other class is as likely."""
    chance = np.random.default_rng([seed, 11])
    wrong = np.zeros(len(labels), bool)
    wrong[chance.permutation(len(labels))[: round(share * len(labels))]] = True
    other = (labels + chance.integers(1, n_classes, len(labels))) % n_classes
    return np.where(wrong, other, labels), wrong


def made(pool: Pool, share: float, seed: int) -> Case:
    rows = np.arange(len(pool.labels))
    labels, wrong = plant(pool.labels, len(pool.classes), share, seed)
    if isinstance(pool, SoundPool):
        out = held_out_of_sounds(pool.data(rows, labels), pool.blocks, rows)
    else:
        assert isinstance(pool, TextPool)
        data = pool.data(rows, labels)
        out = held_out_shares(data, pool.plain, pool.embed(data.name_examples()))
    assert out is not None
    held, shares = out
    return Case(labels[held], wrong[held], shares)


def by_cleanlab(cases: list[Case], python: Path) -> list[dict[str, list[int]]]:
    with tempfile.TemporaryDirectory() as folder:
        request, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        files = [str(Path(folder, f"{place}.npz")) for place in range(len(cases))]
        for file, case in zip(files, cases, strict=True):
            np.savez(file, labels=case.labels, shares=case.shares)
        request.write_text(json.dumps({"cases": files}), encoding="utf-8")
        child = ROOT / "benchmarks" / "_cleanlab_child.py"
        done = subprocess.run([python, child, request, answer], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        found: list[dict[str, list[int]]] = json.loads(answer.read_text(encoding="utf-8"))["orders"]
    return found


def table(found: dict[tuple[str, float], dict[str, list[float]]]) -> str:
    """Per set and share of errors: mean ± sd of each, and ours minus each other ± standard error."""
    ways = list(next(iter(found.values())))
    others = [way for way in ways if way != OURS]
    head = ["set", "planted", *ways, *(f"{OURS} - {way}" for way in others)]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    pooled = {way: [value for each in found.values() for value in each[way]] for way in ways}
    for (name, share), each in [*found.items(), (("all", 0.0), pooled)]:
        cells = [name, f"{share:.0%}" if share else ""]
        cells += [f"{statistics.mean(each[way]):.1f} ± {_sd(each[way]):.1f}" for way in ways]
        for way in others:
            gaps = [mine - theirs for mine, theirs in zip(each[OURS], each[way], strict=True)]
            cells.append(f"{statistics.mean(gaps):+.1f} ± {_sd(gaps) / math.sqrt(len(gaps)):.1f}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _sd(values: list[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    parser.add_argument("--shares", nargs="+", type=float, default=[0.05, 0.1])
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0, help="from 1000 on: to choose constants with")
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    parser.add_argument("--peers", type=Path, default=peers_python(), help="the Python that has cleanlab")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    import torch

    torch.set_num_threads(threads())
    warnings.simplefilter("ignore")
    found: dict[tuple[str, float], dict[str, list[float]]] = {}
    for name in options.sets:
        source: Texts | Sounds = opened(options.data, name)
        seeds = range(options.first_seed, options.first_seed + options.seeds)
        pools = [(seed, source.draw(seed, options.rows)) for seed in seeds]
        for share in options.shares:
            cases = [made(pool, share, seed) for seed, pool in pools]
            ways = {OURS: [case.precision(doubted(case.labels, case.shares).order) for case in cases]}
            if options.peers.is_file():
                orders = by_cleanlab(cases, options.peers)
                for way in orders[0]:
                    lists = [np.array(each[way], np.int64) for each in orders]
                    ways[way] = [case.precision(rows) for case, rows in zip(cases, lists, strict=True)]
            else:
                print("cleanlab is left out: sh packaging/peers.sh installs it.", file=sys.stderr)
            found[name, share] = ways
            print(f"{name} {share:.0%}: {statistics.mean(ways[OURS]):.1f}", file=sys.stderr)
    print(table(found))


if __name__ == "__main__":
    main()
