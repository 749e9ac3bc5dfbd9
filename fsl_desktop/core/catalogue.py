"""The models this program knows, and which of them are on this computer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core import paths
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.added import read_added
from fsl_desktop.core.fetch.convert import Converters
from fsl_desktop.core.fetch.entry import FileEntry, HubSource, ModelEntry, WheelSource, read_entries
from fsl_desktop.core.fetch.lookup import is_hub_name, look_up
from fsl_desktop.core.fetch.stamp import check_hashes, check_sizes, read_origin, unverified, write_stamp
from fsl_desktop.core.language import UNDETERMINED, language_name
from fsl_desktop.core.message import Message

__all__ = [
    "Catalogue",
    "FileEntry",
    "HubSource",
    "InstalledState",
    "ModelEntry",
    "Recommendation",
    "WheelSource",
]

ENGLISH, MULTILINGUAL = "minilm", "e5-small"
TEXT, AUDIO = "text", "audio"
SOUNDS = "sounds"
"""Not one model but all that hear, which a project of recordings uses together."""
"""What a model reads."""
_ENGLISH_ENOUGH = 0.8
"""Of rows that are all in English, 99 in a hundred are told to be."""


@dataclass(frozen=True, slots=True)
class InstalledState:
    """``problem`` is the sentence where the model was installed and is not whole any more."""

    installed: bool
    folder: Path
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Which text model suits the rows, why, and whether it is here already."""

    model: str
    reason: Message
    installed: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    entries: tuple[ModelEntry, ...]
    models_dir: Path

    @classmethod
    def load(cls, models_dir: Path | None = None, file: Path | None = None) -> Catalogue:
        """Read ``resources/models.toml``; raises ``UserError`` where it is damaged."""
        file = file or paths.resources_dir() / "models.toml"
        try:
            entries = read_entries(file)
        except (OSError, ValueError) as error:
            raise UserError(
                "The list of models ({file}) is damaged. Install FSL Desktop again.",
                file=file.name,
                details=str(error),
            ) from error
        return cls(entries, models_dir or paths.models_dir())

    def entry(self, model: str) -> ModelEntry:
        """The entry with this id (or name on the hub); ``UserError`` names those that there are."""
        found = self._find(model)
        if found is not None:
            return found
        raise UserError(
            "There is no model called {model}. Choose one of {known}, or a model folder.",
            model=model,
            known=", ".join(entry.id for entry in self.entries),
        )

    def of(self, modality: str) -> tuple[ModelEntry, ...]:
        """Every model that reads ``modality``, those that were added from the hub too."""
        return tuple(entry for entry in (*self.entries, *self.added()) if entry.modality == modality)

    def added(self) -> tuple[ModelEntry, ...]:
        """Models of the hub that were installed by their names there (``organisation/name``)."""
        return read_added(self.models_dir)

    def _find(self, model: str) -> ModelEntry | None:
        for entry in self.entries:
            if entry.id == model:
                return entry
        return next((entry for entry in self.added() if model in (entry.id, entry.name)), None)

    def resolve(self, model: str, modality: str = TEXT) -> Path:
        """The folder to load: of an installed model of the catalogue, or a folder in the Hugging Face layout.

        ``modality`` says what it is to read. Files touched since they were compared are compared again here
        (90 MB take some 0.1 s). Raises ``UserError`` with the fix.
        """
        if self._find(model) is None:
            return _model_folder(model, self)
        entry = self.entry(model)
        if entry.modality != modality:
            known = ", ".join(other.id for other in self.of(modality))
            raise UserError.of(_foreign(modality, name=entry.name, known=known))
        state = self.status(model)
        if state.problem is not None:
            raise UserError.of(state.problem)
        if not state.installed:
            raise UserError(
                "{name} is not installed. Install it here, or with: fsl-desktop models install {model}",
                name=entry.name,
                model=model,
            )
        if touched := unverified(entry, state.folder):
            problem = check_hashes(entry, state.folder, touched)
            if problem is not None:
                raise UserError.of(problem)
            _stamp_again(entry, state.folder)
        return state.folder

    def status(self, model: str) -> InstalledState:
        """Is it here, with every file and size right? Cheap enough for every start of the program."""
        return self._state(self.entry(model))

    def _state(self, entry: ModelEntry) -> InstalledState:
        folder = self.models_dir / entry.id
        if not folder.is_dir():
            return InstalledState(False, folder)
        problem = check_sizes(entry, folder)
        return InstalledState(problem is None, folder, problem)

    def recommend(self, language: str, share: float = 1.0) -> Recommendation:
        """The text model for rows in ``language``, as :func:`dominant_language` gives it with its ``share``.

        The smaller English model reads other languages hardly better than chance, so it is for English
        alone, and for rows without any words.
        """
        if language == "en" and share < _ENGLISH_ENOUGH:
            model = MULTILINGUAL
            reason = Message.of("Many rows are not in English; this model reads a hundred languages.")
        elif language == "en":
            model, reason = ENGLISH, Message.of("The rows are in English, which this model reads best.")
        elif language == "":
            model, reason = ENGLISH, Message.of("The rows have no words that show their language.")
        elif language == UNDETERMINED:
            model = MULTILINGUAL
            reason = Message.of("The language of the rows is not clear; this model reads a hundred of them.")
        else:
            model = MULTILINGUAL
            reason = Message.of(
                "The rows are in {language}, which the English model cannot read; this one can.",
                language=language_name(language),
            )
        return Recommendation(model, reason, self.status(model).installed)

    def origin(self, model: str) -> str:
        """Which source an installed model came from; "" where that is not known."""
        return read_origin(self.models_dir / self.entry(model).id)

    def install(
        self,
        model: str,
        *,
        path: str = "",
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        offline: bool = False,
        converters: Converters | None = None,
    ) -> Path:
        """Fetch a model, or take it from ``path``. Without a path, a whole one that is there is left alone.

        ``model`` is an id, or the name of any text encoder on the Hugging Face hub (``organisation/name``).

        ``progress`` is told bytes done and in all; ``cancelled`` is asked many times a second.
        ``converters`` unpack weights that come in another format, by the name of the format. Raises
        ``Stopped``, or ``UserError`` with the fix (the reason of every source in its details).
        """
        from fsl_desktop.core.fetch.install import install

        entry = self._find(model)
        if entry is None and is_hub_name(model) and not path and not offline:
            entry = look_up(model, cancelled)
        entry = entry or self.entry(model)
        state = self._state(entry)
        if not path and state.installed and check_hashes(entry, state.folder, list(entry.files)) is None:
            _stamp_again(entry, state.folder)
            return state.folder
        return install(
            entry,
            self.models_dir,
            path=path,
            progress=progress,
            cancelled=cancelled,
            offline=offline,
            converters=converters,
        )

    def verify(self, model: str, progress: Callable[[int, int], None] | None = None) -> Message | None:
        """Read every byte and compare; the sentence where something is wrong, else None."""
        entry = self.entry(model)
        state = self.status(model)
        if not state.installed:
            return state.problem or Message.of("{model} is not installed.", model=entry.name)
        problem = check_hashes(entry, state.folder, list(entry.files), progress)
        if problem is None:
            _stamp_again(entry, state.folder)
        return problem

    def remove(self, model: str) -> None:
        """Delete an installed model, and what an interrupted installation left of it."""
        from fsl_desktop.core.fetch.install import STAGING, disk_error, set_aside

        entry = self.entry(model)
        staged = self.models_dir / STAGING / entry.id
        folder = self.models_dir / entry.id
        if not folder.exists() and not staged.exists():
            raise UserError("{model} is not installed.", model=entry.name)
        try:
            aside = set_aside(folder, self.models_dir)
            for path in (aside, staged):
                if path is not None and path.exists():
                    shutil.rmtree(path)
        except OSError as error:
            raise disk_error(error, self.models_dir) from error


def _foreign(modality: str, *, name: str, known: str) -> Message:
    if modality == TEXT:
        return Message.of("{name} cannot read texts. Choose one of {known}.", name=name, known=known)
    return Message.of("{name} cannot read sounds. Choose one of {known}.", name=name, known=known)


def _stamp_again(entry: ModelEntry, folder: Path) -> None:
    """Remember that all is well; a read-only folder is just compared again next time."""
    if unverified(entry, folder):
        try:
            write_stamp(entry, folder, read_origin(folder))
        except (OSError, UserError):
            return


def _model_folder(model: str, catalogue: Catalogue) -> Path:
    folder = Path(model).expanduser()
    looks_like_path = os.sep in model or "/" in model or folder.exists()
    if not looks_like_path:
        catalogue.entry(model)  # raises, and names the models there are
    if not folder.is_dir() and is_hub_name(model):
        raise UserError(
            "{model} is not installed. Install it with: fsl-desktop models install {model}", model=model
        )
    if not folder.is_dir():
        raise UserError("There is no folder {folder}. Choose a model folder.", folder=model)
    if not (folder / "config.json").is_file():
        raise UserError(
            "{folder} is no model folder: it has no config.json. Choose one in the Hugging Face layout.",
            folder=model,
        )
    if not any(folder.glob("*.safetensors")):
        raise UserError(
            "{folder} has no weights in the safetensors format, and other formats are not opened because "
            "they can run programs. Choose another model.",
            folder=model,
        )
    return folder
