"""What a training run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Task(StrEnum):
    CLASSIFY_TEXT = "classify-text"
    CLASSIFY_AUDIO = "classify-audio"


class Preset(StrEnum):
    AUTO = "auto"
    INSTANT = "instant"
    BALANCED = "balanced"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything that decides a run besides the data; the same seed and data give the same model.

    ``None`` under Advanced means "as the preset says".
    """

    task: Task = Task.CLASSIFY_TEXT
    model: str = "minilm"
    """A catalogue id, or the path of a model folder in the Hugging Face layout."""
    preset: Preset = Preset.AUTO
    seed: int = 0
    use_class_names: bool = True
    """Class names take part as examples."""
    use_unlabelled: bool = True
    """Rows that nobody labelled take part where that helps, as far as can be told."""
    steps: int | None = None
    tuned_layers: int | None = None
    learning_rate: float | None = None
    weight_decay: float | None = None
    dropout: float | None = None
    folds: int | None = None
    """Folds of cross-validation that give the held-out curve and the score."""
    patience: int | None = None
    """Evaluations without a better held-out loss before the run stops early."""
