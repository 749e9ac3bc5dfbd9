"""How often a model's answers agree with the labels of a file, said for people and for programs."""

from __future__ import annotations

import time
from collections.abc import Sequence

from fsl_desktop.commands_line.console import Console
from fsl_desktop.core import metrics


def tell_agreement(
    task: str,
    class_names: Sequence[str],
    labels: Sequence[str],
    predicted: Sequence[str],
    n_skipped: int,
    started: float,
    console: Console,
) -> None:
    """``labels`` and ``predicted`` are of the same rows; ``started`` is when the command began, monotonic."""
    place = {name: i for i, name in enumerate(dict.fromkeys([*class_names, *labels]))}
    strange = sorted({label for label in labels if label not in class_names})
    if strange:
        shown = ", ".join(strange[:5]) + (" and more" if len(strange) > 5 else "")
        console.note(f"The model does not know the label(s) {shown}; those rows count as wrong.")
    true_ids = [place[label] for label in labels]
    predicted_ids = [place[label] for label in predicted]
    n = len(true_ids)
    score = metrics.wilson(sum(t == p for t, p in zip(true_ids, predicted_ids, strict=True)), n)
    macro_f1 = metrics.macro_f1(true_ids, predicted_ids)
    mcc = metrics.mcc(true_ids, predicted_ids)
    seconds = time.monotonic() - started
    console.say(
        f"Accuracy {score.value:.1%} (95 % interval {score.low:.1%} to {score.high:.1%}) on {n} rows."
    )
    console.say(f"Macro-F1 {macro_f1:.3f}, MCC {mcc:.3f}, in {seconds:.1f} s.")
    console.result(
        {
            "task": task,
            "accuracy": score.value,
            "accuracy_low": score.low,
            "accuracy_high": score.high,
            "macro_f1": macro_f1,
            "mcc": mcc,
            "n": n,
            "n_skipped": n_skipped,
            "unknown_labels": strange,
            "seconds": round(seconds, 3),
        }
    )
