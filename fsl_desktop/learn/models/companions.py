"""The small files beside an encoder's weights, and copies that cost no room."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

COMPANIONS = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "sentencepiece.bpe.model",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
)


def copy_companions(source: Path, target: Path) -> None:
    """Those that are in the folder ``source`` and not yet in ``target``."""
    for name in COMPANIONS:
        if (source / name).is_file() and not (target / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target / name)


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under a second name where the disk can, which costs no room; else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
