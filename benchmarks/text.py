"""Accuracy and seconds of the presets against SetFit and against logistic regression on the same encoder.

    make bench-text [ARGS="--sets trec6 snips --shots 8 --seeds 3"]
    python benchmarks/text.py [--sets ...] [--cases ...] [--shots 1 4 8 16] [--seeds 5] [--methods ...]
                              [--setfit-sets ...] [--setfit-seeds 5] [--no-unlabelled] [--threads N]
                              [--data ../shared/data] [--json FILE] [--any-code] [--report]

For every set, seed and number of labels per class: the same rows for all are drawn, each learns from them,
and up to 500 test rows are answered. The presets, but not their peers,
which have no use for them, are given the texts of the test rows too, as a project's rows without a label;
``--no-unlabelled`` leaves that away. The seconds are those of the fit: of a preset from texts to the model
with its cross-validated score, as if nothing were cached (texts are read once for all methods, and what that
took counts for each); of SetFit its ``train()`` alone. Loading is not counted, threads are equal.

The whole table takes hours. With ``--json`` (``make bench-text`` writes build/bench-text.jsonl) every fit
is a line of that file, and the same command again goes on where it was stopped; lines that were made with
other threads or, for the presets, by other code than today's, do not count (``--any-code``: they do).
``--report`` measures nothing and prints the tables of what is there. Seeds are the outermost loop, so a part
has every set. The cases (150 classes, a class with one example and so on) are about what is chosen there, so
Thorough, which chooses nothing, is left out of them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from _multilabel import sets_of
from _simulated import Remembering
from _text_records import PEERS, Conditions, Key, Record, Records, code_of
from _text_report import report
from _text_sets import CASES, SETS, Draw, TextSet

from fsl_desktop.core import metrics, metrics_several
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import SEPARATORS, split_cell
from fsl_desktop.learn.encoders.text import TextEncoder

ROOT = Path(__file__).resolve().parents[1]
FROZEN, SETFIT = PEERS
PRESETS = [preset.value for preset in Preset]
SETFIT_SHOTS = 8


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names, cases = [one.name for one in SETS], [one.name for one in CASES]
    parser.add_argument("--sets", nargs="*", default=names, choices=names, metavar="SET")
    parser.add_argument("--cases", nargs="*", default=cases, choices=cases, metavar="CASE")
    parser.add_argument("--shots", nargs="+", type=int, default=[1, 4, 8, 16])
    parser.add_argument("--seeds", type=int, default=5)
    methods = [FROZEN, *PRESETS, SETFIT]
    parser.add_argument(
        "--methods",
        nargs="+",
        # Balanced is what auto does wherever it tunes.
        default=[method for method in methods if method != Preset.BALANCED.value],
        choices=methods,
        metavar="METHOD",
    )
    parser.add_argument(
        "--setfit-sets",
        nargs="*",
        default=["trec6", "ag_news", "tweeteval_emotion"],
        choices=names,
        metavar="SET",
        help="where SetFit, which is slow, takes part (at 8 labels per class)",
    )
    parser.add_argument("--setfit-seeds", type=int, default=5)
    parser.add_argument("--no-unlabelled", dest="unlabelled", action="store_false")
    # As in the program's child process.
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    parser.add_argument("--peers", type=Path, default=peers_python(), help="the Python that has SetFit")
    parser.add_argument("--json", type=Path, help="keep every fit in this file, and go on from it")
    parser.add_argument("--any-code", action="store_true")
    parser.add_argument("--report", action="store_true")
    return parser.parse_args(arguments)


def peers_python() -> Path:
    folder = ROOT / "build" / "peers"
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def plan(options: argparse.Namespace) -> Iterator[tuple[TextSet, Key]]:
    """Every fit, in the order in which they are made."""
    sets = [one for one in SETS if one.name in options.sets]
    cases = [one for one in CASES if one.name in options.cases]
    for seed in range(options.seeds):
        for one, shots in [(one, n) for one in sets for n in options.shots] + [(c, c.shots) for c in cases]:
            for method in options.methods:
                if method == Preset.THOROUGH.value and one in cases:
                    continue
                slow = method == SETFIT
                asked = one.name in options.setfit_sets and shots == SETFIT_SHOTS
                if not slow or (asked and seed < options.setfit_seeds):
                    yield one, Key(one.name, shots or 0, seed, method)


class Bench:
    """Measures fits one by one; encoders are loaded once."""

    def __init__(self, options: argparse.Namespace, catalogue: Catalogue) -> None:
        self._options = options
        self._catalogue = catalogue
        self._encoders: dict[str, TextEncoder] = {}
        self._drawn: tuple[tuple[str, int, int], Draw] | None = None
        self._read: Remembering | None = None

    def obstacle(self, one: TextSet, method: str) -> str:
        """Why this cannot be measured here; "" where it can."""
        try:
            self._catalogue.resolve(one.model)
        except UserError as error:
            return str(error)
        if method == SETFIT and not self._options.peers.is_file():
            return f"{self._options.peers} is missing; sh packaging/peers.sh makes it"
        return ""

    def measure(self, one: TextSet, key: Key) -> Record:
        from _text_methods import fit_frozen, fit_preset, fit_setfit

        options, rows, encoder = self._options, self._draw(one, key), self._encoder(one.model)
        reader = self._reader(encoder)
        if key.method == SETFIT:
            answer = fit_setfit(rows, encoder, key.seed, options.peers, options.threads)
        elif key.method == FROZEN:
            answer = fit_frozen(rows, reader)
        else:
            answer = fit_preset(
                key.method, rows, reader, key.seed, model=one.model, unlabelled=options.unlabelled
            )
        accuracy, macro_f1 = _scores(rows, answer.labels)
        return Record(
            set=key.set,
            shots=key.shots,
            seed=key.seed,
            method=key.method,
            accuracy=round(100 * accuracy, 3),
            macro_f1=round(100 * macro_f1, 3),
            seconds=round(answer.seconds, 3),
            rows=len(rows.texts),
            classes=len(set(rows.labels)),
            model=one.model,
            threads=options.threads,
            unlabelled=options.unlabelled,
            code=code_of(key.method),
            note=answer.note,
        )

    def _draw(self, one: TextSet, key: Key) -> Draw:
        wanted = (key.set, key.shots, key.seed)
        if self._drawn is None or self._drawn[0] != wanted:
            self._drawn = wanted, one.draw(self._options.data, key.shots, key.seed)
            self._read = None
        return self._drawn[1]

    def _reader(self, encoder: TextEncoder) -> Remembering:
        """``encoder`` for the methods that learn from one draw."""
        if self._read is None:
            self._read = Remembering(encoder)
        return self._read

    def _encoder(self, model: str) -> TextEncoder:
        if model not in self._encoders:
            encoder = TextEncoder.load(self._catalogue.resolve(model))
            encoder.encode(["the first text takes longer"])
            self._encoders[model] = encoder
        return self._encoders[model]


def _scores(rows: Draw, said: Sequence[str]) -> tuple[float, float]:
    """(accuracy, macro-F1) of the answers; with several labels a row is right where its whole set is."""
    if rows.several:
        one_each = [split_cell(label, SEPARATORS[0]) or () for label in rows.labels]
        classes = sorted({name for row in one_each for name in row})
        sets, answers = sets_of(rows.test_labels, classes), sets_of(said, classes)
        return metrics_several.subset_accuracy(sets, answers).value, metrics_several.macro_f1(sets, answers)
    names = sorted({*rows.labels, *rows.test_labels})
    true, told = ([names.index(label) for label in each] for each in (rows.test_labels, said))
    return metrics.accuracy(true, told), metrics.macro_f1(true, told)


def run(options: argparse.Namespace, catalogue: Catalogue) -> str:
    """Measure what is missing, and return the tables."""
    records = Records(
        options.json, Conditions(options.threads, options.unlabelled), any_code=options.any_code
    )
    if records.left_out:
        tell(f"{records.left_out} lines of {options.json} were made otherwise, and do not count.")
    bench, told = Bench(options, catalogue), set[str]()
    fits = [] if options.report else [(one, key) for one, key in plan(options) if key not in records]
    for place, (one, key) in enumerate(fits, start=1):
        if reason := bench.obstacle(one, key.method):
            if reason not in told:
                tell(f"{key.set}, {key.method}: left out, because {reason}")
            told.add(reason)
            continue
        record = bench.measure(one, key)
        records.add(record)
        tell(
            f"[{place} of {len(fits)}] {key.set}, {key.shots} labels, seed {key.seed}, {key.method}: "
            f"{record.accuracy:.1f} ({record.seconds:.1f} s)"
        )
    wanted = {key for _, key in plan(options)}
    cases = {one.name: one.about for one in CASES if one.name in options.cases}
    kept = [record for record in records.all() if record.key in wanted]
    missing = [f"\nLeft out: {reason}" for reason in sorted(told)]
    return "\n".join([report(kept, options.sets, cases, options.methods, SETFIT), *missing])


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    options = parse()
    if not options.data.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    import sklearn.linear_model  # noqa: F401  # so that no fit pays for it
    import threadpoolctl
    import torch

    torch.set_num_threads(options.threads)
    with threadpoolctl.threadpool_limits(options.threads):
        print(run(options, Catalogue.load()))


if __name__ == "__main__":
    main()
