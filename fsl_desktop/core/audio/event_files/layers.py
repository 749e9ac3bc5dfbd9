"""Events on tiers: Praat and ELAN have no place for two at once on one."""

from __future__ import annotations

from collections.abc import Sequence

from fsl_desktop.core.audio.detections import Detection


def layers(events: Sequence[Detection]) -> list[list[Detection]]:
    """Events of which none overlaps another in its layer; those without a length have no place."""
    found: list[list[Detection]] = []
    for one in sorted(events, key=lambda one: (one.start, one.end)):
        if round(one.end, 6) <= round(one.start, 6):
            continue
        layer = next((layer for layer in found if layer[-1].end <= one.start + 5e-7), None)
        if layer is None:
            found.append([one])
        else:
            layer.append(one)
    return found
