"""Rows with several labels on the command line: what is learnt from, and how answers are judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fsl_desktop.commands_line.console import Console
from fsl_desktop.commands_line.tables import Labelled
from fsl_desktop.core import metrics_several as metrics
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import parts_of
from fsl_desktop.core.labels import MAX_CLASSES

if TYPE_CHECKING:
    from fsl_desktop.learn.several.data import SeveralData
    from fsl_desktop.learn.trained import TrainedModel


def several_data(
    rows: Labelled,
    names: Sequence[str] | None,
    unlabelled: Sequence[str],
    file: str,
    descriptions: Mapping[str, str] | None = None,
) -> SeveralData:
    """The rows of a file whose cells were taken apart; ``UserError`` where nothing can be learnt."""
    from fsl_desktop.learn.several.data import SeveralData

    labels = [parts_of(label) for label in rows.labels]
    n = len({name for row in labels for name in row})
    if not labels:
        raise UserError("{file} has no row with a label. Label at least one row of each class.", file=file)
    if n > MAX_CLASSES:
        raise UserError(
            "{file} has {n} different labels, and {most} are possible. Choose another --label-column.",
            file=file,
            n=n,
            most=MAX_CLASSES,
        )
    data = SeveralData.of_lists(rows.texts, labels, names, unlabelled, descriptions)
    data.check(use_class_names=True)
    return data


def judge(model: TrainedModel, rows: Labelled, console: Console) -> dict[str, object]:
    """Compare the sets that the model says with the rows' own; what ``evaluate`` prints of them."""
    from fsl_desktop.learn.several.data import SeveralData

    labels = [parts_of(label) for label in rows.labels]
    strange = sorted({name for row in labels for name in row} - set(model.class_names))
    if strange:
        shown = ", ".join(strange[:5]) + (" and more" if len(strange) > 5 else "")
        console.note(f"The model does not know the label(s) {shown}; it misses them in every row.")
    names = [*model.class_names, *strange]
    said = model.predict(rows.texts, progress=console.counter("Answering")).names or []
    true = SeveralData.of_lists(rows.texts, labels, names).sets
    predicted = SeveralData.of_lists(rows.texts, said, names).sets
    score = metrics.subset_accuracy(true, predicted)
    macro_f1, micro_f1 = metrics.macro_f1(true, predicted), metrics.micro_f1(true, predicted)
    console.say(
        f"All labels right in {score.value:.1%} of {score.n} rows"
        f" (95 % interval {score.low:.1%} to {score.high:.1%})."
    )
    console.say(f"Macro-F1 {macro_f1:.3f}, micro-F1 {micro_f1:.3f}.")
    return {
        "accuracy": score.value,
        "accuracy_low": score.low,
        "accuracy_high": score.high,
        "macro_f1": macro_f1,
        "micro_f1": micro_f1,
        "n": score.n,
        "unknown_labels": strange,
    }
