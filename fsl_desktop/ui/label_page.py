"""The Label page: the table, the inspector beside it, the training dock below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from fsl_desktop.core.commands import Change, RemoveRows
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui.actions import Actions
from fsl_desktop.ui.begin_hint import BeginHint
from fsl_desktop.ui.bulk_labels import BulkLabels
from fsl_desktop.ui.empty_table import EmptyTable
from fsl_desktop.ui.inspector import Inspector
from fsl_desktop.ui.label_header import LabelHeader
from fsl_desktop.ui.labelling import Labelling
from fsl_desktop.ui.many_rows import ManyRows
from fsl_desktop.ui.ranker import RowRanker
from fsl_desktop.ui.row_menu import RowMenu
from fsl_desktop.ui.row_order import Filter, Show
from fsl_desktop.ui.searcher import Searcher
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.ui.table_model import TableModel
from fsl_desktop.ui.table_view import TableView
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, with_role

FACTS_AFTER_MS = 30
STARTING = -1  # no row is read yet: the model itself is being loaded


class LabelPage(QWidget):
    """Composes; the keys are in ``Labelling``, the order in ``RowOrder``, the words in the parts."""

    said = Signal(object)  # Message
    add_file_wanted = Signal()
    record_wanted = Signal()

    def __init__(
        self,
        session: Session,
        suggester: Suggester,
        holder: ThemeHolder,
        actions: Actions,
        dock: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        with_role(self, "page")
        self.session = session
        self.suggester = suggester
        self._actions = actions
        self._read_share: int | None = None
        self.model = TableModel(session.table, suggester, session.classes, self)
        self.view = TableView(holder)
        self.view.set_model(self.model)
        self.inspector = Inspector(holder)
        self.header = LabelHeader(holder, actions.undo, actions.redo)
        self.labelling = Labelling(session, suggester, self.view, self.inspector, self)
        self.labelling.said.connect(self.said)
        self.many = ManyRows(session, self.view, holder, self)
        self.many.said.connect(self.said)
        self.ranker = RowRanker(session, suggester, self.model, self.view, self.header.order_box, self)
        self.ranker.said.connect(self.said)
        self.bulk = BulkLabels(session, self.model, self)
        self.bulk.said.connect(self.said)
        self._menu = RowMenu(session, self.labelling, self.many, self.bulk, holder, actions, self)
        self.search = Searcher(session.table.texts, self)
        self.search.found.connect(self._on_found)
        # Counting can wait for the row that was labelled to be painted.
        self._facts_timer = QTimer(self)
        self._facts_timer.setSingleShot(True)
        self._facts_timer.setInterval(FACTS_AFTER_MS)
        self._facts_timer.timeout.connect(self._facts)
        self._loaded = False
        self._take_in_from = 0
        self._lay_out(dock)
        self._connect()
        self._on_classes()
        self._facts()

    @property
    def searching(self) -> bool:
        """Is what the table shows not yet what the search asks for?"""
        return self.header.typing or self.search.busy

    def focus_table(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_rows(self, row_ids: list[int], caption: str) -> None:
        """Show just these rows, e.g. those behind a cell of the confusion matrix."""
        wanted = Filter(Show.ROWS, row_ids=tuple(row_ids))
        self.header.search.clear()
        self.header.show_rows(wanted, caption)
        self.model.set_filter(wanted)
        self.view.go_to_line(0)
        self._facts()
        self.focus_table()

    def split_class(self, class_id: int) -> None:
        """Show the rows of a class, so that some can be chosen for a new one."""
        self.header.search.clear()
        self.header.choose(Filter(Show.CLASS, class_id))
        self.view.go_to_line(0)
        self.said.emit(
            Message.of("Choose the rows that go to a new class, then “Move to a new class” in their menu.")
        )
        self.focus_table()

    def go_to_row(self, row_id: int) -> None:
        """Make a row current; a search or a filter that hides it is taken away."""
        if not self.view.go_to_row(row_id):
            self._show_all()
            self.view.go_to_row(row_id)
        self.focus_table()

    def remove_chosen(self) -> None:
        """Remove the selected rows from the project (undo brings them back)."""
        rows = self.view.selected_row_ids()
        if rows:
            self.session.do(RemoveRows(tuple(rows)))

    def close_page(self) -> None:
        self.search.stop()
        self._facts_timer.stop()
        self.ranker.close()
        self.labelling.close()

    def _lay_out(self, dock: QWidget) -> None:
        table_card = Card(margin=6)
        self.hint = BeginHint(self.session, self.suggester)
        table_card.body.addWidget(self.hint)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.view)
        self._empty = EmptyTable(of_sounds=self.session.of_sounds)
        self._empty.show_all_wanted.connect(self._show_all)
        self._empty.add_wanted.connect(self.add_file_wanted)
        self._empty.record_wanted.connect(self.record_wanted)
        self._stack.addWidget(self._empty)
        table_card.body.addLayout(self._stack)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(table_card)
        upper.addWidget(self.inspector)
        upper.setStretchFactor(0, 1)
        upper.setStretchFactor(1, 0)
        upper.setSizes([980, 336])
        upper.setHandleWidth(12)
        upper.setChildrenCollapsible(False)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(upper)
        self.split.addWidget(dock)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.setHandleWidth(12)
        self.split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.split, 1)
        self.setTabOrder(self.header.search, self.header.show_box)
        self.setTabOrder(self.header.show_box, self.header.order_box)
        self.setTabOrder(self.header.order_box, self.view)
        self.setTabOrder(self.view, self.inspector)

    def _connect(self) -> None:
        session, header = self.session, self.header
        session.changed.connect(self._on_changed)
        session.rows_loaded.connect(self._on_rows)
        session.loaded.connect(self._on_loaded)
        self.suggester.updated.connect(self._on_suggestions)
        self.suggester.progress.connect(self._on_reading)
        self.ranker.arranged.connect(self._on_arranged)
        self.ranker.busy_changed.connect(self._facts)
        self._menu.alike_wanted.connect(self.ranker.choose_alike)
        header.filter_changed.connect(self._on_filter)
        header.refresh_wanted.connect(self._on_refresh)
        header.search_changed.connect(self.search.ask)
        self.view.menu_wanted.connect(self._menu.popup)
        self._actions.find.triggered.connect(header.search.setFocus)
        self._actions.remove_rows.triggered.connect(self.remove_chosen)

    def _on_changed(self, change: Change) -> None:
        if change.classes_changed:
            self._on_classes()
        if change.kind == "text":
            self.model.texts_changed(change.row_ids)
            for position in self.session.table.positions(change.row_ids):
                self.search.text_changed(int(position))
        if change.rows_changed:
            self.model.rows_changed()
        self.model.labels_changed(change.row_ids)
        self._facts_timer.start()

    def _on_classes(self) -> None:
        self.model.set_classes(self.session.classes)
        self.view.rows.class_count = len(self.session.classes)
        self.header.set_classes(self.session.classes)
        self.view.viewport().update()

    def _on_rows(self, n: int) -> None:
        # The first rows at once; then half as many again each time, because taking in rows costs as much as
        # there are rows already.
        if n < self._take_in_from:
            return
        self._take_in_from = n + n // 2
        first = self.model.rowCount() == 0
        self.model.rows_loaded()
        if first and self.model.rowCount():
            self.view.go_to_line(0)
        self._facts()

    def _on_loaded(self) -> None:
        self._loaded = True
        self._take_in_from = 0
        self.model.rows_loaded()
        self.model.rows_changed()
        if self.view.current_row() is None:
            self.view.go_to_line(0)
        self._facts()
        self.search.warm()

    def _on_suggestions(self) -> None:
        self.model.suggestions_changed()
        self._facts_timer.start()

    def _on_reading(self, progress: Progress | None) -> None:
        """The model reads rows that are new to it: say how far it is, as suggestions wait for it."""
        share = 100 * progress.done // progress.total if progress and progress.total else None
        if progress is not None and progress.phase is Phase.LOADING:
            share = STARTING
        if share != self._read_share:
            self._read_share = share
            self._facts_timer.start()

    def _on_arranged(self) -> None:
        self.view.go_to_line(0)
        self._facts()

    def _on_filter(self, wanted: object) -> None:
        self.model.set_filter(wanted)  # type: ignore[arg-type]
        self._facts()

    def _on_refresh(self) -> None:
        self.ranker.again()
        self.focus_table()

    def _on_found(self, mask: object) -> None:
        self.model.set_search(mask)  # type: ignore[arg-type]
        if mask is not None and self.view.current_row() is None:
            self.view.go_to_line(0)
        self._facts()

    def _facts(self) -> None:
        table = self.session.table
        n = int(np.count_nonzero(~table.removed))
        labelled = int(np.count_nonzero(table.labelled()))
        parts = [self.tr("1 row") if n == 1 else self.tr("{n} rows").format(n=n)]
        shown = self.model.rowCount()
        if shown != n and not self.session.loading:
            parts.append(self.tr("{n} shown").format(n=shown))
        parts.append(self.tr("{n} classes").format(n=len(self.session.classes)))
        parts.append(self.tr("{n} labelled").format(n=labelled))
        parts.append(self.tr("read only") if self.session.project.read_only else self.tr("all saved"))
        if self.ranker.busy:
            parts.append(self.tr("sorting"))
        if self._read_share == STARTING:
            parts.append(self.tr("the model is starting"))
        elif self._read_share is not None:
            parts.append(self.tr("the model reads the rows, {n} %").format(n=self._read_share))
        self.header.name.setText(self.session.project.name)
        self.header.facts.setText("  ·  ".join(parts))
        self.header.search.setPlaceholderText(self.tr("Search {n} rows").format(n=n))
        self.header.set_stale(self.model.order.stale)
        self.hint.refresh(n, labelled)
        self._show_empty(n, shown)

    def _show_empty(self, n: int, shown: int) -> None:
        # Before the rows are read nobody knows that there are none, and the keys belong to the table.
        if shown or self.session.loading or not self._loaded:
            self._stack.setCurrentWidget(self.view)
            return
        self._empty.explain(hidden_rows=n > 0)
        self._stack.setCurrentWidget(self._empty)

    def _show_all(self) -> None:
        self.header.show_all()
        self.model.set_search(None)
        self._on_filter(Filter())
