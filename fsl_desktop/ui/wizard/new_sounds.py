"""A new project of recordings: choose them, name the classes, name the project, take them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.audio.look import SoundLook
from fsl_desktop.core.clip_import import ImportedSounds
from fsl_desktop.core.commands import AddBatch
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.new_project import create_project, discard_project, free_folder
from fsl_desktop.core.project import Project
from fsl_desktop.ui import speech
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.wizard.classes_step import ClassesStep, folded
from fsl_desktop.ui.wizard.place_step import PlaceStep
from fsl_desktop.ui.wizard.recordings_step import names_of
from fsl_desktop.ui.wizard.sounds_frame import RECORDINGS, SoundsFrame

CLASSES, PLACE = RECORDINGS + 1, RECORDINGS + 2

MakeProject = Callable[[Path, str, tuple[str, ...], Mapping[str, str], Task], Project]


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSoundsWizard", text)


class NewSoundsWizard(SoundsFrame):
    """Emits ``created`` with the folder of a project that is complete, closed, and ready to be opened.

    ``make_project`` and ``discard`` as in ``NewProjectWizard``.
    """

    created = Signal(str)

    def __init__(
        self,
        holder: ThemeHolder,
        importer: Importer,
        projects_folder: str,
        parent: QWidget | None = None,
        *,
        make_project: MakeProject = create_project,
        discard: Callable[[Path], None] = discard_project,
    ) -> None:
        self.classes_step = ClassesStep(holder)
        self.place_step = PlaceStep(holder, projects_folder, free_folder, of_sounds=True)
        steps = ((_tr("Classes"), self.classes_step), (_tr("Name"), self.place_step))
        super().__init__(holder, importer, _tr("New project of recordings"), steps, parent)
        self._make_project = make_project
        self._discard = discard
        self._project: Project | None = None
        # A clip has one class so far.
        self.classes_step.several.hide()
        self.classes_step.changed.connect(self.refresh_buttons)
        self.place_step.changed.connect(self.refresh_buttons)
        self.go_to(RECORDINGS)

    def entered(self, step: int) -> None:
        super().entered(step)
        if step == CLASSES:
            self.classes_step.focus_names()
        elif step == PLACE:
            self.place_step.set_facts(self._facts())
            self.place_step.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.place_step.name.selectAll()

    def can_go_on(self, step: int) -> bool:
        if not super().can_go_on(step):
            return False
        if step == CLASSES:
            return self.classes_step.usable
        return step != PLACE or (self.place_step.usable and self.classes_step.usable)

    def next_words(self, step: int) -> str:
        return self.tr("Create project") if step == PLACE else self.tr("Next")

    def finish(self) -> None:
        name = " ".join(self.place_step.name.text().split())
        classes = self.classes_step
        try:
            self._project = self._make_project(
                self.place_step.folder, name, classes.names, classes.sentences, Task.CLASSIFY_AUDIO
            )
        except UserError as error:
            self.place_step.problem.tell(error.message, error.details)
            return
        self.start_import(str(self._project.folder))

    def abandon(self) -> None:
        super().abandon()
        self._take_back()

    def _facts(self) -> str:
        look = self.recordings_step.look
        if look is None:
            return ""
        names = self.classes_step.names
        classes = self.tr("1 class") if len(names) == 1 else self.tr("{n} classes").format(n=len(names))
        return self.tr("{rows} from {place}, and {classes}.").format(
            rows=speech.rows(look.n_clips),
            place=names_of(self.paths),
            classes=classes if names else self.tr("no classes yet"),
        )

    def looked(self, look: SoundLook) -> None:
        self.classes_step.set_found(look.labels, "")
        self.place_step.suggest_name(_name_of(self.paths))

    def _on_imported(self, found: ImportedSounds) -> None:
        self._import_ticket = None
        project = self._project
        if project is None:
            return
        try:
            project.do(AddBatch(found.batch, self._label_classes(project, found)))
        except UserError as error:
            self._on_import_refused(error.message, error.details)
            return
        folder = str(project.folder)
        self._project = None
        project.close()
        self.imported.emit(found)
        self.accept()
        self.created.emit(folder)

    def _label_classes(self, project: Project, found: ImportedSounds) -> tuple[tuple[str, int | None], ...]:
        """Which class each label means; those that the user left out are not among them."""
        ids = {folded(info.name): info.id for info in project.classes}
        values = dict.fromkeys((*(info.name for info in project.classes), *found.labels))
        left_out = self.classes_step.removed
        return tuple((value, ids.get(folded(value))) for value in values if folded(value) not in left_out)

    def _on_import_refused(self, message: Message, details: str) -> None:
        self._import_ticket = None
        self._take_back()
        self.go_to(PLACE)
        self.place_step.problem.tell(message, details)

    def _on_import_dropped(self) -> None:
        self._import_ticket = None
        self._take_back()
        self.go_to(PLACE)
        self.place_step.problem.tell(self.tr("Stopped. Nothing was kept."), kind="warning")

    def _take_back(self) -> None:
        if self._project is not None:
            project, self._project = self._project, None
            project.close()
            self._discard(project.folder)


def _name_of(paths: Sequence[str]) -> str:
    """``/home/me/bird_calls`` -> ``Bird calls``"""
    first = PurePath(paths[0])
    stem = (
        first.stem
        if len(paths) == 1 and first.suffix
        else first.name
        if len(paths) == 1
        else first.parent.name
    )
    words = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]
