"""Tables written as Parquet: every cell comes back as what it was."""

from __future__ import annotations

from pathlib import Path

from fsl_desktop.core.writers import write_table


def test_parquet_keeps_numbers_texts_and_lists(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = [
        ["=1+1", 0.5, ["a", "b"], "", 1, "x"],
        ["吠\n\ud83d", "", "", None, 2.5, 3],
        ["", float("nan"), [], "", 3, ""],
    ]
    assert write_table(path, ["text", "p", "label", "none", "n", "mixed"], rows) == 3
    import pandas

    frame = pandas.read_parquet(path)
    assert list(frame["text"]) == ["=1+1", "吠\n?", ""]
    assert frame["p"].tolist()[0] == 0.5
    assert frame["p"].isna().tolist() == [False, True, True]
    assert [None if one is None else list(one) for one in frame["label"]] == [["a", "b"], None, []]
    assert frame["n"].tolist() == [1.0, 2.5, 3.0]
    assert frame["mixed"].tolist() == ["x", "3", ""]


def test_parquet_of_many_blocks_has_one_type_for_each_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = ([k if k < 15_000 else "many", None if k < 12_000 else k / 2] for k in range(25_000))
    assert write_table(path, ["a", "b"], rows) == 25_000
    import pandas

    frame = pandas.read_parquet(path)
    assert frame["a"].iloc[[0, 14_999, 15_000]].tolist() == ["0", "14999", "many"]
    assert frame["b"].iloc[24_999] == 12_499.5
    assert write_table(path, ["a"], []) == 0
    assert len(pandas.read_parquet(path)) == 0
