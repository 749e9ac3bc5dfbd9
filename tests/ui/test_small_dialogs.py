"""Settings, keys, about, and the panel that offers to fetch the model."""

import pytest
from PySide6.QtCore import Qt

from fakes import FakeRunner
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.about_dialog import AboutDialog
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.model_prompt import ModelPrompt
from fsl_desktop.ui.settings_dialog import SettingsDialog
from fsl_desktop.ui.shortcuts_dialog import ShortcutsDialog
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.work.protocol import CheckModel, ModelStatus


@pytest.fixture
def prompt(qtbot):
    made = ModelPrompt(ThemeHolder(LIGHT), 91_000_000)
    qtbot.addWidget(made)
    made.show()
    return made


def test_nothing_is_fetched_without_a_click(prompt, qtbot):
    assert "91 MB" in prompt._head.text()
    with qtbot.assertNotEmitted(prompt.download_requested, wait=30):
        prompt.repaint()
    with qtbot.waitSignal(prompt.download_requested, timeout=1000):
        qtbot.mouseClick(prompt.download, Qt.MouseButton.LeftButton)
    assert prompt.fetching


def test_progress_is_counted_in_megabytes_and_can_be_stopped(prompt, qtbot):
    prompt.show_progress(Progress(Phase.DOWNLOADING, 3_000_000_000, 6_000_000_000))
    assert prompt.bar.value() == 500
    assert prompt._done.text().replace(",", "") == "3000 of 6000 MB"
    with qtbot.waitSignal(prompt.cancel_requested, timeout=1000):
        qtbot.mouseClick(prompt.cancel, Qt.MouseButton.LeftButton)
    assert not prompt.cancel.isEnabled()
    prompt.show_cancelled()
    assert not prompt.fetching
    assert "Stopped" in prompt.problem.sentence
    prompt.show_progress()
    assert prompt.cancel.isEnabled()


def test_a_failure_says_why_and_offers_another_try(prompt, qtbot):
    prompt.show_progress()
    prompt.show_failure(Message.of("The hub cannot be reached. Check the network."), "timeout")
    assert prompt.problem.sentence == "The hub cannot be reached. Check the network."
    assert prompt.download.text() == "Try again"
    assert prompt.choose.isVisible()
    with qtbot.waitSignal(prompt.download_requested, timeout=1000):
        qtbot.mouseClick(prompt.download, Qt.MouseButton.LeftButton)
    assert prompt.problem.sentence == ""


@pytest.fixture
def runner(qtbot):
    return FakeRunner()


@pytest.fixture
def settings(qtbot, runner):
    jobs = Jobs(runner)
    made = SettingsDialog(Settings(theme="light"), ThemeHolder(LIGHT), jobs, "/models")
    jobs.setParent(made)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_choice_is_told_at_once_with_everything_else_kept(settings, qtbot):
    with qtbot.waitSignal(settings.settings_changed, timeout=1000) as told:
        qtbot.mouseClick(settings.themes["dark"], Qt.MouseButton.LeftButton)
    assert told.args == [Settings(theme="dark")]
    settings.text_size.activated.emit(3)
    assert settings.settings.font_scale == 1.3
    assert settings.settings.theme == "dark"


def test_the_usual_preset_is_explained(settings):
    before = settings._preset_words.text()
    settings.preset.setCurrentIndex(1)
    settings.preset.activated.emit(1)
    assert settings.settings.default_preset == "instant"
    assert settings._preset_words.text() != before


def test_the_model_is_looked_at_when_the_dialog_opens(settings, runner, qtbot):
    ticket, request = runner.last(CheckModel)
    assert request.model == "minilm"
    runner.reply(ticket, ModelStatus("minilm", True, "/models/minilm"))
    assert settings.status.text() == "Here and unaltered."
    assert not settings.install.isVisible()
    qtbot.mouseClick(settings.verify, Qt.MouseButton.LeftButton)
    broken = Message.of("The file model.safetensors was altered. Download the model again.")
    runner.reply(runner.last(CheckModel)[0], ModelStatus("minilm", True, "/models/minilm", broken))
    assert settings.problem.sentence == broken.text
    with qtbot.waitSignal(settings.install_requested, timeout=1000):
        qtbot.mouseClick(settings.install, Qt.MouseButton.LeftButton)


def test_an_answer_after_closing_changes_nothing(settings, runner):
    before = settings.status.text()
    settings.accept()
    runner.reply(runner.last(CheckModel)[0], ModelStatus("minilm", True))
    assert settings.status.text() == before


def test_keys_are_found_by_what_they_do(qtbot):
    dialog = ShortcutsDialog([("S", "Skip the row"), ("Ctrl+Z", "Undo"), ("Enter", "Accept the suggestion")])
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.shown() == ["S", "Ctrl+Z", "Enter"]
    qtbot.keyClicks(dialog.search, "undo")
    assert dialog.shown() == ["Ctrl+Z"]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_about_says_version_and_licence(qtbot):
    dialog = AboutDialog("1.2.3", "/logs")
    qtbot.addWidget(dialog)
    words = " ".join(label.text() for label in dialog.findChildren(type(dialog.layout().itemAt(0).widget())))
    assert "1.2.3" in words
    assert "Apache" in words
    assert "/logs" in words
