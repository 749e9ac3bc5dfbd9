"""From a name on the hub to vectors, with a server on this computer in the hub's place."""

from __future__ import annotations

from pathlib import Path

import huggingface_hub.constants
import numpy as np
import pytest
from hub_stand_in import REPO, running, write_catalogue
from tiny_encoder import FRUIT

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.learn.encoders.text import TextEncoder


def test_an_encoder_is_fetched_by_name_and_reads(
    encoder: TextEncoder, encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    catalogue = Catalogue.load(tmp_path / "models", write_catalogue(tmp_path / "models.toml"))
    with running() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        hub.files = {path.name: path.read_bytes() for path in encoder_folder.iterdir() if path.is_file()}
        catalogue.install(REPO)
    fetched = TextEncoder.load(catalogue.resolve(REPO))
    np.testing.assert_array_equal(fetched.encode(FRUIT), encoder.encode(FRUIT))
