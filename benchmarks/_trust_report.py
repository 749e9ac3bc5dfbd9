"""What benchmarks/trust.py found, one line per figure with what is required."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MORE = 20


@dataclass
class Told:
    """One project: what was told, and what is true. Proportions, 0 to 1."""

    set: str
    shots: int
    classes: int
    truth: float
    told: float
    width: float
    covered: bool
    macro_width: float
    covered_macro: bool
    recall_width: float
    covered_recall: float
    """Share of the classes."""
    f1_width: float
    covered_f1: float
    ece_before: float
    ece_after: float
    forecast: tuple[float, float, float]
    gains: tuple[float, ...]
    seconds: float

    @property
    def gains_inside(self) -> float:
        _, low, high = self.forecast
        return float(np.mean([low <= gain <= high for gain in self.gains]))


def report(told: list[Told], strange: list[dict[str, float]], preset: str) -> None:
    print(f"\n{len(told)} simulated projects, preset {preset}\n")
    print("| set | covered | mean width | told - true | ECE before | after | forecast covers |")
    print("|---|---|---|---|---|---|---|")
    for name in dict.fromkeys(one.set for one in told):
        mine = [one for one in told if one.set == name]
        print(
            f"| {name} | {percent([one.covered for one in mine])} | {mean([one.width for one in mine]):.3f}"
            f" | {mean([one.told - one.truth for one in mine]):+.3f}"
            f" | {mean([one.ece_before for one in mine]):.3f} | {mean([one.ece_after for one in mine]):.3f}"
            f" | {percent([one.gains_inside for one in mine])} |"
        )
    print()
    before, after = mean([one.ece_before for one in told]), mean([one.ece_after for one in told])
    line("95 % interval covers the accuracy", percent([one.covered for one in told]), "at least 93 %")
    line("its mean width", f"{mean([one.width for one in told]):.3f}", "as narrow as that allows")
    for shots in dict.fromkeys(one.shots for one in told):
        mine = [one for one in told if one.shots == shots]
        line(
            f"  with {shots} labels per class",
            f"{percent([one.covered for one in mine])} ({mean([one.width for one in mine]):.3f} wide)",
            "-",
        )
    for what, covered, widths in (
        ("interval covers macro-F1", [one.covered_macro for one in told], [one.macro_width for one in told]),
        (
            "classes' intervals cover recall",
            [one.covered_recall for one in told],
            [one.recall_width for one in told],
        ),
        ("classes' intervals cover F1", [one.covered_f1 for one in told], [one.f1_width for one in told]),
    ):
        line(what, f"{percent(covered)} ({mean(widths):.3f} wide)", "about 95 %")
    line("expected calibration error before", f"{before:.3f}", "more than after")
    line("expected calibration error after", f"{after:.3f}", "at most 0.070")
    if strange:
        for name in ("alone", "among the unlabelled rows"):
            values = [one[name] for one in strange]
            line(
                f"out-of-scope AUROC, a row {name}",
                f"{mean(values):.3f} ({min(values):.3f} to {max(values):.3f})",
                "at least 0.850" if "among" in name else "for comparison",
            )
        shares = [
            100 * mean([one[f"among the unlabelled rows, {kind} called unknown"] for one in strange])
            for kind in ("known", "new")
        ]
        line(
            "rows called unknown, known and new",
            f"{shares[0]:.1f} % and {shares[1]:.1f} %",
            "about 5 % of the known",
        )
    line(
        f"80 % band holds the gain of {MORE} more labels",
        percent([one.gains_inside for one in told]),
        "about 80 %",
    )
    wide = [100 * (one.forecast[2] - one.forecast[1]) for one in told]
    miss = [100 * abs(one.forecast[0] - float(np.mean(one.gains))) for one in told]
    line(
        "its mean width, and how far the forecast lay off",
        f"{mean(wide):.1f} and {mean(miss):.1f} points",
        "-",
    )


def line(what: str, value: str, wanted: str) -> None:
    print(f"{what:52} {value:24} required: {wanted}")


def mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def percent(values: list[bool] | list[float]) -> str:
    return f"{100 * float(np.mean(values)):.1f} %" if values else "-"
