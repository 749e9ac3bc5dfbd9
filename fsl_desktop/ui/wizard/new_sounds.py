"""A new project of recordings: choose them, name the classes, name the project, take them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.audio.look import SoundLook
from fsl_desktop.core.clip_import import Cut, ImportedSounds, SoundOptions
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
from fsl_desktop.ui.wizard.recordings_step import RecordingsStep, names_of
from fsl_desktop.ui.wizard.steps import StepsDialog

RECORDINGS, CLASSES, PLACE = range(3)

MakeProject = Callable[[Path, str, tuple[str, ...], Mapping[str, str], Task], Project]


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewSoundsWizard", text)


class NewSoundsWizard(StepsDialog):
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
        self.recordings_step = RecordingsStep(holder)
        self.classes_step = ClassesStep(holder)
        self.place_step = PlaceStep(holder, projects_folder, free_folder, of_sounds=True)
        steps = (
            (_tr("Recordings"), self.recordings_step),
            (_tr("Classes"), self.classes_step),
            (_tr("Name"), self.place_step),
        )
        super().__init__(
            holder,
            importer,
            _tr("New project of recordings"),
            steps,
            _tr("Taking in the recordings…"),
            parent,
        )
        self._make_project = make_project
        self._discard = discard
        self._project: Project | None = None
        self._paths: list[str] = []
        self._look_ticket: int | None = None
        # A clip has one class so far.
        self.classes_step.several.hide()
        self.recordings_step.chosen.connect(self.look)
        self.recordings_step.cancelled.connect(self._stop_and_tell)
        self.recordings_step.changed.connect(self.refresh_buttons)
        self.classes_step.changed.connect(self.refresh_buttons)
        self.place_step.changed.connect(self.refresh_buttons)
        self.go_to(RECORDINGS)

    def look(self, paths: Sequence[str]) -> None:
        """Look into files, folders, tables and zips."""
        if self.importing or not paths:
            return
        self.stop_looking()
        self.go_to(RECORDINGS)
        self._paths = list(paths)
        self.recordings_step.set_busy(names_of(self._paths))
        self._look_ticket = self._importer.look_into_sounds(
            self._paths, self._on_look, self._on_look_refused, self._on_look_dropped
        )

    def entered(self, step: int) -> None:
        if step == RECORDINGS:
            self.recordings_step.choose_files.setFocus(Qt.FocusReason.OtherFocusReason)
        elif step == CLASSES:
            self.classes_step.focus_names()
        elif step == PLACE:
            self.place_step.set_facts(self._facts())
            self.place_step.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.place_step.name.selectAll()

    def can_go_on(self, step: int) -> bool:
        if self._look_ticket is not None or self.recordings_step.look is None:
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
        self.show_importing()
        self._import_ticket = self._importer.import_sounds(
            self._paths,
            self._options(),
            str(self._project.folder),
            self._on_imported,
            self.on_told,
            self._on_import_refused,
            self._on_import_dropped,
        )

    def stop_looking(self) -> None:
        if self._look_ticket is not None:
            self._importer.forget(self._look_ticket)
            self._importer.cancel(self._look_ticket)
            self._look_ticket = None

    def abandon(self) -> None:
        super().abandon()
        self._take_back()

    def _options(self) -> SoundOptions:
        step = self.recordings_step
        cut = Cut(step.length.value(), step.overlap.value(), step.silence.isChecked())
        return SoundOptions(copy=step.copy.isChecked(), cut=cut if step.cut.isChecked() else None)

    def _facts(self) -> str:
        look = self.recordings_step.look
        if look is None:
            return ""
        names = self.classes_step.names
        classes = self.tr("1 class") if len(names) == 1 else self.tr("{n} classes").format(n=len(names))
        return self.tr("{rows} from {place}, and {classes}.").format(
            rows=speech.rows(look.n_clips),
            place=names_of(self._paths),
            classes=classes if names else self.tr("no classes yet"),
        )

    def _on_look(self, look: SoundLook) -> None:
        self._look_ticket = None
        self.recordings_step.show_look(look)
        self.classes_step.set_found(look.labels, "")
        self.place_step.suggest_name(_name_of(self._paths))
        self.refresh_buttons()
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_look_refused(self, message: Message, details: str) -> None:
        self._look_ticket = None
        self.recordings_step.tell(message, details)
        self.refresh_buttons()

    def _on_look_dropped(self) -> None:
        self._look_ticket = None
        self.recordings_step.set_busy("")
        self.refresh_buttons()

    def _stop_and_tell(self) -> None:
        self.stop_looking()
        self._on_look_dropped()

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
