"""Records as JSON and back: nothing lost, nothing unexpected let in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.events import (
    Cancelled,
    ClassScore,
    EpochEnd,
    Evaluated,
    Event,
    Failure,
    Finished,
    HeldOut,
    Phase,
    Progress,
    RunSummary,
    Score,
    Started,
    StepEnd,
)
from fsl_desktop.core.learning_curve import CurvePoint, Forecast, LearningCurve, sentence
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import ColumnInfo, Preview, ReadOptions, RowProblem
from fsl_desktop.core.reliability import Reliability, ReliabilityBin
from fsl_desktop.core.serial import from_plain, to_plain

SUMMARY = RunSummary(
    preset="balanced",
    model="minilm",
    n_labelled=24,
    n_classes=3,
    seconds=1.5,
    accuracy=Score(0.75, 0.55, 0.88, 24),
    mcc=None,
    per_class=(ClassScore(1, 0.5, 1.0, 0.66, 8, 0.6, 1.0),),
    held_out=HeldOut((1, 2), (1, 1), (1, 2), (0.5, 0.75)),
    notes=(Message.of("Label {n} more rows.", n=5, name="ä", share=0.5),),
)
RECORDS: list[Any] = [
    TrainConfig(),
    TrainConfig(Task.CLASSIFY_TEXT, "run:1", Preset.THOROUGH, 3, False, False, 9, 2, 1e-4, 0.1, 0.1, 5, None),
    SUMMARY,
    Started("instant", 0, 5, 2),
    Progress(Phase.READING, 5, 0),
    StepEnd(Phase.TUNING, 3, 10, 0.5, None, 2.0),
    EpochEnd(Phase.TUNING, 1, 3, 0.5, 0.25),
    Evaluated(3, Score(0.5, 0.25, 0.75, 4), True),
    Finished(SUMMARY),
    Cancelled(None),
    Cancelled(SUMMARY),
    Failure(Message.of("Out of memory. Choose {preset}.", preset="instant"), "details"),
    ReadOptions(encoding="utf-8", header=False),
    Preview(
        "a.csv",
        "csv",
        ReadOptions(),
        (ColumnInfo("a", ("x",), 1, 2.5),),
        (("x",),),
        1,
        problems=(RowProblem(2, Message("no")),),
    ),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_from_json_as_it_was(record: Any) -> None:
    back = from_plain(type(record), json.loads(json.dumps(to_plain(record), allow_nan=False)))
    assert back == record
    assert type(back) is type(record)


def test_kinds_inside_a_message_survive() -> None:
    values = dict(from_plain(Message, json.loads(json.dumps(to_plain(SUMMARY.notes[0])))).values)
    assert {key: type(value) for key, value in values.items()} == {"n": int, "name": str, "share": float}


def test_keys_of_a_newer_version_are_passed_over_and_missing_ones_get_their_default() -> None:
    assert from_plain(TrainConfig, {"seed": 4, "from_the_future": {"x": 1}}) == TrainConfig(seed=4)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (TrainConfig, {"seed": "4"}),
        (TrainConfig, {"preset": "reckless"}),
        (TrainConfig, {"steps": 1.5}),
        (TrainConfig, []),
        (TrainConfig, None),
        (Score, {"value": 0.5}),
        (Score, {"value": "0.5", "low": 0, "high": 1, "n": 1}),
        (RunSummary, {**to_plain(SUMMARY), "notes": "none"}),
        (RunSummary, {**to_plain(SUMMARY), "accuracy": {"value": 1}}),
        (Message, {"template": "x", "values": [["a", [1]]]}),
        (Message, {"template": "x", "values": [["a", 1, 2]]}),
        (Progress, {"phase": ["reading"], "done": 1, "total": 2}),
    ],
)
def test_a_wrong_kind_is_refused(kind: type[Any], value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_plain(kind, value)


def test_whole_numbers_will_do_for_fractions_but_not_for_flags() -> None:
    assert from_plain(Score, {"value": 1, "low": 0, "high": 1, "n": 3}) == Score(1.0, 0.0, 1.0, 3)
    with pytest.raises(ValueError, match="bool"):
        from_plain(TrainConfig, {"use_class_names": 1})


def test_a_dict_and_an_event_in_a_tuple_become_plain() -> None:
    @dataclass(frozen=True)
    class Box(Event):
        things: tuple[Event, ...]
        table: dict[int, Phase]

    assert to_plain(Box((Progress(Phase.SAVING, 1, 2),), {3: Phase.FITTING})) == {
        "things": [{"phase": "saving", "done": 1, "total": 2, "seconds_left": None}],
        "table": {"3": "fitting"},
    }


def test_a_summary_keeps_its_curve_and_its_reliability() -> None:
    reliability = Reliability((ReliabilityBin(0.8, 1.0, 0.9, 0.85, 12),), 0.2, 0.05, 12)
    forecast = Forecast(20, 0.03, -0.01, 0.06)
    curve = LearningCurve((CurvePoint(12, 0.6, 0.4, 0.8),), forecast, sentence(forecast))
    summary = RunSummary("instant", "minilm", 12, 2, 0.1, reliability=reliability, curve=curve)
    assert from_plain(RunSummary, json.loads(json.dumps(to_plain(summary)))) == summary
