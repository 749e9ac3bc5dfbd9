"""An LSTM that tells speakers apart (Wan et al. 2018, Generalized End-to-End Loss), as in Resemblyzer."""

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

LOUDNESS = 10 ** (-30 / 20)
"""-30 dBFS: the bands are powers and not logarithms, so every clip is brought to this RMS."""
_SILENT = 1e-6


class SpeakerEncoder(nn.Module):
    """Three layers of LSTM over frames of 10 ms; every weight can be trained."""

    def __init__(self, *, bands: int = 40, width: int = 256, layers: int = 3) -> None:
        super().__init__()
        self.bands = bands
        self.lstm = nn.LSTM(bands, width, layers, batch_first=True)
        self.linear = nn.Linear(width, width)

    @classmethod
    def load(cls, folder: Path) -> SpeakerEncoder:
        """The encoder in ``folder``, in evaluation mode; ``UserError`` where it cannot be read."""
        config = read_json(folder / "config.json")
        sizes = [config.get(name) for name in ("num_mel_bins", "hidden_size", "num_hidden_layers")]
        if not all(isinstance(size, int) and 0 < size < 10_000 for size in sizes):
            raise UserError(
                "The file {file} of the model is damaged. Install the model again.",
                file="config.json",
                details=f"{folder}: {sizes}",
            )
        bands, width, layers = (int(str(size)) for size in sizes)
        model = cls(bands=bands, width=width, layers=layers)
        model.load_state_dict(read_weights(folder, {k: v.shape for k, v in model.state_dict().items()}))
        return model.eval()

    def listen(self, clips: Sequence[Tensor]) -> tuple[Tensor, list[int]]:
        """Clips (samples,) at 16 kHz, of any loudness -> (mel powers (n, frames of 10 ms, bands), frames of
        each clip); shorter ones of a batch end with zeros."""
        found = [self._bands(_levelled(clip)) for clip in clips]
        lengths = [len(bands) for bands in found]
        return nn.utils.rnn.pad_sequence(found, batch_first=True), lengths

    def _bands(self, samples: Tensor) -> Tensor:
        half = mel.WINDOW // 2
        power = torch.fft.rfft(mel.frames(F.pad(samples, (half, half)))).abs().square()
        bands: Tensor = power @ mel.slaney_bands(self.bands).T
        return bands

    def forward(self, bands: Tensor) -> Tensor:
        """(n, frames, bands) -> the top layer's output at each frame (n, frames, 256). It looks only back, so
        what a shorter clip of a batch is padded with has no effect on its own frames."""
        states: Tensor = self.lstm(bands)[0]
        return states

    def embed(self, last: Tensor) -> Tensor:
        """The output at the last frame (n, 256) -> who speaks, a unit vector without negative numbers."""
        return F.normalize(F.relu(self.linear(last)), dim=1)


def _levelled(samples: Tensor) -> Tensor:
    loudness = float(samples.square().mean().sqrt())
    return samples * (LOUDNESS / loudness) if loudness > _SILENT else samples
