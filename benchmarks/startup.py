"""Seconds from starting the process to the painted window, beside importing torch and transformers.

    python benchmarks/startup.py [--runs 10]

Both are started in turn in the same run, so that the machine's mood meets both. The window's figure
is measured from outside: from the start of the process to the line that it prints after its first
paint. The memory is the resident set of the window's process at that moment.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time


def seconds_to_window(home: str) -> tuple[float, float]:
    """(seconds to the first paint, resident megabytes of the window's process)."""
    env = {**os.environ, "FSL_DESKTOP_HOME": home}
    env.setdefault("QT_QPA_PLATFORM", "offscreen")
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "fsl_desktop", "--quit-after-paint"],
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("painted"):
            taken = time.perf_counter() - start
            megabytes = float(line.split()[1])
            break
    else:
        raise SystemExit("the window never painted")
    process.wait(timeout=30)
    return taken, megabytes


def seconds_to_torch() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch, transformers"], check=True)
    return time.perf_counter() - start


def spread(values: list[float]) -> str:
    return f"median {statistics.median(values):.2f}, {min(values):.2f} to {max(values):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    windows, memory, peers = [], [], []
    with tempfile.TemporaryDirectory() as home:
        seconds_to_window(home)  # warm: files in the disk cache, byte code written
        seconds_to_torch()
        for _ in range(runs):
            taken, megabytes = seconds_to_window(home)
            windows.append(taken)
            memory.append(megabytes)
            peers.append(seconds_to_torch())
    ratio = statistics.median(w / p for w, p in zip(windows, peers, strict=True))
    print(f"window painted      s   {spread(windows)}  ({runs} runs)")
    print(f"import torch, transformers  s   {spread(peers)}")
    print(f"window / import     median of pairs {ratio:.2f}")
    print(f"resident            MB  {spread(memory)}")


if __name__ == "__main__":
    main()
