"""Held-out rows are truly held out, and what is said about them is true and in plain words."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import RunSummary
from fsl_desktop.learn.calibrate import temperature
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.early import too_early
from fsl_desktop.learn.folds import folds_of, stratified
from fsl_desktop.learn.score import accuracy_of, scored

SUMMARY = RunSummary("instant", "minilm", 0, 2, 0.0)


def data_of(counts: dict[str, int], names: list[str] | None = None) -> TrainingData:
    labels = [name for name, n in counts.items() for _ in range(n)]
    return TrainingData.of_lists([f"{label} {n}" for n, label in enumerate(labels)], labels, names)


def test_every_row_is_held_out_once_and_classes_are_spread_evenly() -> None:
    data = data_of({"a": 12, "b": 8, "c": 4})
    folds, note = folds_of(data, 4, seed=3)
    assert note is None
    assert folds is not None
    for label, each in enumerate((3, 2, 1)):
        assert np.bincount(folds[data.labels == label], minlength=4).tolist() == [each] * 4


def test_the_same_text_never_stands_on_both_sides() -> None:
    texts = ["Hello  World", "hello world", "ＨＥＬＬＯ world", "other", "another", "third", "hello world"]
    data = TrainingData.of_lists(texts, ["a", "a", "a", "a", "b", "b", "b"])
    for seed in range(20):
        folds, _ = folds_of(data, 3, seed)
        assert folds is not None
        assert len({int(folds[row]) for row in (0, 1, 2, 6)}) == 1


def test_folds_are_the_same_for_a_seed_and_others_for_another() -> None:
    data = data_of({"a": 20, "b": 20})
    groups = data.groups()
    same = [stratified(data.labels, groups, 4, seed=1) for _ in range(2)]
    np.testing.assert_array_equal(same[0], same[1])
    assert (same[0] != stratified(data.labels, groups, 4, seed=2)).any()


def test_one_row_of_a_class_is_too_early_and_says_what_is_needed() -> None:
    folds, note = folds_of(data_of({"card": 5, "pin": 1}), 4, seed=0)
    assert folds is None
    assert note is not None
    assert "too early" in note.text
    assert "pin" in note.text


def test_one_odd_row_among_many_is_trained_on_and_does_not_forbid_a_score() -> None:
    data = data_of({"a": 30, "b": 30, "odd": 1})
    folds, note = folds_of(data, 4, seed=0)
    assert note is None
    assert folds is not None
    assert folds[-1] == -1
    assert set(folds[:-1].tolist()) == {0, 1, 2, 3}


def test_a_duplicate_does_not_count_as_a_second_row() -> None:
    data = TrainingData.of_lists(["x", "X ", "y", "z"], ["a", "a", "b", "b"])
    assert folds_of(data, 2, seed=0)[0] is None


def test_scores_and_notes_name_the_weak_class_and_the_confused_pair() -> None:
    data = data_of({"card": 20, "cash": 20, "pin": 20})
    said = data.labels.copy()
    said[20:35] = 0  # cash is mostly taken for card
    chances = np.full((60, 3), 0.05, np.float32)
    chances[np.arange(60), said] = 0.9
    summary = scored(SUMMARY, data, np.arange(60), chances, seed=0)
    assert summary.accuracy is not None
    assert summary.accuracy.value == pytest.approx(45 / 60)
    assert summary.accuracy.low < 0.75 < summary.accuracy.high
    assert summary.macro_f1 is not None
    assert summary.macro_f1.low < summary.macro_f1.value < summary.macro_f1.high
    notes = " ".join(note.text for note in summary.notes)
    assert "cash is the weakest class: 5 of 20" in notes
    assert "card and cash are often confused (15 rows)" in notes
    assert summary.held_out.true[20] == 2
    assert summary.held_out.predicted[20] == 1
    assert [one.support for one in summary.per_class] == [20, 20, 20]


def test_two_rows_of_a_class_can_be_folded_but_not_scored() -> None:
    data = data_of({"card": 5, "pin": 2})
    folds, note = folds_of(data, 4, seed=0)
    assert folds is not None
    assert note is None
    summary = scored(SUMMARY, data, np.arange(7), np.eye(2, dtype=np.float32)[data.labels])
    assert summary.accuracy is None
    assert [one.text for one in summary.notes] == [
        "It is too early to tell how good the model is: pin has 2 labelled rows. Label 1 more."
    ]
    assert scored(summary, data, np.arange(7), np.eye(2, dtype=np.float32)[data.labels]) == summary


def test_what_is_needed_before_there_is_a_score() -> None:
    def said(counts: dict[str, int], names: list[str] | None = None) -> str | None:
        data = data_of(counts, names)
        note = too_early(data.labels, data.groups(), data.class_names)
        return note.text if note else None

    assert said({"a": 3, "b": 3}) is None
    assert said({"a": 60, "b": 60, "odd": 2}) is None
    assert "2 classes have fewer than 3" in str(said({"a": 2, "b": 1, "c": 8}))
    assert "c has 0 labelled rows. Label 3 more" in str(said({"a": 4, "b": 4}, ["a", "b", "c"]))
    labels = np.array([0, 0, 0, 0, 1, 1, 1])
    twins = too_early(labels, np.array([0, 0, 0, 1, 2, 3, 4]), ["a", "b"])
    assert twins is not None
    assert "the 4 labelled rows of a are almost the same" in twins.text


def test_a_class_that_is_not_judged_is_named() -> None:
    data = data_of({"a": 30, "b": 30, "odd": 1})
    summary = scored(SUMMARY, data, np.arange(60), np.eye(3, dtype=np.float32)[data.labels[:60]])
    assert summary.accuracy is not None
    assert any("says nothing about odd" in note.text for note in summary.notes)


def test_overfitting_is_told_where_chance_does_not_explain_it() -> None:
    data = data_of({"a": 40, "b": 40})
    said = data.labels.copy()
    said[::3] = 1 - said[::3]
    chances = np.eye(2, dtype=np.float32)[said]
    words = "learnt its labelled rows by heart (100 % of them right)"
    by_heart = scored(SUMMARY, data, np.arange(80), chances, training_accuracy=1.0)
    assert any(words in note.text and "66 % of new rows" in note.text for note in by_heart.notes)
    even = scored(SUMMARY, data, np.arange(80), chances, training_accuracy=0.75)
    assert not any("by heart" in note.text for note in even.notes)


def test_a_confused_pair_is_found_among_many_classes() -> None:
    data = data_of({f"class {n}": 8 for n in range(40)})
    said = data.labels.copy()
    said[8:12] = 0
    summary = scored(SUMMARY, data, np.arange(320), np.eye(40, dtype=np.float32)[said])
    assert any("class 0 and class 1 are often confused (4 rows)" in note.text for note in summary.notes)


def test_repeats_are_averaged_and_the_rows_shown_are_those_of_the_first() -> None:
    data = data_of({"a": 10, "b": 10})
    right = np.eye(2, dtype=np.float32)[data.labels]
    repeats = np.stack([right, 1 - right])
    summary = scored(SUMMARY, data, np.arange(20), repeats)
    assert summary.accuracy == accuracy_of(repeats, data.labels)
    assert summary.accuracy is not None
    assert (summary.accuracy.value, summary.accuracy.n) == (0.5, 20)
    assert summary.held_out.predicted == summary.held_out.true


def test_few_held_out_rows_are_said_to_be_few() -> None:
    data = data_of({"a": 4, "b": 4})
    chances = np.eye(2, dtype=np.float32)[data.labels]
    summary = scored(SUMMARY, data, np.arange(8), chances, seed=0)
    assert any("8 rows only" in note.text for note in summary.notes)


def test_temperature_cools_the_overconfident_and_trusts_little_evidence_less() -> None:
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 2, 400)
    right = chance.random(400) < 0.7
    said = np.where(right, labels, 1 - labels)
    logits = np.where(np.arange(2)[None, :] == said[:, None], 6.0, 0.0).astype(np.float32)
    many, few = temperature(logits, labels), temperature(logits[:20], labels[:20])
    assert many > few > 1
    confidence = 1 / (1 + np.exp(-6.0 / many))
    assert abs(confidence - 0.7) < 0.08
    assert temperature(logits[:0], labels[:0]) == 1


def test_a_prior_says_what_the_temperature_is_without_evidence() -> None:
    labels = np.arange(40) % 2
    logits = np.where(np.arange(2)[None, :] == labels[:, None], 1.0, 0.0).astype(np.float32)
    logits[:8] = logits[:8, ::-1]  # one in five wrong: odds of 4 to 1, while a lead of 1 says 2.7 to 1
    alone = 1 / np.log(4)
    assert temperature(logits[:0], labels[:0], prior=0.5) == 0.5
    assert temperature(logits, labels, prior=0.5) == pytest.approx(np.sqrt(0.5 * alone), rel=1e-3)
    twice = np.tile(logits, (3, 1)), np.tile(labels, 3)
    assert temperature(*twice, prior=0.5, rows=40) == pytest.approx(temperature(logits, labels, prior=0.5))


def test_answers_that_are_all_right_do_not_become_certain() -> None:
    labels = np.arange(20) % 2
    logits = np.where(np.arange(2)[None, :] == labels[:, None], 2.0, 0.0).astype(np.float32)
    assert 0.1 < temperature(logits, labels) < 1


@pytest.mark.parametrize(
    ("counts", "names", "use_names", "words"),
    [
        ({"a": 3}, None, True, "Add at least two classes"),
        ({}, ["a", "b"], True, "No row has a label yet"),
        ({"a": 3}, ["a", "b"], True, "All labelled rows are of the class a"),
        ({"a": 3, "b": 3}, ["a", "b", "c"], False, "The class c has no labelled rows"),
    ],
)
def test_data_that_nothing_can_be_learnt_from(
    counts: dict[str, int], names: list[str] | None, use_names: bool, words: str
) -> None:
    with pytest.raises(UserError) as caught:
        data_of(counts, names).check(use_class_names=use_names)
    assert words in caught.value.message.text


def test_a_label_outside_the_class_names_is_said() -> None:
    with pytest.raises(UserError, match="label c is not among the class names"):
        TrainingData.of_lists(["x"], ["c"], ["a", "b"])
