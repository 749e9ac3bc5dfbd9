"""The model card: what a model is, what it was made from, and how good it is."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib import metadata
from typing import TYPE_CHECKING

from fsl_desktop.core.events import RunSummary

if TYPE_CHECKING:
    from fsl_desktop.learn.sound.model import SoundModel
    from fsl_desktop.learn.trained import Provenance, TrainedModel

_LIBRARIES = ("torch", "transformers", "scikit-learn", "numpy", "safetensors", "tokenizers")


@lru_cache(maxsize=1)
def versions() -> tuple[tuple[str, str], ...]:
    """Names and versions of what a model is made with."""
    from fsl_desktop import __version__

    found = [("fsl-desktop", __version__), ("python", platform.python_version())]
    for name in _LIBRARIES:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return tuple(found)


def model_card(model: TrainedModel) -> str:
    """README.md of the model folder."""
    origin = model.provenance
    longest = f"| longest text | {model.encoder.max_tokens} tokens, more is read in parts |"
    title = f"Text classifier with {len(model.class_names)} classes"
    title += ", several of which a text may have" if model.several else ""
    lines = [
        *_beginning("text-classification", title, "a text"),
        "The encoder alone also loads with `transformers.AutoModel.from_pretrained`; its embeddings are the",
        f"{model.encoder.reading.pooling} of the token states, scaled to length 1. The head is in",
        "`head.safetensors`, classes and calibration are in `fsl.json`.",
        "",
        "## Classes",
        "",
        *[f"- {name}" for name in model.class_names],
        "",
        "## How good it is",
        "",
        *_scores(model.summary),
        "",
        *_unknown(model),
        *_origin(origin, model.temperature, longest),
    ]
    return "\n".join(lines)


def sound_card(model: SoundModel) -> str:
    """README.md of the folder of a model for sounds."""
    title = f"Sound classifier with {len(model.class_names)} classes"
    lines = [
        *_beginning("audio-classification", title, "a recording.wav"),
        "The encoders are in `encoders`, the mix of what they give and the head are in `mix.safetensors`,",
        "classes and calibration are in `fsl.json`.",
        "",
        "## Classes",
        "",
        *[f"- {name}" for name in model.class_names],
        "",
        "## How good it is",
        "",
        *_scores(model.summary),
        "",
        *_origin(model.provenance, model.temperature, "| heard of a clip | the first 5 s, mono, 16 kHz |"),
    ]
    return "\n".join(lines)


def _beginning(pipeline: str, title: str, example: str) -> list[str]:
    return [
        "---",
        "library_name: fsl-desktop",
        f"pipeline_tag: {pipeline}",
        f"tags: [few-shot, {pipeline}]",
        "---",
        "",
        f"# {title}",
        "",
        "Made with FSL Desktop. Use it so:",
        "",
        "```python",
        "import fsl_desktop",
        f'fsl_desktop.load("this folder").predict(["{example}"]).labels',
        "```",
        "",
    ]


def _origin(origin: Provenance, temperature: float, limit: str) -> list[str]:
    return [
        "## How it was made",
        "",
        "| | |",
        "|---|---|",
        f"| base model | {origin.base_model} |",
        f"| preset | {origin.preset} |",
        f"| recipe | {origin.recipe} |",
        f"| seed | {origin.seed} |",
        f"| data, sha256 | `{origin.data_sha256}` |",
        limit,
        f"| temperature | {temperature:.3f} |",
        *[f"| {name} | {version} |" for name, version in origin.versions],
        "",
    ]


def _unknown(model: TrainedModel) -> list[str]:
    gauge = model.unknown
    if gauge is None:
        return []
    return [
        "## Rows that fit no class",
        "",
        "`predict` also says how little a text fits any class, 0 to 1 (`unknown`); from 0.5 on it fits none.",
        f"It is judged by the embeddings of {len(gauge.rows)} labelled and {len(gauge.pool)} unlabelled",
        "rows, which are in `unknown.safetensors`; their texts are not.",
        "",
    ]


def _scores(summary: RunSummary | None) -> list[str]:
    if summary is None:
        return ["Not measured."]
    lines = [f"Learnt from {summary.n_labelled} labelled rows."]
    if summary.accuracy is None:
        lines.append("There is no cross-validated score.")
    else:
        score = summary.accuracy
        right = "Rows whose classes are all right:" if summary.several else "Accuracy"
        lines.append(
            f"{right} {score.value:.1%} (95 % interval {score.low:.1%} to {score.high:.1%}),"
            f" cross-validated on {score.n} labelled rows."
        )
    if summary.macro_f1 is not None:
        score = summary.macro_f1
        lines.append(f"Macro-F1 {score.value:.3f} ({score.low:.3f} to {score.high:.3f}).")
    if summary.micro_f1 is not None:
        score = summary.micro_f1
        lines.append(f"Micro-F1 {score.value:.3f} ({score.low:.3f} to {score.high:.3f}).")
    if summary.mcc is not None:
        lines.append(f"Matthews correlation {summary.mcc:.3f}.")
    lines += [f"- {note.text}" for note in summary.notes]
    return lines
