"""The catalogue: what is known, what is here, and what is not trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hub_stand_in import FILES, HUB, write_catalogue

from fsl_desktop.core.catalogue import Catalogue, HubSource, WheelSource
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.entry import is_safe_name
from fsl_desktop.core.fetch.lock import install_lock


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue.load(tmp_path / "models", write_catalogue(tmp_path / "models.toml"))


@pytest.fixture
def installed(tmp_path: Path, catalogue: Catalogue) -> Catalogue:
    for name, data in FILES.items():
        path = tmp_path / "picked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    catalogue.install("tiny", path=str(tmp_path / "picked"))
    return catalogue


def test_the_shipped_catalogue_names_minilm_with_its_sources_in_order(home: Path) -> None:
    catalogue = Catalogue.load()
    entry = catalogue.entry("minilm")
    assert entry.dim == 384
    assert entry.license == "Apache-2.0"
    assert [type(source) for source in entry.sources] == [HubSource, WheelSource, WheelSource]
    assert {"config.json", "tokenizer.json", "model.safetensors"} <= {file.name for file in entry.files}
    assert not any(file.name.endswith((".bin", ".pt", ".pkl", ".py")) for file in entry.files)
    assert catalogue.models_dir.is_relative_to(home)


def test_nothing_is_installed_at_first_and_the_sentence_says_how(catalogue: Catalogue) -> None:
    state = catalogue.status("tiny")
    assert not state.installed
    assert state.problem is None
    with pytest.raises(UserError, match=r"Tiny is not installed.*fsl-desktop models install tiny"):
        catalogue.resolve("tiny")


def test_an_unknown_name_lists_the_known_ones(catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match=r"no model called bert. Choose one of tiny"):
        catalogue.resolve("bert")


def test_what_hears_is_not_offered_to_what_reads(home: Path) -> None:
    catalogue = Catalogue.load()
    assert {entry.id for entry in catalogue.of("text")} == {"minilm", "e5-small"}
    assert "yamnet" in {entry.id for entry in catalogue.of("audio")}
    with pytest.raises(UserError, match=r"cannot read texts\. Choose one of minilm, e5-small"):
        catalogue.resolve("yamnet")
    with pytest.raises(UserError, match=r"cannot read sounds\. Choose one of yamnet"):
        catalogue.resolve("minilm", "audio")


def test_a_missing_file_is_named_with_the_fix(installed: Catalogue) -> None:
    (installed.models_dir / "tiny" / "config.json").unlink()
    state = installed.status("tiny")
    assert not state.installed
    assert str(state.problem) == "config.json of Tiny is missing. Install Tiny again."
    with pytest.raises(UserError, match="Install Tiny again"):
        installed.resolve("tiny")


def test_an_altered_file_of_the_same_size_is_found_before_it_is_loaded(installed: Catalogue) -> None:
    path = installed.models_dir / "tiny" / "model.safetensors"
    before = path.stat()
    path.write_bytes(b"?" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 10**9))
    with pytest.raises(UserError, match=r"model.safetensors of Tiny was changed or damaged. Install"):
        installed.resolve("tiny")


def test_verify_reads_every_byte_even_where_the_time_was_put_back(installed: Catalogue) -> None:
    path = installed.models_dir / "tiny" / "model.safetensors"
    before = path.stat()
    path.write_bytes(b"?" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    told: list[tuple[int, int]] = []
    problem = installed.verify("tiny", progress=lambda done, total: told.append((done, total)))
    assert "model.safetensors" in str(problem)
    assert told[-1][0] == told[-1][1]


def test_a_damaged_model_is_mended_by_installing_it_again(tmp_path: Path, installed: Catalogue) -> None:
    (installed.models_dir / "tiny" / "model.safetensors").write_bytes(b"?")
    installed.install("tiny", path=str(tmp_path / "picked"))
    assert installed.verify("tiny") is None


def test_a_model_copied_with_new_times_is_compared_and_accepted(installed: Catalogue) -> None:
    folder = installed.models_dir / "tiny"
    for name in FILES:
        os.utime(folder / name, ns=(1, 1))
    assert installed.resolve("tiny") == folder


def test_remove_deletes_the_model_and_says_when_there_is_none(installed: Catalogue) -> None:
    installed.remove("tiny")
    assert not installed.status("tiny").installed
    assert not list(installed.models_dir.rglob("model.safetensors"))
    with pytest.raises(UserError, match="Tiny is not installed"):
        installed.remove("tiny")


def test_two_installations_at_once_are_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    with (
        install_lock(catalogue.models_dir / ".staging" / "tiny.lock"),
        pytest.raises(UserError, match="Another window or command is installing"),
    ):
        catalogue.install("tiny", path=str(tmp_path))


def test_any_model_folder_can_be_named_instead(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / "my model"
    folder.mkdir()
    with pytest.raises(UserError, match=r"no config.json"):
        catalogue.resolve(str(folder))
    (folder / "config.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(UserError, match=r"safetensors.*can run programs"):
        catalogue.resolve(str(folder))
    (folder / "model.safetensors").write_bytes(b"")
    assert catalogue.resolve(str(folder)) == folder
    with pytest.raises(UserError, match="There is no folder"):
        catalogue.resolve(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    "name",
    [
        "../config.json",
        "/etc/passwd",
        "a/../../b",
        "C:/x",
        "a\\..\\b",
        "",
        ".",
        "a//b",
        "a/./b",
        "a\0b",
        "a/",
    ],
)
def test_names_that_could_leave_the_folder_are_not_safe(name: str) -> None:
    assert not is_safe_name(name)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"files": {"../x": b""}}, "not a plain relative path"),
        ({"files": {}}, "needs one or more"),
        ({"sources": HUB.replace("hub", "ftp", 1)}, "neither hub nor wheel"),
        ({"sources": HUB.replace('revision = "abc123"', "revision = 3")}, "revision must be a text"),
    ],
)
def test_a_damaged_catalogue_says_what_is_wrong(tmp_path: Path, wrong: dict[str, object], said: str) -> None:
    file = write_catalogue(tmp_path / "models.toml", **wrong)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="list of models") as failure:
        Catalogue.load(tmp_path, file)
    assert said in failure.value.details
