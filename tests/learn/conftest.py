"""The tiny encoder for the mechanics, and the real one where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from bench_steps import TEXTS
from projects import import_rows, load
from tiny_encoder import NAMES, make_encoder_folder

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.commands import AddBatch, AddClass
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.workbench import Workbench

MINILM = Catalogue.load().status("minilm")


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Tiny matrices are slower on many threads, and other tests may run beside."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_encoder_folder(tmp_path_factory.mktemp("tiny") / "encoder")


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> TextEncoder:
    return TextEncoder.load(encoder_folder)


@pytest.fixture(scope="session")
def exact(encoder_folder: Path) -> TextEncoder:
    """The same in float32 on every machine; ``encoder`` takes bfloat16 where that is faster."""
    return TextEncoder.load(encoder_folder, precision="float32")


@pytest.fixture(scope="session")
def minilm() -> TextEncoder:
    if not MINILM.installed:
        pytest.skip("MiniLM is not installed; make setup does it")
    return TextEncoder.load(MINILM.folder)


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench(Catalogue.load(tmp_path / "models"), tmp_path / "cache")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Six rows of fruit, six of tools, both classes, no label."""
    made = Project.create(tmp_path / "test.fsl", "Test")
    for name in NAMES:
        made.do(AddClass(name))
    made.do(AddBatch(import_rows(made, [ReadRow(text) for text in TEXTS])))
    yield load(made)
    made.close()


@pytest.fixture
def model(encoder_folder: Path) -> str:
    return str(encoder_folder)
