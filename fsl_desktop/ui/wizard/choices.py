"""How a file is read, to be corrected: columns, header, encoding, delimiter, sheet."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fsl_desktop.core.readers.types import Preview
from fsl_desktop.ui.widgets import named, section

ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows, Western (cp1252)"),
    ("iso8859-1", "ISO Latin 1"),
    ("iso8859-15", "ISO Latin 9"),
    ("cp1250", "Windows, Central European (cp1250)"),
    ("cp1251", "Windows, Cyrillic (cp1251)"),
    ("mac-roman", "Mac Roman"),
    ("gb18030", "Chinese, simplified (GB 18030)"),
    ("big5", "Chinese, traditional (Big5)"),
    ("shift_jis", "Japanese (Shift JIS)"),
    ("euc-kr", "Korean (EUC-KR)"),
)
WITH_LINES = ("csv", "tsv")
WITH_ENCODING = ("csv", "tsv", "txt", "jsonl")
WITH_HEADER = ("csv", "tsv", "xlsx")


class Choices(QWidget):
    """Emits one correction at a time; shows what was really done through :meth:`show_preview`."""

    corrected = Signal(str, object)
    """Name of the field of ``ReadOptions`` and its new value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: dict[QWidget, QLabel] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._column_head = section(self.tr("What is what"))
        self._layout.addWidget(self._column_head)
        self._layout.addSpacing(4)
        self.text = self._box(self.tr("Column with the text"), "wizardText", "text_column")
        self.label = self._box(self.tr("Column with labels"), "wizardLabel", "label_column")
        self._layout.addSpacing(8)
        self._file_head = section(self.tr("How the file is read"))
        self._layout.addWidget(self._file_head)
        self._layout.addSpacing(4)
        self.sheet = self._box(self.tr("Sheet"), "wizardSheet", "sheet")
        self.header = named(
            QCheckBox(self.tr("First row has the names")), self.tr("First row has the names"), "wizardHeader"
        )
        self.header.clicked.connect(lambda on: self.corrected.emit("header", on))
        self._layout.addWidget(self.header)
        self.delimiter = self._box(self.tr("Columns are parted by"), "wizardDelimiter", "delimiter")
        self.encoding = self._box(self.tr("Encoding of the text"), "wizardEncoding", "encoding")
        for value, words in (
            (",", self.tr("Comma")),
            (";", self.tr("Semicolon")),
            ("\t", self.tr("Tab")),
            ("|", self.tr("Vertical bar")),
        ):
            self.delimiter.addItem(words, value)
        for value, words in ENCODINGS:
            self.encoding.addItem(words, value)
        self._layout.addStretch(1)

    def show_preview(self, preview: Preview) -> None:
        """Show what was guessed or asked for; emits nothing."""
        asked = preview.options
        names = [column.name for column in preview.columns]
        _fill(self.text, [(name, name) for name in names], asked.text_column)
        if asked.text_column not in names:
            self.text.setCurrentIndex(-1)
            self.text.setPlaceholderText(self.tr("Choose a column"))
        rest = [(self.tr("None"), "")]
        rest += [(name, name) for name in names if name != asked.text_column]
        _fill(self.label, rest, asked.label_column or "")
        _fill(self.sheet, [(name, name) for name in preview.sheets], asked.sheet)
        _choose(self.delimiter, asked.delimiter)
        _choose(self.encoding, _plain(asked.encoding))
        self.header.setChecked(bool(asked.header))
        self.show_for(preview.format)
        self._show(self.sheet, len(preview.sheets) > 1)

    def show_for(self, file_format: str, *, with_columns: bool = True) -> None:
        """Only what means something for this kind of file, and while its columns are known."""
        self._column_head.setVisible(with_columns)
        self._show(self.text, with_columns)
        self._show(self.label, with_columns)
        self._show(self.sheet, file_format == "xlsx" and self.sheet.count() > 1)
        self.header.setVisible(file_format in WITH_HEADER)
        self._show(self.delimiter, file_format in WITH_LINES)
        self._show(self.encoding, file_format in WITH_ENCODING)
        self._file_head.setVisible(file_format in {*WITH_HEADER, *WITH_ENCODING})

    def _show(self, box: QComboBox, on: bool) -> None:
        box.setVisible(on)
        self._labels[box].setVisible(on)

    def _box(self, words: str, object_name: str, field: str) -> QComboBox:
        label = QLabel(words)
        label.setWordWrap(True)
        box = named(QComboBox(), words, object_name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.activated.connect(lambda i: self.corrected.emit(field, box.itemData(i)))
        label.setBuddy(box)
        self._labels[box] = label
        self._layout.addWidget(label)
        self._layout.addWidget(box)
        self._layout.addSpacing(6)
        return box


def _plain(encoding: str | None) -> str:
    """The name that our list has for an encoding that a reader may call otherwise."""
    name = (encoding or "").lower().replace("_", "-")
    known = {
        "utf8": "utf-8",
        "utf-8-sig": "utf-8",
        "ascii": "utf-8",
        "us-ascii": "utf-8",
        "latin-1": "iso8859-1",
        "iso-8859-1": "iso8859-1",
        "iso-8859-15": "iso8859-15",
        "windows-1252": "cp1252",
        "windows-1251": "cp1251",
        "windows-1250": "cp1250",
        "utf-16-le": "utf-16",
        "utf-16-be": "utf-16",
        "shift-jis": "shift_jis",
    }
    return known.get(name, name)


def _fill(box: QComboBox, items: list[tuple[str, str]], chosen: str | None) -> None:
    box.clear()
    for words, value in items:
        box.addItem(words, value)
    _choose(box, chosen, add=False)


def _choose(box: QComboBox, value: str | None, *, add: bool = True) -> None:
    place = box.findData(value)
    if place < 0 and value and add:
        box.addItem(value, value)
        place = box.count() - 1
    box.setCurrentIndex(place)
