"""The first journey once more, in a real window: an X server of its own, real key presses, a real mouse."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
JOURNEY = "test_from_a_file_of_texts_to_a_tested_model"
PAGES = ("1-start", "2-wizard", "3-label", "3-data", "4-train", "5-trained", "6-test", "7-results")

# What would bring in another display, style, desktop or bus than the test's own.
_FOREIGN = (
    "QT_",
    "PYTEST_",
    "XDG_",
    "FSL_",
    "WAYLAND_",
    "DBUS_",
    "DISPLAY",
    "XAUTHORITY",
    "GTK_",
    "DESKTOP_",
)

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(420)]


@pytest.fixture
def display() -> Iterator[str]:
    """An X server with a screen of 1440 x 900 for this test alone."""
    if not sys.platform.startswith("linux"):
        pytest.skip("a real window is driven through X, which is Linux's")
    lacking = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if lacking:
        pytest.skip(f"{' and '.join(lacking)} not installed: sudo apt-get install -y xvfb xdotool")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        # The server writes the number of a free display once it takes clients, or ends and closes the pipe.
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, f"Xvfb did not start (exit status {server.wait(10)})"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def test_the_first_journey_with_keys_and_mouse_in_a_real_window(
    display: str, models: Path, tmp_path: Path
) -> None:
    shots = HERE.parents[1] / "build" / "screenshots" / "screen"
    shutil.rmtree(shots, ignore_errors=True)
    home, runtime = tmp_path / "home", tmp_path / "runtime"
    (home / "data").mkdir(parents=True)
    runtime.mkdir(mode=0o700)
    os.symlink(models, home / "data" / "models", target_is_directory=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    environment |= {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_RUNTIME_DIR": str(runtime),
        "FSL_DESKTOP_HOME": str(home),
        "FSL_TEST_HANDS": "x",
        "FSL_SCREENSHOTS": "1",
    }
    command = [sys.executable, "-m", "pytest", str(HERE / "test_first_journey.py"), "-k", JOURNEY]
    command += ["-p", "no:cacheprovider", "--basetemp", str(tmp_path / "inner")]
    status, said = _run(command, environment, seconds=380)
    assert status == 0, f"the journey failed in the real window:\n{said[-6000:]}"
    assert "1 passed" in said, said
    missing = [
        f"{page}-{theme}.png"
        for page in PAGES
        for theme in ("light", "dark")
        if not (shots / f"{page}-{theme}.png").is_file()
    ]
    assert not missing, f"no pictures of {missing}"


def _run(command: list[str], environment: dict[str, str], seconds: float) -> tuple[int, str]:
    """Exit status and output; when the time is up, nothing that was started stays behind."""
    process = subprocess.Popen(
        command,
        cwd=HERE.parents[1],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        said += f"\n(ended after {seconds:.0f} s)"
    return process.returncode, said
