"""The hub path, against a server on this computer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub.constants
import pytest
from hub_stand_in import FILES, Hub, running, write_catalogue

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.fetch import hub as hub_module


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    with running() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue.load(tmp_path / "models", write_catalogue(tmp_path / "models.toml"))


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def test_install_brings_every_file_and_tells_progress(server: Hub, catalogue: Catalogue) -> None:
    told: list[tuple[int, int]] = []
    folder = catalogue.install("tiny", progress=lambda done, total: told.append((done, total)))
    assert contents(folder) == FILES
    size = sum(map(len, FILES.values()))
    assert told[0] == (0, size)
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert catalogue.status("tiny").installed
    assert catalogue.resolve("tiny") == folder
    assert catalogue.verify("tiny") is None


def test_a_second_install_asks_the_network_nothing(server: Hub, catalogue: Catalogue) -> None:
    catalogue.install("tiny")
    server.requests.clear()
    catalogue.install("tiny")
    assert server.requests == []


def test_a_broken_transfer_is_resumed_where_it_broke(server: Hub, catalogue: Catalogue) -> None:
    server.break_after["model.safetensors"] = 300_000
    folder = catalogue.install("tiny")
    assert contents(folder) == FILES
    assert [r for name, r in server.requests if name == "model.safetensors"] == ["", "bytes=300000-"]


def test_a_server_without_ranges_starts_the_file_again(server: Hub, catalogue: Catalogue) -> None:
    server.break_after["model.safetensors"] = 300_000
    server.ranges = False
    assert contents(catalogue.install("tiny")) == FILES


def test_cancel_leaves_parts_that_the_next_install_resumes(server: Hub, catalogue: Catalogue) -> None:
    server.slow = True
    stop = threading.Event()

    def progress(done: int, total: int) -> None:
        if done > 200_000:
            stop.set()

    started = time.monotonic()
    with pytest.raises(Stopped):
        catalogue.install("tiny", progress=progress, cancelled=stop.is_set)
    assert time.monotonic() - started < 3
    assert not catalogue.status("tiny").installed
    server.slow = False
    server.requests.clear()
    assert contents(catalogue.install("tiny")) == FILES
    assert [name for name, _ in server.requests] == ["model.safetensors"]
    assert server.requests[0][1].startswith("bytes=")


def test_a_wrong_file_is_never_installed(server: Hub, catalogue: Catalogue) -> None:
    data = server.files["model.safetensors"]
    server.files["model.safetensors"] = data[:-1] + b"?"
    with pytest.raises(UserError, match="could not be fetched from anywhere") as failure:
        catalogue.install("tiny")
    assert "model.safetensors" in failure.value.details
    assert not catalogue.status("tiny").installed
    server.files["model.safetensors"] = data
    assert contents(catalogue.install("tiny")) == FILES


def test_an_endless_file_is_cut_off(server: Hub, catalogue: Catalogue) -> None:
    server.files["config.json"] = b" " * 1_000_000
    with pytest.raises(UserError) as failure:
        catalogue.install("tiny")
    assert "longer than the catalogue says" in failure.value.details


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_refusal_is_one_sentence_with_the_reason_folded_under_it(
    server: Hub, catalogue: Catalogue, status: int
) -> None:
    server.status = status
    with pytest.raises(UserError, match="Check the internet connection") as failure:
        catalogue.install("tiny")
    assert str(status) in failure.value.details
    assert "Tiny" in str(failure.value)


def test_a_silent_server_is_given_up_in_time(
    server: Hub, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "CONNECT_SECONDS", 0.6)
    server.hang.set()
    started = time.monotonic()
    with pytest.raises(UserError) as failure:
        catalogue.install("tiny")
    assert time.monotonic() - started < 5
    assert "did not answer in time" in failure.value.details


def test_cancel_is_heard_while_the_server_is_silent(server: Hub, catalogue: Catalogue) -> None:
    server.hang.set()
    started = time.monotonic()
    with pytest.raises(Stopped):
        catalogue.install("tiny", cancelled=lambda: time.monotonic() - started > 0.3)
    assert time.monotonic() - started < 2.5


def test_nobody_listening_is_told_at_once(
    server: Hub, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    started = time.monotonic()
    with pytest.raises(UserError, match="could not be fetched from anywhere"):
        catalogue.install("tiny")
    assert time.monotonic() - started < 5


def test_the_hubs_own_offline_switch_is_honoured(
    server: Hub, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UserError) as failure:
        catalogue.install("tiny")
    assert "HF_HUB_OFFLINE" in failure.value.details
    assert server.requests == []


def test_offline_touches_no_network_and_says_what_to_do(server: Hub, catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match=r"network is switched off. Pick"):
        catalogue.install("tiny", offline=True)
    assert server.requests == []
