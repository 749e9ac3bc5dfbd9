"""What the processor is good at."""

from __future__ import annotations

import logging
import os
from functools import lru_cache
from pathlib import Path

import torch

log = logging.getLogger(__name__)

CPU = torch.device("cpu")
OVERRULE = "FSL_DESKTOP_DEVICE"
"""Environment variable: ``cpu`` leaves the graphics card alone."""


@lru_cache(maxsize=1)
def bfloat16_pays() -> bool:
    """Whether matrix products are clearly faster in bfloat16 here.

    The flag AVX512-BF16 alone does not tell. With AMX they are several times as fast, on AMD about
    twice. An Intel core without AMX (or a virtual machine that hides it) has one port for bfloat16
    products against two for float32: there they were measured at 0.6 times the speed of float32. Asked
    of the processor and not timed, so that the same machine always decides alike.
    """
    amx = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    avx512 = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return bool(amx()) or (bool(avx512()) and "AMD" in _processor())


@lru_cache(maxsize=1)
def best_device() -> torch.device:
    """Where layers run: an NVIDIA card, an Apple GPU, else the processor.

    A card that is there may still be too old for this torch, or its driver broken, so it has to add two
    numbers first.
    """
    wanted = os.environ.get(OVERRULE, "").strip().lower()
    if wanted == "cpu":
        return CPU
    found = [name for name, there in _graphics() if there and wanted in ("", name)]
    for name in found:
        device = torch.device(name)
        try:
            works = float(torch.ones(2, device=device).sum()) == 2.0
        except (RuntimeError, NotImplementedError) as error:
            log.warning("%s does not work here: %s", name, error)
            continue
        if works:
            return device
    return CPU


def _graphics() -> list[tuple[str, bool]]:
    return [("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available())]


def _processor() -> str:
    capabilities = getattr(torch.cpu, "get_capabilities", None)
    if capabilities is not None:
        return str(capabilities().get("cpu_name", ""))
    info = Path("/proc/cpuinfo")
    return info.read_text(encoding="utf-8", errors="replace") if info.is_file() else ""
