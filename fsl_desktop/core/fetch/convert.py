"""Weights that arrive in another format: carrier checked, converted, and what comes out checked too."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from fsl_desktop.core.fetch.entry import Conversion, ModelEntry, WheelSource
from fsl_desktop.core.fetch.hashing import BLOCK, is_file
from fsl_desktop.core.fetch.watch import SourceFailed, Watch

Converter = Callable[[Path, Path, Callable[[float], None]], None]
"""(carrier file, companions beside it; folder to write into; to be told the share that is done): how weights
are unpacked is known above this storey. Raises ``ValueError`` for a carrier that it cannot read."""

Converters = Mapping[str, Converter]

CARRIER = "carrier"
"""Folder beside the model's files in the staging folder; a carrier in it outlives an interruption."""


def carried(entry: ModelEntry, conversion: Conversion, *, whole: bool = True) -> ModelEntry:
    """``entry`` as if it consisted of its carrier and that one's companions, for whoever looks for files and
    copies them; the carrier ``whole`` or in its parts."""
    carrier = (conversion.carrier,) if whole else conversion.parts
    return replace(entry, files=(*carrier, *conversion.companions))


def is_carried(conversion: Conversion, folder: Path) -> bool:
    """Are the whole carrier and its companions in ``folder``, with the right hashes?"""
    return all(is_file(folder / file.name, file) for file in (conversion.carrier, *conversion.companions))


def join(conversion: Conversion, folder: Path, watch: Watch) -> None:
    """Make one carrier of the parts in ``folder``, which go away. Raises ``SourceFailed`` for other bytes."""
    target = folder / conversion.carrier.name
    joining = target.with_name(target.name + ".copy")
    try:
        with joining.open("wb") as out:
            for part in conversion.parts:
                with (folder / part.name).open("rb") as file:
                    while block := file.read(BLOCK):
                        watch.check()
                        out.write(block)
        if not is_file(joining, conversion.carrier, lambda _: watch.check()):
            raise SourceFailed(f"the parts joined are not {conversion.carrier.name}")
        joining.replace(target)
    finally:
        joining.unlink(missing_ok=True)
    for part in conversion.parts:
        (folder / part.name).unlink(missing_ok=True)


def conversions(entry: ModelEntry) -> list[Conversion]:
    """Every way in which ``entry`` can be made from a carrier."""
    return [
        source.conversion
        for source in entry.sources
        if isinstance(source, WheelSource) and source.conversion is not None
    ]


def convert(
    entry: ModelEntry, conversion: Conversion, staging: Path, watch: Watch, converters: Converters
) -> None:
    """Turn the checked carrier in ``staging/carrier`` into the files of ``entry`` in ``staging``.

    Raises ``Stopped``, and ``SourceFailed`` where this program cannot convert it or other bytes come out
    than the catalogue names.
    """
    run = converters.get(conversion.how)
    if run is None:
        raise SourceFailed(f"this program cannot unpack {conversion.carrier.name} ({conversion.how})")

    def step(share: float) -> None:
        watch.check()
        watch.tell(round(share * watch.total))

    try:
        run(staging / CARRIER / conversion.carrier.name, staging, step)
    except ValueError as error:
        raise SourceFailed(f"{conversion.carrier.name} cannot be unpacked: {error}") from error
    for file in entry.files:
        if not is_file(staging / file.name, file, lambda _: watch.check()):
            (staging / file.name).unlink(missing_ok=True)
            raise SourceFailed(f"{file.name} made from {conversion.carrier.name} is not what it should be")
    shutil.rmtree(staging / CARRIER, ignore_errors=True)
