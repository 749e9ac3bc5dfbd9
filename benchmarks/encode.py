"""Texts a second against sentence-transformers' ``encode`` with the same weights, side by side.

    python benchmarks/encode.py [--sets banking77 ag_news trec6] [--models minilm] [--rows 2000] [--rounds 5]
                                [--threads N] [--data ../shared/data] [--json FILE]

The peer lives in an environment of its own (``sh packaging/peers.sh`` makes it, ``make bench-encode`` does
both). Both have the same number of threads and encode the same rows in turn, round by round, so that
whatever else the computer does hits both. Prints texts a second (median, least to most), the ratio of
every round, the cosine of the vectors to the peer's float32 ones, and on how many rows a classifier that
learnt from 8 rows per class answers the same with both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.catalogue import Catalogue

HOME = Path(__file__).resolve().parents[1]
WARM = 64
"""Rows encoded before the clock runs."""
SHOTS = 8


class Peer:
    """The process with sentence-transformers."""

    def __init__(self, python: Path, folder: Path, threads: int, scratch: Path) -> None:
        command = [str(python), str(HOME / "benchmarks" / "_peer_encode.py"), str(folder), str(threads)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
        self._scratch = scratch
        self.name = str(self._answer()["ready"])

    def encode(self, texts: list[str]) -> tuple[float, NDArray[np.float32]]:
        """(seconds, vectors (n, d))."""
        file, out = self._scratch / "texts.json", self._scratch / "vectors.npy"
        file.write_text(json.dumps(texts), encoding="utf-8")
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"texts": str(file), "out": str(out)}) + "\n")
        self._process.stdin.flush()
        seconds = self._answer()["seconds"]
        assert isinstance(seconds, float)
        vectors: NDArray[np.float32] = np.load(out)
        return seconds, vectors

    def _answer(self) -> dict[str, object]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                found: dict[str, object] = json.loads(line)
                return found
        raise SystemExit("sentence-transformers ended before it answered; try: sh packaging/peers.sh")

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=["banking77", "ag_news", "trec6"])
    parser.add_argument("--models", nargs="+", default=["minilm"])
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--precision", default="auto", choices=["auto", "float32", "bfloat16"])
    parser.add_argument("--data", type=Path, default=HOME / ".." / "shared" / "data")
    parser.add_argument("--json", type=Path, help="also write every single figure to this file")
    options = parser.parse_args()
    python = next((path for path in peers_python() if path.is_file()), None)
    if python is None:
        print(
            "sentence-transformers is not installed beside; make bench-encode does it. Nothing was measured."
        )
        return
    if not options.data.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    records = []
    for model in options.models:
        with tempfile.TemporaryDirectory() as scratch:
            records += measure_model(model, python, options, Path(scratch))
    if options.json:
        options.json.write_text(json.dumps(records, indent=1))


def peers_python() -> tuple[Path, ...]:
    home = HOME / "build" / "peers"
    return home / "bin" / "python", home / "Scripts" / "python.exe"


def measure_model(
    model: str, python: Path, options: argparse.Namespace, scratch: Path
) -> list[dict[str, object]]:
    import torch

    from fsl_desktop.learn.encoders.text import TextEncoder

    torch.set_num_threads(options.threads)
    folder = Catalogue.load().resolve(model)
    encoder = TextEncoder.load(folder, precision=options.precision)
    peer = Peer(python, folder, options.threads, scratch)
    kind = "bfloat16" if encoder.bfloat16 else "float32"
    print(f"{model} in {kind} against {peer.name} in float32, {options.threads} threads each")
    records = []
    try:
        for name in options.sets:
            texts, labels = read(options.data / "text" / name, options.rows)
            peer.encode(texts[:WARM])
            encoder.encode(texts[:WARM])
            ours, theirs = [], []
            for round_ in range(options.rounds):
                began = time.perf_counter()
                vectors = encoder.encode(texts)
                ours.append(len(texts) / (time.perf_counter() - began))
                seconds, expected = peer.encode(texts)
                theirs.append(len(texts) / seconds)
                print(f"  {name} round {round_ + 1}: {ours[-1]:.0f} / {theirs[-1]:.0f}", file=sys.stderr)
            records.append(
                report(model, name, encoder.is_long, texts, labels, ours, theirs, vectors, expected)
            )
    finally:
        peer.close()
    return records


def report(
    model: str,
    name: str,
    is_long: object,
    texts: list[str],
    labels: list[str],
    ours: list[float],
    theirs: list[float],
    vectors: NDArray[np.float32],
    expected: NDArray[np.float32],
) -> dict[str, object]:
    assert callable(is_long)
    # What the peer cuts off it does not see: such rows are no comparison of vectors.
    whole = np.array([not is_long(text) for text in texts])
    cosines = (vectors * expected).sum(axis=1)[whole]
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    record: dict[str, object] = {
        "model": model,
        "set": name,
        "rows": len(texts),
        "read in parts": int((~whole).sum()),
        "ours": ours,
        "sentence-transformers": theirs,
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "cosine min": float(cosines.min()),
        "cosine mean": float(cosines.mean()),
        "same labels": same_labels(vectors, expected, labels),
    }
    print(
        f"{name:<18}{spread(ours)} texts/s, theirs {spread(theirs)}, ratio {record['ratio']:.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f}), cosine {record['cosine min']:.5f} least, "
        f"{record['cosine mean']:.5f} mean, same labels on {100 * float(str(record['same labels'])):.2f} %"
    )
    return record


def same_labels(one: NDArray[np.float32], other: NDArray[np.float32], labels: list[str]) -> float:
    """Share of the rows that two classifiers, each trained on its own vectors of the same rows, agree on."""
    from sklearn.linear_model import LogisticRegression

    places: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        places.setdefault(label, []).append(place)
    # Where rows are few, half of a class is learnt from and the other half answered.
    train = [place for rows in places.values() for place in rows[: min(SHOTS, len(rows) // 2)]]
    rest = np.setdiff1d(np.arange(len(labels)), train)
    known = [labels[place] for place in train]
    answers = [
        LogisticRegression(C=10, max_iter=2000).fit(vectors[train], known).predict(vectors[rest])
        for vectors in (one, other)
    ]
    return float((answers[0] == answers[1]).mean())


def read(folder: Path, rows: int) -> tuple[list[str], list[str]]:
    """Texts and labels of the set's rows, shuffled, always alike."""
    lines = [
        json.loads(line)
        for part in ("train", "test")
        if (folder / f"{part}.jsonl").is_file()
        for line in (folder / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    chosen = np.random.default_rng(0).permutation(len(lines))[:rows]
    return [lines[place]["text"] for place in chosen], [str(lines[place]["label"]) for place in chosen]


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


if __name__ == "__main__":
    main()
