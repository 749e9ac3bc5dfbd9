"""The encoder of Whisper (Radford et al. 2022), a Transformer over 20 ms frames, run on clips as short as
they are: the model was trained on 30 s, padded with silence, and does well without."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor, nn

from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.encoders import mel
from fsl_desktop.learn.models.loading import read_json
from fsl_desktop.learn.models.weights import read_weights

LEAST = mel.RATE
"""Samples; shorter clips are followed by silence up to here."""
MOST = 30 * mel.RATE
"""Samples; there are no positions for more."""
FRAME = 2 * mel.HOP
"""Samples in each frame of the encoder."""
_RANGE = 8.0
"""Decades below the loudest band that are still told apart."""


class Attention(nn.Module):
    """Multi-head self-attention whose keys have no bias."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """(n, frames, width), mask (n, 1, 1, frames) or none -> (n, frames, width)"""
        n, length, width = hidden.shape
        q, k, v = (
            part(hidden).view(n, length, self.heads, -1).transpose(1, 2)
            for part in (self.q_proj, self.k_proj, self.v_proj)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        out: Tensor = self.out_proj(mixed.transpose(1, 2).reshape(n, length, width))
        return out


class Layer(nn.Module):
    """One block; its parts are named as in the Hugging Face layout."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, inner)
        self.fc2 = nn.Linear(inner, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        hidden = hidden + self.self_attn(self.self_attn_layer_norm(hidden), mask)
        out: Tensor = hidden + self.fc2(F.gelu(self.fc1(self.final_layer_norm(hidden))))
        return out


class WhisperEncoder(nn.Module):
    """Every weight can be trained but the positions, which are sines and are as good as fixed."""

    def __init__(self, *, bands: int, width: int, layers: int, heads: int, inner: int, frames: int) -> None:
        super().__init__()
        self.bands = bands
        self.conv1 = nn.Conv1d(bands, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(frames, width).requires_grad_(False)
        self.layers = nn.ModuleList(Layer(width, heads, inner) for _ in range(layers))
        self.layer_norm = nn.LayerNorm(width)

    @classmethod
    def load(cls, folder: Path) -> WhisperEncoder:
        """The encoder of the Whisper model in ``folder`` (Hugging Face layout), in evaluation mode, float32.
        Raises ``UserError`` where it cannot be read."""
        config = read_json(folder / "config.json")
        names = {
            "bands": "num_mel_bins",
            "width": "d_model",
            "layers": "encoder_layers",
            "heads": "encoder_attention_heads",
            "inner": "encoder_ffn_dim",
            "frames": "max_source_positions",
        }
        sizes = {name: config.get(key) for name, key in names.items()}
        if not all(isinstance(size, int) and 0 < size < 100_000 for size in sizes.values()):
            raise UserError(
                "The file {file} of the model is damaged. Install the model again.",
                file="config.json",
                details=f"{folder}: {sizes}",
            )
        model = cls(**{name: int(str(size)) for name, size in sizes.items()})
        shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
        model.load_state_dict(read_weights(folder, shapes, "model.encoder."), assign=True)
        model.embed_positions.requires_grad_(False)
        return model.eval()

    def listen(self, clips: Sequence[Tensor]) -> tuple[Tensor, list[int]]:
        """Clips (samples,) at 16 kHz -> (log mel bands (n, bands, frames of 10 ms), frames of each clip).

        Clips are cut to 30 s and padded to 1 s; shorter ones of a batch end with zeros.
        """
        found = [self._bands(F.pad(clip[:MOST], (0, max(0, LEAST - len(clip))))) for clip in clips]
        lengths = [bands.shape[1] for bands in found]
        longest = max(lengths)
        return torch.stack([F.pad(bands, (0, longest - bands.shape[1])) for bands in found]), lengths

    def _bands(self, samples: Tensor) -> Tensor:
        half = mel.WINDOW // 2
        padded = F.pad(samples[None, None], (half, half), mode="reflect")[0, 0]
        power = torch.fft.rfft(mel.frames(padded)[: len(samples) // mel.HOP]).abs().square()
        bands = (power @ mel.slaney_bands(self.bands).T).clamp(min=1e-10).log10()
        return ((torch.maximum(bands, bands.max() - _RANGE) + 4.0) / 4.0).T

    def forward(self, bands: Tensor, lengths: Sequence[int], layers: int | None = None) -> list[Tensor]:
        """What :meth:`listen` gives -> hidden states (n, frames of 20 ms, width) before the first layer and
        after each of the first ``layers`` (all of them if none is said), without the last norm.

        A clip has (length + 1) // 2 frames; what follows is of no meaning, and has no effect on them.
        """
        even = len(set(lengths)) == 1
        hidden = F.gelu(self.conv1(bands))
        if not even:
            hidden = hidden * within(lengths, hidden.shape[2])[:, None]
        hidden = F.gelu(self.conv2(hidden)).transpose(1, 2)
        length = hidden.shape[1]
        mask = None if even else within([(own + 1) // 2 for own in lengths], length)[:, None, None]
        hidden = hidden + self.embed_positions.weight[:length]
        states = [hidden]
        for layer in self.layers[:layers]:
            states.append(layer(states[-1], mask))
        return states


def within(lengths: Sequence[int], longest: int) -> Tensor:
    """(n, longest): is this frame one of the clip's own?"""
    return torch.arange(longest)[None] < torch.tensor(lengths)[:, None]
