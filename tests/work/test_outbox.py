"""What leaves the child: in order, thinned, and never lost."""

from __future__ import annotations

import threading

from fsl_desktop.core.events import Phase, Progress, StepEnd
from fsl_desktop.work.outbox import Outbox
from fsl_desktop.work.protocol import Dropped, FromChild, Refused, Reply, Told


def step(n: int) -> StepEnd:
    return StepEnd(Phase.TUNING, n, 10, train_loss=0.5)


def progress(n: int) -> Progress:
    return Progress(Phase.TUNING, n, 10)


class Pipe:
    def __init__(self) -> None:
        self.batches: list[tuple[FromChild, ...]] = []
        self.first = threading.Event()

    def __call__(self, batch: tuple[FromChild, ...]) -> None:
        self.batches.append(batch)
        self.first.set()

    @property
    def messages(self) -> list[FromChild]:
        return [message for batch in self.batches for message in batch]


def test_events_that_come_close_together_leave_together() -> None:
    pipe = Pipe()
    outbox = Outbox(pipe, interval=60)
    outbox.tell(1, step(0))
    assert pipe.first.wait(5), "the first event does not wait"
    for n in range(1, 10):
        outbox.tell(1, progress(n))
        outbox.tell(1, step(n))
        outbox.tell(2, progress(n))
    outbox.post(Reply(1, None))
    outbox.close(5)
    assert len(pipe.batches) == 2
    assert pipe.batches[1] == (
        *(Told(1, step(n)) for n in range(1, 9)),
        Told(1, progress(9)),
        Told(1, step(9)),
        Told(2, progress(9)),
        Reply(1, None),
    )


def test_an_end_is_sent_at_once() -> None:
    pipe = Pipe()
    outbox = Outbox(pipe, interval=60)
    outbox.post(Dropped(1))
    assert pipe.first.wait(5)
    outbox.close(5)
    assert pipe.messages == [Dropped(1)]


def test_a_result_that_cannot_be_sent_is_refused_and_its_neighbours_arrive() -> None:
    pipe = Pipe()

    def send(batch: tuple[FromChild, ...]) -> None:
        if Reply(2, None) in batch:
            raise TypeError("cannot pickle")
        pipe(batch)

    outbox = Outbox(send, interval=60)
    outbox.tell(9, step(0))
    assert pipe.first.wait(5)
    outbox.tell(1, step(1))
    outbox.post(Reply(2, None))
    outbox.close(5)
    told, refused = pipe.messages[1:]
    assert told == Told(1, step(1))
    assert isinstance(refused, Refused)
    assert refused.ticket == 2


def test_a_window_that_is_gone_ends_the_thread() -> None:
    def send(_: tuple[FromChild, ...]) -> None:
        raise BrokenPipeError

    outbox = Outbox(send)
    outbox.post(Dropped(1))
    outbox._thread.join(5)
    assert not outbox._thread.is_alive()
