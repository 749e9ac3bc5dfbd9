"""The lanes of the child: jobs of one lane wait for each other, lanes run side by side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import LANES, Lane, Request, Suggest


class Lanes:
    """One thread per lane.

    ``run`` does a job in its lane's thread and must not raise; ``drop`` is told of jobs that ended
    without having begun. Requests in ``after_prepare`` wait until :meth:`prepared`.
    """

    def __init__(
        self,
        run: Callable[[Job], None],
        drop: Callable[[Job], None],
        after_prepare: frozenset[type[Request]] = frozenset(),
    ) -> None:
        self._drop = drop
        self._lanes = {lane: _LaneThread(lane, run, after_prepare) for lane in Lane}

    def put(self, job: Job) -> None:
        """Queue a job; a waiting ``Suggest`` of the same project is replaced by a newer one."""
        replaced = self._lanes[LANES.get(type(job.request), Lane.QUICK)].put(job)
        for old in replaced:
            self._drop(old)

    def cancel(self, ticket: int) -> None:
        """Ask a job to stop; one that has not begun is dropped at once. An unknown ticket is ignored."""
        for lane in self._lanes.values():
            job = lane.cancel(ticket)
            if job is not None:
                self._drop(job)

    def prepared(self) -> None:
        for lane in self._lanes.values():
            lane.prepared()

    def stop(self, timeout: float) -> bool:
        """Cancel everything and wait; True if every lane ended within ``timeout`` seconds."""
        for lane in self._lanes.values():
            lane.stop()
        until = time.monotonic() + timeout
        return all(lane.join(until - time.monotonic()) for lane in self._lanes.values())


class _LaneThread:
    def __init__(self, lane: Lane, run: Callable[[Job], None], held: frozenset[type[Request]]) -> None:
        self._run_job = run
        self._held = held
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._running: Job | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=f"lane-{lane}", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> list[Job]:
        """Queue ``job``; the jobs that it replaces come back."""
        with self._changed:
            replaced = [old for old in self._waiting if _replaces(job.request, old.request)]
            self._waiting = [old for old in self._waiting if old not in replaced]
            self._waiting.append(job)
            self._changed.notify()
        return replaced

    def cancel(self, ticket: int) -> Job | None:
        """The job if it was still waiting (it is forgotten); a running one is only asked to stop."""
        with self._changed:
            if self._running is not None and self._running.ticket == ticket:
                self._running.cancel()
                return None
            job = next((job for job in self._waiting if job.ticket == ticket), None)
            if job is not None:
                self._waiting.remove(job)
            return job

    def prepared(self) -> None:
        with self._changed:
            self._held = frozenset()
            self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            if self._running is not None:
                self._running.cancel()
            self._changed.notify()

    def join(self, timeout: float) -> bool:
        self._thread.join(max(0.0, timeout))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopped and (job := self._next()) is None:
                    self._changed.wait()
                if self._stopped or job is None:
                    return
                self._waiting.remove(job)
                self._running = job
            self._run_job(job)
            with self._changed:
                self._running = None

    def _next(self) -> Job | None:
        return next((job for job in self._waiting if type(job.request) not in self._held), None)


def _replaces(new: Request, old: Request) -> bool:
    return isinstance(new, Suggest) and isinstance(old, Suggest) and new.project == old.project
