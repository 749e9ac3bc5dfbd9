"""Everything a run can be told besides the preset; what is left alone stays as the preset says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.ui.widgets import muted, named, number_box, title, with_role

DEFAULT_MODELS = (("minilm", "MiniLM"),)
_FOLDER = "\0folder"


class AdvancedDialog(QDialog):
    """Edits a ``TrainConfig``; ``config`` is what the fields say now.

    ``models``: catalogue id and name of each model that can be chosen.
    """

    def __init__(
        self,
        config: TrainConfig,
        models: Sequence[tuple[str, str]] = DEFAULT_MODELS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Advanced settings of a run"))
        self.resize(620, 640)
        self._start = config
        self._fields = QGridLayout()
        self._fields.setHorizontalSpacing(24)
        self._fields.setVerticalSpacing(4)
        self._fields.setColumnStretch(0, 1)
        self._build_fields(models)
        self._build_frame()
        self._fill(config)

    @property
    def config(self) -> TrainConfig:
        return replace(
            self._start,
            model=str(self.model.currentData()),
            seed=self.seed.value(),
            use_class_names=self.class_names.isChecked(),
            use_unlabelled=self.unlabelled.isChecked(),
            steps=_whole(self.steps),
            tuned_layers=_whole(self.layers),
            learning_rate=_fraction(self.rate),
            weight_decay=_fraction(self.decay),
            dropout=_fraction(self.dropout),
            folds=_whole(self.folds),
            patience=_whole(self.patience),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def reset(self) -> None:
        """Everything as the preset says."""
        self._fill(TrainConfig(task=self._start.task, preset=self._start.preset))

    def _build_fields(self, models: Sequence[tuple[str, str]]) -> None:
        self.model = QComboBox()
        for model_id, name in models:
            self.model.addItem(name, model_id)
        self.model.addItem(self.tr("A model folder…"), _FOLDER)
        self.model.activated.connect(self._on_model)
        self.class_names = QCheckBox(self.tr("Use them"))
        self.unlabelled = QCheckBox(self.tr("Use them where it helps"))
        self.seed = _spin(0, 999_999, None)
        preset = self.tr("As the preset says")
        self.steps = _spin(1, 2000, preset)
        self.layers = _spin(1, 48, preset)
        self.rate = _real(0.000001, 0.01, 6, 0.00001, preset)
        self.decay = _real(0.0, 1.0, 3, 0.01, preset)
        self.dropout = _real(0.0, 0.9, 2, 0.05, preset)
        self.folds = _spin(2, 20, preset)
        self.patience = _spin(1, 100, preset)
        for name, widget, words in (
            (self.tr("Model"), self.model, self.tr("The pretrained model that is adapted to your labels.")),
            (
                self.tr("Class names"),
                self.class_names,
                self.tr("The names of the classes count as examples. Turn it off where they say nothing."),
            ),
            (
                self.tr("Rows without a label"),
                self.unlabelled,
                self.tr("The model also learns from what it takes them for, where held-out rows say so."),
            ),
            (
                self.tr("Steps"),
                self.steps,
                self.tr("How many times the model is adjusted. More takes longer and can learn by heart."),
            ),
            (
                self.tr("Layers to tune"),
                self.layers,
                self.tr("How many of the model's upper layers are adapted; the rest stay as they are."),
            ),
            (
                self.tr("Learning rate"),
                self.rate,
                self.tr("How far each step goes. Too large forgets, too small stands still."),
            ),
            (
                self.tr("Weight decay"),
                self.decay,
                self.tr("Pulls the model back to simple answers, so that it learns less by heart."),
            ),
            (
                self.tr("Dropout"),
                self.dropout,
                self.tr("The share of the model that is switched off at random in each step."),
            ),
            (
                self.tr("Parts for the check"),
                self.folds,
                self.tr("Your labels are cut into so many parts; each is held out once to get the score."),
            ),
            (
                self.tr("Patience"),
                self.patience,
                self.tr("The run stops early after so many checks without a better result."),
            ),
            (
                self.tr("Random seed"),
                self.seed,
                self.tr("The same number and the same labels give the same model."),
            ),
        ):
            self._add(name, widget, words)

    def _add(self, name: str, widget: QWidget, words: str) -> None:
        row = self._fields.rowCount()
        head = muted(name)
        with_role(head, "")
        head.setBuddy(widget)
        named(widget, f"{name}. {words}", "advanced_" + str(row))
        widget.setToolTip(words)
        widget.setFixedWidth(210)
        # Scrolling the dialog must not turn a number that the mouse happens to pass.
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self)
        text = muted(words, wrap=True)
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._fields.addWidget(head, row, 0)
        self._fields.addWidget(text, row + 1, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        self._fields.addWidget(widget, row, 1, 2, 1, middle)
        self._fields.setRowMinimumHeight(row + 2, 12)

    def _build_frame(self) -> None:
        inside = with_role(QWidget(), "plain")
        self._fields.setContentsMargins(4, 0, 16, 0)
        inside.setLayout(self._fields)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        reset = named(
            QPushButton(self.tr("Reset")), self.tr("Reset everything to the preset"), "advanced_reset"
        )
        reset.clicked.connect(self.reset)
        cancel = named(QPushButton(self.tr("Cancel")), self.tr("Cancel"), "advanced_cancel")
        cancel.clicked.connect(self.reject)
        done = named(
            with_role(QPushButton(self.tr("Use these")), "primary"), self.tr("Use these"), "advanced_ok"
        )
        done.setDefault(True)
        done.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(reset)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(done)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        box.addWidget(title(self.tr("Advanced settings")))
        box.addWidget(muted(self.tr("Leave anything you are not sure about as the preset says."), wrap=True))
        box.addWidget(area, 1)
        box.addLayout(buttons)

    def _fill(self, config: TrainConfig) -> None:
        self._choose_model(config.model)
        self.seed.setValue(config.seed)
        self.class_names.setChecked(config.use_class_names)
        self.unlabelled.setChecked(config.use_unlabelled)
        for spin, value in (
            (self.steps, config.steps),
            (self.layers, config.tuned_layers),
            (self.folds, config.folds),
            (self.patience, config.patience),
        ):
            spin.setValue(spin.minimum() if value is None else value)
        for real, number in (
            (self.rate, config.learning_rate),
            (self.decay, config.weight_decay),
            (self.dropout, config.dropout),
        ):
            real.setValue(real.minimum() if number is None else number)

    def _choose_model(self, model: str) -> None:
        at = self.model.findData(model)
        if at < 0:
            at = self.model.count() - 1
            self.model.insertItem(at, model, model)
        self.model.setCurrentIndex(at)

    def _on_model(self, index: int) -> None:
        if self.model.itemData(index) != _FOLDER:
            return
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a model folder"))
        self._choose_model(folder or self._start.model)


def _spin(low: int, high: int, special: str | None) -> QSpinBox:
    spin = number_box(QSpinBox())
    # One below the lowest value stands for "as the preset says".
    spin.setRange(low - 1 if special else low, high)
    if special:
        spin.setSpecialValueText(special)
    return spin


def _real(low: float, high: float, decimals: int, step: float, special: str) -> QDoubleSpinBox:
    spin = number_box(QDoubleSpinBox())
    spin.setDecimals(decimals)
    spin.setSingleStep(step)
    spin.setRange(low - step, high)
    spin.setSpecialValueText(special)
    return spin


def _whole(spin: QSpinBox) -> int | None:
    return None if spin.value() == spin.minimum() else spin.value()


def _fraction(spin: QDoubleSpinBox) -> float | None:
    return None if spin.value() == spin.minimum() else round(spin.value(), spin.decimals())
