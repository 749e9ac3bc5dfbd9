"""What the processor is good at."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch


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


def _processor() -> str:
    capabilities = getattr(torch.cpu, "get_capabilities", None)
    if capabilities is not None:
        return str(capabilities().get("cpu_name", ""))
    info = Path("/proc/cpuinfo")
    return info.read_text(encoding="utf-8", errors="replace") if info.is_file() else ""
