"""A new project out of a file: look, check, name the classes, name the project, read the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.commands import AddBatch, SetSeveral
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import SEPARATORS
from fsl_desktop.core.message import Message
from fsl_desktop.core.new_project import create_project, discard_project, free_folder
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import Preview
from fsl_desktop.ui import speech
from fsl_desktop.ui.base_model import KEY as MODEL
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.wizard.classes_step import ClassesStep, folded
from fsl_desktop.ui.wizard.frame import WizardFrame
from fsl_desktop.ui.wizard.place_step import PlaceStep
from fsl_desktop.work.protocol import ImportedBatch

CLASSES, PLACE = 2, 3


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewProjectWizard", text)


MakeProject = Callable[[Path, str, tuple[str, ...], Mapping[str, str]], Project]


class NewProjectWizard(WizardFrame):
    """Emits ``created`` with the folder of a project that is complete, closed, and ready to be opened.

    ``make_project`` is called with folder, name, class names and sentences about some of them, and gives
    back an open project; what it makes is removed again by ``discard`` when the user cancels or the file
    turns out to be unusable.
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
        self.place_step = PlaceStep(holder, projects_folder, free_folder)
        steps = ((_tr("Classes"), self.classes_step), (_tr("Name"), self.place_step))
        super().__init__(holder, importer, _tr("New project"), steps, parent)
        self._make_project = make_project
        self._discard = discard
        self._project: Project | None = None
        self._several: bool | None = None
        """What the user said about several labels in a row; None: what the file looks like."""
        self.classes_step.several_wanted.connect(self._on_several)
        self.classes_step.changed.connect(self.refresh_buttons)
        self.place_step.changed.connect(self.refresh_buttons)
        self.reading.ready.connect(self._take_over)

    def entered(self, step: int) -> None:
        super().entered(step)
        if step == CLASSES:
            self.classes_step.focus_names()
        elif step == PLACE:
            self.place_step.set_facts(self._facts())
            self.place_step.show_rows(self._texts())
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
        try:
            folder = self.place_step.folder
            step = self.classes_step
            self._project = self._make_project(folder, name, step.names, step.sentences)
            self._project.set_meta(MODEL, self.place_step.model)
            if self.classes_step.several.isChecked():
                self._project.do(SetSeveral(True))
        except UserError as error:
            self.place_step.problem.tell(error.message, error.details)
            return
        self.start_import(str(self._project.folder))

    def abandon(self) -> None:
        """The window is closing: stop, and leave nothing half made behind."""
        super().abandon()
        self._take_back()

    def _take_over(self, preview: Preview) -> None:
        """What the file says about classes, several in a row, and name."""
        options = preview.options
        wanted = bool(preview.separator_guess) if self._several is None else self._several
        self.classes_step.several.setChecked(wanted)
        if wanted and options.label_column and not options.label_separator:
            self._read_several(preview.separator_guess or SEPARATORS[0])
            return
        column = preview.options.label_column or ""
        self.classes_step.set_found(preview.label_values if column else (), column)
        self.place_step.suggest_name(_name_of(self.reading.file_name))

    def _on_several(self, on: bool) -> None:
        """The user says it: cells with labels are read again, taken apart or whole."""
        self._several = on
        preview = self.reading.preview
        if preview is not None and preview.options.label_column:
            self._read_several((preview.separator_guess or SEPARATORS[0]) if on else "")

    def _read_several(self, separator: str) -> None:
        self.classes_step.several.setChecked(bool(separator))
        self.reading.correct(label_separator=separator)

    def _texts(self) -> list[str]:
        """The first texts of the file."""
        preview = self.reading.preview
        names = [column.name for column in preview.columns] if preview is not None else []
        if preview is None or preview.options.text_column not in names:
            return []
        at = names.index(preview.options.text_column)
        return [row[at] for row in preview.rows if at < len(row)]

    def _facts(self) -> str:
        preview = self.reading.preview
        if preview is None:
            return ""
        exact = preview.estimated_rows <= len(preview.rows)
        about = self.tr("about {n} rows").format(n=QLocale().toString(preview.estimated_rows))
        rows = speech.rows(preview.estimated_rows) if exact else about
        names = self.classes_step.names
        classes = self.tr("1 class") if len(names) == 1 else self.tr("{n} classes").format(n=len(names))
        return self.tr("{rows} from {file}, column “{column}”, and {classes}.").format(
            rows=rows,
            file=self.reading.file_name,
            column=preview.options.text_column,
            classes=classes if names else self.tr("no classes yet"),
        )

    def _on_imported(self, batch: ImportedBatch) -> None:
        self._import_ticket = None
        project = self._project
        if project is None:
            return
        if not batch.n_rows:
            self._on_import_refused(
                Message.of("No row of this file could be used. Check the column with the text."), ""
            )
            return
        try:
            project.do(AddBatch(batch.batch, self._label_classes(project, batch)))
        except UserError as error:
            self._on_import_refused(error.message, error.details)
            return
        folder = str(project.folder)
        self._project = None
        project.close()
        self.imported.emit(batch)
        self.accept()
        self.created.emit(folder)

    def _label_classes(self, project: Project, batch: ImportedBatch) -> tuple[tuple[str, int | None], ...]:
        """Which class each label of the file means; the ones the user left out are not among them."""
        ids = {folded(info.name): info.id for info in project.classes}
        values = dict.fromkeys((*(info.name for info in project.classes), *self.classes_step.found))
        values |= dict.fromkeys(batch.new_classes)
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


def _name_of(file_name: str) -> str:
    """``bank_questions-2024.csv`` -> ``Bank questions 2024``"""
    stem = file_name.rsplit(".", 1)[0] if "." in file_name else file_name
    words = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]
