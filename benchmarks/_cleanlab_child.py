"""What cleanlab takes for wrong labels, in the Python of ``build/peers``: probabilities in, orders out.

    build/peers/bin/python benchmarks/_cleanlab_child.py REQUEST.json ANSWER.json

The request has ``cases`` (files as ``numpy.savez`` writes them, with ``labels`` (n,) and ``shares`` (n, C));
the answer ``orders``, for each case and each way the rows, likeliest error first, and ``version``. Nothing of
this project is imported here.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib.metadata import version

import numpy as np

SCORES = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")


def orders(labels: np.ndarray, shares: np.ndarray) -> dict[str, list[int]]:
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    found = {}
    for score in SCORES:
        quality = get_label_quality_scores(labels, shares, method=score)
        found[score] = np.argsort(quality, kind="stable").tolist()
    # Its list of issues first, then everything else, both by the same score.
    issues = find_label_issues(labels, shares, return_indices_ranked_by="self_confidence")
    rest = [row for row in found["self_confidence"] if row not in set(issues.tolist())]
    found["find_label_issues"] = [*issues.tolist(), *rest]
    return found


def main() -> None:
    warnings.simplefilter("ignore")
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    found = []
    for path in cases:
        with np.load(path, allow_pickle=False) as case:
            found.append(orders(case["labels"], case["shares"]))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"orders": found, "version": version("cleanlab")}, file)


if __name__ == "__main__":
    main()
