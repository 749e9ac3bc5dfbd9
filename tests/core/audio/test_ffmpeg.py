"""What soundfile cannot read goes through the ffmpeg program, here a small stand-in on the PATH."""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from sounds import tone

from fsl_desktop.core.audio import ffmpeg, pipe
from fsl_desktop.core.audio.sound import probe, read, stream
from fsl_desktop.core.errors import Stopped, UserError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a #! line")

STAND_IN = """#!{python}
import os, sys, time
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write("\\n".join(arguments) + "\\n--\\n")
def after(name):
    return arguments[arguments.index(name) + 1]
path = after("-i")
assert path.startswith("file:/"), path
if "pipe:1" not in arguments:
    sys.stderr.write({told!r})
    sys.exit(1)
{body}
"""
TOLD = """Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'x':
  Duration: 00:01:02.50, start: 0.000000, bitrate: 131 kb/s
  Stream #0:0[0x1](und): Video: h264 (High), yuv420p, 640x480, 25 fps
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, 5.1, fltp, 128 kb/s (default)
At least one output file must be specified
"""
GIVE = """
samples = open({samples!r}, "rb").read()
rate = int(after("-ar"))
start = round(float(after("-ss")) * rate) * 4
end = start + round(float(after("-t")) * rate) * 4 if "-t" in arguments else None
sys.stdout.buffer.write(samples[start:end])
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Put a stand-in on the PATH that says ``told`` when asked and runs ``body`` for samples."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def put(body: str, told: str = TOLD) -> Path:
        log = tmp_path / "log"
        program = tmp_path / "bin" / "ffmpeg"
        program.parent.mkdir(exist_ok=True)
        text = STAND_IN.format(python=sys.executable, log=str(log), told=told, body=body)
        program.write_text(text, encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return log

    return put


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "-clip 鸟.M4A"
    path.write_bytes(b"\x00\x00\x00\x20ftypM4A " + bytes(100))
    return path


def give(tmp_path: Path, samples: np.ndarray) -> str:
    file = tmp_path / "samples"
    samples.astype("<f4").tofile(file)
    return GIVE.format(samples=str(file))


def test_without_the_program_one_sentence_says_what_to_install(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    for ask in (probe, read):
        with pytest.raises(UserError, match="needs the program ffmpeg, which is not on this computer"):
            ask(clip)


def test_facts_come_from_what_it_says(clip: Path, install) -> None:  # type: ignore[no-untyped-def]
    log = install("")
    info = probe(clip)
    assert (info.seconds, info.rate, info.channels) == (62.5, 44_100, 6)
    assert (info.format, info.subtype, info.decoder, info.bits) == ("MOV", "AAC", "ffmpeg", 0)
    arguments = log.read_text(encoding="utf-8").split("\n")
    assert arguments[arguments.index("-protocol_whitelist") + 1] == "file,pipe"
    assert "-nostdin" in arguments


def test_samples_whole_in_part_and_in_blocks(clip: Path, tmp_path: Path, install) -> None:  # type: ignore[no-untyped-def]
    wave = tone(3.0)
    install(give(tmp_path, wave))
    assert np.array_equal(read(clip), wave)
    assert np.array_equal(read(clip, 0.5, 1.5), wave[8_000:24_000])
    blocks = list(stream(clip, block_seconds=0.7))
    assert [len(block) for block in blocks] == [11_200] * 4 + [3_200]
    assert np.array_equal(np.concatenate(blocks), wave)
    with pytest.raises(UserError, match=r"ends before 9\.00 seconds"):
        read(clip, 9.0)


def test_a_program_that_gives_more_than_was_asked_for_is_ended(clip: Path, install) -> None:  # type: ignore[no-untyped-def]
    install("while True: sys.stdout.buffer.write(bytes(65536))")
    assert len(read(clip, 0.0, 2.0)) == 32_000


def test_a_wish_to_stop_ends_it_at_once(clip: Path, tmp_path: Path, install) -> None:  # type: ignore[no-untyped-def]
    alive = tmp_path / "pid"
    install(f"open({str(alive)!r}, 'w').write(str(os.getpid()))\ntime.sleep(100)")
    began = time.monotonic()
    with pytest.raises(Stopped):
        read(clip, cancelled=lambda: alive.exists() and alive.read_text() != "")
    assert time.monotonic() - began < 20
    with pytest.raises(ProcessLookupError):
        os.kill(int(alive.read_text()), 0)
    assert "ffmpeg pipe" not in [thread.name for thread in threading.enumerate()]


def test_a_caller_who_leaves_early_ends_it_too(clip: Path, tmp_path: Path, install) -> None:  # type: ignore[no-untyped-def]
    alive = tmp_path / "pid"
    install(
        f"open({str(alive)!r}, 'w').write(str(os.getpid()))\n"
        "while True: sys.stdout.buffer.write(bytes(65536))"
    )
    blocks = stream(clip)
    next(blocks)
    blocks.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(int(alive.read_text()), 0)


def test_a_program_that_hangs_is_given_up(clip: Path, monkeypatch: pytest.MonkeyPatch, install) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(pipe, "_PATIENCE", 0.3)
    install("time.sleep(100)")
    with pytest.raises(UserError, match="cannot be read as sound"):
        read(clip)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("x: Invalid data found when processing input\n", "cannot be read as sound"),
        ("  Stream #0:0: Video: h264, 640x480\n", "has no sound in it"),
        ("  Duration: 00:00:00.00\n  Stream #0:0: Audio: aac, 44100 Hz, mono, fltp\n", "has no sound in it"),
    ],
)
def test_what_it_cannot_read_either(clip: Path, install, told: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    install("sys.exit(1)", told)
    with pytest.raises(UserError, match=sentence):
        probe(clip)


def test_failures_while_decoding(clip: Path, install) -> None:  # type: ignore[no-untyped-def]
    install("sys.stderr.write('Invalid data\\n' * 100000); sys.exit(1)")
    with pytest.raises(UserError, match="cannot be read as sound") as caught:
        read(clip)
    assert 0 < len(caught.value.details) <= 4_000
    install("sys.stderr.write('Stream map 0:a:0 matches no streams.'); sys.exit(1)")
    with pytest.raises(UserError, match="has no sound in it"):
        read(clip)
    install("sys.exit(0)")
    with pytest.raises(UserError, match="has no sound in it"):
        read(clip)


def test_a_length_that_is_not_known_is_counted(clip: Path, tmp_path: Path, install) -> None:  # type: ignore[no-untyped-def]
    told = "  Duration: N/A, bitrate: N/A\n  Stream #0:0: Audio: aac (LC), 22050 Hz, stereo, fltp, 2 kb/s\n"
    install(give(tmp_path, tone(1.5)), told)
    info = probe(clip)
    assert (info.seconds, info.rate, info.channels, info.frames) == (1.5, 22_050, 2, 33_075)


def test_a_text_with_a_films_name_never_reaches_it(tmp_path: Path, install) -> None:  # type: ignore[no-untyped-def]
    log = install("")
    play_list = tmp_path / "list.mp4"
    play_list.write_text("#EXTM3U\nfile:/secret\n", encoding="utf-8")
    with pytest.raises(UserError, match="is a text and not a sound"):
        read(play_list)
    assert not log.exists()


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ffmpeg.installed() is None
