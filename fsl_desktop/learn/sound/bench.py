"""The engine behind a project of recordings: what ``Workbench`` is for texts."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.answers import Answer, Suggestions
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.clip_table import RowClip
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Cancelled, Event, Failure, Finished, Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.learn.bench_parts import RUN, Tell, progress_of, run_folder
from fsl_desktop.learn.card import versions
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.mix import MOST_POOL
from fsl_desktop.learn.models.shelf import Shelf
from fsl_desktop.learn.record import RunRecorder
from fsl_desktop.learn.sound.answering import answer_clips
from fsl_desktop.learn.sound.blocks import BlockCache, SoundEncoders
from fsl_desktop.learn.sound.clips import Clip
from fsl_desktop.learn.sound.data import only
from fsl_desktop.learn.sound.desk import SoundDesk, SoundSnapshot
from fsl_desktop.learn.sound.ears import Ears, TunableEars
from fsl_desktop.learn.sound.fitted import FittedMix, fit_sounds, of_run
from fsl_desktop.learn.sound.folder import load_sound_folder
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.names import embedding_of
from fsl_desktop.learn.sound.reader import NameReader
from fsl_desktop.learn.sound.rows import RowBlocks
from fsl_desktop.learn.sound.run import SoundTraining
from fsl_desktop.learn.sound.scan_model import Listener, fixed_model, renamed
from fsl_desktop.learn.sound.suggest import every_clip
from fsl_desktop.learn.sound.table import write_sound_table
from fsl_desktop.learn.sound.tuned import with_tuned
from fsl_desktop.learn.trained import Provenance

_MOST_DESKS = 2


class SoundBench:
    """Safe to use from any thread. ``model`` is ``run:<run id>``, or anything else for the instant model;
    ``encoders`` read the names of classes."""

    def __init__(
        self,
        catalogue: Catalogue,
        cache_dir: Path,
        encoders: Shelf[TextEncoder],
        ears: Ears | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._cache = BlockCache(cache_dir)
        self._trained: Shelf[SoundModel] = Shelf(lambda folder: load_sound_folder(folder, self._ears_of))
        self._desks: OrderedDict[Path, SoundDesk] = OrderedDict()
        self._lock = threading.Lock()
        self._ears = ears
        self._names = NameReader(catalogue, encoders)

    def suggest(
        self,
        project: Path,
        model: str,
        use_class_names: bool,
        use_unlabelled: bool,
        *,
        tell: Tell,
        cancelled: CancelCall,
    ) -> Suggestions:
        """Fit on the project's labels and answer for every row; see ``protocol.Suggest``.

        Rows that cannot be heard have no class, and the note names the first. Raises ``UserError`` (a missing
        model) and ``Stopped``.
        """
        began = time.perf_counter()
        desk = self._desk(project)
        now = desk.snapshot()
        if len(now.classes) < 2:
            missing = Message.of("There is nothing to tell apart yet. Add two classes.")
            return now.without_answers(model, missing, began)
        ears = self._ears_for(project, model)
        with desk.hearing(ears, now.clips, progress=progress_of(tell), cancelled=cancelled) as (heard, at):
            if not (at >= 0).any():
                return now.without_answers(model, heard.trouble(now.removed), began)
            fitted = self._fitted(project, desk, now, heard, at, model, use_class_names, use_unlabelled)
            if fitted is None:
                missing = Message.of("Label one row of two classes at least, and the others get suggestions.")
                return now.without_answers(model, missing, began)
            said = every_clip(now, model, fitted, heard, at, began)
        desk.keep(model, fitted)
        return said

    def ask(
        self,
        project: Path,
        clips: Sequence[RowClip | Clip],
        model: str,
        *,
        skip_row: int | None = None,
        explain: bool = False,
        cancelled: CancelCall = lambda: False,
    ) -> tuple[Answer, ...]:
        """What the model says to ``clips``, see ``answer_clips``; ``UserError`` where nothing is learnt."""
        desk = self._desk(project)
        fitted = desk.fitted(model)
        if fitted is None:
            self.suggest(project, model, True, True, tell=lambda _: None, cancelled=cancelled)
            fitted = desk.fitted(model)
        if fitted is None:
            raise UserError("The model knows nothing yet. Label one row of two classes at least.")
        ears = self._ears_for(project, model)
        return answer_clips(fitted, ears, clips, skip_row=skip_row, explain=explain, cancelled=cancelled)

    def ask_rows(self, project: Path, row_ids: Sequence[int], model: str) -> tuple[Answer, ...]:
        """What the model says to rows of the project; a row is not named as its own nearest example."""
        now = self._desk(project).snapshot()
        answers: list[Answer] = []
        for row_id in row_ids:
            clip = now.clips[int(np.searchsorted(now.row_ids, row_id))]
            if isinstance(clip, Message):
                raise UserError.of(clip)
            answers += self.ask(project, [clip], model, skip_row=row_id)
        return tuple(answers)

    def train(
        self, project: Path, run_id: str, config: TrainConfig, *, cancelled: CancelCall
    ) -> Iterator[Event]:
        """Train on the project's labels into ``runs/<run_id>/``; ends with ``Finished`` or ``Cancelled``.

        Raises ``UserError``; the run's folder then says why in its last event.
        """
        with RunRecorder(run_folder(project, run_id), config) as recorder:
            try:
                yield Progress(Phase.LOADING, 0, 0)
                data, ears = self._desk(project).snapshot().training_data(), self.ears
                training = SoundTraining(data, config, ears, cancelled, partial(self._names.prior, ears))
                for event in training:
                    if isinstance(event, Finished | Cancelled) and training.model and event.summary:
                        yield Progress(Phase.SAVING, 0, 0)
                        training.model.save(recorder.model_folder)
                        recorder.finish(event.summary)
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
        desk = self._desk(project)
        now = desk.snapshot()
        shares: Matrix | None = None
        fitted = None
        if with_predictions:
            said = self.suggest(project, model, True, True, tell=tell, cancelled=cancelled)
            fitted = desk.fitted(model) if (said.class_ids > 0).any() else None
        if fitted is not None:
            shares = np.zeros((len(now.row_ids), len(fitted.class_ids)), np.float32)
            ears = self._ears_for(project, model)
            with desk.hearing(ears, now.clips, progress=progress_of(tell), cancelled=cancelled) as heard:
                there = np.flatnonzero(heard[1] >= 0)
                shares[there] = fitted.probabilities(heard[0].blocks(heard[1][there]))
        ids = fitted.class_ids if fitted is not None else ()
        return write_sound_table(now, path, ids, shares, folder=project, tell=tell, cancelled=cancelled)

    def export_model(self, project: Path, path: Path, model: str) -> None:
        """Write the instant model as it is now to the new folder ``path``."""
        desk = self._desk(project)
        self.suggest(project, model, True, True, tell=lambda _: None, cancelled=lambda: False)
        fitted, now = desk.fitted(model), desk.snapshot()
        if fitted is None or fitted.mix is None:
            raise UserError("The model knows nothing yet. Label one row of two classes at least.")
        names = {info.id: info.name for info in now.classes}
        said = tuple(names[class_id] for class_id in fitted.class_ids)
        provenance = Provenance(
            base_model=" + ".join(self.ears.models),
            preset="instant",
            recipe="kernel ridge regression on a weighted mix of frozen encoders",
            data_sha256=now.training_data().sha256(),
            uses_class_names=fitted.mix.trust > 0,
            versions=versions(),
        )
        mix, heat, prior = fitted.mix, fitted.temperature, fitted.prior
        SoundModel(self.ears, mix, said, fitted.class_ids, heat, provenance, prior=prior).save(path)

    def fixed(self, project: Path, model: str, *, tell: Tell, cancelled: CancelCall) -> Listener:
        """``model`` as it is now, for a scan; see ``fixed_model``."""
        desk = self._desk(project)
        if model.startswith(RUN):
            return renamed(self._run(project, model), desk)
        refit = partial(self.suggest, project, model, True, True, tell=tell, cancelled=cancelled)
        return fixed_model(desk, self.ears, model, refit)

    @property
    def ears(self) -> Ears:
        """All encoders, loaded once; ``UserError`` with the fix where one is not installed."""
        with self._lock:
            if self._ears is None:
                self._ears = SoundEncoders.installed(self._catalogue, cache=self._cache)
            return self._ears

    def _ears_of(self, folder: Path, models: tuple[str, ...]) -> Ears:
        """The encoders of a saved model: those that are loaded already, if they are the same."""
        loaded = models == self.ears.models
        frozen = self.ears if loaded else SoundEncoders.saved(folder, models, self._cache)
        return with_tuned(frozen, folder) if isinstance(frozen, TunableEars) else frozen

    def opened(self, project: Path, model: str) -> tuple[SoundDesk, Ears]:
        """The rows of a project, and the encoders that ``model`` answers by."""
        return self._desk(project), self._ears_for(project, model)

    def _ears_for(self, project: Path, model: str) -> Ears:
        """Those that ``model`` answers by: a run may have tuned its own."""
        return self._run(project, model).ears if model.startswith(RUN) else self.ears

    def _run(self, project: Path, model: str) -> SoundModel:
        return self._trained.get(run_folder(project, model.removeprefix(RUN)) / "model")

    def _desk(self, project: Path) -> SoundDesk:
        project = Path(project).resolve()
        with self._lock:
            if project not in self._desks:
                self._desks[project] = SoundDesk(project)
            self._desks.move_to_end(project)
            while len(self._desks) > _MOST_DESKS:
                self._desks.popitem(last=False)  # its reader closes when nobody uses it any more
            return self._desks[project]

    def _fitted(
        self,
        project: Path,
        desk: SoundDesk,
        now: SoundSnapshot,
        heard: RowBlocks,
        at: NDArray[np.int64],
        model: str,
        use_class_names: bool,
        use_unlabelled: bool,
    ) -> FittedMix | None:
        """A mix of the labels as they are, or of a run; None where nothing can be said yet."""
        positions = np.searchsorted(now.row_ids, now.data.row_ids)
        known = at[positions] >= 0
        data, positions = only(now.data, np.flatnonzero(known)), positions[known]
        labelled = heard.blocks(at[positions])
        free = now.free[at[now.free] >= 0]
        chosen = np.random.default_rng(0).permutation(len(free))[:MOST_POOL] if use_unlabelled else free[:0]
        pool = heard.blocks(at[free[np.sort(chosen)]])
        if model.startswith(RUN):
            return of_run(self._run(project, model), data, labelled)
        prior = None
        if use_class_names:
            there = heard.blocks(at[at >= 0])
            prior = self._names.prior(self.ears, [info.name for info in now.classes], embedding_of(there))
        if prior is None and len(np.unique(data.labels)) < 2:
            return None
        return fit_sounds(data, now.groups(positions), labelled, pool, prior)
