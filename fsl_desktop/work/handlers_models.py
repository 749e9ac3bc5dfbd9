"""Fetching and checking models, for the child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsl_desktop.core.catalogue import AUDIO, SOUNDS
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import CheckModel, InstallModel, ModelStatus

if TYPE_CHECKING:
    from fsl_desktop.core.catalogue import Catalogue


def install_model(request: InstallModel, job: Job) -> ModelStatus:
    """Fetch a model; tells ``Progress(DOWNLOADING)`` in bytes."""
    from fsl_desktop.core.catalogue import Catalogue
    from fsl_desktop.learn.models.converters import CONVERTERS

    catalogue = Catalogue.load()
    wanted = _models(catalogue, request.model)
    if len(wanted) > 1:
        wanted = [model for model in wanted if not catalogue.status(model).installed]
    sizes = [sum(file.size for file in catalogue.entry(model).files) for model in wanted]
    for place, model in enumerate(wanted):

        def tell(done: int, total: int, before: int = sum(sizes[:place])) -> None:
            job.tell(Progress(Phase.DOWNLOADING, before + done, max(sum(sizes), before + total)))

        catalogue.install(
            model, converters=CONVERTERS, path=request.path, progress=tell, cancelled=job.cancelled
        )
        job.check()
    return _status(catalogue, request.model)


def check_model(request: CheckModel, job: Job) -> ModelStatus:
    """Read every byte of a model and compare; tells ``Progress(VERIFYING)``."""
    from fsl_desktop.core.catalogue import Catalogue

    catalogue = Catalogue.load()
    status = _status(catalogue, request.model)
    if not status.installed:
        return status

    def tell(done: int, total: int) -> None:
        job.check()
        job.tell(Progress(Phase.VERIFYING, done, total))

    problems = [catalogue.verify(model, progress=tell) for model in _models(catalogue, request.model)]
    problem = next((one for one in problems if one is not None), None)
    return ModelStatus(request.model, problem is None, status.folder, problem)


def _models(catalogue: Catalogue, model: str) -> list[str]:
    """``model``, or all that hear."""
    return [entry.id for entry in catalogue.of(AUDIO)] if model == SOUNDS else [model]


def _status(catalogue: Catalogue, model: str) -> ModelStatus:
    states = [catalogue.status(one) for one in _models(catalogue, model)]
    worst = next((state for state in states if not state.installed), states[0])
    return ModelStatus(model, worst.installed, str(worst.folder), worst.problem)
