"""The JSON files of a Whisper model in the Hugging Face layout."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_LANGUAGE = re.compile(r"<\|[a-z]{2,3}\|>")


@dataclass(frozen=True, slots=True)
class Network:
    """The sizes of the network."""

    width: int
    layers: int
    decoder_layers: int
    heads: int
    inner: int
    vocabulary: int
    bands: int
    frames: int
    """Of the encoder, 20 ms each."""
    tokens: int
    """That the decoder says at most."""


def folder_texts(network: Network, said: dict[str, Any], tokenizer: dict[str, Any]) -> dict[str, str]:
    """File name -> text. ``said``: the tokens that are suppressed and the heads that follow the sound, as the
    carrier names them; ``tokenizer`` knows the numbers of the special tokens. Raises ``KeyError``."""
    tokens = {str(token["content"]): int(token["id"]) for token in tokenizer["added_tokens"]}
    end, start = tokens["<|endoftext|>"], tokens["<|startoftranscript|>"]
    named = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end, "decoder_start_token_id": start}
    config = {
        "architectures": ["WhisperForConditionalGeneration"],
        "model_type": "whisper",
        "activation_function": "gelu",
        "d_model": network.width,
        "dtype": "float32",
        "encoder_layers": network.layers,
        "decoder_layers": network.decoder_layers,
        "encoder_attention_heads": network.heads,
        "decoder_attention_heads": network.heads,
        "encoder_ffn_dim": network.inner,
        "decoder_ffn_dim": network.inner,
        "is_encoder_decoder": True,
        "max_source_positions": network.frames,
        "max_target_positions": network.tokens,
        "num_mel_bins": network.bands,
        "tie_word_embeddings": True,
        "vocab_size": network.vocabulary,
        **named,
    }
    generation = {
        **named,
        "alignment_heads": said["alignment_heads"],
        "begin_suppress_tokens": said["suppress_ids_begin"],
        "is_multilingual": True,
        "lang_to_id": {token: place for token, place in tokens.items() if _LANGUAGE.fullmatch(token)},
        "max_initial_timestamp_index": 50,
        "max_length": network.tokens,
        "no_timestamps_token_id": tokens["<|notimestamps|>"],
        "prev_sot_token_id": tokens["<|startofprev|>"],
        "return_timestamps": False,
        "suppress_tokens": said["suppress_ids"],
        "task_to_id": {"transcribe": tokens["<|transcribe|>"], "translate": tokens["<|translate|>"]},
    }
    listener = {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "processor_class": "WhisperProcessor",
        "chunk_length": 30,
        "feature_size": network.bands,
        "hop_length": 160,
        "n_fft": 400,
        "padding_side": "right",
        "padding_value": 0.0,
        "return_attention_mask": False,
        "sampling_rate": 16_000,
    }
    words = {
        "tokenizer_class": "WhisperTokenizer",
        "processor_class": "WhisperProcessor",
        "bos_token": "<|endoftext|>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
        "add_prefix_space": False,
        "errors": "replace",
        "model_max_length": network.tokens,
    }
    files = {
        "config.json": config,
        "generation_config.json": generation,
        "preprocessor_config.json": listener,
        "tokenizer_config.json": words,
    }
    return {name: json.dumps(value, indent=1) + "\n" for name, value in files.items()}
