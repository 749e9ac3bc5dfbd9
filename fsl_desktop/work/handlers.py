"""The table of the child: which function serves which request."""

from __future__ import annotations

from fsl_desktop.work import handlers_files, handlers_models, handlers_sounds
from fsl_desktop.work.handlers_learn import Learning
from fsl_desktop.work.jobs import Handlers
from fsl_desktop.work.protocol import (
    Ask,
    AskSounds,
    CheckModel,
    ExportLabels,
    ExportModel,
    ExportTable,
    FindMoved,
    ImportFile,
    ImportSounds,
    InstallModel,
    LookSounds,
    PreviewFile,
    Rank,
    ScanRecording,
    Suggest,
    Train,
)


def build() -> Handlers:
    """The handlers of the application; cheap, what is heavy waits for ``prepare``."""
    learning = Learning()
    return Handlers(
        table={
            PreviewFile: handlers_files.preview_file,
            ImportFile: handlers_files.import_file,
            LookSounds: handlers_sounds.look_into,
            FindMoved: handlers_sounds.find_moved,
            ImportSounds: handlers_sounds.take_in,
            InstallModel: handlers_models.install_model,
            CheckModel: handlers_models.check_model,
            Suggest: learning.suggest,
            Rank: learning.rank,
            Ask: learning.ask,
            AskSounds: learning.ask_sounds,
            Train: learning.train,
            ScanRecording: learning.scan_recording,
            ExportLabels: handlers_files.export_labels,
            ExportTable: learning.export_table,
            ExportModel: learning.export_model,
        },
        prepare=learning.prepare,
        warm=learning.warm,
        after_prepare=frozenset(
            {Suggest, Rank, Ask, AskSounds, Train, ScanRecording, ExportTable, ExportModel}
        ),
    )
