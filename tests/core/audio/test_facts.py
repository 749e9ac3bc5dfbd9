"""What is odd about a clip is said, and nothing about a sound one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sounds import save, tone

from fsl_desktop.core.audio.facts import judge
from fsl_desktop.core.audio.sound import probe, read


def notes(samples: np.ndarray, source_rate: int = 16_000) -> list[str]:
    return [note.text for note in judge(samples.astype(np.float32), source_rate).notes]


def test_a_good_clip_has_no_notes() -> None:
    facts = judge(tone(1.0), 44_100)
    assert facts.notes == ()
    assert facts.seconds == 1.0
    assert 0.45 < facts.peak < 0.6
    assert facts.clipped_share == 0


def test_loud_but_not_clipped() -> None:
    assert notes(2 * tone(1.0, noise=0.0)) == []


@pytest.mark.parametrize("level", [0.0, 0.3])
def test_silence_and_a_constant_are_silent(level: float) -> None:
    assert notes(np.full(16_000, level)) == ["This clip is silent. Record it again or leave it out."]


def test_almost_silent() -> None:
    assert notes(1e-4 * tone(1.0)) == [
        "This clip is almost silent: its loudest moment is at -86 dB. Check the microphone."
    ]


def test_clipped_also_after_resampling(tmp_path: Path) -> None:
    cut = np.clip(5 * tone(1.0, 44_100), -1, 1)
    path = save(tmp_path / "a.wav", cut, 44_100)
    assert judge(read(path), probe(path).rate).clipped_share > 0.05
    (note,) = notes(read(path))
    assert note.startswith("This clip was recorded too loud: ")


def test_short_and_from_a_telephone() -> None:
    assert notes(tone(0.05), 8_000) == [
        "This clip is only 50 ms long, which is little to know a sound by.",
        "This clip has 8000 samples per second, so nothing above 4000 Hz can be heard in it.",
    ]
    assert notes(tone(1.0)[:1])[-1].startswith("This clip is only 1 ms long")
