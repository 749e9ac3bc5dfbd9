"""Linear heads on embeddings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

# A class that nothing is known about: never chosen, yet finite, so that sums stay sums.
_NEVER = -1e4


@dataclass(frozen=True, slots=True, eq=False)
class LinearHead:
    """Logits = embeddings @ weights.T + bias; ``weights`` (C, d), ``bias`` (C,), float32."""

    weights: Matrix
    bias: Matrix

    def logits(self, vectors: Matrix) -> Matrix:
        """(n, d) -> (n, C)"""
        out: Matrix = vectors @ self.weights.T
        out += self.bias
        return out

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which classes it can answer with, (C,)."""
        return self.bias > _NEVER / 2


def softmax(logits: Matrix, temperature: float = 1.0) -> Matrix:
    """Probabilities (n, C), float32."""
    scaled: Matrix = logits / np.float32(temperature)
    scaled -= scaled.max(axis=1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(axis=1, keepdims=True)
    return scaled


def fit_logistic(
    vectors: Matrix, labels: NDArray[np.int64], n_classes: int, c: float, start: LinearHead | None = None
) -> LinearHead:
    """Multinomial logistic regression with an L2 penalty of 1/c (scikit-learn's, solved by L-BFGS).

    ``start`` is a head to begin from; the optimum is the same, it is only reached sooner. Classes with
    no row are never answered with.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    present = np.unique(labels)
    weights = np.zeros((n_classes, vectors.shape[1]), dtype=np.float32)
    bias = np.full(n_classes, _NEVER, dtype=np.float32)
    if len(present) < 2:
        bias[present] = 0.0
        return LinearHead(weights, bias)
    model = LogisticRegression(C=c, max_iter=300, warm_start=start is not None)
    if start is not None and len(present) > 2 and start.known[present].all():
        model.coef_ = start.weights[present].astype(np.float64)
        model.intercept_ = start.bias[present].astype(np.float64)
    with warnings.catch_warnings():
        # 300 iterations are plenty on unit vectors; a nearly converged head is as good.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(vectors.astype(np.float64), labels)
    if len(present) == 2:
        # One row of weights for the second class; shared out, softmax gives the same probabilities.
        weights[present] = np.concatenate([-model.coef_, model.coef_]) / 2
        bias[present] = np.concatenate([-model.intercept_, model.intercept_]) / 2
    else:
        weights[present] = model.coef_
        bias[present] = model.intercept_
    return LinearHead(weights, bias)
