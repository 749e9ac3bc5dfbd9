"""Take the pictures of recordings for the README and the guide, light and dark, from the program itself.

    python packaging/make_sound_pictures.py [--to docs/images] [PAGE ...]

Like ``make_pictures.py``, on the sample of spoken digits: labels forty of them, shows the table with the
recording below it, records with a microphone that hears one of the others, speaks to the model, and has it
look through a minute of digits. Takes some two minutes; needs the encoders for sounds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "journeys"))

import numpy as np
import soundfile
from digits import SAID, SPOKEN, counting, take
from make_pictures import Photographer, main
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView

from fsl_desktop.ui.sound.devices import MICROPHONE_VARIABLE
from fsl_desktop.ui.sound.recorder import RecordState
from fsl_desktop.ui.workspace import Workspace

PAGES = ("sounds-label", "sounds-record", "sounds-test", "sounds-long")
MICROPHONE = "Microphone of this computer"
FIRST_ROW, SHOWN_ROW = 39, 43
"""Where the table begins, and where it stands."""


class SoundPhotographer(Photographer):
    def run(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            spoken, microphone = take(SPOKEN[0], folder), folder / MICROPHONE
            samples, rate = soundfile.read(spoken)
            # Said again and again, so that there is something to hear in both pictures of the dialog.
            soundfile.write(microphone, np.tile(samples, 20), rate, format="FLAC")
            os.environ[MICROPHONE_VARIABLE] = str(microphone)
            self.window.open_sound_sample()
            space = self.window.workspace
            assert space is not None
            self.until(lambda: not space.session.loading, "the rows")
            names = {info.name: info.id for info in space.session.classes}
            for word, numbers in SAID.items():
                rows = [int(space.session.table.ids[number - 1]) for number in numbers]
                space.session.label_rows(rows, names[word])
            self.until(lambda: (space.suggester.class_ids > 0).all(), "suggestions")
            self.until(lambda: space.suggester.revision == space.session.project.revision, "the newest")
            self._label(space)
            self._record(space)
            spoken.replace(microphone)
            self._speak(space)
            self._look_through(space, folder / "counting.wav")

    def _label(self, space: Workspace) -> None:
        view = space.label.view
        view.go_to_row(int(space.session.table.ids[SHOWN_ROW - 1]))
        view.scrollTo(view.model().index(FIRST_ROW - 1, 1), QAbstractItemView.ScrollHint.PositionAtTop)
        clips = space.sounds.dock.clip_view
        self.until(lambda: clips.can_play, "the recording")
        QTest.qWait(1500)  # waveforms, spectrogram and what is most like it come one after the other
        clips.view.move_cursor(0.12)
        self.take("sounds-label")

    def _record(self, space: Workspace) -> None:
        space.sounds.recording.record()
        dialog = space.sounds.recording.dialog
        assert dialog is not None
        dialog.panel.classes.setCurrentText(SPOKEN[1])
        self.until(dialog.panel.record.isEnabled, "the microphone")
        QTest.keyClick(dialog, Qt.Key.Key_Space)
        self.until(lambda: "0:00.3" <= dialog.panel.big.text() < "1", "a take", 30)
        self.take("sounds-record")
        dialog.close()

    def _speak(self, space: Workspace) -> None:
        self.window.show_page("test")
        page = space.test
        page.record.click()
        self.until(lambda: page.recorder.state is RecordState.RECORDING, "the microphone")
        QTest.qWait(900)
        page.record.click()
        self.until(page.why.isVisible, "the parts that decided")
        QTest.qWait(1000)
        self.take("sounds-test")

    def _look_through(self, space: Workspace, recording: Path) -> None:
        counting(recording)
        space.sounds.tabs.show_long(recording)
        page = space.sounds.tabs.long
        page.play.each.setChecked(False)
        self.until(page.setup.listen.isEnabled, "the recording")
        page.setup.listen.click()
        self.until(lambda: page.scan.running, "the scan")
        self.until(lambda: not page.scan.running, "its end")
        page.timeline.slider.setValue(30)
        page.timeline.step(1)
        page.timeline.canvas.zoom(0.4, 0.0)
        QTest.qWait(500)
        self.take("sounds-long")


if __name__ == "__main__":
    main(SoundPhotographer, __doc__ or "", PAGES)
