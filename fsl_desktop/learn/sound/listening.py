"""Clips are heard for a run: with frozen encoders, and below the layers that are to be tuned."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fsl_desktop.core.events import Event, Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.mix import MOST_POOL
from fsl_desktop.learn.sound.augment import Guises, Lower, noisy
from fsl_desktop.learn.sound.clips import Clip, Trouble, read_clips
from fsl_desktop.learn.sound.ears import Ears, RecallingEars, TunableEars

_CHUNK = 32
"""Clips that are in memory at once: 10 MB."""
_TOLD = 3
"""Clips that are named one by one when they cannot be read."""


@dataclass(slots=True, eq=False)
class HeardClips:
    """Clips that could be read: their places, their blocks, and what is wrong with the others."""

    places: list[int] = field(default_factory=list)
    blocks: list[Matrix] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    samples: int = 0
    """Of all of them together."""


def hear(
    ears: Ears, clips: Sequence[Clip], done: int, total: int, cancelled: CancelCall
) -> Generator[Event, None, HeardClips]:
    """The blocks of ``clips``, of which ``total`` are to be heard and ``done`` were; ``Stopped``."""
    heard, parts = HeardClips(), list[list[Matrix]]()
    keys = [clip.key() for clip in clips]
    if isinstance(ears, RecallingEars):
        had = ears.recall(keys)
        heard.places, heard.samples = list(had.places), sum(had.lengths)
        if had.places:
            parts.append(had.blocks)
            yield Progress(Phase.ENCODING, done + len(had.places), total)
    known = set(heard.places)
    left = [place for place in range(len(clips)) if place not in known]
    for start in range(0, len(left), _CHUNK):
        asked = left[start : start + _CHUNK]
        good, samples, bad = read_clips([clips[place] for place in asked], cancelled=cancelled)
        heard.places += [asked[at] for at in good]
        heard.troubles += [replace(one, place=asked[one.place]) for one in bad]
        heard.samples += sum(len(one) for one in samples)
        if samples:
            parts.append(ears.blocks(samples, cancelled=cancelled))
        if isinstance(ears, RecallingEars):
            ears.remember([keys[asked[at]] for at in good], samples)
        yield Progress(Phase.ENCODING, done + len(known) + start + len(asked), total)
    order = np.argsort(heard.places)
    heard.places = [heard.places[at] for at in order]
    heard.blocks = [np.concatenate(one)[order] for one in zip(*parts, strict=True)]
    return heard


def hear_below(
    ears: TunableEars, clips: Sequence[Clip], models: Sequence[str], seed: int, cancelled: CancelCall
) -> Generator[Event, None, list[list[Lower]]]:
    """Each clip, which can be read, below the layers of ``models`` that are tuned: itself, and in other
    guises. ``Stopped``."""
    chance, copies = np.random.default_rng(seed), Guises().copies
    found: list[list[Lower]] = []
    for start in range(0, len(clips), _CHUNK):
        part = clips[start : start + _CHUNK]
        _, samples, _ = read_clips(part, cancelled=cancelled)
        versions = [samples, *([noisy(one, chance) for one in samples] for _ in range(copies))]
        below = [ears.lower(one, models, cancelled=cancelled) for one in versions]
        found += [list(one) for one in zip(*below, strict=True)]
        yield Progress(Phase.ENCODING, start + len(part), len(clips))
    return found


def sample(clips: Sequence[Clip], seed: int) -> list[Clip]:
    """As many of the clips without a label as take part."""
    chosen = np.random.default_rng(seed).permutation(len(clips))[:MOST_POOL]
    return [clips[place] for place in chosen]


def about(troubles: list[Trouble]) -> list[Message]:
    """What to say of clips that cannot be read."""
    told = [trouble.message for trouble in troubles[:_TOLD]]
    if len(troubles) > _TOLD:
        told.append(Message.of("{n} more clips could not be read.", n=len(troubles) - _TOLD))
    return told
