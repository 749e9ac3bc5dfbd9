"""The JSON files of a BERT with XLM-R's vocabulary, read as multilingual E5 wants it."""

from __future__ import annotations

import json
from dataclasses import dataclass

_REMOVED = r"[\x{01}-\x{08}\x{0B}\x{0E}-\x{1F}\x{7F}\x{8F}\x{9F}]"
_BLANKS = r"[\x{200B}-\x{200F}\x{2581}\x{FEFF}\x{FFFD}]"
_WIDE_TILDE, _KEPT = "\uff5e", "\ue000"
_MARKS = frozenset({"<s>", "<pad>", "</s>", "<unk>", "<mask>"})


@dataclass(frozen=True, slots=True)
class Network:
    """The sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


def folder_texts(network: Network, pieces: list[tuple[str, float]]) -> dict[str, str]:
    """File name -> text; ``pieces`` are the vocabulary with its scores, in order of their ids."""
    config = {
        "architectures": ["BertModel"],
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": network.width,
        "initializer_range": 0.02,
        "intermediate_size": network.inner,
        "layer_norm_eps": float(f"{network.epsilon:.3g}"),
        "max_position_embeddings": network.positions,
        "model_type": "bert",
        "num_attention_heads": network.heads,
        "num_hidden_layers": network.layers,
        "pad_token_id": 1,
        "position_embedding_type": "absolute",
        # Without it transformers 4.57 takes every large vocabulary for one of Mistral's, and warns.
        "transformers_version": "5.0.0",
        "type_vocab_size": network.types,
        "vocab_size": network.vocabulary,
    }
    named = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    named |= {"mask_token": "<mask>", "pad_token": "<pad>", "unk_token": "<unk>"}
    pooling = {"word_embedding_dimension": network.width, "pooling_mode_mean_tokens": True}
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    prompts = {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": "query"}
    tokenizer = {
        **named,
        "model_max_length": network.positions,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    small = {
        "config.json": config,
        "tokenizer_config.json": tokenizer,
        "special_tokens_map.json": named,
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": network.positions, "do_lower_case": False},
        "config_sentence_transformers.json": prompts,
        "1_Pooling/config.json": pooling,
    }
    texts = {name: json.dumps(value, indent=2) + "\n" for name, value in small.items()}
    texts["tokenizer.json"] = json.dumps(_tokenizer(pieces), ensure_ascii=False, separators=(",", ":"))
    return texts


def _tokenizer(pieces: list[tuple[str, float]]) -> dict[str, object]:
    """XLM-R's tokenizer: the same pieces and scores; for its table of replacements NFKC, which that table
    holds character by character, and the same control characters and blanks."""
    marks = [(place, piece) for place, (piece, _) in enumerate(pieces) if piece in _MARKS]
    begin, end = {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}
    first, second = {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_mark(place, piece) for place, piece in marks],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Replace", "pattern": {"Regex": _REMOVED}, "content": ""},
                {"type": "Replace", "pattern": {"Regex": _BLANKS}, "content": " "},
                # XLM-R keeps this one character as it is, so it goes around NFKC.
                {"type": "Replace", "pattern": {"String": _WIDE_TILDE}, "content": _KEPT},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"String": _KEPT}, "content": _WIDE_TILDE},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "WhitespaceSplit"},
                {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
            ],
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, first, end],
            "pair": [begin, first, end, end, second, end],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]},
            },
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces, "byte_fallback": False},
    }


def _mark(place: int, piece: str) -> dict[str, object]:
    flags = {"single_word": False, "lstrip": piece == "<mask>", "rstrip": False, "normalized": False}
    return {"id": place, "content": piece, **flags, "special": True}
