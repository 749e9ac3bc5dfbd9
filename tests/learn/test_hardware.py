"""A graphics card is used where it is there and works, and never where it does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from fsl_desktop.learn.models import hardware
from fsl_desktop.learn.models.hardware import CPU, best_device


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    best_device.cache_clear()
    yield
    best_device.cache_clear()


def claimed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    found = [(name, name in names) for name in ("cuda", "mps", "meta")]
    monkeypatch.setattr(hardware, "_graphics", lambda: found)


def test_without_a_card_the_processor_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    claimed(monkeypatch)
    assert best_device() == CPU


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has such a card")
def test_a_card_that_cannot_add_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    claimed(monkeypatch, "cuda")
    with monkeypatch.context() as patch:

        def broken(*args: object, **kwargs: object) -> torch.Tensor:
            raise RuntimeError("no kernel image is available for execution on the device")

        patch.setattr(torch, "ones", broken)
        assert best_device() == CPU
    assert "no kernel image" in caplog.text


def test_a_card_that_works_is_used_unless_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    claimed(monkeypatch, "mps")
    plain = torch.ones
    monkeypatch.setattr(torch, "ones", lambda n, device: plain(n))
    assert best_device() == torch.device("mps")
    best_device.cache_clear()
    monkeypatch.setenv(hardware.OVERRULE, "cpu")
    assert best_device() == CPU
