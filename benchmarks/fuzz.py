"""Damaged files given to every reader and importer: what is read, what is refused, how long, how much memory.

    make bench-fuzz
    python benchmarks/fuzz.py [--files 2000] [--seed 1] [--only csv,xlsx] [--keep build/fuzz]

Each reader runs in a process of its own that may take a gigabyte more than its libraries do. Files that end
in anything but rows, numbered problems or one sentence, or that take more than five seconds, are kept and
make this end with status 1. The readers are those of ``tests/fuzz_readers.py``, the same as in the test.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fuzz_readers import READERS  # noqa: E402
from fuzz_run import fuzz  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="damaged files for every reader and importer")
    parser.add_argument("--files", type=int, default=2000, help="of each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="names of readers, with commas between")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz", help="where files that fail go")
    given = parser.parse_args()
    names = [name.strip() for name in given.only.split(",") if name.strip()] or list(READERS)
    heads = ("files", "read", "refused", "bad rows", "slowest", "peak", "in all")
    print(f"{'reader':18}" + "".join(f"{head:>10}" for head in heads))
    failed = 0
    for name in names:
        began = time.monotonic()
        report = fuzz([name], given.files, given.seed, given.keep)[name]
        seconds = time.monotonic() - began
        print(
            f"{name:18}{report.files:10}{report.whole:10}{report.refused:10}{report.bad_rows:10}"
            f"{report.slowest:8.2f} s{report.peak / 1e6:7.0f} MB{seconds:8.1f} s",
            flush=True,
        )
        for file, said in report.failures:
            failed += 1
            print(f"  FAILED {file}\n    " + said.strip().replace("\n", "\n    "))
    print("nothing failed" if not failed else f"failed: {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
