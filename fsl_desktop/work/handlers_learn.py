"""Suggestions, answers, training and exports, for the child: the way to learn's workbench."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from fsl_desktop.core.answers import Answer, Suggestions
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Cancelled, Failure, Finished, RunSummary
from fsl_desktop.core.ranking import Ranking
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import (
    Ask,
    AskSounds,
    Exported,
    ExportModel,
    ExportTable,
    Rank,
    Ready,
    Scanned,
    ScanRecording,
    Suggest,
    Train,
)

if TYPE_CHECKING:
    from fsl_desktop.learn.workbench import Workbench


class Learning:
    """The workbench and the requests that need it; :meth:`prepare` comes before all of them."""

    def __init__(self) -> None:
        self._workbench: Workbench | None = None

    def prepare(self) -> Ready:
        """Import torch and everything that learns, and say what this computer has."""
        # The window shows progress itself; bars drawn on a stream that nobody sees only cost.
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch

        from fsl_desktop.core.catalogue import Catalogue
        from fsl_desktop.core.paths import cache_dir
        from fsl_desktop.learn.models.hardware import best_device, bfloat16_pays
        from fsl_desktop.learn.workbench import Workbench

        # One core stays free for the window.
        threads = max(1, (os.cpu_count() or 1) - 1)
        torch.set_num_threads(threads)
        self._workbench = Workbench(Catalogue.load(), cache_dir())
        return Ready(threads, best_device().type, bfloat16_pays())

    def warm(self) -> None:
        """Load the default model, so that the first suggestion and the first answer come quickly."""
        import sklearn.linear_model  # noqa: F401
        import transformers  # noqa: F401

        from fsl_desktop.core.catalogue import Catalogue

        model = TrainConfig().model
        if Catalogue.load().status(model).installed:
            self.workbench.warm(model)

    @property
    def workbench(self) -> Workbench:
        assert self._workbench is not None, "lanes wait for prepare()"
        return self._workbench

    def suggest(self, request: Suggest, job: Job) -> Suggestions:
        return self.workbench.suggest(
            Path(request.project),
            request.revision,
            request.model,
            request.use_class_names,
            request.use_unlabelled,
            tell=job.tell,
            cancelled=job.cancelled,
        )

    def rank(self, request: Rank, job: Job) -> Ranking:
        from fsl_desktop.learn.orders.projects import rank_project

        return rank_project(
            self.workbench,
            Path(request.project),
            request.asked,
            request.model,
            request.use_class_names,
            request.row_id,
            tell=job.tell,
            cancelled=job.cancelled,
        )

    def ask(self, request: Ask, job: Job) -> tuple[Answer, ...]:
        return self.workbench.ask(
            Path(request.project),
            request.texts,
            request.model,
            explain=request.explain,
            skip_row=request.skip_row,
        )

    def ask_sounds(self, request: AskSounds, job: Job) -> tuple[Answer, ...]:
        from fsl_desktop.learn.sound.clips import Clip

        project = Path(request.project)
        sounds = self.workbench.sounds(project)
        if sounds is None:
            raise UserError("This is a project of texts. Type or paste one to see what the model says.")
        clips = [Clip(Path(part.path), part.start, part.end) for part in request.parts]
        said = sounds.ask(project, clips, request.model, explain=request.explain, cancelled=job.cancelled)
        return (
            *said,
            *sounds.ask_rows(project, request.row_ids, request.model),
        )

    def train(self, request: Train, job: Job) -> RunSummary:
        """Tells every event of the run; a cancelled run replies with its summary if a model was kept."""
        summary: RunSummary | None = None
        for event in self.workbench.train(
            Path(request.project), request.run_id, request.config, cancelled=job.cancelled
        ):
            if isinstance(event, Failure):
                raise UserError.of(event.message, event.details)
            job.tell(event)
            if isinstance(event, Finished | Cancelled):
                summary = event.summary
        if summary is None:
            raise Stopped
        return summary

    def scan_recording(self, request: ScanRecording, job: Job) -> Scanned:
        from fsl_desktop.work.handlers_scan import scan_recording

        return scan_recording(self.workbench, request, job)

    def export_table(self, request: ExportTable, job: Job) -> Exported:
        n_rows = self.workbench.export_table(
            Path(request.project),
            Path(request.path),
            request.model,
            request.with_predictions,
            tell=job.tell,
            cancelled=job.cancelled,
        )
        return Exported(request.path, n_rows)

    def export_model(self, request: ExportModel, job: Job) -> Exported:
        self.workbench.export_model(
            Path(request.project),
            Path(request.path),
            request.run_id,
            request.model,
            cancelled=job.cancelled,
        )
        return Exported(request.path)
