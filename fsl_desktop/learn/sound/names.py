"""What the names of classes know of sounds before anybody has labelled one.

YAMNet was taught 521 kinds of sound that have names. A class is taken for those whose names mean most nearly
the same, as a text encoder sees it, and a clip is more of a class than another clip if it is more of those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fsl_desktop.learn.heads import LinearHead, Matrix

SHARPNESS = 2.0
"""Before the first label, logits are so many times the scores (two sets whose names say something: mean
calibration error 0.12)."""
EMBEDDING = 1024
"""Width of YAMNet's mean embedding, by which the kinds are told."""
_NEAR = 40.0
"""Sharpness of the softmax over kinds of sound that says which of them a class is."""
_KNOWN = 0.65
"""Mean cosine, over the classes, to the nearest kind of sound from which on the names say something: 0.9 and
0.8 where they do (household sounds, instruments), 0.4 and 0.5 where they do not (digits, languages)."""
_LEAST_CLIPS = 8
"""From so many on, kinds are compared over the clips and not over each other."""
_STEADY = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """The kinds of sound: ``vectors`` (K, t) of their names, and the encoder's classifier, ``weight`` (K, d)
    and ``bias`` (K,)."""

    vectors: Matrix
    weight: Matrix
    bias: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class NamePrior:
    """Scores by name, in standard deviations over the clips: 0 for a clip like any other."""

    head: LinearHead
    """(C, d)"""

    def scores(self, embeddings: Matrix) -> Matrix:
        """(n, C) of clips whose mean embeddings are (n, d)."""
        return self.head.logits(embeddings)


def embedding_of(blocks: Sequence[Matrix]) -> Matrix:
    """(n, 1024) YAMNet's mean embedding, which its first block begins with."""
    embedding: Matrix = blocks[0][:, :EMBEDDING]
    return embedding


def prior_of(names: Matrix, kinds: Kinds, embeddings: Matrix) -> NamePrior | None:
    """``names`` (C, t) are the embedded names of the classes, unit length; ``embeddings`` (n, d) those of all
    clips of the project. None where the classes are none of the ``kinds``."""
    near = (names @ kinds.vectors.T).astype(np.float64)
    best = near.max(axis=1, keepdims=True)
    if not len(embeddings) or float(best.mean()) < _KNOWN:
        return None
    alike = np.exp(_NEAR * (near - best))
    alike /= alike.sum(axis=1, keepdims=True)
    logits = embeddings.astype(np.float64) @ kinds.weight.T + kinds.bias
    if len(logits) >= _LEAST_CLIPS:
        middle, spread = logits.mean(axis=0), logits.std(axis=0) + _STEADY
    else:
        middle, spread = np.full(logits.shape[1], logits.mean()), np.full(logits.shape[1], logits.std() + 1.0)
    # (logit - middle) / spread, weighted over the kinds, is linear in the embedding.
    weight = alike @ (kinds.weight / spread[:, None])
    bias = alike @ ((kinds.bias - middle) / spread)
    return NamePrior(LinearHead(weight.astype(np.float32), bias.astype(np.float32)))
