"""Clips in, blocks of numbers out: several frozen encoders as one, with what they heard kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fsl_desktop.core.audio.info import HEARD_SECONDS
from fsl_desktop.core.catalogue import AUDIO, Catalogue
from fsl_desktop.core.errors import Stopped
from fsl_desktop.learn.encoders.mel import RATE, WINDOW
from fsl_desktop.learn.models.companions import copy_companions, link_or_copy
from fsl_desktop.learn.models.loading import WEIGHTS, file_sha256
from fsl_desktop.learn.sound.augment import Lower
from fsl_desktop.learn.sound.clips import ClipKey, Samples
from fsl_desktop.learn.sound.ears import Cancelled, Progress, Recalled
from fsl_desktop.learn.sound.listeners import LISTENERS, Tunable, YamnetListener
from fsl_desktop.learn.sound.upper import Upper
from fsl_desktop.learn.vector_store import VectorStore

PEAK = 0.8
"""Every clip is brought to it, so that loudness never decides."""
MAX_ENTRIES = 60_000
"""Clips that are remembered: some 800 MB."""
_BATCH = 12 * RATE
"""Samples heard at once: small enough to stop within, large enough that more is no faster."""
_SILENCE = 1e-9
_READING = "blocks-1"
"""A change of how clips are heard has to change this word."""


class BlockCache:
    """What was heard of a clip, by encoder and content; damage costs time and nothing else.

    Numbers are kept as float16. Fresh ones are rounded in the same way, so that a run does not depend on
    what was in the cache.
    """

    def __init__(self, folder: Path, *, max_entries: int = MAX_ENTRIES) -> None:
        self.store = VectorStore(Path(folder) / "sound_blocks.db", max_entries)
        self.contents: dict[ClipKey, tuple[bytes, int]] = {}
        """Of clips that were read since the program started: content and samples. Small: never dropped."""

    def close(self) -> None:
        self.store.close()


class SoundEncoders:
    """One or more frozen encoders, as :class:`~fsl_desktop.learn.sound.ears.Ears` wants them. Safe to use
    from several threads."""

    def __init__(self, folders: Mapping[str, Path], cache: BlockCache | None = None) -> None:
        """``folders``: catalogue id -> model folder, at least one. Raises ``UserError``."""
        self.models = tuple(model for model in LISTENERS if model in folders)
        if not self.models or len(self.models) != len(folders):
            raise ValueError(f"no sound encoders: {sorted(folders)}")
        self._folders = {model: Path(folders[model]) for model in self.models}
        self._listeners = {model: LISTENERS[model](folder) for model, folder in self._folders.items()}
        self._fingerprints = {
            model: f"{_READING} {model} {file_sha256(folder / WEIGHTS)}".encode()
            for model, folder in self._folders.items()
        }
        self._cache = cache

    @classmethod
    def installed(
        cls,
        catalogue: Catalogue,
        models: Sequence[str] = tuple(LISTENERS),
        cache: BlockCache | None = None,
    ) -> SoundEncoders:
        """Those ``models`` of the catalogue; ``UserError`` with the fix where one is not installed."""
        return cls({model: catalogue.resolve(model, AUDIO) for model in models}, cache)

    @classmethod
    def saved(cls, folder: Path, models: Sequence[str], cache: BlockCache | None = None) -> SoundEncoders:
        """What :meth:`save` wrote. Raises ``UserError``."""
        return cls({model: folder / model for model in models}, cache)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the blocks, in order: Y, Y16, W45, W2 and R of all encoders."""
        return tuple(name for one in self._listeners.values() for name, _ in one.blocks)

    def blocks(
        self,
        samples: Sequence[Samples],
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> list[NDArray[np.float32]]:
        """The blocks, each (n, d_b), of mono clips at 16 kHz, of which the first 5 s are heard.

        ``Stopped`` when cancelled; what was heard until then is kept. Numbers that are none count as silence.
        """
        contents = [_content(clip) for clip in samples]
        found: dict[str, NDArray[np.float32]] = {}
        missing: dict[str, NDArray[np.bool_]] = {}
        for model in self.models:
            found[model], known = self._known(model, contents)
            missing[model] = ~known
        # A clip that is there twice is heard once; alike lengths together, or batches would be padded a lot.
        first: dict[bytes, int] = {}
        same: dict[int, list[int]] = {}
        waiting = np.any(list(missing.values()), axis=0) if len(samples) else np.zeros(0, np.bool_)
        for index in np.flatnonzero(waiting).tolist():
            same.setdefault(first.setdefault(contents[index], index), []).append(index)
        done = len(samples) - int(waiting.sum())
        for batch in _batches(sorted(same, key=lambda index: len(samples[index])), samples):
            if cancelled is not None and cancelled():
                raise Stopped
            self._hear(batch, samples, contents, same, found, missing)
            done += sum(len(same[index]) for index in batch)
            if progress is not None:
                progress(done, len(samples))
        return [part for model in self.models for part in self._split(model, found[model])]

    def recall(self, keys: Sequence[ClipKey | None]) -> Recalled:
        """What the cache has of clips whose files were read before and have not changed since."""
        contents = self._cache.contents if self._cache is not None else {}
        known = [(place, contents[key]) for place, key in enumerate(keys) if key in contents]
        parts = [self._known(model, [content for _, (content, _) in known]) for model in self.models]
        kept = np.flatnonzero(np.all([found for _, found in parts], axis=0))
        blocks = [
            block
            for model, (vectors, _) in zip(self.models, parts, strict=True)
            for block in self._split(model, vectors[kept])
        ]
        return Recalled([known[at][0] for at in kept], blocks, [known[at][1][1] for at in kept])

    def remember(self, keys: Sequence[ClipKey | None], samples: Sequence[Samples]) -> None:
        if self._cache is not None:
            for key, clip in zip(keys, samples, strict=True):
                if key is not None:
                    self._cache.contents[key] = (_content(clip), len(clip))

    def kinds(self) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32]]:
        """The kinds of sound that YAMNet was taught: their names (K), and its classifier, weights (K, 1024)
        and bias (K,)."""
        listener = self._listeners["yamnet"]
        assert isinstance(listener, YamnetListener)
        classifier = listener.encoder.classifier
        return (
            list(listener.encoder.names),
            classifier.weight.detach().numpy(),
            classifier.bias.detach().numpy(),
        )

    def tunable(self, models: Sequence[str] | None = None) -> tuple[str, ...]:
        """Those of ``models`` (all that are there) whose upper layers can be tuned."""
        return tuple(
            model
            for model in self.models
            if (models is None or model in models) and isinstance(self._listeners[model], Tunable)
        )

    def upper(self, models: Sequence[str]) -> Upper:
        """A copy of the upper layers of ``models``, which are among :meth:`tunable`."""
        return Upper([self._tunable(model).upper() for model in models])

    def lower(
        self, samples: Sequence[Samples], models: Sequence[str], *, cancelled: Cancelled | None = None
    ) -> list[Lower]:
        """What is below those layers, for each of the clips; ``Stopped`` when cancelled. As float16: whole
        projects of them are kept in memory."""
        found: dict[int, Lower] = {}
        order = sorted(range(len(samples)), key=lambda index: len(samples[index]))
        for batch in _batches(order, samples):
            if cancelled is not None and cancelled():
                raise Stopped
            clips = [heard(samples[index]) for index in batch]
            with torch.inference_mode():
                parts = [[one.half() for one in self._tunable(model).lower(clips)] for model in models]
            found.update(zip(batch, zip(*parts, strict=True), strict=True))
        return [found[index] for index in range(len(samples))]

    def _tunable(self, model: str) -> Tunable:
        listener = self._listeners[model]
        assert isinstance(listener, Tunable)
        return listener

    def _hear(
        self,
        batch: list[int],
        samples: Sequence[Samples],
        contents: Sequence[bytes],
        same: Mapping[int, list[int]],
        found: Mapping[str, NDArray[np.float32]],
        missing: Mapping[str, NDArray[np.bool_]],
    ) -> None:
        clips = {index: heard(samples[index]) for index in batch}
        for model in self.models:
            wanted = [index for index in batch if missing[model][index]]
            if not wanted:
                continue
            with torch.inference_mode():
                parts = self._listeners[model].hear([clips[index] for index in wanted])
            rows = torch.cat(parts, dim=1).numpy().astype(np.float16)
            for index, row in zip(wanted, rows, strict=True):
                found[model][same[index]] = row
            if self._cache is not None:
                self._cache.store.put([self._key(model, contents[index]) for index in wanted], rows)

    def _known(self, model: str, contents: Sequence[bytes]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        dim = sum(width for _, width in self._listeners[model].blocks)
        if self._cache is None:
            return np.zeros((len(contents), dim), np.float32), np.zeros(len(contents), np.bool_)
        return self._cache.store.get([self._key(model, content) for content in contents], dim)

    def _key(self, model: str, content: bytes) -> bytes:
        return hashlib.blake2b(self._fingerprints[model] + content, digest_size=16).digest()

    def _split(self, model: str, vectors: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        ends = np.cumsum([width for _, width in self._listeners[model].blocks])[:-1]
        return [np.ascontiguousarray(part) for part in np.split(vectors, ends, axis=1)]

    def save(self, folder: Path) -> None:
        """Write each encoder into a folder of its own in ``folder``; the weights cost no room on one disk."""
        for model, source in self._folders.items():
            (folder / model).mkdir(parents=True)
            link_or_copy(source / WEIGHTS, folder / model / WEIGHTS)
            copy_companions(source, folder / model)


def heard(clip: Samples) -> Tensor:
    """The first 5 s as float32 at a peak of 0.8, at least one window long; silence stays silence."""
    samples = np.nan_to_num(_beginning(clip).astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    peak = float(np.abs(samples).max(initial=0.0))
    if peak > _SILENCE:
        samples = samples * np.float32(PEAK / peak)
    return torch.from_numpy(np.pad(samples, (0, max(0, WINDOW - len(samples)))))


def _beginning(clip: Samples) -> Samples:
    return clip[: int(HEARD_SECONDS * RATE)]


def _content(clip: Samples) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(_beginning(clip)).tobytes(), digest_size=16).digest()


def _batches(order: Sequence[int], samples: Sequence[Samples]) -> list[list[int]]:
    """Clips in ``order`` of their lengths, so many at once that they are ``_BATCH`` samples with padding."""
    found: list[list[int]] = []
    for index in order:
        longest = max(RATE, len(_beginning(samples[index])))
        if not found or (len(found[-1]) + 1) * longest > _BATCH:
            found.append([])
        found[-1].append(index)
    return found
