"""What a loudspeaker is given is the file's sound, at its rate, from the place and as often as asked."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sounds import save, tone

from fsl_desktop.ui.sound import pieces as module
from fsl_desktop.ui.sound.pieces import Request, pieces


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """One second whose value says the place."""
    return save(tmp_path / "ramp.wav", np.linspace(0, 0.5, 16_000, dtype=np.float32), subtype="FLOAT")


def never() -> bool:
    return False


def test_every_sample_comes_once_with_its_place(ramp: Path) -> None:
    got = list(pieces(Request(ramp, 0.25, 0.0, 0.75), 16_000, never))
    joined = np.concatenate([samples for _, _, samples in got])
    assert len(joined) == 8000
    for place, step, samples in got:
        assert samples[0] == pytest.approx(0.5 * place, abs=1e-3)
        assert step == 1 / 16_000


def test_a_loop_begins_where_it_was_asked_and_goes_round(ramp: Path) -> None:
    places = [
        place for place, _, _ in islice(pieces(Request(ramp, 0.3, 0.2, 0.4, loop=True), 16_000, never), 7)
    ]
    assert places == pytest.approx([0.3, 0.2, 0.3, 0.2, 0.3, 0.2, 0.3])


def test_a_short_loop_is_decoded_once(ramp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = module.stream
    monkeypatch.setattr(module, "stream", lambda *a, **k: opened.append(a) or real(*a, **k))
    for _ in islice(pieces(Request(ramp, 0.2, 0.2, 0.4, loop=True), 16_000, never), 20):
        pass
    assert len(opened) == 2, "once from the place, once from the start of the loop"


def test_a_long_loop_is_not_held(ramp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_HELD_SECONDS", 0.1)
    got = list(islice(pieces(Request(ramp, 0.0, 0.0, None, loop=True), 16_000, never), 35))
    assert [round(place, 1) for place, _, _ in got[9:12]] == [0.9, 0.0, 0.1]
    assert round(got[30][0], 1) == 0.0


def test_another_speed_is_another_length_and_pitch(tmp_path: Path) -> None:
    file = save(tmp_path / "tone.wav", tone(1.0, 16_000, 1000.0, noise=0.0))

    def pitch(speed: float) -> tuple[int, float]:
        got = pieces(Request(file, 0.0, 0.0, None, speed=speed), 44_100, never)
        heard = np.concatenate([samples for _, _, samples in got])
        loudest = np.argmax(np.abs(np.fft.rfft(heard)))
        return len(heard), loudest * 44_100 / len(heard)

    assert pitch(1.0) == pytest.approx((44_100, 1000), rel=0.01)
    assert pitch(2.0) == pytest.approx((22_050, 2000), rel=0.01)
    assert pitch(0.5) == pytest.approx((88_200, 500), rel=0.01)


@pytest.mark.parametrize("form", ["flac", "ogg", "mp3"])
def test_any_format_is_heard(tmp_path: Path, form: str) -> None:
    file = tmp_path / f"tone.{form}"
    soundfile.write(file, tone(0.5, 44_100), 44_100)
    heard = np.concatenate([s for _, _, s in pieces(Request(file, 0.0, 0.0, None), 48_000, never)])
    assert len(heard) / 48_000 == pytest.approx(0.5, abs=0.06)
    assert np.abs(heard).max() > 0.4
