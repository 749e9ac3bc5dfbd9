"""Tokens with tags become sentences with spans, and go back to the same tokens and tags.

What the tags mean is compared with seqeval, the scorer of CoNLL-2003.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from read_files import load
from seqeval.metrics.sequence_labeling import get_entities

from fsl_desktop.core.formats.conll import Sentence, lines_of, spans_of
from fsl_desktop.core.formats.spans import spans_in
from fsl_desktop.core.readers import preview

# The example of the shared task (https://www.clips.uantwerpen.be/conll2003/ner/), in its IOB1 tags.
SHARED_TASK = """-DOCSTART- -X- O O

U.N.         NNP  I-NP  I-ORG
official     NN   I-NP  O
Ekeus        NNP  I-NP  I-PER
heads        VBZ  I-VP  O
for          IN   I-PP  O
Baghdad      NNP  I-NP  I-LOC
.            .    O     O
"""


def test_the_example_of_the_shared_task(tmp_path: Path) -> None:
    for name in ("eng.train.conll", "eng.txt"):
        path = tmp_path / name
        path.write_text(SHARED_TASK + "\n" + SHARED_TASK)
        assert preview(path).format == "conll"
        rows, problems = load(path)
        assert problems == {}
        assert [row.text for row in rows] == ["U.N. official Ekeus heads for Baghdad ."] * 2
        spans = spans_in(rows[0].extra["spans"], len(rows[0].text))
        found = [(rows[0].text[one.start : one.end], one.label) for one in spans]
        assert found == [("U.N.", "ORG"), ("Ekeus", "PER"), ("Baghdad", "LOC")]
        assert json.loads(rows[0].extra["tokens"])[0] == "U.N."  # we would part it


@pytest.mark.parametrize("scheme", ["IOB1", "IOB2", "IOBES"])
def test_tags_mean_what_seqeval_says(scheme: str) -> None:
    chance = random.Random(5)
    prefixes = {"IOB1": "IO", "IOB2": "BIO", "IOBES": "BIESO"}[scheme]
    for _ in range(500):
        tags = [
            "O" if prefix == "O" else f"{prefix}-{chance.choice(['PER', 'a b', 'LOC'])}"
            for prefix in chance.choices(prefixes, k=chance.randint(1, 12))
        ]
        places = [(k, k + 1) for k in range(len(tags))]
        ours = [(span.label, span.start, span.end - 1) for span in spans_of(tags, places)]
        assert ours == [tuple(one) for one in get_entities(tags)], tags


def test_chinese_has_no_spaces(tmp_path: Path) -> None:
    path = tmp_path / "a.bio"
    path.write_text("我 O\n在 O\n北 B-LOC\n京 I-LOC\n用 O\nPython B-LANG\n\n", encoding="utf-8")
    rows, _ = load(path)
    assert rows[0].text == "我在北京用 Python"
    spans = spans_in(rows[0].extra["spans"], 20)
    assert [rows[0].text[one.start : one.end] for one in spans] == ["北京", "Python"]
    assert rows[0].extra["tokens"] == ""


def test_comments_tell_the_text_and_more(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text(
        "# sent_id = s1\n# text = Hello, Rome!\nHello\tO\n,\tO\nRome\tB-LOC\n!\tO\n\n# label = x\nBye\tO\n"
    )
    rows, _ = load(path)
    assert [row.text for row in rows] == ["Hello, Rome!", "Bye"]
    assert [row.extra["sent_id"] for row in rows] == ["s1", ""]
    rows, _ = load(path, label_column="label")
    assert [row.label for row in rows] == [None, "x"]


def test_a_line_without_a_tag_is_told_of_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("Rome B-LOC\n\nHello\nthere O\n\nBye O\n")
    rows, problems = load(path, text_column="text")
    assert [row.text for row in rows] == ["Rome", "Bye"]
    assert list(problems) == [3]
    assert "Row 3" in problems[3]


def test_texts_are_no_conll(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("I am O\n\nWe are B\n\nYou, too\n")
    assert preview(path).format == "txt"


def test_there_and_back(tmp_path: Path) -> None:
    chance = random.Random(3)
    words = ["Rome", "U.N.", "it's", "3,5", "café", "北", "京", "(", ")", "e-mail", ".", "don't", "🐕", "a_b"]
    blocks = []
    for _ in range(300):
        tokens = chance.choices(words, k=chance.randint(1, 9))
        tags = ["O"] * len(tokens)
        start = chance.randrange(len(tokens))
        for k in range(start, min(len(tokens), start + chance.randint(1, 3))):
            tags[k] = f"{'B' if k == start else 'I'}-LOC"
        blocks.append("".join(f"{a}\t{b}\n" for a, b in zip(tokens, tags, strict=True)))
    path = tmp_path / "a.conll"
    path.write_text("\n".join(blocks), encoding="utf-8")
    rows, problems = load(path, text_column="text")
    assert problems == {}
    assert len(rows) == 300
    for row, block in zip(rows, blocks, strict=True):
        tokens = json.loads(row.extra["tokens"] or "[]")
        lines = lines_of(row.text, spans_in(row.extra["spans"], len(row.text)), {}, tokens)
        assert "".join(f"{line}\n" for line in lines if line and not line.startswith("# ")) == block


def test_free_texts_come_back_whole() -> None:
    for text in ("Hello, (big) world!  Two spaces.", " 在北京，我很好。", "tabs\tand\nlines", "$5-10 a.b"):
        lines = lines_of(text, [], {"label": "a = b"}, ())
        assert "# label = a = b" in lines
        cells = [line.split("\t") for line in lines if line and not line.startswith("# ")]
        about = dict(line[2:].split(" = ", 1) for line in lines if line.startswith("# "))
        sentence = Sentence(1, [token for token, _ in cells], [tag for _, tag in cells], about)
        assert sentence.text()[0] == text.strip().replace("\t", " ").replace("\n", " ")
