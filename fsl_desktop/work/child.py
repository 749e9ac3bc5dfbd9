"""The child process: reads requests from the pipe, does them in lanes, and dies with the window.

Nothing heavy is imported here; the handler module imports torch in a thread while files can
already be read.
"""

from __future__ import annotations

import faulthandler
import importlib
import logging
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import NoReturn, TextIO

from fsl_desktop.core.errors import Stopped
from fsl_desktop.work.failures import explain
from fsl_desktop.work.jobs import ChildOptions, Handlers, Job
from fsl_desktop.work.lanes import Lanes
from fsl_desktop.work.outbox import Outbox
from fsl_desktop.work.protocol import Cancel, Dropped, Refused, Reply, Shutdown

log = logging.getLogger(__name__)

# The window must be able to count on the child being gone 2 s after itself.
STOP_SECONDS = 1.5
LAST_RESORT_SECONDS = 1.9
MAX_LOG_BYTES = 1_000_000


def child_main(connection: Connection, options: ChildOptions) -> None:
    """Entry function of the child process; returns never, the process exits.

    The pipe carries ``(ticket, Request)`` one way and ``tuple[FromChild, ...]`` the other. A
    ``Refused`` with ticket 0 says why the child cannot start.
    """
    _lower_priority()  # before any thread: on Linux a thread inherits it when it is made
    _mend_streams()
    # Ctrl+C in a terminal reaches both processes; the window decides, and the pipe tells.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log_file = _open_log(options.log_folder) or open(os.devnull, "w")  # noqa: SIM115
    outbox = Outbox(connection.send)
    try:
        module = importlib.import_module(options.handlers)
        handlers: Handlers = module.build()
    except BaseException as error:
        _give_up(error, outbox)
    child = _Child(connection, outbox, handlers)
    child.serve()
    # A thread of C exits for us whatever hangs, and writes down what it was.
    faulthandler.dump_traceback_later(LAST_RESORT_SECONDS, exit=True, file=log_file)
    child.stop()
    logging.shutdown()
    # Not through the interpreter's end: torch and its friends may crash or hang there beside threads.
    os._exit(0)


class _Child:
    def __init__(self, connection: Connection, outbox: Outbox, handlers: Handlers) -> None:
        self._connection = connection
        self._outbox = outbox
        self._handlers = handlers
        self._lanes = Lanes(self._run, self._drop, handlers.after_prepare)

    def serve(self) -> None:
        """Read requests until the window says ``Shutdown`` or is gone."""
        threading.Thread(target=self._prepare, name="prepare", daemon=True).start()
        while True:
            try:
                ticket, request = self._connection.recv()
            except (EOFError, OSError):
                break
            except Exception:
                log.exception("a request could not be read")
                continue
            if isinstance(request, Shutdown):
                break
            if isinstance(request, Cancel):
                self._lanes.cancel(request.ticket)
            else:
                self._lanes.put(Job(ticket, request, self._outbox))

    def stop(self) -> None:
        """Stop every job, and send what is still to be said."""
        if self._lanes.stop(STOP_SECONDS):
            self._outbox.close(0.2)

    def _prepare(self) -> None:
        try:
            ready = self._handlers.prepare()
        except BaseException as error:
            _give_up(error, self._outbox)
        self._outbox.post(ready)
        try:
            # Before the lanes open: whoever came first would do the same, and two threads that import
            # the same packages from different ends can see half of a module.
            self._handlers.warm()
        except Exception:
            log.exception("warming failed")  # whoever needs the model is told why
        self._lanes.prepared()

    def _drop(self, job: Job) -> None:
        self._outbox.post(Dropped(job.ticket))

    def _run(self, job: Job) -> None:
        try:
            result = self._handlers.table[type(job.request)](job.request, job)
        except Stopped:
            self._drop(job)
        except BaseException as error:  # the lane must live on, whatever happened
            message, details = explain(error)
            log.error("%s: %s\n%s", type(job.request).__name__, message.text, details)
            self._outbox.post(Refused(job.ticket, message, details))
        else:
            self._outbox.post(Reply(job.ticket, result))


def _give_up(error: BaseException, outbox: Outbox) -> NoReturn:
    """Say why there is no starting, and exit."""
    message, details = explain(error)
    log.critical("the child cannot start: %s\n%s", message.text, details)
    outbox.post(Refused(0, message, details))
    outbox.close(1.0)
    os._exit(3)


def _lower_priority() -> None:
    """A little below the window, so that it stays smooth while a model learns."""
    try:
        if sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.GetCurrentProcess.restype = ctypes.c_void_p
            kernel.SetPriorityClass.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), 0x4000)  # BELOW_NORMAL_PRIORITY_CLASS
        else:
            os.nice(5)
    except (OSError, AttributeError):
        pass  # a wish, not a need


def _mend_streams() -> None:
    """A windowed program on Windows has no stdout and stderr; libraries write to them all the same."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for good


def _open_log(folder: str) -> TextIO | None:
    """``child.log``, the one before it kept as ``child.log.1``; no log where none can be written."""
    try:
        if not folder:
            from fsl_desktop.core.paths import log_dir

            folder = str(log_dir())
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "child.log")
        if os.path.exists(path) and os.path.getsize(path) > MAX_LOG_BYTES:
            os.replace(path, path + ".1")
        stream = open(path, "a", encoding="utf-8")  # noqa: SIM115 - as long as the process
    except OSError:
        return None
    logging.raiseExceptions = False  # a full disk must not fill the terminal with tracebacks of logging
    logging.basicConfig(stream=stream, level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    faulthandler.enable(stream)
    return stream
