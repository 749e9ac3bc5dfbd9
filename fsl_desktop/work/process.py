"""The window's end of the child process: starting, talking, ending. No Qt, and never a wait on a pipe."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess

from fsl_desktop.core.events import Progress
from fsl_desktop.work.child import child_main
from fsl_desktop.work.jobs import ChildOptions
from fsl_desktop.work.protocol import FromChild, Request, Shutdown, Told

log = logging.getLogger(__name__)


class ChildProcess:
    """One child. Two threads do the reading and writing, because either end of a pipe can block."""

    def __init__(self, options: ChildOptions) -> None:
        """Start the process; raises ``OSError`` where there is no memory or no process to be had."""
        self.inbox: deque[FromChild] = deque()
        """What the child said, in order; the window takes from the left."""
        self.ended = False
        """The child's end of the pipe is closed; nothing more will come into ``inbox``."""
        self._outgoing: queue.SimpleQueue[tuple[int, Request] | None] = queue.SimpleQueue()
        self._newest_progress: dict[int, FromChild] = {}
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        # daemon: at the interpreter's end multiprocessing terminates it instead of waiting for it.
        self._process: SpawnProcess = context.Process(
            target=child_main, args=(theirs, options), name="fsl-child", daemon=True
        )
        try:
            self._process.start()
        except BaseException:
            self._connection.close()
            raise
        finally:
            theirs.close()  # or the end of the child would never be seen here
        self._threads = (
            threading.Thread(target=self._read, name="child-reader", daemon=True),
            threading.Thread(target=self._write, name="child-writer", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def exit_code(self) -> int | None:
        """``None`` while the process lives; negative: the signal that ended it."""
        return self._process.exitcode

    def send(self, ticket: int, request: Request) -> None:
        self._outgoing.put((ticket, request))

    def stale(self, message: FromChild) -> bool:
        """A progress that a newer one of the same ticket in ``inbox`` has overtaken."""
        return (
            isinstance(message, Told)
            and isinstance(message.event, Progress)
            and self._newest_progress.get(message.ticket) is not message
        )

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def close(self, seconds: float = 1.0) -> None:
        """Ask, wait up to ``seconds``, terminate, kill; afterwards neither process nor thread is left."""
        if self._connection.closed:
            return
        self.send(0, Shutdown())
        self._process.join(seconds)
        if self._process.exitcode is None:
            self._process.terminate()
            self._process.join(seconds / 2)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join(2.0)
        self._outgoing.put(None)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(1.0)
        self._connection.close()
        if self._process.exitcode is not None:
            self._process.close()

    def _read(self) -> None:
        while True:
            try:
                batch: tuple[FromChild, ...] = self._connection.recv()
            except (EOFError, OSError):
                break
            except Exception:
                log.exception("a message of the child could not be read")
                continue
            for message in batch:
                if isinstance(message, Told) and isinstance(message.event, Progress):
                    self._newest_progress[message.ticket] = message
            self.inbox.extend(batch)
        self.ended = True

    def _write(self) -> None:
        while (item := self._outgoing.get()) is not None:
            try:
                self._connection.send(item)
            except OSError:
                return  # the reader sees the end too
            except Exception:
                log.exception("a request could not be sent")
