"""What small-text asks for, in the Python of ``build/peers``: pools in, rows in their order out.

    build/peers/bin/python benchmarks/_small_text_child.py REQUEST.json ANSWER.json

The request has ``pools`` (files as ``numpy.savez`` writes them, with ``vectors`` (n, d) and ``labels`` (n,)),
``seeds``, ``begin``, ``step`` and ``most``; the answer ``rows``, one list per pool, and ``version``. It is
small-text's own loop: ``PoolBasedActiveLearner`` with ``BreakingTies`` and logistic regression on the given
embeddings, begun with ``begin`` random rows. Nothing of this project is imported here.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib.metadata import version

import numpy as np


def chosen(vectors: np.ndarray, labels: np.ndarray, seed: int, begin: int, step: int, most: int) -> list[int]:
    from sklearn.linear_model import LogisticRegression
    from small_text import (
        BreakingTies,
        PoolBasedActiveLearner,
        SklearnClassifierFactory,
        SklearnDataset,
        random_initialization,
    )

    np.random.seed(seed)
    n_classes = int(labels.max()) + 1
    pool = SklearnDataset(vectors, labels, target_labels=np.arange(n_classes))
    factory = SklearnClassifierFactory(LogisticRegression(max_iter=1000), n_classes)
    learner = PoolBasedActiveLearner(factory, BreakingTies(), pool)
    rows = np.asarray(random_initialization(pool, n_samples=begin))
    while len(np.unique(labels[rows])) < 2:
        rows = np.concatenate(
            [rows, np.random.permutation(np.setdiff1d(np.arange(len(labels)), rows))[:step]]
        )
    learner.initialize_data(rows, labels[rows])
    while len(rows) < most:
        asked = learner.query(num_samples=step)
        learner.update(labels[asked])
        rows = np.concatenate([rows, asked])
    return [int(row) for row in rows]


def main() -> None:
    warnings.simplefilter("ignore")
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    found = []
    for path, seed in zip(request["pools"], request["seeds"], strict=True):
        with np.load(path, allow_pickle=False) as pool:
            vectors, labels = pool["vectors"], pool["labels"]
        found.append(chosen(vectors, labels, seed, request["begin"], request["step"], request["most"]))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"rows": found, "version": version("small-text")}, file)


if __name__ == "__main__":
    main()
