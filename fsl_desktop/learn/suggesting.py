"""Suggestions for a project of texts: its rows read, a head fitted on its labels, an answer for every row."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fsl_desktop.core.answers import EarlySuggestions, Suggestions
from fsl_desktop.learn.bench_parts import RUN, Tell, progress_of
from fsl_desktop.learn.desk import Snapshot
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.fitted import pool_rows
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.reading import early_parts
from fsl_desktop.learn.several import project as sets
from fsl_desktop.learn.strange import with_gauge
from fsl_desktop.learn.suggest import every_row

if TYPE_CHECKING:
    from fsl_desktop.learn.workbench import Workbench


def suggest_project(
    bench: Workbench,
    project: Path,
    model: str,
    use_class_names: bool,
    use_unlabelled: bool,
    *,
    tell: Tell,
    cancelled: CancelCall,
) -> Suggestions:
    """See ``Workbench.suggest``."""
    began = time.perf_counter()
    desk = bench.desk(project)
    now = desk.snapshot()
    if (missing := sets.lacking(now, use_class_names)) is not None:
        return sets.no_suggestions(now, model, missing, time.perf_counter() - began)
    encoder = bench.encoder(project, model)
    matrix = desk.matrix(encoder)
    progress = progress_of(tell)

    def answer(now: Snapshot, vectors: Matrix) -> Suggestions:
        pool = vectors[pool_rows(now.free, now.data.n_classes)] if use_unlabelled else None
        before = desk.fitted(model, use_class_names)
        fitted = bench.fit(desk, project, now, model, use_class_names, vectors[now.labelled], pool)
        if now.several is None and not model.startswith(RUN):
            fitted = with_gauge(fitted, now.data, matrix.pool(vectors, now.free), before)
        desk.keep(model, use_class_names, fitted)
        seen = matrix.seen(vectors)
        if now.several is not None:
            return sets.suggest_sets(now, model, fitted, vectors, seen, began)
        near = matrix.near(vectors, fitted.model.unknown)
        return every_row(now, model, fitted, vectors, seen, near, began)

    for some, vectors in early_parts(desk, matrix, progress=progress, cancelled=cancelled):
        if sets.lacking(some, use_class_names) is None:
            tell(EarlySuggestions(answer(some, vectors)))
    now = desk.snapshot()
    if (missing := sets.lacking(now, use_class_names)) is not None:
        return sets.no_suggestions(now, model, missing, time.perf_counter() - began)
    vectors = matrix.update(now.texts, progress=progress, cancelled=cancelled)
    return replace(answer(now, vectors), long=matrix.long(len(now.row_ids)))
