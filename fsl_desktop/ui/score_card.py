"""How good a model is, in one number with its doubt, and what that is worth knowing with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from fsl_desktop.core.events import RunSummary, Score
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.trust_words import calibration_words, forecast_words
from fsl_desktop.ui.widgets import Card, muted, section, with_role

NOTES = 4


def _plain(name: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(name)
    return label


class ScoreCard(Card):
    """``show_summary`` of a run, or ``show_instant`` before the first one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = with_role(QLabel(), "number")
        self.number.setObjectName("results_number")
        self.accuracy = _plain("results_accuracy")
        self.others = muted("", wrap=True)
        self.others.setObjectName("results_others")
        self.outlook = _plain("results_outlook")
        self.notes = _plain("results_notes")
        self.body.addWidget(section(self.tr("How good it is")))
        for widget in (self.number, self.accuracy, self.others):
            self.body.addWidget(widget)
        self.body.addSpacing(4)
        self.body.addWidget(self.outlook)
        self.body.addSpacing(4)
        self.body.addWidget(self.notes)
        self.body.addStretch(1)

    def show_instant(self, score: Score | None, note: Message | None) -> None:
        self.number.setText(speech.percent(score.value) if score else self.tr("No score yet"))
        self.accuracy.setText(
            self.tr("of the instant model's answers are right on rows it had not seen: {span}.").format(
                span=speech.span(score)
            )
            if score
            else ""
        )
        self.others.setText("")
        self._say_outlook(None)
        self.notes.setText(speech.say(note) if note else "")

    def show_summary(self, summary: RunSummary) -> None:
        score = summary.accuracy
        if score is None:
            self.number.setText(self.tr("No score yet"))
            self.accuracy.setText(
                self.tr("There were too few labels to check the model on rows it had not seen.")
            )
        else:
            self.number.setText(speech.percent(score.value))
            words = self.tr("of the answers are right on rows the model had not seen: {span}.")
            if summary.several:
                words = self.tr("of the rows the model had not seen got exactly their labels: {span}.")
            self.accuracy.setText(words.format(span=speech.span(score)))
        self.others.setText("\n".join(self._other_scores(summary)))
        self._say_outlook(summary)
        self.notes.setText("\n\n".join(speech.say(note) for note in summary.notes[:NOTES]))

    def _say_outlook(self, summary: RunSummary | None) -> None:
        parts = [forecast_words(summary), calibration_words(summary.reliability if summary else None)]
        self.outlook.setText("\n\n".join(part for part in parts if part))
        self.outlook.setVisible(any(parts))

    def _other_scores(self, summary: RunSummary) -> list[str]:
        found = []
        if summary.macro_f1 is not None:
            found.append(
                self.tr(
                    "{value} where every class counts the same, however rare (macro-F1, {between})."
                ).format(
                    value=speech.percent(summary.macro_f1.value), between=speech.between(summary.macro_f1)
                )
            )
        if summary.micro_f1 is not None:
            words = self.tr("{value} of the labels taken together (micro-F1, {between}).")
            between = speech.between(summary.micro_f1)
            found.append(words.format(value=speech.percent(summary.micro_f1.value), between=between))
        if summary.mcc is not None:
            found.append(
                self.tr(
                    "Agreement with your labels, 0 for guessing and 1 for perfect: {value} (MCC)."
                ).format(value=f"{summary.mcc:.2f}")
            )
        return found
