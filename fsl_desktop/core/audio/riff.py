"""What the header of a WAV file claims, which its library forgets once the file turns out shorter."""

from __future__ import annotations

from typing import BinaryIO

_UNKNOWN = (0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
"""Sizes that programs write who cannot go back to the header: no claim at all."""
_MAX_CHUNKS = 1000


def missing_share(file: BinaryIO, size: int) -> float:
    """The share of a WAV file's sound that its header promises and the file does not hold, 0..1.

    0 for everything that is no RIFF file. Moves the file's position; raises ``OSError`` alone.
    """
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return 0.0
    place = 12
    for _ in range(_MAX_CHUNKS):
        file.seek(place)
        chunk = file.read(8)
        if len(chunk) < 8:
            break
        length = int.from_bytes(chunk[4:], "little")
        place += 8
        if chunk[:4] == b"data":
            there = size - place
            # An odd byte of padding is left out by many programs.
            return 1 - there / length if length not in _UNKNOWN and length > there + 1 else 0.0
        place += length + length % 2
    return 0.0
