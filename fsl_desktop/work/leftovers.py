"""What a child that died had half written: temporary files beside the target, never the target itself."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

from fsl_desktop.work.protocol import ExportLabels, ExportModel, ExportTable, Request, Train


def sweep(request: Request) -> None:
    """Remove what is left of a job that nobody works on any more; what is finished stays."""
    if isinstance(request, ExportTable | ExportLabels):
        target = Path(os.path.realpath(request.path))
        _remove(target.parent, rf"\.{re.escape(target.name[:100])}\.[0-9a-f]{{8}}\.part")
    elif isinstance(request, ExportModel):
        target = Path(request.path)
        _remove(target.parent, rf"\.{re.escape(target.name)}\.[0-9a-f]{{8}}")
    elif isinstance(request, Train):
        _remove(Path(request.project) / "runs" / request.run_id, r"\.model\.[0-9a-f]{8}")


def _remove(folder: Path, pattern: str) -> None:
    with contextlib.suppress(OSError):
        for path in [path for path in folder.iterdir() if re.fullmatch(pattern, path.name)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
