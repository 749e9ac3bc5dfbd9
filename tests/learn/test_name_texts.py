"""Names and descriptions as examples of their classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tiny_encoder import FRUIT, NAMES, TOOLS

from fsl_desktop.core.commands import DescribeClass
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.project import Project
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.methods.instant import fit_instant
from fsl_desktop.learn.methods.selftrain import self_train
from fsl_desktop.learn.name_texts import classes_of_names, texts_of_names
from fsl_desktop.learn.several.data import SeveralData
from fsl_desktop.learn.several.head import fit_several
from fsl_desktop.learn.workbench import Workbench

SENTENCES = {"fruit": "apple pear plum", "tools": "hammer nail saw"}


def test_a_sentence_is_a_second_example_and_every_class_has_as_many() -> None:
    assert texts_of_names(["cardArrival", "pin"], ["", " "]) == ["card arrival", "pin"]
    texts = texts_of_names(["cardArrival", "pin"], ["Where is my card?", ""])
    assert texts == ["card arrival", "pin", "Where is my card?", "pin"]
    assert classes_of_names(len(texts), 2).tolist() == [0, 1, 0, 1]


def test_descriptions_are_part_of_the_data_only_where_there_are_some() -> None:
    for kind, labels in ((TrainingData, ["fruit", "tools"]), (SeveralData, [["fruit"], ["tools"]])):
        plain = kind.of_lists(["a", "b"], labels, NAMES)
        described = kind.of_lists(["a", "b"], labels, NAMES, (), SENTENCES)
        assert described.descriptions == [SENTENCES[name] for name in NAMES]
        assert replace(plain, descriptions=["", " "]).sha256() == plain.sha256()
        assert described.sha256() != plain.sha256()
        assert replace(described, descriptions=described.descriptions[::-1]).sha256() != described.sha256()


def test_names_that_say_nothing_are_helped_by_sentences(encoder: TextEncoder) -> None:
    texts = [*FRUIT, *TOOLS]
    truth = np.repeat([0, 1], 6)
    named = texts_of_names(["x", "y"], list(SENTENCES.values()))
    head = fit_instant(np.zeros((0, encoder.dim), np.float32), truth[:0], encoder.encode(named), 2)
    assert (head.logits(encoder.encode(texts)).argmax(axis=1) == truth).mean() >= 0.9
    sets = np.zeros((0, 2), np.bool_)
    several = fit_several(np.zeros((0, encoder.dim), np.float32), sets, encoder.encode(named))
    assert (several.logits(encoder.encode(texts)).argmax(axis=1) == truth).mean() >= 0.9


def test_a_tuned_run_learns_from_sentences_too(encoder: TextEncoder) -> None:
    data = TrainingData.of_lists([*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES, (), SENTENCES)
    config = TrainConfig(preset=Preset.THOROUGH, tuned_layers=1, learning_rate=2e-3, steps=6)
    training = Training(data, config, encoder)
    for _ in training:
        pass
    assert training.model is not None
    assert training.model.provenance.data_sha256 == data.sha256()
    assert training.model.predict(["apple", "hammer"]).labels == ["fruit", "tools"]


def test_suggestions_follow_a_description(bench: Workbench, project: Project, model: str) -> None:
    ask = lambda: bench.suggest(  # noqa: E731
        project.folder, project.revision, model, True, tell=lambda _: None, cancelled=lambda: False
    )
    before = ask()
    fruit, tools = project.classes
    project.do(DescribeClass(fruit.id, "hammer nail saw screw"))
    project.do(DescribeClass(tools.id, "apple pear plum cherry"))
    after = ask()
    assert (after.class_ids[:6] == fruit.id).sum() < (before.class_ids[:6] == fruit.id).sum()
    project.undo()
    project.undo()
    assert (ask().class_ids == before.class_ids).all()


def test_sentences_take_part_beside_unlabelled_rows(encoder: TextEncoder) -> None:
    pool = encoder.encode([*FRUIT, *TOOLS] * 5)
    named = encoder.encode(texts_of_names(["x", "y"], list(SENTENCES.values())))
    head = self_train(encoder.encode(["new", "old"]), np.array([0, 1]), named, pool, 2, c=10.0)
    assert (head.logits(pool).argmax(axis=1) == np.tile(np.repeat([0, 1], 6), 5)).mean() >= 0.9


def test_before_the_first_label_a_name_gets_a_sentence() -> None:
    names, said = ["cardArrival", "pin"], {"pin": "A secret number."}
    data = TrainingData.of_lists([], [], names, (), said)
    texts = ["card arrival", "pin", "This text is about card arrival.", "A secret number."]
    assert data.name_examples() == texts
    assert SeveralData.of_lists([], [], names, (), said).name_examples() == texts
    texts[2] = "card arrival"
    assert replace(data, texts=["x"]).name_examples() == texts
