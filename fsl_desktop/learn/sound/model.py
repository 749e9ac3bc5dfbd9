"""A sound model that answers: encoders, a head on a mix of their blocks, and a calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fsl_desktop.core.events import RunSummary
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.methods.mix import Mix
from fsl_desktop.learn.sound.clips import Clip, Samples, Trouble, read_clips
from fsl_desktop.learn.sound.ears import Cancelled, Ears, Progress
from fsl_desktop.learn.sound.names import NamePrior, embedding_of
from fsl_desktop.learn.trained import Prediction, Provenance


@dataclass(frozen=True, slots=True, eq=False)
class SoundModel:
    """Nothing changes after construction, so it may be asked from several threads."""

    ears: Ears
    mix: Mix
    class_names: tuple[str, ...]
    class_ids: tuple[int, ...]
    temperature: float = 1.0
    provenance: Provenance = field(default_factory=Provenance)
    summary: RunSummary | None = None
    prior: NamePrior | None = None
    """What the names of the classes know; it counts as much as the mix trusts it."""

    def save(self, folder: Path | str) -> None:
        """Write the model folder; it appears whole or not at all. Raises ``UserError`` where it cannot."""
        from fsl_desktop.learn.sound.folder import save_sound_folder

        save_sound_folder(self, Path(folder))

    def predict(
        self,
        paths: Sequence[Path | str],
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Prediction:
        """Answers to whole recordings, of which the beginning is heard. Raises ``UserError`` where one cannot
        be read; :meth:`predict_clips` goes on instead."""
        samples = [Clip(Path(path)).samples() for path in paths]
        return self.heard(samples, progress=progress, cancelled=cancelled)

    def predict_clips(
        self, clips: Sequence[Clip], *, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> tuple[list[int], Prediction, list[Trouble]]:
        """(places of the clips that could be read, answers to those, what is wrong with the others)."""
        places, samples, troubles = read_clips(clips, cancelled=cancelled)
        return places, self.heard(samples, progress=progress, cancelled=cancelled), troubles

    def heard(
        self,
        samples: Sequence[Samples],
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Prediction:
        """Answers to mono samples at 16 kHz."""
        return self.answers(self.ears.blocks(samples, progress=progress, cancelled=cancelled))

    def answers(self, blocks: Sequence[Matrix]) -> Prediction:
        """Answers to clips with these blocks, each (n, d_b)."""
        logits = self.mix.logits(blocks)
        if self.prior is not None and self.mix.trust > 0:
            logits += np.float32(self.mix.trust) * self.prior.scores(embedding_of(blocks))
        index = logits.argmax(axis=1).astype(np.int64)
        names = [self.class_names[place] for place in index]
        return Prediction(index, softmax(logits, self.temperature), names)
