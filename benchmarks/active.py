"""Which row next: accuracy after 20, 40 and 80 labels, by what chose the rows.

    make bench-active [ARGS="--sets trec6 --seeds 3"]
    python benchmarks/active.py [--sets trec6 ag_news fsdd] [--seeds 10] [--first-seed 0] [--step 5]
                                [--methods ...] [--data ../shared/data] [--json FILE] [--report]

Each seed draws a pool of up to 2,000 rows, of which none has a label; test rows are others. *mixed* is the
program's own order "most useful next": its instant model answers for the whole pool (for texts, before the
first label, by the names of the classes; of recordings nothing is known then, and *diverse* begins), the
first five rows of the order get their true labels, and so on. *random* draws; *margin* is
logistic regression on the same embeddings, begun with ten random rows, then the five with the smallest
margin each time; *BreakingTies* is the same in small-text's own loop (``packaging/peers.sh`` installs it).
So that only the choice differs, the chosen rows are learnt by the same two models, whoever chose them:
the instant model as the program fits it, and logistic regression. With ``--json`` every run is a line, and
the same command goes on where it was stopped. Constants were chosen on seeds from 1000 on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from _active_pools import Pool, Rows, Sounds, Texts, opened, threads
from _active_records import Record, Records
from _active_report import report
from text import peers_python

from fsl_desktop.learn.orders.diverse import diverse
from fsl_desktop.learn.orders.mixed import margin_doubt, mixed

ROOT = Path(__file__).resolve().parents[1]
SETS = ("trec6", "ag_news", "fsdd")
RANDOM, MARGIN, TIES, MIXED = "random", "margin", "BreakingTies", "mixed"
METHODS = (RANDOM, MARGIN, TIES, MIXED)
AFTER = (20, 40, 80)
BEGIN = 10
NONE: Rows = np.zeros(0, np.int64)


def logistic(pool: Pool, rows: Rows, asked: np.ndarray) -> np.ndarray:
    """Probabilities (k, c) of the c classes that occur in ``rows``, for ``asked`` (k, D)."""
    from sklearn.linear_model import LogisticRegression

    # The optimum lies in the span of the rows that are learnt from: exact, and much quicker.
    span, _ = np.linalg.qr(pool.plain[rows].T.astype(np.float64))
    model = LogisticRegression(max_iter=1000).fit(pool.plain[rows] @ span, pool.labels[rows])
    return np.asarray(model.predict_proba(asked @ span))


def by_chance(pool: Pool, seed: int, step: int) -> Rows:
    return np.random.default_rng([seed, 7]).permutation(len(pool.labels))[: AFTER[-1]]


def by_margin(pool: Pool, seed: int, step: int) -> Rows:
    chance = np.random.default_rng([seed, 8])
    rows = chance.permutation(len(pool.labels))[:BEGIN]
    while len(rows) < AFTER[-1]:
        free = np.setdiff1d(np.arange(len(pool.labels)), rows)
        if len(np.unique(pool.labels[rows])) < 2:
            more = chance.permutation(free)[:step]
        else:
            doubt = margin_doubt(logistic(pool, rows, pool.plain)[free])
            more = free[np.argsort(-doubt, kind="stable")[:step]]
        rows = np.concatenate([rows, more])
    return rows


def by_mixed(pool: Pool, seed: int, step: int) -> Rows:
    """As a user does who sorts again after every ``step`` labels."""
    rows, said = NONE, None
    while len(rows) < AFTER[-1]:
        free = np.setdiff1d(np.arange(len(pool.labels)), rows)
        said = pool.fit(rows, said)
        if said is None:
            order = diverse(pool.seen, free, rows)
        else:
            counts = np.bincount(pool.labels[rows], minlength=len(pool.classes))
            guess = said.shares.argmax(axis=1)
            order = mixed(pool.seen, margin_doubt(said.shares), guess, counts, free, rows)
        rows = np.concatenate([rows, order[:step]])
    return rows


OURS: dict[str, Callable[[Pool, int, int], Rows]] = {RANDOM: by_chance, MARGIN: by_margin, MIXED: by_mixed}


def by_small_text(pools: dict[int, Pool], step: int, python: Path) -> dict[int, Rows]:
    """The rows that small-text chooses in each of the pools, by seed."""
    with tempfile.TemporaryDirectory() as folder:
        request, answer = Path(folder, "request.json"), Path(folder, "answer.json")
        files = []
        for seed, pool in pools.items():
            files.append(str(Path(folder, f"{seed}.npz")))
            np.savez(files[-1], vectors=pool.plain, labels=pool.labels)
        wanted = {"pools": files, "seeds": list(pools), "begin": BEGIN, "step": step, "most": AFTER[-1]}
        request.write_text(json.dumps(wanted), encoding="utf-8")
        child = ROOT / "benchmarks" / "_small_text_child.py"
        done = subprocess.run([python, child, request, answer], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        rows = json.loads(answer.read_text(encoding="utf-8"))["rows"]
    return {seed: np.array(each, np.int64) for seed, each in zip(pools, rows, strict=True)}


def measured(pool: Pool, rows: Rows, seed: int, method: str, step: int, seconds: float) -> Iterator[Record]:
    for n in AFTER:
        some = rows[:n]
        said = pool.fit(some)
        only = np.unique(pool.labels[some])
        plain = only[logistic(pool, some, pool.test_plain).argmax(axis=1)] if len(only) > 1 else only[0]
        instant = said.test if said is not None else only[0]
        yield Record(
            pool.name,
            seed,
            method,
            n,
            step,
            round(100 * float(np.mean(instant == pool.test_labels)), 3),
            round(100 * float(np.mean(plain == pool.test_labels)), 3),
            len(only),
            round(seconds, 2),
        )


def run(options: argparse.Namespace) -> str:
    records = Records(options.json, options.step)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    for name in [] if options.report else options.sets:
        missing = [
            (seed, method)
            for seed in seeds
            for method in options.methods
            if not records.has(name, seed, method, AFTER)
        ]
        if not missing:
            continue
        source: Texts | Sounds = opened(options.data, name)
        pools = {seed: source.draw(seed) for seed in sorted({seed for seed, _ in missing})}
        theirs: dict[int, Rows] = {}
        asked = {seed: pools[seed] for seed, method in missing if method == TIES}
        if asked and options.peers.is_file():
            theirs = by_small_text(asked, options.step, options.peers)
        elif asked:
            print(f"{TIES} is left out: sh packaging/peers.sh installs small-text.", file=sys.stderr)
        for seed, method in missing:
            began = time.perf_counter()
            if method == TIES and seed not in theirs:
                continue
            rows = theirs[seed] if method == TIES else OURS[method](pools[seed], seed, options.step)
            seconds = time.perf_counter() - began
            for record in measured(pools[seed], rows, seed, method, options.step, seconds):
                records.add(record)
            print(f"{name} seed {seed} {method}: {record.instant:.1f} at the end", file=sys.stderr)
    wanted = [one for one in records.all() if one.set in options.sets and one.seed in seeds]
    return report(wanted, AFTER, METHODS, ours=MIXED, chance=RANDOM)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0, help="from 1000 on: to choose constants with")
    parser.add_argument("--step", type=int, default=5, help="labels until the order is made anew")
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=METHODS)
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    parser.add_argument("--peers", type=Path, default=peers_python(), help="the Python that has small-text")
    parser.add_argument("--json", type=Path, help="keep every run in this file, and go on from it")
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    import torch

    torch.set_num_threads(threads())
    warnings.simplefilter("ignore")
    print(run(options))


if __name__ == "__main__":
    main()
