"""A pretrained text encoder: texts in, unit vectors out, and its upper layers to be trained."""

from __future__ import annotations

import copy
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.learn.encoders.bert import FAMILIES, Drop, embed_tokens, run_layers
from fsl_desktop.learn.encoders.packing import Packed, batches
from fsl_desktop.learn.encoders.padded import encode_padded
from fsl_desktop.learn.models import loading
from fsl_desktop.learn.models.hardware import bfloat16_pays

TOKENS_PER_BATCH = 2048
"""About 0.2 s on two cores: small enough to stop within, large enough that more is no faster."""

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
    ) -> None:
        self._model = model  # float32, what is saved and trained
        self._tokenizer = tokenizer
        self.reading = reading
        self.fingerprint = fingerprint
        self.folder = folder
        self.bfloat16 = bfloat16
        # A second copy in bfloat16 spares a cast of every weight in every batch.
        self._fast = copy.deepcopy(model).to(torch.bfloat16) if bfloat16 else model
        self._tuned = False
        tokenizer.enable_truncation(reading.max_tokens)

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        max_tokens: int | None = None,
        precision: str = "auto",
        reading: loading.Reading | None = None,
    ) -> TextEncoder:
        """The encoder in ``folder``; ``precision`` is "auto", "float32" or "bfloat16". Raises ``UserError``.

        How it reads (pooling, prefix, length) is what the folder says, unless ``reading`` is given.
        """
        folder = Path(folder)
        model = loading.load_model(folder)
        reading = reading or loading.reading_of(folder, max_tokens)
        tokenizer = loading.load_tokenizer(folder)
        bfloat16 = bfloat16_pays() if precision == "auto" else precision == "bfloat16"
        return cls(model, tokenizer, reading, loading.fingerprint(folder, reading), folder, bfloat16)

    @property
    def dim(self) -> int:
        return int(self._model.config.hidden_size)

    @property
    def max_tokens(self) -> int:
        return self.reading.max_tokens

    @property
    def tunable(self) -> bool:
        """Whether the upper layers can be trained here."""
        return str(self._model.config.model_type) in FAMILIES

    def check_tunable(self) -> None:
        """Raise ``UserError`` where the upper layers cannot be trained."""
        if not self.tunable:
            raise UserError(
                "This model's layers cannot be trained here. Choose the preset Instant, or another model.",
                details=f"{self.folder}: {self._model.config.model_type}",
            )

    @property
    def n_layers(self) -> int:
        return len(self._model.encoder.layer) if self.tunable else 0

    def tokenize(self, texts: Sequence[str], max_tokens: int | None = None) -> list[list[int]]:
        """Token ids with the model's special tokens, cut to ``max_tokens`` (at most the model's limit)."""
        limit = min(max_tokens or self.max_tokens, self.max_tokens)
        rows = self._tokenizer.encode_batch_fast([self.reading.prefix + text for text in texts])
        # The last token is the closing mark; a cut text keeps it.
        return [row.ids if len(row.ids) <= limit else [*row.ids[: limit - 1], row.ids[-1]] for row in rows]

    def is_cut(self, text: str) -> bool:
        """Whether the model reads only the beginning of ``text``."""
        return bool(self._tokenizer.encode(self.reading.prefix + text).overflowing)

    def encode(
        self,
        texts: Sequence[str],
        *,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> NDArray[np.float32]:
        """L2-normalised embeddings (n, d) in the order of ``texts``; ``Stopped`` when cancelled."""
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        ids = self.tokenize(texts)
        done = 0
        for batch in batches(np.array([len(row) for row in ids], dtype=np.int64), TOKENS_PER_BATCH):
            if cancelled is not None and cancelled():
                raise Stopped
            with torch.inference_mode():
                out[batch] = self._encode_batch([ids[index] for index in batch]).numpy()
            done += len(batch)
            if progress is not None:
                progress(done, len(texts))
        return out

    def _encode_batch(self, ids: list[list[int]]) -> Tensor:
        if not self.tunable:
            return encode_padded(self._fast, ids, self.reading.pooling)
        packed = Packed.of([len(row) for row in ids])
        hidden = embed_tokens(self._fast, _flat(ids, packed), packed)
        hidden = run_layers(self._fast.encoder.layer, hidden, packed)
        return packed.pool(hidden, self.reading.pooling)

    def lower(
        self,
        texts: Sequence[str],
        layer: int,
        *,
        max_tokens: int | None = None,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> list[Tensor]:
        """Hidden states after ``layer`` layers, one float32 tensor (length, d) per text, without gradient."""
        self.check_tunable()
        ids = self.tokenize(texts, max_tokens)
        out: list[Tensor] = [torch.empty(0)] * len(ids)
        done = 0
        for batch in batches(np.array([len(row) for row in ids], dtype=np.int64), TOKENS_PER_BATCH):
            if cancelled is not None and cancelled():
                raise Stopped
            rows = [ids[index] for index in batch]
            packed = Packed.of([len(row) for row in rows])
            with torch.no_grad():
                hidden = embed_tokens(self._fast, _flat(rows, packed), packed)
                hidden = run_layers(self._fast.encoder.layer[:layer], hidden, packed).float()
            for index, part in zip(batch, packed.split(hidden), strict=True):
                out[int(index)] = part
            done += len(batch)
            if progress is not None:
                progress(done, len(texts))
        return out

    def upper(self, layer: int) -> nn.ModuleList:
        """A float32 copy of the layers from ``layer`` on, ready to be trained."""
        layers: nn.ModuleList = copy.deepcopy(self._model.encoder.layer[layer:])
        return layers.requires_grad_(True)

    def with_upper(self, layers: nn.ModuleList) -> TextEncoder:
        """This encoder with other upper layers; embeddings and lower layers are shared, not copied."""
        model = copy.copy(self._model)
        # Modules keep their children in a dict of their own; a shallow copy would share it.
        model._modules = dict(self._model._modules)
        model.encoder = copy.copy(self._model.encoder)
        model.encoder._modules = dict(self._model.encoder._modules)
        kept = list(self._model.encoder.layer)[: self.n_layers - len(layers)]
        model.encoder.layer = nn.ModuleList([*kept, *layers])
        layers.requires_grad_(False)
        digest = hashlib.sha256(self.fingerprint.encode())
        for parameter in layers.parameters():
            digest.update(parameter.numpy().tobytes())
        tuned = TextEncoder(
            model.eval(), self._tokenizer, self.reading, digest.hexdigest()[:24], self.folder, self.bfloat16
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
            _link(self.folder / loading.WEIGHTS, folder / loading.WEIGHTS)
        for name in _COMPANIONS:
            source = self.folder / name
            target = folder / name
            if source.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


def _link(source: Path, target: Path) -> None:
    """The same file under a second name where the disk can, which costs no room; else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


_COMPANIONS = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "sentencepiece.bpe.model",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
)


def embed_packed(
    layers: nn.ModuleList, parts: Sequence[Tensor], pooling: str, drop: Drop | None = None
) -> Tensor:
    """Vectors (n, d) from lower hidden states through ``layers``; differentiable."""
    packed = Packed.of([len(part) for part in parts])
    return packed.pool(run_layers(layers, packed.concatenate(parts), packed, drop), pooling)


def _flat(ids: list[list[int]], packed: Packed) -> Tensor:
    return torch.tensor([token for index in packed.order for token in ids[index]])
