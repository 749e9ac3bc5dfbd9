"""FSL Desktop: teach a pretrained model from a handful of examples, on your own computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fsl_desktop.learn.sound.model import SoundModel
    from fsl_desktop.learn.trained import TrainedModel

__version__ = "0.1.0"

__all__ = ["__version__", "load"]


def load(folder: Path | str) -> TrainedModel | SoundModel:
    """A trained model from its folder: ``load(folder).predict(["a text"]).labels``.

    A model for sounds is asked with paths of recordings.
    Needs no window. Raises :class:`fsl_desktop.core.errors.UserError` for a missing or altered file.
    """
    # Imported here, because the window's process imports this package and has to stay free of torch.
    from pathlib import Path

    from fsl_desktop.core.model_folder import task_of

    if task_of(folder) == "classify-audio":
        from fsl_desktop.learn.sound.folder import load_sound_folder

        return load_sound_folder(Path(folder))
    from fsl_desktop.learn.trained import TrainedModel

    return TrainedModel.load(folder)
