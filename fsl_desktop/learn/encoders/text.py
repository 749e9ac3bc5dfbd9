"""A pretrained text encoder: texts in, unit vectors out, and its upper layers to be trained."""

from __future__ import annotations

import copy
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.learn.encoders.families import walk_of
from fsl_desktop.learn.encoders.packing import Packed, batches
from fsl_desktop.learn.encoders.padded import encode_padded
from fsl_desktop.learn.encoders.walk import Drop, Upper, Walk, run
from fsl_desktop.learn.encoders.windows import Windows
from fsl_desktop.learn.models import loading
from fsl_desktop.learn.models.companions import copy_companions, link_or_copy
from fsl_desktop.learn.models.hardware import CPU, best_device, bfloat16_pays

TOKENS_PER_BATCH = 2048
"""About 0.2 s on two cores: small enough to stop within, large enough that more is no faster."""
_TOKENS_OF_CARD = 16 * TOKENS_PER_BATCH
"""A graphics card only pays with much to do at once."""

ProgressCall = Callable[[int, int], None]
CancelCall = Callable[[], bool]


class TextEncoder:
    """Safe to use from several threads: nothing is changed after construction."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        reading: loading.Reading,
        fingerprint: str,
        folder: Path,
        bfloat16: bool,
        device: torch.device = CPU,
    ) -> None:
        self._model = model  # float32 on the processor, what is saved and trained
        self._tokenizer = tokenizer
        self.reading = reading
        self.fingerprint = fingerprint
        self.folder = folder
        self.bfloat16 = bfloat16 and device == CPU
        self.device = device
        self._walk = walk_of(model)
        # A second copy in bfloat16 spares a cast of every weight in every batch. The table of the words is
        # most of a multilingual model and is only looked up, so it is not copied.
        part = model if self._walk is None else self._walk.layers()
        self._fast = part
        if self.bfloat16 or device != CPU:
            self._fast = copy.deepcopy(part).to(device, torch.bfloat16 if self.bfloat16 else None)
        self._tuned = False
        marks = tokenizer.encode("a").special_tokens_mask
        self._head = marks.index(0) if 0 in marks else 0
        self._tail = marks[::-1].index(0) if 0 in marks else 0

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        max_tokens: int | None = None,
        precision: str = "auto",
        reading: loading.Reading | None = None,
        device: torch.device | None = None,
    ) -> TextEncoder:
        """The encoder in ``folder``; ``precision`` is "auto", "float32" or "bfloat16". Raises ``UserError``.

        It runs on the ``best_device`` unless another is given; what goes in and comes out is not there.

        How it reads (pooling, prefix, length) is what the folder says, unless ``reading`` is given.
        """
        folder = Path(folder)
        model = loading.load_model(folder)
        reading = reading or loading.reading_of(folder, max_tokens)
        tokenizer = loading.load_tokenizer(folder)
        bfloat16 = bfloat16_pays() if precision == "auto" else precision == "bfloat16"
        fingerprint = loading.fingerprint(folder, reading)
        return cls(model, tokenizer, reading, fingerprint, folder, bfloat16, device or best_device())

    @property
    def dim(self) -> int:
        return int(self._model.config.hidden_size)

    @property
    def max_tokens(self) -> int:
        return self.reading.max_tokens

    @property
    def tunable(self) -> bool:
        """Whether the upper layers can be trained here."""
        return self._walk is not None

    def check_tunable(self) -> None:
        """Raise ``UserError`` where the upper layers cannot be trained."""
        if not self.tunable:
            raise UserError(
                "This model's layers cannot be trained here. Choose the preset Instant, or another model.",
                details=f"{self.folder}: {self._model.config.model_type}",
            )

    def _tunable_walk(self) -> Walk:
        self.check_tunable()
        assert self._walk is not None
        return self._walk

    @property
    def n_layers(self) -> int:
        return len(self._walk.layers()) if self._walk is not None else 0

    def tokenize(self, texts: Sequence[str], max_tokens: int | None = None) -> list[list[int]]:
        """Token ids with the model's special tokens, cut to ``max_tokens`` (at most the model's limit)."""
        limit = min(max_tokens or self.max_tokens, self.max_tokens)
        tail = self._tail
        # A cut text keeps its closing mark.
        return [
            ids if len(ids) <= limit else [*ids[: limit - tail], *ids[len(ids) - tail :]]
            for ids in self._whole(texts)
        ]

    def _whole(self, texts: Sequence[str]) -> list[list[int]]:
        rows = self._tokenizer.encode_batch_fast([self.reading.prefix + text for text in texts])
        return [row.ids for row in rows]

    def is_long(self, text: str) -> bool:
        """Whether ``text`` is longer than the model reads at once, so that it is read in parts."""
        return len(self._whole([text])[0]) > self.max_tokens

    def windows(self, texts: Sequence[str]) -> Windows:
        """Token ids of ``texts``, long ones in several parts, none cut."""
        rows = self._whole(texts)
        prefix = 0
        long = next((row for row in rows if len(row) > self.max_tokens), None)
        if self.reading.prefix and long is not None:
            # What a long text has in common with an empty one: the prefix, whose end may melt into the text.
            alone = self._whole([""])[0]
            alike = next((n for n, (a, b) in enumerate(zip(alone, long, strict=False)) if a != b), len(alone))
            prefix = max(0, min(alike - self._head, self.max_tokens // 2))
        return Windows.of(rows, self._head, self._tail, prefix, self.max_tokens)

    def encode(
        self,
        texts: Sequence[str],
        *,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> NDArray[np.float32]:
        """L2-normalised embeddings (n, d) in the order of ``texts``; ``Stopped`` when cancelled.

        A text longer than the model reads at once is read in parts, whose vectors are averaged by their
        tokens.
        """
        windows = self.windows(texts)
        ids = windows.ids
        out = np.zeros((len(ids), self.dim), dtype=np.float32)
        done = 0
        for batch in self._batches(ids):
            if cancelled is not None and cancelled():
                raise Stopped
            with torch.inference_mode():
                out[batch] = self._encode_batch([ids[index] for index in batch]).cpu().numpy()
            done += len(batch)
            if progress is not None:
                progress(done * len(texts) // len(ids), len(texts))
        return windows.pool(out, len(texts))

    def _encode_batch(self, ids: list[list[int]]) -> Tensor:
        if self._walk is None:
            return encode_padded(self._fast, ids, self.reading.pooling)
        packed = Packed.of([len(row) for row in ids])
        hidden = self._lower(self._walk, ids, packed, self.n_layers)
        return packed.pool(self._walk.finish(hidden), self.reading.pooling)

    def _batches(self, ids: Sequence[Sequence[int]]) -> Iterator[NDArray[np.int64]]:
        most = TOKENS_PER_BATCH if self.device == CPU else _TOKENS_OF_CARD
        return batches(np.array([len(row) for row in ids], dtype=np.int64), most)

    def _lower(self, walk: Walk, ids: list[list[int]], packed: Packed, layer: int) -> Tensor:
        # The table of the words stays where it is: what is looked up in it is small.
        hidden = walk.embed(_flat(ids, packed), packed).to(self.device)
        if self.bfloat16:
            hidden = hidden.to(torch.bfloat16)
        return run(walk, self._fast[:layer], hidden, packed)

    def lower(
        self,
        texts: Sequence[str],
        layer: int,
        *,
        max_tokens: int | None = None,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> list[Tensor]:
        """Hidden states after ``layer`` layers, one float32 tensor (length, d) per text, without gradient.

        Meant for training: texts are cut to ``max_tokens``.
        """
        walk = self._tunable_walk()
        ids = self.tokenize(texts, max_tokens)
        out: list[Tensor] = [torch.empty(0)] * len(ids)
        done = 0
        for batch in self._batches(ids):
            if cancelled is not None and cancelled():
                raise Stopped
            rows = [ids[index] for index in batch]
            packed = Packed.of([len(row) for row in rows])
            with torch.no_grad():
                hidden = self._lower(walk, rows, packed, layer).float().cpu()
            for index, part in zip(batch, packed.split(hidden), strict=True):
                out[int(index)] = part
            done += len(batch)
            if progress is not None:
                progress(done, len(texts))
        return out

    def upper(self, layer: int) -> Upper:
        """A float32 copy of the layers from ``layer`` on, ready to be trained."""
        walk = self._tunable_walk()
        layers = Upper((copy.deepcopy(part) for part in walk.layers()[layer:]), walk)
        return layers.to(self.device).requires_grad_(True)

    def with_upper(self, layers: nn.ModuleList) -> TextEncoder:
        """This encoder with other upper layers; embeddings and lower layers are shared, not copied."""
        walk = self._tunable_walk()
        layers = layers.to(CPU)
        kept = list(walk.layers())[: self.n_layers - len(layers)]
        model = _with(self._model, walk.path, nn.ModuleList([*kept, *layers]))
        layers.requires_grad_(False)
        digest = hashlib.sha256(self.fingerprint.encode())
        for parameter in layers.parameters():
            digest.update(parameter.numpy().tobytes())
        fingerprint = digest.hexdigest()[:24]
        tuned = TextEncoder(
            model.eval(), self._tokenizer, self.reading, fingerprint, self.folder, self.bfloat16, self.device
        )
        tuned._tuned = True
        return tuned

    def save(self, folder: Path) -> None:
        """Write the encoder into ``folder`` so that ``AutoModel.from_pretrained`` reads it."""
        if self._tuned:
            self._model.save_pretrained(str(folder), safe_serialization=True)
            # It is written for its owner alone; the model is to be shared like any other file.
            shutil.copymode(folder / "config.json", folder / loading.WEIGHTS)
        else:
            link_or_copy(self.folder / loading.WEIGHTS, folder / loading.WEIGHTS)
        copy_companions(self.folder, folder)


def embed_packed(
    layers: nn.ModuleList, parts: Sequence[Tensor], pooling: str, drop: Drop | None = None
) -> Tensor:
    """Vectors (n, d) from lower hidden states through ``layers``, where these are; differentiable."""
    if not isinstance(layers, Upper) or layers.walk is None:
        raise TypeError("layers that TextEncoder.upper gave know the way through them; these do not")
    packed = Packed.of([len(part) for part in parts])
    below = packed.concatenate(parts)
    first = next(layers.parameters(), below)
    hidden = run(layers.walk, layers, below.to(first.device), packed, drop)
    return packed.pool(layers.walk.finish(hidden), pooling)


def _with(module: Any, path: tuple[str, ...], layers: nn.ModuleList) -> Any:
    """``module`` with other ``layers`` at ``path``; all else is shared."""
    twin = copy.copy(module)
    # Modules keep their children in a dict of their own; a shallow copy would share it.
    twin._modules = dict(module._modules)
    setattr(twin, path[0], _with(getattr(module, path[0]), path[1:], layers) if path[1:] else layers)
    return twin


def _flat(ids: list[list[int]], packed: Packed) -> Tensor:
    return torch.tensor([token for index in packed.order for token in ids[index]])
