"""Any text encoder of the hub by its name, with the hashes that the hub states."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub.constants
import pytest
from hub_stand_in import FILES, REPO, Hub, model_info, running, write_catalogue

from fsl_desktop import cli
from fsl_desktop.core import paths
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.fetch import lookup
from fsl_desktop.core.fetch.lookup import added_id, is_hub_name

MODEL = {**FILES, "tokenizer.json": b'{"version": "1.0"}'}
FOREIGN = {"pytorch_model.bin": b"pickle", "run.py": b"import os", "README.md": b"hello"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    with running() as hub:
        hub.files = {**MODEL, **FOREIGN}
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue.load(tmp_path / "models", write_catalogue(tmp_path / "models.toml"))


def test_a_model_is_installed_by_its_name_and_nothing_that_could_run_is_fetched(
    server: Hub, catalogue: Catalogue
) -> None:
    folder = catalogue.install(REPO)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*MODEL, "installed.json", "entry.json"}
    assert all((folder / name).read_bytes() == data for name, data in MODEL.items())
    assert catalogue.resolve(REPO) == folder
    assert catalogue.verify(REPO) is None
    (entry,) = catalogue.added()
    assert (entry.name, entry.license, entry.languages) == (REPO, "mit", ("de", "en"))
    assert catalogue.origin(REPO) == f"hub {REPO}@abc123"


def test_it_is_still_known_by_a_new_catalogue_and_asks_the_network_nothing(
    server: Hub, catalogue: Catalogue
) -> None:
    folder = catalogue.install(REPO)
    server.requests.clear()
    again = Catalogue(catalogue.entries, catalogue.models_dir)
    assert again.install(REPO) == folder
    assert again.status(REPO).installed
    assert server.requests == []
    again.remove(REPO)
    assert again.added() == ()
    with pytest.raises(UserError, match=f"{REPO} is not installed.*models install {REPO}"):
        again.resolve(REPO)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_other_bytes_than_the_hub_states_are_refused(name: str, server: Hub, catalogue: Catalogue) -> None:
    server.info = model_info(server.files)
    server.files[name] = bytes(len(server.files[name]))
    with pytest.raises(UserError, match="could not be fetched") as failure:
        catalogue.install(REPO)
    assert f"{name} from" in failure.value.details
    assert not catalogue.added()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_that_was_changed_later_is_found(name: str, server: Hub, catalogue: Catalogue) -> None:
    folder = catalogue.install(REPO)
    (folder / name).write_bytes(b"?" * len(MODEL[name]))
    assert f"{name} of {REPO} was changed" in str(catalogue.verify(REPO))


def test_a_file_without_a_hash_is_not_trusted(server: Hub, catalogue: Catalogue) -> None:
    server.info = json.loads(json.dumps(model_info(server.files)))
    for sibling in server.info["siblings"]:  # type: ignore[attr-defined]
        sibling.pop("blobId")
    with pytest.raises(UserError, match=r"states no hash for config.json of people/tiny"):
        catalogue.install(REPO)


@pytest.mark.parametrize(
    ("lacking", "said"),
    [("model.safetensors", "can run programs"), ("tokenizer.json", "no tokenizer")],
)
def test_a_repository_without_what_is_needed_is_one_sentence(
    lacking: str, said: str, server: Hub, catalogue: Catalogue
) -> None:
    del server.files[lacking]
    with pytest.raises(UserError, match=said):
        catalogue.install(REPO)


def test_a_name_that_the_hub_does_not_know_is_one_sentence(server: Hub, catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match=r"has no model people/nobody. Check how it is written"):
        catalogue.install("people/nobody")


def test_no_network_is_one_sentence(
    server: Hub, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(UserError, match="Check the internet connection"):
        catalogue.install(REPO)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UserError, match="network is switched off"):
        catalogue.install(REPO)


def test_asking_the_hub_can_be_stopped(server: Hub, catalogue: Catalogue) -> None:
    server.hang.set()
    with pytest.raises(Stopped):
        catalogue.install(REPO, cancelled=lambda: bool(server.requests))


def test_a_silent_hub_is_given_up(server: Hub, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(lookup, "STALL_SECONDS", 0.2)
    server.hang.set()
    with pytest.raises(UserError, match="could not be asked"):
        catalogue.install(REPO)


@pytest.mark.parametrize(
    "record",
    [
        "{",
        "[]",
        '{"id": "other", "files": []}',
        '{"id": "ID", "repo": "a/b", "revision": "c", "parameters": 0, "languages": [], "license": "",'
        ' "files": [{"name": "../x", "size": 1, "hash": "HASH"}]}',
    ],
)
def test_a_damaged_record_is_no_model(record: str, server: Hub, catalogue: Catalogue) -> None:
    folder = catalogue.install(REPO)
    (folder / "entry.json").write_text(record.replace("ID", folder.name).replace("HASH", "0" * 64))
    assert catalogue.added() == ()


@pytest.mark.parametrize("name", ["people/tiny", "intfloat/multilingual-e5-small", "a.b/c_d"])
def test_names_of_the_hub(name: str) -> None:
    assert is_hub_name(name)


@pytest.mark.parametrize("name", ["tiny", "/a/b", "a/b/c", "../x", "./x", "a/..", "~/x", "C:/x", "a /b", ""])
def test_paths_are_no_names_of_the_hub(name: str) -> None:
    assert not is_hub_name(name)


def test_two_repositories_never_share_a_folder() -> None:
    assert len({added_id("a/b-c"), added_id("a-b/c"), added_id("A/b-c")}) == 3


def test_the_command_line_installs_lists_verifies_and_removes_it(
    server: Hub,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    resources = tmp_path / "resources"
    resources.mkdir()
    write_catalogue(resources / "models.toml", sources="source = []")
    monkeypatch.setattr(paths, "resources_dir", lambda: resources)
    assert cli.run(["models", "install", REPO]) == 0
    assert f"{REPO} is installed in" in capsys.readouterr().out
    assert cli.run(["models", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out.splitlines()[-1])["models"]
    assert [(model["name"], model["installed"]) for model in listed] == [("Tiny", False), (REPO, True)]
    assert cli.run(["models", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"verified": [added_id(REPO)]}
    assert cli.run(["models", "remove", REPO]) == 0
    assert f"{REPO} is removed." in capsys.readouterr().out
    assert not Catalogue.load().added()
