"""Every family that runs packed gives the vectors of its own forward pass, whole and split in two."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.encoders.families import WALKS
from fsl_desktop.learn.encoders.text import TextEncoder, embed_packed
from fsl_desktop.learn.encoders.walk import dropout
from fsl_desktop.learn.methods.pairwise import pairwise_cosine_loss
from fsl_desktop.learn.models.loading import load_model

SIZES = {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 64}
TEXTS = [
    "apple pear",
    "nail",
    "",
    "sweet apple plum tart and ripe pear",
    "new old saw hammer nail apple " * 4,  # long enough for a near window of 8
]


def bert() -> Any:
    from transformers import BertConfig, BertModel

    return BertModel(BertConfig(vocab_size=64, max_position_embeddings=48, **SIZES))


def roberta() -> Any:
    from transformers import RobertaConfig, RobertaModel

    return RobertaModel(RobertaConfig(vocab_size=64, max_position_embeddings=48, pad_token_id=1, **SIZES))


def xlm_roberta() -> Any:
    from transformers import XLMRobertaConfig, XLMRobertaModel

    return XLMRobertaModel(
        XLMRobertaConfig(vocab_size=64, max_position_embeddings=48, pad_token_id=1, **SIZES)
    )


def mpnet() -> Any:
    from transformers import MPNetConfig, MPNetModel

    model = MPNetModel(MPNetConfig(vocab_size=64, max_position_embeddings=48, **SIZES))
    torch.nn.init.normal_(model.encoder.relative_attention_bias.weight, std=2.0)  # or it would not be missed
    return model


def distilbert() -> Any:
    from transformers import DistilBertConfig, DistilBertModel

    return DistilBertModel(DistilBertConfig(vocab_size=64, dim=32, n_layers=3, n_heads=4, hidden_dim=64))


def modernbert() -> Any:
    from transformers import ModernBertConfig, ModernBertModel

    config = ModernBertConfig(
        vocab_size=64, local_attention=8, global_attn_every_n_layers=2, max_position_embeddings=64,
        pad_token_id=0, bos_token_id=2, eos_token_id=3, cls_token_id=2, sep_token_id=3, **SIZES,
    )  # fmt: skip
    model = ModernBertModel(config)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.2)  # as it comes, near attention would hardly matter
    return model


def albert() -> Any:
    from transformers import AlbertConfig, AlbertModel

    return AlbertModel(AlbertConfig(vocab_size=64, embedding_size=16, max_position_embeddings=48, **SIZES))


FAMILIES = (bert, roberta, xlm_roberta, mpnet, distilbert, modernbert)


@pytest.fixture
def made(tmp_path: Path, encoder_folder: Path) -> Callable[[Callable[[], Any]], Path]:
    def make(build: Callable[[], Any]) -> Path:
        with torch.random.fork_rng():
            torch.manual_seed(3)
            build().save_pretrained(str(tmp_path))
        shutil.copyfile(encoder_folder / "tokenizer.json", tmp_path / "tokenizer.json")
        return tmp_path

    return make


def states(folder: Path, encoder: TextEncoder) -> list[torch.Tensor]:
    """Token states of each text through transformers' own forward pass."""
    from transformers import AutoModel

    model = AutoModel.from_pretrained(str(folder)).eval()
    with torch.no_grad():
        return [model(input_ids=torch.tensor([ids])).last_hidden_state[0] for ids in encoder.tokenize(TEXTS)]


def unit(rows: list[torch.Tensor]) -> np.ndarray:
    return torch.nn.functional.normalize(torch.stack(rows), dim=-1).numpy()


@pytest.mark.parametrize("build", [*FAMILIES, albert], ids=lambda build: build.__name__)
def test_vectors_equal_those_of_the_families_own_forward_pass(build: Callable[[], Any], made: Any) -> None:
    folder = made(build)
    encoder = TextEncoder.load(folder, precision="float32")
    assert encoder.tunable == (build is not albert)
    expected = unit([hidden.mean(0) for hidden in states(folder, encoder)])
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=2e-5)
    fast = TextEncoder.load(folder, precision="bfloat16").encode(TEXTS)
    assert (fast * expected).sum(axis=1).min() > 0.999


@pytest.mark.parametrize("build", FAMILIES, ids=lambda build: build.__name__)
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_lower_and_upper_layers_together_are_the_whole(
    build: Callable[[], Any], layer: int, made: Any
) -> None:
    encoder = TextEncoder.load(made(build), precision="float32")
    assert encoder.n_layers == 3
    vectors = embed_packed(encoder.upper(layer), encoder.lower(TEXTS, layer), "mean")
    assert vectors.requires_grad
    np.testing.assert_allclose(vectors.detach().numpy(), encoder.encode(TEXTS), atol=2e-5)


@pytest.mark.parametrize("build", FAMILIES, ids=lambda build: build.__name__)
def test_trained_layers_are_saved_where_the_family_keeps_them(
    build: Callable[[], Any], made: Any, tmp_path: Path
) -> None:
    encoder = TextEncoder.load(made(build), precision="float32")
    before = encoder.encode(TEXTS)
    layers = encoder.upper(1)
    embed_packed(layers, encoder.lower(TEXTS, 1), "mean")[:, 0].sum().backward()
    with torch.no_grad():
        for parameter in layers.parameters():
            assert parameter.grad is not None
            parameter.sub_(0.1 * parameter.grad)
    tuned = encoder.with_upper(layers)
    assert np.abs(tuned.encode(TEXTS) - before).max() > 1e-3
    np.testing.assert_array_equal(encoder.encode(TEXTS), before)
    out = tmp_path / "out"
    out.mkdir()
    tuned.save(out)
    again = TextEncoder.load(out, precision="float32")
    np.testing.assert_allclose(again.encode(TEXTS), tuned.encode(TEXTS), atol=2e-6)
    np.testing.assert_allclose(
        again.encode(TEXTS), unit([hidden.mean(0) for hidden in states(out, again)]), atol=2e-5
    )


@pytest.mark.parametrize("build", FAMILIES, ids=lambda build: build.__name__)
def test_layers_can_lie_on_another_device_than_the_texts(
    build: Callable[[], Any], made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no graphics card, torch's device without memory stands in: it has shapes but no numbers,
    and refuses to be mixed with others just as a card does."""
    here = torch.Tensor.cpu

    def back(tensor: torch.Tensor) -> torch.Tensor:
        return torch.zeros(tensor.shape, dtype=tensor.dtype) if tensor.is_meta else here(tensor)

    monkeypatch.setattr(torch.Tensor, "cpu", back)
    encoder = TextEncoder.load(made(build), device=torch.device("meta"))
    assert encoder.encode(TEXTS).shape == (len(TEXTS), 32)
    parts = encoder.lower(TEXTS, 1)
    assert {str(part.device) for part in parts} == {"cpu"}
    layers = encoder.upper(1)
    vectors = embed_packed(layers, parts, "mean", dropout(0.1, torch.Generator().manual_seed(0)))
    assert vectors.is_meta
    known = torch.eye(len(TEXTS))
    pairwise_cosine_loss(vectors, vectors, known, 1 - known).backward()
    assert all(parameter.grad is not None for parameter in layers.parameters())


def test_every_family_here_is_tested() -> None:
    assert {build.__name__.replace("_", "-") for build in FAMILIES} | {"camembert"} == set(WALKS)


POOLED: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "pooling_mode_cls_token": lambda hidden: hidden[0],
    "pooling_mode_max_tokens": lambda hidden: hidden.max(0).values,
    "pooling_mode_mean_sqrt_len_tokens": lambda hidden: hidden.sum(0) / len(hidden) ** 0.5,
    "pooling_mode_lasttoken": lambda hidden: hidden[-1],
    "pooling_mode_weightedmean_tokens": lambda hidden: (
        (hidden * torch.arange(1, len(hidden) + 1)[:, None]).sum(0) / sum(range(1, len(hidden) + 1))
    ),
}


@pytest.mark.parametrize("build", [bert, albert], ids=lambda build: build.__name__)
@pytest.mark.parametrize("kind", POOLED)
def test_a_model_is_pooled_as_its_folder_says(kind: str, build: Callable[[], Any], made: Any) -> None:
    folder = made(build)
    (folder / "1_Pooling").mkdir()
    said = {"pooling_mode_mean_tokens": False, kind: True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said), encoding="utf-8")
    encoder = TextEncoder.load(folder, precision="float32")
    expected = unit([POOLED[kind](hidden) for hidden in states(folder, encoder)])
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=2e-5)


@pytest.mark.parametrize(
    ("said", "pooling"),
    [
        ({"pooling_mode": "cls"}, "cls"),
        ({"pooling_mode": "mean"}, "mean"),
        ({"pooling_mode": "lasttoken"}, "lasttoken"),
        ({}, "mean"),
    ],
)
def test_the_newer_layout_of_pooling_is_read(said: dict[str, object], pooling: str, made: Any) -> None:
    folder = made(bert)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said), encoding="utf-8")
    assert TextEncoder.load(folder).reading.pooling == pooling


@pytest.mark.parametrize(
    "said",
    [{"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}, {"pooling_mode": "attention"}],
)
def test_a_pooling_that_is_not_known_is_one_sentence(said: dict[str, object], made: Any) -> None:
    folder = made(bert)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(UserError, match="is not supported"):
        TextEncoder.load(folder)


@pytest.mark.parametrize(
    ("said", "prefix"),
    [
        ({"prompts": {"query": "query: ", "classification": "classify: "}}, "classify: "),
        ({"prompts": {"query": "q: ", "document": "d: "}, "default_prompt_name": "document"}, "d: "),
        ({"prompts": {"query": "query: "}, "default_prompt_name": None}, "query: "),
        ({"prompts": {}}, ""),
    ],
)
def test_the_prompt_for_whole_texts_is_put_before_them(
    said: dict[str, object], prefix: str, made: Any
) -> None:
    folder = made(bert)
    (folder / "config_sentence_transformers.json").write_text(json.dumps(said), encoding="utf-8")
    assert TextEncoder.load(folder).reading.prefix == prefix


def test_weights_without_a_pooler_are_always_the_same_model(made: Any) -> None:
    from safetensors.torch import load_file, save_file

    folder = made(bert)
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if not name.startswith("pooler.")}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    one, other = load_model(folder), load_model(folder)
    assert torch.equal(one.pooler.dense.weight, other.pooler.dense.weight)


def test_weights_that_lack_a_layer_are_refused(made: Any) -> None:
    from safetensors.torch import load_file, save_file

    folder = made(bert)
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if "layer.1." not in name}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(UserError, match="a part is missing"):
        load_model(folder)
