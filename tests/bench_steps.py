"""What a test does with a workbench and a project of fruit and tools."""

from __future__ import annotations

from tiny_encoder import FRUIT, TOOLS

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.commands import SetLabels
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.events import Event
from fsl_desktop.core.project import Project
from fsl_desktop.learn.workbench import Workbench

TEXTS = [*FRUIT, *TOOLS]


def label(project: Project, *rows: int) -> None:
    """Label rows (by place) as what they are."""
    for row in rows:
        project.do(SetLabels((int(project.table.ids[row]),), project.classes[row // 6].id))


def suggest(
    bench: Workbench, project: Project, model: str, *, names: bool = True, told: list[Event] | None = None
) -> Suggestions:
    tell = told.append if told is not None else lambda _event: None
    return bench.suggest(project.folder, project.revision, model, names, tell=tell, cancelled=lambda: False)


def train(
    bench: Workbench, project: Project, model: str, preset: Preset = Preset.BALANCED, run_id: str = "run-1"
) -> list[Event]:
    config = TrainConfig(model=model, preset=preset, tuned_layers=1, learning_rate=2e-3, seed=3)
    return list(bench.train(project.folder, run_id, config, cancelled=lambda: False))
