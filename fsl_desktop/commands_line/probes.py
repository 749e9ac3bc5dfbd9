"""Questions that are put to a process of its own, because asking may crash or cost a second."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

Facts = dict[str, str]


def ask_child(probe: Callable[[], Facts], *, seconds: float) -> Facts | str:
    """What ``probe`` found, or why it could not be asked. ``probe`` is a function of a module."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, probe), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            return f"no answer within {seconds:.0f} s"
        answer: Facts | str = ours.recv()
    except EOFError:
        process.join(5)
        return f"it crashed (status {process.exitcode})"
    finally:
        ours.close()
        process.join(2)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()
    return answer


def _answer(connection: Connection, probe: Callable[[], Facts]) -> None:
    try:
        answer: Facts | str = probe()
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    connection.send(answer)
    connection.close()


def probe_qt() -> Facts:
    """Start Qt as the window would; a missing plugin ends this process, and only this one."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import qVersion
    from PySide6.QtWidgets import QApplication

    QApplication([])
    return {"qt": qVersion()}


def probe_torch() -> Facts:
    """What the engine can use here."""
    import torch

    from fsl_desktop.learn.models.hardware import best_device, bfloat16_pays

    device = best_device().type
    gpu = torch.cuda.get_device_name(0) if device == "cuda" else "Apple GPU" if device == "mps" else ""
    return {
        "torch": torch.__version__,
        "threads": str(torch.get_num_threads()),
        "gpu": gpu,
        "bfloat16": "yes" if bfloat16_pays() else "no",
    }
