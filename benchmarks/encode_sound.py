"""Seconds of sound that each encoder hears in a second, on one thread.

    python benchmarks/encode_sound.py [--seconds 1 5] [--clips 24] [--rounds 3]

The clips are noise: how fast an encoder is does not depend on what it hears. Prints milliseconds of the
processor's own time per second of audio (the best of the rounds; other work on the machine disturbs it
little) and the same of the clock, for whole clips through ``SoundEncoders.blocks`` without a cache.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import torch

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.sound.blocks import SoundEncoders
from fsl_desktop.learn.sound.listeners import LISTENERS

AIMS = {"yamnet": 6.0, "whisper-base": 21.0, "speaker": 4.0}
"""ms per second of audio."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", nargs="+", type=float, default=[1.0, 5.0], help="lengths of the clips")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    chance = np.random.default_rng(1)
    print("model           clip     ms/s   aim  ms/s by the clock  seconds heard per second")
    for model in LISTENERS:
        try:
            encoders = SoundEncoders.installed(Catalogue.load(), [model])
        except UserError as error:
            print(error.message.text, file=sys.stderr)
            continue
        for length in options.seconds:
            size = int(length * 16_000)
            clips = [chance.normal(0, 0.1, size).astype(np.float32) for _ in range(options.clips)]
            heard = options.clips * length
            encoders.blocks(clips[:4])
            own, clock = [], []
            for _ in range(options.rounds):
                began, started = time.process_time(), time.perf_counter()
                encoders.blocks(clips)
                own.append(1000 * (time.process_time() - began) / heard)
                clock.append(1000 * (time.perf_counter() - started) / heard)
            best = min(own)
            print(
                f"{model:<14}{length:5.1f} s {best:8.1f} {AIMS[model]:5.0f} {min(clock):18.1f}"
                f" {1000 / min(clock):25.0f}"
            )


if __name__ == "__main__":
    main()
