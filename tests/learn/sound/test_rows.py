"""What was heard of a project's rows, kept in memory."""

from __future__ import annotations

from pathlib import Path

from sound_bands import Bands
from sounds import save, tone

from fsl_desktop.core.clip_table import RowClip, SoundFile
from fsl_desktop.core.message import Message
from fsl_desktop.learn.sound.rows import RowBlocks


def test_a_recording_that_is_found_again_is_no_trouble_any_more(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone())
    here = RowClip(SoundFile(1, str(path), "content"), path, 0.0, None)
    rows = RowBlocks(Bands())

    def hear(*clips: RowClip | Message) -> list[int]:
        return rows.hear(clips, progress=lambda done, total: None, cancelled=lambda: False).tolist()

    assert hear(here, Message.of("It was moved.")) == [0, -1]
    assert list(rows.troubles) == [1]
    # The second row has the same sound in it, which was heard already.
    assert hear(here, here) == [0, 0]
    assert rows.troubles == {}
