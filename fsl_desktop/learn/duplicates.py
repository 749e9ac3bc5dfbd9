"""Rows that are nearly the same, so that a model is never judged on a row whose twin it has learnt."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix

Groups = NDArray[np.int64]

ALIKE = 0.95
"""Cosine of centred embeddings from which two rows are one: on four sets of short texts that is the same
sentence with a word changed, while paraphrases of one question lie below."""
RELATED = 0.8
SHARED_WORDS = 0.8
"""Share of all words that two texts have in common (Jaccard) from which related ones are one, too: a tweet
with and without its hashtag has a cosine of 0.87 to 0.93."""
_BLOCK = 2048
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")


def near_duplicates(
    vectors: Matrix,
    *,
    texts: Sequence[str] | None = None,
    groups: Groups | None = None,
    alike: float = ALIKE,
) -> Groups:
    """Equal numbers 0..g-1 for rows that belong together, (n,), numbered in the order of their first row.

    ``vectors`` (n, d) are embeddings of any kind and length; their mean is taken off first, since in some
    encoders all rows have a cosine of 0.8 or more. ``texts`` (n) lets shared words count as well.
    ``groups`` (n,) are rows known to be the same. Belonging is passed on: a with b and b with c is one group.
    """
    one, other, cosine = _related(vectors, alike if texts is None else min(alike, RELATED))
    close = cosine >= alike
    if texts is not None:
        words = [frozenset(_WORD.findall(text.casefold())) for text in texts]
        for pair in np.flatnonzero(~close):
            left, right = words[one[pair]], words[other[pair]]
            close[pair] = bool(left) and len(left & right) >= SHARED_WORDS * len(left | right)
    one, other = one[close], other[close]
    if groups is not None:
        _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
        one = np.concatenate([one, first[inverse.ravel()]])
        other = np.concatenate([other, np.arange(len(groups))])
    return _components(len(vectors), one, other)


def _related(vectors: Matrix, least: float) -> tuple[Groups, Groups, Matrix]:
    """(rows i, rows j > i, cosines) of all pairs with a cosine of at least ``least``."""
    centred = vectors - vectors.mean(axis=0) if len(vectors) > 2 else vectors
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    directions: Matrix = (centred / np.maximum(length, 1e-9)).astype(np.float32)
    ones, others, cosines = [], [], []
    for start in range(0, len(directions), _BLOCK):
        likeness = directions[start : start + _BLOCK] @ directions[start:].T
        i, j = np.nonzero(likeness >= least)
        above = j > i
        ones.append(i[above] + start)
        others.append(j[above] + start)
        cosines.append(likeness[i[above], j[above]])
    if not ones:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0, dtype=np.float32)
    return np.concatenate(ones), np.concatenate(others), np.concatenate(cosines)


def _components(n: int, one: Groups, other: Groups) -> Groups:
    """Connected components of the graph with edges ``one[i]``-``other[i]``, (n,)."""
    root = np.arange(n)
    while True:
        before = root.copy()
        low = np.minimum(root[one], root[other])
        # The roots themselves take the smaller number, so that whole components join in one round.
        np.minimum.at(root, before[one], low)
        np.minimum.at(root, before[other], low)
        root = root[root]
        if np.array_equal(root, before):
            break
    return np.unique(root, return_inverse=True)[1].ravel().astype(np.int64)
