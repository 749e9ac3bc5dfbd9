"""Any model of the Hugging Face hub by its name: which files it has, and the hashes that the hub states.

Large files have a sha256 there, small ones the hash that git gives them; both are compared. Only weights in
safetensors and JSON or plain text are taken, never anything that could run.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from collections.abc import Callable
from typing import Any

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.fetch.entry import FileEntry, HubSource, ModelEntry
from fsl_desktop.core.fetch.hashing import GIT
from fsl_desktop.core.fetch.hub import CONNECT_SECONDS, STALL_SECONDS, offline

ADDED = "hub-"
"""How the ids of models begin that are not in the catalogue that is shipped."""

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_WEIGHTS = "model.safetensors"
_TOKENIZERS = ("tokenizer.json", "vocab.txt", "sentencepiece.bpe.model", "tokenizer.model")
_WANTED = (
    "config.json",
    *_TOKENIZERS,
    "vocab.json",
    "merges.txt",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "1_Pooling/config.json",
    _WEIGHTS,
)


def is_hub_name(model: str) -> bool:
    """Has ``model`` the form ``organisation/name``?"""
    return _NAME.fullmatch(model) is not None and ".." not in model


def added_id(repo: str) -> str:
    """The folder of a model of the hub; two repositories never share one."""
    plain = re.sub(r"[^a-z0-9]+", "-", repo.lower()).strip("-")
    return f"{ADDED}{plain[:48]}-{hashlib.sha256(repo.encode()).hexdigest()[:8]}"


def look_up(repo: str, cancelled: Callable[[], bool] | None = None) -> ModelEntry:
    """Ask the hub about ``repo``. Raises ``Stopped``, or ``UserError`` with the fix."""
    if offline():
        raise UserError(
            "{model} is not installed and the network is switched off (HF_HUB_OFFLINE). Allow it, or pick a "
            "model folder on this computer.",
            model=repo,
        )
    return _entry(repo, _ask(repo, cancelled))


def _ask(repo: str, cancelled: Callable[[], bool] | None) -> Any:
    """In a thread of its own, because looking up a name cannot be interrupted."""
    answer: list[Any] = []

    def ask() -> None:
        try:
            from huggingface_hub import HfApi

            api = HfApi(endpoint=os.environ.get("HF_ENDPOINT", "").rstrip("/") or None)
            answer.append(api.model_info(repo, files_metadata=True, timeout=CONNECT_SECONDS))
        except Exception as error:  # the HTTP library's own among them
            answer.append(error)

    thread = threading.Thread(target=ask, name="hub-lookup", daemon=True)
    thread.start()
    end = time.monotonic() + CONNECT_SECONDS + STALL_SECONDS
    while thread.is_alive() and time.monotonic() < end:
        thread.join(0.05)
        if cancelled is not None and cancelled():
            raise Stopped
    found = answer[0] if answer else TimeoutError("no answer in time")
    if isinstance(found, Exception):
        raise _failure(repo, found) from found
    return found


def _failure(repo: str, error: Exception) -> UserError:
    kind = type(error).__name__
    details = f"{kind}: {error}"
    if kind == "GatedRepoError":
        return UserError(
            "{model} asks you to accept its terms first. Do so on its page, then pick its folder here.",
            model=repo,
            details=details,
        )
    if kind == "RepositoryNotFoundError":
        return UserError(
            "The Hugging Face hub has no model {model}. Check how it is written.", model=repo, details=details
        )
    return UserError(
        "The Hugging Face hub could not be asked about {model}. Check the internet connection and try again.",
        model=repo,
        details=details,
    )


def _entry(repo: str, info: Any) -> ModelEntry:
    listed = {sibling.rfilename: sibling for sibling in info.siblings or []}
    if _WEIGHTS not in listed:
        raise UserError(
            "{model} has no weights in one file in the safetensors format, and other formats are not opened"
            " because they can run programs. Choose another model.",
            model=repo,
        )
    if "config.json" not in listed or not any(name in listed for name in _TOKENIZERS):
        raise UserError("{model} is no text encoder: it has no tokenizer. Choose another model.", model=repo)
    card = info.card_data.to_dict() if info.card_data is not None else {}
    languages = card.get("language") or []
    return ModelEntry(
        id=added_id(repo),
        name=repo,
        modality="text",
        architecture="transformer",
        parameters=int(getattr(info.safetensors, "total", 0) or 0),
        dim=0,
        languages=(languages,) if isinstance(languages, str) else tuple(map(str, languages)),
        license=str(card.get("license") or ""),
        pooling="",
        prefix="",
        max_tokens=0,
        files=tuple(_file(repo, name, listed[name]) for name in _WANTED if name in listed),
        sources=(HubSource(repo, str(info.sha)),),
    )


def _file(repo: str, name: str, sibling: Any) -> FileEntry:
    large = sibling.lfs
    digest = large.sha256 if large is not None else f"{GIT}{sibling.blob_id}" if sibling.blob_id else ""
    size = large.size if large is not None else sibling.size
    if not digest or not isinstance(size, int):
        raise UserError(
            "The Hugging Face hub states no hash for {file} of {model}, so it is not trusted."
            " Choose another model.",
            file=name,
            model=repo,
        )
    return FileEntry(name, size, digest)
