"""Small stand-ins for the session, the trainer and the suggester: the pages' tests say what is the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.answers import Answer, Neighbour, WordWeight
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.events import (
    ClassScore,
    Evaluated,
    Event,
    HeldOut,
    Phase,
    Progress,
    RunSummary,
    Score,
    Started,
    StepEnd,
)
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.core.message import Message
from fsl_desktop.core.runs import RunRecord

NAMES = ("card arrival", "exchange rate", "top up failed", "lost or stolen card", "pin blocked")
TEXTS = (
    "Where is my new card? I ordered it two weeks ago.",
    "The rate you gave me is not the one on the market today",
    "I tried to add money three times and it was refused",
    "Someone took my wallet on the tram, block the card now",
    "My pin is blocked after three tries, what now?",
    "When will the replacement card get here?",
)


class FakeTable:
    def __init__(self, texts: Iterable[str], labels: Iterable[int]) -> None:
        self.texts = list(texts)
        self.ids = np.arange(1, len(self.texts) + 1, dtype=np.int64)
        self.labels = np.array(list(labels), np.int32)
        self.removed = np.zeros(len(self.texts), bool)

    def __len__(self) -> int:
        return len(self.texts)

    def positions(self, ids: object) -> np.ndarray:
        where = np.searchsorted(self.ids, ids)
        if np.any(where >= len(self.ids)) or np.any(self.ids[where] != ids):
            raise KeyError(ids)
        return where

    def counts(self) -> dict[int, int]:
        ids, counts = np.unique(self.labels[self.labels > 0], return_counts=True)
        return {int(i): int(n) for i, n in zip(ids, counts, strict=True)}


class FakeSession(QObject):
    changed = Signal(object)
    rows_loaded = Signal(int)
    loaded = Signal()
    failed = Signal(object, str)
    said = Signal(object)

    def __init__(
        self, names: Iterable[str] = NAMES, labels: Iterable[int] = (1, 2, 3, 4, 5, 0), texts=TEXTS
    ) -> None:
        super().__init__()
        self.classes = tuple(ClassInfo(i + 1, name, i) for i, name in enumerate(names))
        self.table = FakeTable(texts, labels)
        self.project = SimpleNamespace(folder=Path("bank.fsl"), name="Bank questions")
        self.loading = False
        self.several = False

    def position_of(self, class_id: int) -> int:
        return next((info.position for info in self.classes if info.id == class_id), -1)

    def set_label(self, row: int, value: int) -> None:
        self.table.labels[row - 1] = value
        self.changed.emit(SimpleNamespace(kind="labels", rows_changed=False, classes_changed=False))


class FakeTrainer(QObject):
    started = Signal(str)
    event = Signal(str, object)
    ended = Signal(str)
    runs_changed = Signal()
    active_changed = Signal()

    def __init__(self, records: Iterable[RunRecord] = (), histories: dict[str, list[Event]] | None = None):
        super().__init__()
        self.running: str | None = None
        self.stopping = False
        self.stops = 0
        self.active: str | None = None
        self.configs: list[TrainConfig] = []
        self._records = {record.id: record for record in records}
        self._histories = dict(histories or {})

    def runs(self) -> tuple[RunRecord, ...]:
        return tuple(sorted(self._records.values(), key=lambda run: run.id, reverse=True))

    def run(self, run_id: str) -> RunRecord | None:
        return self._records.get(run_id)

    def history(self, run_id: str) -> tuple[Event, ...]:
        return tuple(self._histories.get(run_id, ()))

    def set_active(self, run_id: str | None) -> None:
        self.active = run_id
        self.active_changed.emit()

    def start(self, config: TrainConfig) -> str | None:
        if self.running:
            return None
        self.configs.append(config)
        run_id = f"run-{len(self._records) + 1:03d}"
        self._records[run_id] = RunRecord(
            id=run_id, created="2026-11-23T14:05:00+00:00", config=config, state="running",
            summary=None, message=None,
        )  # fmt: skip
        self._histories[run_id] = []
        self.running = run_id
        self.started.emit(run_id)
        self.runs_changed.emit()
        return run_id

    def tell(self, *events: Event) -> None:
        assert self.running is not None
        for event in events:
            self._histories[self.running].append(event)
            self.event.emit(self.running, event)

    def stop(self) -> None:
        self.stops += 1
        self.stopping = True

    def end(self, state: str, summary: RunSummary | None = None, message: Message | None = None) -> None:
        run_id, self.running, self.stopping = self.running, None, False
        assert run_id is not None
        self._records[run_id] = replace(self._records[run_id], state=state, summary=summary, message=message)
        if summary is not None:
            self.set_active(run_id)
        self.ended.emit(run_id)
        self.runs_changed.emit()

    def remove(self, run_id: str) -> None:
        del self._records[run_id]
        self._histories.pop(run_id, None)
        self.runs_changed.emit()
        if self.active == run_id:
            self.set_active(None)


class FakeSuggester(QObject):
    updated = Signal()
    progress = Signal(object)

    def __init__(self, session: FakeSession, score: Score | None = None, note: Message | None = None) -> None:
        super().__init__()
        self.session = session
        self.score, self.note = score, note
        self.model = self.instant = "minilm"
        self.asked: list[dict[str, object]] = []
        self.uses = {"class_names": True, "unlabelled": True}

    def use(self, **uses: bool) -> None:
        self.uses = uses

    def ask(
        self,
        texts: tuple[str, ...],
        done: Callable[[tuple[Answer, ...]], None],
        *,
        explain: bool = False,
        skip_row: int | None = None,
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
        model: str | None = None,
    ) -> int:
        self.asked.append(
            {
                "texts": texts,
                "done": done,
                "explain": explain,
                "model": model,
                "refused": refused,
                "dropped": dropped,
            }
        )
        return len(self.asked)

    def reply(self, *answers: Answer) -> None:
        """Answer the newest question."""
        self.asked[-1]["done"](answers)

    def refuse(self, message: Message, details: str = "") -> None:
        self.asked[-1]["refused"](message, details)


def score(value: float = 0.84, n: int = 25) -> Score:
    return Score(value, max(0.0, value - 0.13), min(1.0, value + 0.09), n)


def answer(first: int = 1, p: float = 0.93, classes: int = 5, nearest: bool = True) -> Answer:
    rest = (1 - p) / max(1, classes - 1)
    ids = tuple(range(1, classes + 1))
    return Answer(
        class_ids=ids,
        probabilities=tuple(p if class_id == first else rest for class_id in ids),
        nearest=(Neighbour(1, 1, 0.81), Neighbour(4, 4, 0.4)) if nearest else (),
        words=(WordWeight(14, 30, 0.5), WordWeight(31, 39, 0.2)),
    )


def recorded(steps: int = 21, planned: int = 30, tuning: int = 0) -> list[Event]:
    """The events of a run that is so far, with a curve that falls."""
    rng = np.random.default_rng(0)
    found: list[Event] = [Started("balanced", planned, 25, 5), Progress(Phase.ENCODING, 612, 612)]
    for step in range(steps + 1):
        loss = float(0.1 + 0.9 * np.exp(-step / 7) + rng.normal(0, 0.012))
        gap = 0.1 * (1 - float(np.exp(-step / 5)))
        found.append(StepEnd(Phase.CHECKING, step, planned, loss, loss + gap, 3.0))
        if step % 3 == 0:
            value = float(0.28 + 0.56 * (1 - np.exp(-step / 6)))
            found.append(Evaluated(step, score(value), best=True))
    found += [
        StepEnd(Phase.TUNING, step, planned, float(0.08 + 0.9 * np.exp(-step / 6)), None, 2.0)
        for step in range(tuning)
    ]
    return found


def held_out(classes: int, n: int, right: float = 0.8, seed: int = 0) -> HeldOut:
    rng = np.random.default_rng(seed)
    true = np.arange(n) % classes + 1
    wrong = rng.integers(1, classes + 1, n)
    predicted = np.where(rng.random(n) < right, true, wrong)
    return HeldOut(
        tuple(range(1, n + 1)),
        tuple(int(v) for v in true),
        tuple(int(v) for v in predicted),
        tuple(float(v) for v in rng.random(n)),
    )


def summary(value: float = 0.84, classes: int = 5, n: int = 25, **changes: object) -> RunSummary:
    made = RunSummary(
        preset="balanced",
        model="minilm",
        n_labelled=n,
        n_classes=classes,
        seconds=12.4,
        steps=30,
        best_step=21,
        accuracy=score(value, n),
        macro_f1=score(value - 0.02, n),
        mcc=0.79,
        per_class=tuple(
            ClassScore(i + 1, 0.9 - 0.05 * (i % 5), 0.8 + 0.03 * (i % 5), 0.85 - 0.01 * (i % 5), n // classes,
                       0.45 + 0.04 * (i % 5), 0.95)
            for i in range(classes)
        ),
        held_out=held_out(classes, n),
        notes=(Message.of("{n} more labels would probably add 3 to 7 points.", n=20),),
    )  # fmt: skip
    return replace(made, **changes)


def record(run_id: str, state: str = "finished", preset: Preset = Preset.BALANCED, **changes) -> RunRecord:
    values: dict[str, object] = {
        "created": "2026-11-23T14:05:00+00:00",
        "config": TrainConfig(preset=preset),
        "summary": summary() if state == "finished" else None,
        "message": None,
    }
    return RunRecord(id=run_id, state=state, **(values | changes))
