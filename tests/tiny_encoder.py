"""A tiny encoder made on the spot, so that the mechanics of learning are tested without real weights."""

from __future__ import annotations

from pathlib import Path

import torch

FRUIT = ["apple pear", "ripe pear", "sweet apple", "plum and pear", "ripe plum", "apple plum tart"]
TOOLS = ["hammer nail", "rusty nail", "saw and hammer", "sharp saw", "nail saw", "heavy hammer"]
NAMES = ["fruit", "tools"]
WORDS = sorted({word for text in (*FRUIT, *TOOLS, *NAMES, "new", "old") for word in text.split()})


def make_encoder_folder(folder: Path, *, seed: int = 0, words: list[str] = WORDS) -> Path:
    """A two-layer BERT with random weights and one token per word, saved as a model folder."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: place for place, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=32,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        BertModel(config).save_pretrained(str(folder))
    return folder
