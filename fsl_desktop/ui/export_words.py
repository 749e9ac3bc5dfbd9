"""What the formats for labels are called, and a sentence about each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fsl_desktop.core.exports.kinds import EVENTS, Kind


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportWords", text)


def format_name(kind: Kind) -> str:
    return {
        Kind.LABEL_STUDIO: "Label Studio",
        Kind.DOCCANO: "doccano",
        Kind.PRODIGY: "Prodigy",
        Kind.CONLL: "CoNLL",
        Kind.DATASETS: _tr("Hugging Face datasets"),
        Kind.AUDIOFOLDER: _tr("Folder of sounds with a table (audiofolder)"),
        Kind.AUDACITY: "Audacity",
        Kind.RAVEN: "Raven",
        Kind.TEXTGRID: "Praat (TextGrid)",
        Kind.ELAN: "ELAN",
    }[kind]


def format_words(kind: Kind, of_sounds: bool) -> str:
    """What comes out, and what the format has no place for."""
    if kind in EVENTS:
        return (
            {
                Kind.AUDACITY: _tr(
                    "A folder with a label track for each recording: Audacity opens it by Import › Labels."
                ),
                Kind.RAVEN: _tr("A folder with a selection table for each recording."),
                Kind.TEXTGRID: _tr(
                    "A folder with a TextGrid for each recording, with a tier for each class."
                ),
                Kind.ELAN: _tr("A folder with an .eaf file for each recording, with a tier for each class."),
            }[kind]
            + " "
            + _tr("Rows without a label and other columns have no place in it.")
        )
    if kind is Kind.LABEL_STUDIO and of_sounds:
        return _tr(
            "Tasks in one JSON file, one for each recording, with its labelled parts as regions. The"
            " recordings are expected in Label Studio's local storage."
        )
    return {
        Kind.LABEL_STUDIO: _tr(
            "Tasks in one JSON file, with your labels as annotations and other columns beside."
        ),
        Kind.DOCCANO: _tr("One JSON object a line, with a list of labels, as doccano imports it."),
        Kind.PRODIGY: _tr("One task a line with its answer, for prodigy db-in. Other columns are in “meta”."),
        Kind.CONLL: _tr(
            "One word a line with its tag (BIO), sentences parted by empty lines. Labels and other columns"
            " are comments; line ends inside a text become spaces."
        ),
        Kind.DATASETS: _tr("A folder that load_from_disk of the datasets library opens, in Arrow's format."),
        Kind.AUDIOFOLDER: _tr(
            "A folder with the sounds, parts cut out as WAV, and a table of their labels, as the datasets"
            " library opens it. Takes as much room as the recordings."
        ),
    }[kind]
