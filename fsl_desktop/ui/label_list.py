"""The classes to choose from, each with the model's probability; and a place to add one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui import icons
from fsl_desktop.ui.probability_bar import ProbabilityBar
from fsl_desktop.ui.theme import Theme, ThemeHolder
from fsl_desktop.ui.widgets import named, with_role

#: Above this many classes the entry narrows them, and the likeliest come first.
MANY = 12
_GAP = 8
_LEAST_ROWS = 2


class _Scroll(QScrollArea):
    """As high as its content where there is room, and never higher."""

    def sizeHint(self) -> QSize:
        return QSize(220, self.widget().sizeHint().height() if self.widget() else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(self.sizeHint().height(), _LEAST_ROWS * 42))


class LabelList(QWidget):
    label_chosen = Signal(int)  # class id
    class_added = Signal(str)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._classes: tuple[ClassInfo, ...] = ()
        self._shown: list[ClassInfo] = []  # the class in each bar
        self._bars: list[ProbabilityBar] = []
        self._probabilities: dict[int, float] | None = None
        self._chosen: frozenset[int] = frozenset()
        self._thresholds: dict[int, float] = {}
        inside = with_role(QWidget(), "plain")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        self.scroll = _Scroll()
        self.scroll.setWidget(inside)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.entry = named(QLineEdit(), "", "classEntry")
        self.entry.setMaxLength(200)
        self.entry.returnPressed.connect(self._on_return)
        self.entry.textChanged.connect(self._on_typed)
        self._plus = self.entry.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self._plus.setToolTip(self.tr("Add a class of this name"))
        self._plus.triggered.connect(self._add)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        self._layout.addWidget(self.scroll)
        self._layout.addWidget(self.entry)
        holder.changed.connect(self._on_theme)
        self._on_theme(holder.theme)

    def set_classes(self, classes: Sequence[ClassInfo]) -> None:
        """The classes by position."""
        self._classes = tuple(classes)
        while len(self._bars) < len(classes):
            bar = ProbabilityBar(self._holder)
            bar.clicked.connect(self._on_clicked)
            bar.installEventFilter(self)
            self._column.addWidget(bar)
            self._bars.append(bar)
        for bar in self._bars[len(classes) :]:
            self._column.removeWidget(bar)
            bar.deleteLater()
        del self._bars[len(classes) :]
        self._shown = list(classes)
        many = len(classes) > MANY
        # Among many classes one looks before one adds: the entry stands above and narrows the list.
        self._layout.removeWidget(self.entry)
        self._layout.insertWidget(0 if many else 1, self.entry)
        words = self.tr("Find or add a class") if many else self.tr("Add a class")
        self.entry.setPlaceholderText(words)
        self.entry.setAccessibleName(words)
        self._fill()
        self._narrow()
        self.scroll.updateGeometry()

    def set_probabilities(
        self, probabilities: Mapping[int, float] | None, thresholds: Mapping[int, float] | None = None
    ) -> None:
        """By class id; None while they are not known. ``thresholds``: from where on a class is said, where a
        row may have several."""
        self._thresholds = dict(thresholds or {})
        self._probabilities = dict(probabilities) if probabilities is not None else None
        # Among many classes the likeliest come first, but nothing moves under the mouse.
        if probabilities is not None and len(self._classes) > MANY and not self.scroll.underMouse():
            self._shown = sorted(
                self._classes, key=lambda info: (-probabilities.get(info.id, 0.0), info.position)
            )
            self.scroll.verticalScrollBar().setValue(0)
        self._fill()
        self._narrow()
        if probabilities and not self.scroll.underMouse():
            best = max(self._shown, key=lambda info: probabilities.get(info.id, 0.0))
            self.scroll.ensureWidgetVisible(self._bars[self._shown.index(best)], 0, _GAP)

    def set_label(self, label: int) -> None:
        """The class id that the row has, or 0 or less."""
        self.set_labels((label,))

    def set_labels(self, class_ids: Iterable[int]) -> None:
        """The classes that the row has."""
        self._chosen = frozenset(class_ids)
        self._fill()

    def bars(self) -> list[ProbabilityBar]:
        """Those that the filter leaves, top to bottom."""
        return [bar for bar in self._bars if not bar.isHidden()]

    def _fill(self) -> None:
        for bar, info in zip(self._bars, self._shown, strict=True):
            bar.set_class(info.name, info.position)
            known = self._probabilities
            bar.set_value(known.get(info.id) if known is not None else None)
            bar.set_threshold(self._thresholds.get(info.id) if known is not None else None)
            bar.set_chosen(info.id in self._chosen)
        self._rove()

    def _narrow(self) -> None:
        wanted = self.entry.text().strip().casefold() if len(self._classes) > MANY else ""
        for bar, info in zip(self._bars, self._shown, strict=True):
            bar.setVisible(wanted in info.name.casefold())
        self._rove()

    def _rove(self) -> None:
        """One stop for Tab, the arrows move inside: 77 classes must not be 77 stops."""
        shown = self.bars()
        focused = next((bar for bar in shown if bar.hasFocus()), None)
        stop = focused or next((bar for bar in shown if bar.chosen), shown[0] if shown else None)
        for bar in self._bars:
            bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if bar is stop else Qt.FocusPolicy.NoFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(watched, ProbabilityBar):
            assert isinstance(event, QKeyEvent)
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                shown = self.bars()
                place = min(max(shown.index(watched) + step, 0), len(shown) - 1)
                shown[place].setFocus(Qt.FocusReason.TabFocusReason)
                self.scroll.ensureWidgetVisible(shown[place], 0, _GAP)
                self._rove()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()
                return True
        return super().eventFilter(watched, event)

    def _on_clicked(self) -> None:
        bar = self.sender()
        if isinstance(bar, ProbabilityBar):
            self.label_chosen.emit(self._shown[self._bars.index(bar)].id)

    def _on_typed(self) -> None:
        self._mark_wrong("")
        self._narrow()

    def _on_return(self) -> None:
        """Among many classes take the first that is left; else, or where none is left, add one."""
        shown = self.bars()
        if len(self._classes) > MANY and shown and self.entry.text().strip():
            chosen = self._shown[self._bars.index(shown[0])].id
            self.entry.clear()
            self.label_chosen.emit(chosen)
        else:
            self._add()

    def _add(self) -> None:
        name = " ".join(self.entry.text().split())
        if not name:
            self.entry.setFocus()
            return
        if any(info.name.casefold() == name.casefold() for info in self._classes):
            self._mark_wrong(self.tr("There is a class of that name already."))
            self.entry.selectAll()
            return
        self.entry.clear()
        self.class_added.emit(name)

    def _mark_wrong(self, why: str) -> None:
        with_role(self.entry, "wrong" if why else "")
        self.entry.setToolTip(why)
        self.entry.setAccessibleDescription(why)

    def _on_theme(self, theme: Theme) -> None:
        self._plus.setIcon(icons.icon("plus", theme, theme.muted))
