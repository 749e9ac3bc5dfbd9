"""The engine behind the window's child process and the command line: projects in, answers out."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from fsl_desktop.core.answers import Answer, Suggestions
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Task, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Cancelled, Event, Failure, Finished, Phase, Progress
from fsl_desktop.core.project_task import task_of
from fsl_desktop.core.runs import MODEL_UNUSABLE
from fsl_desktop.learn import explain as why
from fsl_desktop.learn.bench_parts import RUN, Tell, progress_of, run_folder
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.desk import Desk, Snapshot
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.export import copy_model_folder
from fsl_desktop.learn.fitted import Fitted, as_saved, fit_project, instant_provenance
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.matrix import RowMatrix
from fsl_desktop.learn.models.shelf import Shelf
from fsl_desktop.learn.record import RunRecorder
from fsl_desktop.learn.several import project as sets
from fsl_desktop.learn.sound.bench import SoundBench
from fsl_desktop.learn.strange import with_gauge_of_run
from fsl_desktop.learn.suggesting import suggest_project
from fsl_desktop.learn.table_export import write_project_table
from fsl_desktop.learn.trained import TrainedModel

_MOST_DESKS = 2
"""Projects whose rows are kept in memory."""
_MOST_ASKED = 2000
"""Labelled rows that are read for a first answer before there were suggestions."""


class Workbench:
    """Every method may be called from any thread.

    ``model`` is a catalogue id, a model folder, or ``run:<run id>``.
    """

    def __init__(self, catalogue: Catalogue, cache_dir: Path) -> None:
        self._catalogue = catalogue
        self._cache = EmbeddingCache(cache_dir)
        self._encoders: Shelf[TextEncoder] = Shelf(TextEncoder.load)
        self._trained: Shelf[TrainedModel] = Shelf(TrainedModel.load)
        self._desks: OrderedDict[Path, Desk] = OrderedDict()
        self._lock = threading.Lock()
        self._sounds = SoundBench(catalogue, cache_dir, self._encoders)

    def sounds(self, project: Path) -> SoundBench | None:
        """The bench for a project of recordings; None where the project is of texts."""
        return self._sounds if task_of(project) is Task.CLASSIFY_AUDIO else None

    def warm(self, model: str) -> None:
        """Load a model and everything a first answer needs."""
        self._encoders.get(self._catalogue.resolve(model)).encode(["warm"])

    def suggest(
        self,
        project: Path,
        revision: int,
        model: str,
        use_class_names: bool,
        use_unlabelled: bool = True,
        *,
        tell: Tell,
        cancelled: CancelCall,
    ) -> Suggestions:
        """Fit on the project's labels and answer for every row; see ``protocol.Suggest``.

        The answer carries the revision that was read, ``revision`` or newer. With fewer than two classes
        to choose from it holds no classes and a note that says what to do. While many new rows are read,
        ``EarlySuggestions`` are told. Raises ``UserError`` (a missing model) and ``Stopped``.
        """
        if (sounds := self.sounds(project)) is not None:
            return sounds.suggest(
                project, model, use_class_names, use_unlabelled, tell=tell, cancelled=cancelled
            )
        return suggest_project(
            self, project, model, use_class_names, use_unlabelled, tell=tell, cancelled=cancelled
        )

    def ask(
        self,
        project: Path,
        texts: Sequence[str],
        model: str,
        *,
        explain: bool = False,
        skip_row: int | None = None,
    ) -> tuple[Answer, ...]:
        """What the model says to ``texts``; with the head of the last :meth:`suggest`, or the run's own."""
        began = time.perf_counter()
        fitted = self._current(project, model)
        encoder = fitted.model.encoder
        vectors = encoder.encode(list(texts))
        said = fitted.model.answers(vectors)
        unknown = [None] * len(texts) if said.unknown is None else said.unknown.tolist()
        answers = []
        for text, vector, row, strange in zip(texts, vectors, said.probabilities, unknown, strict=True):
            answers.append(
                Answer(
                    fitted.model.class_ids,
                    tuple(float(value) for value in row),
                    why.nearest(vector, fitted.vectors, fitted.row_ids, fitted.labelled_class_ids, skip_row),
                    why.word_weights(fitted.model, text, row) if explain else (),
                    encoder.is_long(text),
                    time.perf_counter() - began,
                    *sets.said_of(fitted.model, row),
                    strange,
                )
            )
        return tuple(answers)

    def train(
        self, project: Path, run_id: str, config: TrainConfig, *, cancelled: CancelCall
    ) -> Iterator[Event]:
        """Train on the project's labels into ``runs/<run_id>/``; ends with ``Finished`` or ``Cancelled``.

        Raises ``UserError``; the run's folder then says why in its last event.
        """
        if (sounds := self.sounds(project)) is not None:
            yield from sounds.train(project, run_id, config, cancelled=cancelled)
            return
        desk = self.desk(project)
        with RunRecorder(run_folder(project, run_id), config) as recorder:
            try:
                yield Progress(Phase.LOADING, 0, 0)
                encoder = self.encoder(project, config.model)
                now = desk.snapshot()
                training = sets.training_for(now, config, encoder, self._cache, cancelled)
                for event in training:
                    if isinstance(event, Finished | Cancelled) and training.model and event.summary:
                        yield Progress(Phase.SAVING, 0, 0)
                        training.model.save(recorder.model_folder)
                        recorder.finish(event.summary)
                        # Loaded and ready, so that the first question is answered at once.
                        desk.forget(RUN + run_id)
                        self._current(project, RUN + run_id)
                    recorder.add(event)
                    yield event
            except UserError as error:
                recorder.add(Failure(error.message, error.details))
                raise

    def export_table(
        self,
        project: Path,
        path: Path,
        model: str,
        with_predictions: bool,
        *,
        tell: Tell,
        cancelled: CancelCall,
    ) -> int:
        """Write every row that was not removed, with its label and what the model says; how many rows."""
        if (sounds := self.sounds(project)) is not None:
            return sounds.export_table(project, path, model, with_predictions, tell=tell, cancelled=cancelled)
        desk = self.desk(project)
        now = desk.snapshot()
        answers = None
        if with_predictions:
            _, vectors = self._read(project, now, model, tell, cancelled)
            answers = self._current(project, model).model, vectors
        return write_project_table(now, path, answers, folder=project, tell=tell, cancelled=cancelled)

    def export_model(
        self, project: Path, path: Path, run_id: str | None, model: str, *, cancelled: CancelCall
    ) -> None:
        """Copy a run's model, or the instant model as it is now, to the new folder ``path``."""
        if run_id is not None:
            source = run_folder(project, run_id) / "model"
            if not source.is_dir():
                raise UserError("This run kept no model. Train again, then export.", details=str(source))
            copy_model_folder(source, path, cancelled=cancelled)
            return
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise UserError("{folder} is not empty. Choose a new folder for the model.", folder=path.name)
        if (sounds := self.sounds(project)) is not None:
            sounds.export_model(project, path, model)
            return
        now = self.desk(project).snapshot()
        data = now.several or now.data
        data.check(use_class_names=True)
        fitted = self._current(project, model)
        provenance = replace(fitted.model.provenance, data_sha256=data.sha256())
        replace(fitted.model, provenance=provenance).save(path)

    def desk(self, project: Path) -> Desk:
        """What is known of a project of texts."""
        project = Path(project).resolve()
        with self._lock:
            if project not in self._desks:
                self._desks[project] = Desk(project, self._cache)
            self._desks.move_to_end(project)
            while len(self._desks) > _MOST_DESKS:
                self._desks.popitem(last=False)  # its reader closes when nobody uses it any more
            return self._desks[project]

    def read(
        self, project: Path, model: str, *, tell: Tell, cancelled: CancelCall
    ) -> tuple[Snapshot, RowMatrix, Matrix]:
        """The rows of a project of texts as they are now, and their embeddings (n, d)."""
        now = self.desk(project).snapshot()
        return now, *self._read(project, now, model, tell, cancelled)

    def _read(
        self, project: Path, now: Snapshot, model: str, tell: Tell, cancelled: CancelCall
    ) -> tuple[RowMatrix, Matrix]:
        matrix = self.desk(project).matrix(self.encoder(project, model))
        return matrix, matrix.update(now.texts, progress=progress_of(tell), cancelled=cancelled)

    def encoder(self, project: Path, model: str) -> TextEncoder:
        """What reads its rows for ``model``. Raises ``UserError``."""
        if model.startswith(RUN):
            return self._run_model(project, model).encoder
        return self._encoders.get(self._catalogue.resolve(model))

    def _run_model(self, project: Path, model: str) -> TrainedModel:
        folder = run_folder(project, model.removeprefix(RUN)) / "model"
        try:
            return self._trained.get(folder)
        except UserError as error:
            raise UserError(MODEL_UNUSABLE, details=f"{error.message.text}\n{error.details}") from error

    def _current(self, project: Path, model: str) -> Fitted:
        """The head fitted last, or one fitted now on the labelled rows alone."""
        desk = self.desk(project)
        fitted = desk.fitted(model)
        if fitted is None:
            now = desk.snapshot()
            several = now.several.sample(_MOST_ASKED) if now.several else None
            now = replace(now, data=now.data.sample(_MOST_ASKED), several=several)
            vectors = self._cache.embed(self.encoder(project, model), (several or now.data).texts)
            if model.startswith(RUN) and several is None and not self._run_model(project, model).several:
                fitted = as_saved(self._run_model(project, model), now.data, vectors)
            else:
                fitted = self.fit(desk, project, now, model, True, vectors)
            desk.keep(model, True, fitted)
        return fitted

    def fit(
        self,
        desk: Desk,
        project: Path,
        now: Snapshot,
        model: str,
        use_class_names: bool,
        vectors: Matrix,
        pool: Matrix | None = None,
    ) -> Fitted:
        """A head on the labelled rows of ``now``, whose embeddings are ``vectors`` (m, d); rows without a
        label (``pool``) take part where that helps."""
        encoder = self.encoder(project, model)
        trained = self._run_model(project, model) if model.startswith(RUN) else None
        if now.several is not None:
            embed = partial(self._cache.embed, encoder)
            previous = desk.fitted(model, use_class_names)
            return sets.fit_several_project(
                now, vectors, embed, encoder, model, trained, use_class_names, previous
            )
        provenance = instant_provenance(model, use_class_names)
        if trained is not None:
            provenance, use_class_names = trained.provenance, trained.provenance.uses_class_names
            if provenance.data_sha256 == now.data.sha256():
                return as_saved(trained, now.data, vectors)
        names = self._cache.embed(encoder, now.data.name_examples()) if use_class_names else None
        previous = desk.fitted(model, use_class_names)
        pool = pool if trained is None else None
        fitted = fit_project(now.data, vectors, names, encoder, provenance, previous, pool)
        return with_gauge_of_run(fitted, trained) if trained is not None else fitted
