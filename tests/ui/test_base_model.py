"""Which model reads the rows: shown with the reason, chosen by language, kept with the project."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from window_fakes import make_window, space

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.catalogue import Catalogue, InstalledState
from fsl_desktop.core.commands import AddBatch
from fsl_desktop.core.new_project import create_project
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.ui.base_model import BaseModel
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.reader_box import ProjectReader
from fsl_desktop.ui.session import Session
from fsl_desktop.work.protocol import CheckModel, InstallModel, ModelStatus, Suggest

GERMAN = ["Wo ist meine Karte geblieben?", "Ich habe die PIN vergessen", "Der Kurs ist nicht gut für mich"]
ENGLISH = ["Where is my card?", "I forgot the pin of my card", "The rate is not good for me"]


def add(project: Project, texts: list[str], source: str = "rows.csv") -> AddBatch:
    writer = BatchWriter(project.folder, source)
    writer.add([ReadRow(text) for text in texts])
    return AddBatch(writer.finish([]))


@pytest.fixture
def session(qtbot, tmp_path, runner):  # type: ignore[no-untyped-def]
    made = Session(create_project(tmp_path / "Bank.fsl", "Bank", ("card", "pin")), Jobs(runner))
    yield made
    made.close()


@pytest.fixture
def installed(monkeypatch, tmp_path):  # type: ignore[no-untyped-def]
    """Says which models are on this computer."""
    here = {"minilm", "e5-small"}
    monkeypatch.setattr(Catalogue, "status", lambda _, model: InstalledState(model in here, tmp_path))
    return here


def told(qtbot, session: Session, texts: list[str]) -> BaseModel:  # type: ignore[no-untyped-def]
    session.do(add(session.project, texts))
    base = BaseModel(session, session)
    qtbot.waitUntil(lambda: base.language is not None)
    return base


def test_german_rows_need_another_model_and_the_project_keeps_it(qtbot, session, installed):  # type: ignore[no-untyped-def]
    base = told(qtbot, session, GERMAN * 5)
    box = ProjectReader(base)
    qtbot.addWidget(box)
    assert "Language: German (100 % of the rows)." in box.words.text()
    assert "knows English only" in box.words.text()
    assert base.better is not None
    box.model.setCurrentIndex(box.model.findText("Multilingual E5 small"))
    with qtbot.waitSignal(base.changed, timeout=1000):
        box.model.activated.emit(box.model.currentIndex())
    assert "Multilingual E5 small reads them, because MiniLM" in box.words.text()
    assert base.better is None
    assert BaseModel(session, session).model == "e5-small"
    assert not session.project.can_undo or session.project.undo_text.template != "", "a choice is no edit"


def test_english_rows_are_read_by_the_small_model(qtbot, session, installed):  # type: ignore[no-untyped-def]
    base = told(qtbot, session, ENGLISH * 5)
    assert base.words()[1].startswith("MiniLM (English) reads them: small, fast")
    assert base.better is None


def test_another_language_later_is_offered_once(qtbot, session, installed):  # type: ignore[no-untyped-def]
    base = told(qtbot, session, ENGLISH)
    offers: list[str] = []
    base.offered.connect(lambda: offers.append(base.language))
    session.do(add(session.project, GERMAN * 6, "more.csv"))
    qtbot.waitUntil(lambda: offers == ["de"])
    session.do(add(session.project, GERMAN, "again.csv"))
    with qtbot.waitSignal(base.told, timeout=2000):
        pass
    assert offers == ["de"]
    session.undo()
    session.undo()
    qtbot.waitUntil(lambda: base.language == "en")


def test_half_german_rows_are_for_the_model_that_reads_both(installed):  # type: ignore[no-untyped-def]
    catalogue = Catalogue.load()
    assert catalogue.recommend("en", 0.99).model == "minilm"
    assert catalogue.recommend("en", 0.7).model == "e5-small"
    assert catalogue.recommend("de", 0.5).model == "e5-small"


def test_a_model_that_is_not_here_is_said_and_can_be_fetched(qtbot, home, installed):  # type: ignore[no-untyped-def]
    installed.discard("e5-small")
    home.mkdir(parents=True)
    project = create_project(home / "Bank.fsl", "Bank", ("card", "pin"))
    project.do(add(project, GERMAN * 4))
    project.close()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    window.open_path(str(home / "Bank.fsl"))
    opened = space(window)
    runner.reply(runner.last(CheckModel)[0], ModelStatus("minilm", True))
    qtbot.waitUntil(lambda: bool(window.notifications.notices))
    notice = window.notifications.notices[-1]
    assert "Language: German" in notice.sentence
    assert notice.action is not None
    assert notice.action.text() == "Use Multilingual E5 small"
    assert "MiniLM (English) reads them, and it knows English only." in opened.train.base.whole()
    notice.action.click()
    # Nothing is asked of it before it is there; one sentence says that, and the click that fetches it.
    asked = [request.model for _, request in runner.requests if isinstance(request, Suggest)]
    assert "e5-small" not in asked
    ticket, request = runner.last(CheckModel)
    assert request.model == "e5-small"
    runner.reply(ticket, ModelStatus("e5-small", False))
    assert opened.prompt.isVisible()
    assert "Multilingual E5 small is not on this computer yet (245 MB)" in opened.prompt._head.text()
    opened.prompt.download.click()
    ticket, request = runner.last(InstallModel)
    assert request.model == "e5-small"
    installed.add("e5-small")
    runner.reply(ticket, ModelStatus("e5-small", True))
    assert not opened.prompt.isVisible()

    def asked_of() -> list[str]:
        return [request.model for _, request in runner.requests if isinstance(request, Suggest)]

    # Where MiniLM was asked in the moments before, its answer is waited for first.
    qtbot.waitUntil(lambda: bool(asked_of()))
    if asked_of() == ["minilm"]:
        runner.drop(runner.last(Suggest)[0])
    qtbot.waitUntil(lambda: asked_of()[-1] == "e5-small")
    assert opened.choice.config.model == "e5-small"
    assert "because MiniLM (English) knows English only" in opened.train.base.whole()
    assert opened.test.model_name() == "e5-small"
    window.close_project()
    window.close()


def test_an_answer_about_another_model_is_not_taken_for_this_one(qtbot, runner):  # type: ignore[no-untyped-def]
    from fsl_desktop.ui.model_setup import ModelSetup

    setup = ModelSetup(Jobs(runner))
    setup.check()
    setup.use("e5-small")
    runner.reply(runner.last(CheckModel)[0], ModelStatus("minilm", True))
    assert setup.ready is None


def test_the_last_step_of_the_wizard_tells_and_keeps_the_model(qtbot, wizard, runner, installed):  # type: ignore[no-untyped-def]
    from wizard_fakes import answer_import, opened, to_place

    rows = tuple((str(n), text, "") for n, text in enumerate(GERMAN))
    to_place(wizard, runner, rows=rows)
    step = wizard.place_step
    assert "Language: German" in step.reader.words.text()
    assert step.model == "e5-small"
    step.reader.chosen.emit("minilm")
    assert "knows English only" in step.reader.words.text()
    step.reader.chosen.emit("e5-small")
    with qtbot.waitSignal(wizard.created, timeout=3000) as created:
        wizard.next.click()
        answer_import(runner, [(text, None) for text in GERMAN])
    project = opened(created.args[0])
    assert project.meta("model") == "e5-small"
    project.close()


def test_sentences_of_the_wizard_are_kept_with_the_classes(qtbot, wizard, runner, installed):  # type: ignore[no-untyped-def]
    from wizard_fakes import answer_import, looked, opened

    looked(wizard, runner)
    wizard.next.click()
    step = wizard.classes_step
    qtbot.keyClicks(step.typed, "lost card")
    assert [row.sentence.accessibleName() for row in step.rows.rows] == [
        f"What belongs to {name}? (optional)" for name in ("card", "rate", "lost card")
    ]
    qtbot.keyClicks(step.rows.rows[2].sentence, "It was stolen, or cannot be found.")
    step.remove_found("rate")
    assert step.rows.rows[1].sentence.text() == "It was stolen, or cannot be found."
    wizard.next.click()
    with qtbot.waitSignal(wizard.created, timeout=3000) as created:
        wizard.next.click()
        answer_import(runner, [("Where is my card?", "card")])
    project = opened(created.args[0])
    told = {info.name: info.description for info in project.classes}
    assert told == {"card": "", "lost card": "It was stolen, or cannot be found."}
    project.close()


def test_how_to_begin_is_said_until_there_is_a_label(qtbot, session):  # type: ignore[no-untyped-def]
    import numpy as np

    from fsl_desktop.ui.begin_hint import BeginHint

    suggester = SimpleNamespace(class_ids=np.zeros(3, np.int32))
    hint = BeginHint(session, suggester)
    qtbot.addWidget(hint)
    hint.refresh(3, 0)
    assert hint.text() == ""
    suggester.class_ids[1] = 1
    hint.refresh(3, 0)
    assert "the names of the classes alone suggest" in hint.text()
    hint.refresh(3, 1)
    assert hint.text() == ""
    session.undo()
    session.undo()
    hint.refresh(3, 0)
    assert "Name two classes or more" in hint.text()
