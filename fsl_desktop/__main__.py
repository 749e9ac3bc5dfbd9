"""The one way in: the window without arguments, a command otherwise."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Exit status: 0, or 2 with one sentence on standard error."""
    # First of all: a frozen program starts its child by running itself again.
    multiprocessing.freeze_support()
    from fsl_desktop.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
