"""Model folders in the Hugging Face layout, loaded from local files as data: safetensors and JSON only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

# At module level although it costs a second: transformers makes its names on first use, and two threads
# that ask for the first time at once can be told that there is no AutoModel.
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging as hf_logging

from fsl_desktop.core.errors import UserError

WEIGHTS = "model.safetensors"
_TOKENIZER_FILES = ("tokenizer.json", "vocab.txt", "tokenizer.model", "sentencepiece.bpe.model")
_POOLINGS = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean",  # the same once it is scaled to length 1
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_PROMPTS = ("classification", "Classification", "query")
"""Which of a model's prompts is meant for whole texts to be sorted, best first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an encoder wants to be used: part of what identifies its embeddings."""

    pooling: str = "mean"
    """One of ``POOLINGS`` in :mod:`fsl_desktop.learn.encoders.pooling`."""
    prefix: str = ""
    """Put before every text, e.g. ``query: ``."""
    max_tokens: int = 256


def check_folder(folder: Path) -> None:
    """Raise ``UserError`` unless ``folder`` looks like a model that can be loaded safely."""
    if not (folder / "config.json").is_file():
        raise UserError(
            "There is no model in {folder}. Choose a folder with config.json and model.safetensors.",
            folder=folder.name or str(folder),
            details=str(folder),
        )
    if not (folder / WEIGHTS).is_file():
        raise UserError(
            "The model in {folder} has no model.safetensors. Install it again, or convert it to safetensors;"
            " other formats can run code and are not opened.",
            folder=folder.name,
            details=str(folder),
        )
    if not any((folder / name).is_file() for name in _TOKENIZER_FILES):
        raise UserError(
            "The model in {folder} has no tokenizer.json. Install the model again.",
            folder=folder.name,
            details=str(folder),
        )


def unreadable(folder: Path, error: Exception) -> UserError:
    """What to say where the weights in ``folder`` cannot be read."""
    return UserError(
        "The model in {folder} cannot be read; its files are damaged or of an unknown kind."
        " Install the model again.",
        folder=folder.name,
        details=f"{folder}: {type(error).__name__}: {error}",
    )


def load_model(folder: Path) -> Any:
    """The encoder in ``folder`` as a ``transformers`` module in evaluation mode, float32.

    Never runs code from the folder and never touches the network; raises ``UserError`` for a missing,
    truncated or foreign file.
    """
    check_folder(folder)
    read_json(folder / "config.json")
    # The library's own bars and warnings would land in a terminal that nobody reads.
    hf_logging.set_verbosity_error()
    hf_logging.disable_progress_bar()
    try:
        model, info = AutoModel.from_pretrained(
            str(folder),
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype="float32",
            output_loading_info=True,
        )
    except Exception as error:
        # transformers, safetensors and torch each have their own exceptions for a damaged file.
        raise unreadable(folder, error) from error
    _fill_in(model, set(info["missing_keys"]), folder)
    # Weights are views of the mapped file: truncating it later would kill the process, and Windows could
    # not delete it. A copy costs 30 ms.
    for tensor in (*model.parameters(), *model.buffers()):
        tensor.data = tensor.data.clone()
    return model.eval()


def _fill_in(model: Any, missing: set[str], folder: Path) -> None:
    """Nothing random may take part: a pooler that the file leaves out is not used here and becomes zero, so
    that the same model is always saved as the same bytes; anything else that is missing is a wrong file."""
    lacking = sorted(name for name in missing if not name.startswith("pooler."))
    if lacking:
        raise UserError(
            "The weights in {folder} are not those of an encoder: a part is missing. Choose another model.",
            folder=folder.name,
            details=f"{folder}: {', '.join(lacking[:5])}",
        )
    for name in missing:
        model.get_parameter(name).data.zero_()


def load_tokenizer(folder: Path) -> Any:
    """The fast tokenizer of ``folder`` (a ``tokenizers.Tokenizer``), without padding or truncation."""
    from tokenizers import Tokenizer

    try:
        if (folder / "tokenizer.json").is_file():
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        else:
            tokenizer = AutoTokenizer.from_pretrained(
                str(folder), local_files_only=True, trust_remote_code=False, use_fast=True
            ).backend_tokenizer
    except Exception as error:
        raise UserError(
            "The tokenizer of the model in {folder} cannot be read. Install the model again.",
            folder=folder.name,
            details=f"{folder}: {type(error).__name__}: {error}",
        ) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def reading_of(folder: Path, max_tokens: int | None = None) -> Reading:
    """What the folder says about pooling, prefix and length; else the mean, none and 256 tokens."""
    config = read_json(folder / "config.json")
    pooling = "mean"
    pooling_file = folder / "1_Pooling" / "config.json"
    if pooling_file.is_file():
        pooling = _pooling(read_json(pooling_file), folder)
    limit = max_tokens
    if limit is None:
        sentence = folder / "sentence_bert_config.json"
        said = read_json(sentence).get("max_seq_length") if sentence.is_file() else None
        limit = said if isinstance(said, int) else 256
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int):
        # RoBERTa's first position is pad + 1, which costs it two places.
        limit = min(limit, positions - 2 if "roberta" in str(config.get("model_type")) else positions)
    return Reading(pooling, _prefix(folder, config), max(8, limit))


def fingerprint(folder: Path, reading: Reading) -> str:
    """Identifies the embeddings a folder gives: hash of weights, tokenizer and reading, 24 hex digits."""
    digest = hashlib.sha256()
    for name in (WEIGHTS, *_TOKENIZER_FILES):
        path = folder / name
        if path.is_file():
            digest.update(name.encode())
            digest.update(file_sha256(path).encode())
    # "windows": long texts are read in parts. A change of how texts are read has to change this word.
    digest.update(repr(("windows", reading.pooling, reading.prefix, reading.max_tokens)).encode())
    return digest.hexdigest()[:24]


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; ``UserError`` where it is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(value, dict):
            raise ValueError("not an object")
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(
            "The file {file} of the model is damaged. Install the model again.",
            file=path.name,
            details=f"{path}: {error}",
        ) from error
    return cast(dict[str, Any], value)


def _pooling(said: dict[str, Any], folder: Path) -> str:
    """Both the old layout (one switch for each kind) and the new one (a name) of sentence-transformers."""
    chosen = {kind for key, kind in _POOLINGS.items() if said.get(key)}
    name = said.get("pooling_mode")
    if isinstance(name, str):
        chosen.add(_POOLINGS.get(f"pooling_mode_{name}_tokens", name))
    if len(chosen) > 1 or not chosen <= set(_POOLINGS.values()):
        raise UserError(
            "The model in {folder} makes one vector of its tokens in a way that is not supported."
            " Choose another model.",
            folder=folder.name,
            details=f"{folder}: pooling {sorted(chosen)}",
        )
    return chosen.pop() if chosen else "mean"


def _prefix(folder: Path, config: dict[str, Any]) -> str:
    prompts_file = folder / "config_sentence_transformers.json"
    if prompts_file.is_file():
        said = read_json(prompts_file)
        prompts = said.get("prompts")
        if isinstance(prompts, dict):
            for name in (said.get("default_prompt_name"), *_PROMPTS):
                if isinstance(name, str) and isinstance(prompts.get(name), str):
                    return str(prompts[name])
    own = config.get("fsl_prefix")
    return own if isinstance(own, str) else ""
