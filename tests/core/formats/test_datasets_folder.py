"""Folders of Hugging Face ``datasets``, saved by the library itself, become rows with labels."""

from __future__ import annotations

import json
from pathlib import Path

import datasets
import pytest
from read_files import load

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import JSON
from fsl_desktop.core.readers import preview

datasets.disable_progress_bars()
FEATURES = datasets.Features(
    {
        "text": datasets.Value("string"),
        "label": datasets.ClassLabel(names=["bad", "good"]),
        "stars": datasets.Value("int64"),
    }
)
TEXTS = ["all of it was bad", "a fine day out", "nobody said anything"]


def reviews(**more: object) -> datasets.Dataset:
    cells = {"text": TEXTS, "label": [0, 1, None], "stars": [1, 5, None]}
    return datasets.Dataset.from_dict(cells | more, features=FEATURES)


def test_a_saved_data_set(tmp_path: Path) -> None:
    folder = tmp_path / "reviews"
    reviews().save_to_disk(folder, num_shards=2)
    assert preview(folder).options.label_column == "label"
    rows, problems = load(folder)
    assert problems == {}
    assert [(row.text, row.label) for row in rows] == list(zip(TEXTS, ["bad", "good", None], strict=True))
    assert [row.extra for row in rows] == [{"stars": "1"}, {"stars": "5"}, {"stars": ""}]


def test_its_arrow_file_alone(tmp_path: Path) -> None:
    reviews().save_to_disk(tmp_path / "reviews")
    rows, _ = load(tmp_path / "reviews" / "data-00000-of-00001.arrow")
    assert [row.label for row in rows] == ["bad", "good", None]


def test_several_splits(tmp_path: Path) -> None:
    folder = tmp_path / "reviews"
    datasets.DatasetDict({"train": reviews(), "test": reviews()}).save_to_disk(folder)
    rows, _ = load(folder)
    assert [row.extra["split"] for row in rows] == ["train"] * 3 + ["test"] * 3


def test_several_labels(tmp_path: Path) -> None:
    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "label": datasets.Sequence(datasets.ClassLabel(names=["long", "sad", "new"])),
        }
    )
    cells = {"text": TEXTS, "label": [[0, 1], [2], []]}
    folder = tmp_path / "films"
    datasets.Dataset.from_dict(cells, features=features).save_to_disk(folder)
    assert preview(folder, None).separator_guess == JSON
    rows, _ = load(folder, label_separator=JSON)
    assert [row.label for row in rows] == ['["long", "sad"]', "new", "[]"]


def test_parquet_as_on_the_hub(tmp_path: Path) -> None:
    (tmp_path / "hub" / "data").mkdir(parents=True)
    for split in ("train", "test"):
        reviews().to_parquet(tmp_path / "hub" / "data" / f"{split}-00000-of-00001.parquet")
    rows, _ = load(tmp_path / "hub")
    assert [(row.label, row.extra["split"]) for row in rows][2:5] == [
        (None, "test"), ("bad", "train"), ("good", "train"),
    ]  # fmt: skip


def test_a_data_set_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    reviews().save_to_disk(secret)
    folder = tmp_path / "given"
    reviews().save_to_disk(folder)
    state = json.loads((folder / "state.json").read_text())
    for name in ("../secret/data-00000-of-00001.arrow", str(secret / "data-00000-of-00001.arrow"), ".."):
        state["_data_files"] = [{"filename": name}]
        (folder / "state.json").write_text(json.dumps(state))
        with pytest.raises(UserError, match="outside of its folder"):
            preview(folder)
    (folder / "data-00000-of-00001.arrow").unlink()
    (folder / "data-00000-of-00001.arrow").symlink_to(secret / "data-00000-of-00001.arrow")
    state["_data_files"] = [{"filename": "data-00000-of-00001.arrow"}]
    (folder / "state.json").write_text(json.dumps(state))
    with pytest.raises(UserError, match="outside of its folder"):
        preview(folder)


def test_damage_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "reviews"
    reviews().save_to_disk(folder)
    file = folder / "data-00000-of-00001.arrow"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(UserError, match="damaged"):
        load(folder)
    (folder / "state.json").write_text("{")
    with pytest.raises(UserError, match=r"state\.json is damaged"):
        preview(folder)
    (folder / "state.json").write_text('{"_data_files": []}')
    with pytest.raises(UserError, match="without a table"):
        preview(folder)
    with pytest.raises(UserError, match="is a folder"):
        preview(tmp_path)
