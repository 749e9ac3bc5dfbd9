"""A training run where a row may have several labels: the same events as ``learn.loop.Training``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import Cancelled, Event, Finished, Phase, Progress, RunSummary, Started
from fsl_desktop.core.message import Message
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.card import versions
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.several.data import SeveralData
from fsl_desktop.learn.several.fit import fit_sets, scored
from fsl_desktop.learn.several.head import C_SEVERAL
from fsl_desktop.learn.trained import Provenance, TrainedModel, model_name

_CHUNK = 128
RECIPE = "one balanced logistic regression per class on frozen embeddings, a threshold per class"


class SeveralTraining:
    """``for event in SeveralTraining(...)``: one run, once. Afterwards ``model`` is what it learnt.

    Raises ``UserError`` before the first event where nothing can be learnt from the data; ends with
    ``Cancelled`` when ``cancelled()`` turns true. Every preset trains the instant model so far.
    """

    def __init__(
        self,
        data: SeveralData,
        config: TrainConfig,
        encoder: TextEncoder,
        cache: EmbeddingCache | None = None,
        cancelled: CancelCall = lambda: False,
    ) -> None:
        self.model: TrainedModel | None = None
        self._data, self._config, self._encoder = data, config, encoder
        self._cache, self._cancelled = cache, cancelled

    def __iter__(self) -> Iterator[Event]:
        data, config = self._data, self._config
        began = time.monotonic()
        data.check(use_class_names=config.use_class_names)
        yield Started(config.preset.value, 0, len(data.texts), data.n_classes)
        names = data.name_examples() if config.use_class_names else []
        texts = [*data.texts, *names]
        vectors = np.zeros((len(texts), self._encoder.dim), dtype=np.float32)
        try:
            for start in range(0, len(texts), _CHUNK):
                part = texts[start : start + _CHUNK]
                vectors[start : start + len(part)] = (
                    self._cache.embed(self._encoder, part, cancelled=self._cancelled)
                    if self._cache
                    else self._encoder.encode(part, cancelled=self._cancelled)
                )
                yield Progress(Phase.ENCODING, start + len(part), len(texts))
            yield Progress(Phase.FITTING, 0, 0)
            n = len(data.texts)
            outcome = fit_sets(
                data,
                vectors[:n],
                vectors[n:] if names else None,
                seed=config.seed,
                cancelled=self._cancelled,
            )
        except Stopped:
            yield Cancelled()
            return
        yield Progress(Phase.SCORING, 0, 0)
        summary = RunSummary(
            preset=config.preset.value,
            model=config.model,
            n_labelled=n,
            n_classes=data.n_classes,
            several=True,
            seconds=0.0,
            notes=tuple(self._notes()),
        )
        summary = scored(summary, data, outcome, config.seed)
        summary = replace(summary, seconds=time.monotonic() - began)
        self.model = TrainedModel(
            self._encoder,
            outcome.head,
            tuple(data.class_names),
            tuple(data.class_ids.tolist()),
            outcome.temperature,
            provenance_of(data, config.model, config.preset.value, config.seed, uses_names=bool(names)),
            summary,
            outcome.deciding,
        )
        yield Finished(summary)

    def _notes(self) -> Iterator[Message]:
        if self._config.preset not in (Preset.AUTO, Preset.INSTANT):
            yield Message.of(
                "With several labels per row the model's layers are not tuned yet:"
                " the instant model was trained."
            )
        counts = self._data.counts()
        unseen = [name for name, n in zip(self._data.class_names, counts, strict=True) if n == 0]
        if unseen:
            yield Message.of(
                "Known by name only, because no row has the label yet: {names}.", names=", ".join(unseen)
            )


def provenance_of(data: SeveralData, model: str, preset: str, seed: int, *, uses_names: bool) -> Provenance:
    return Provenance(
        base_model=model_name(model),
        preset=preset,
        seed=seed,
        recipe=RECIPE + (", class names as examples" if uses_names else ""),
        data_sha256=data.sha256(),
        uses_class_names=uses_names,
        c=C_SEVERAL,
        versions=versions(),
    )
