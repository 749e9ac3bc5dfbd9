"""Who reads the names of classes, and of the kinds of sound that YAMNet knows."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.models.shelf import Shelf
from fsl_desktop.learn.name_texts import texts_of_names
from fsl_desktop.learn.sound.blocks import SoundEncoders
from fsl_desktop.learn.sound.ears import Ears
from fsl_desktop.learn.sound.names import Kinds, NamePrior, prior_of

MODEL = "minilm"


class NameReader:
    """Safe to use from any thread; the kinds of sound are read once."""

    def __init__(self, catalogue: Catalogue, encoders: Shelf[TextEncoder]) -> None:
        self._catalogue = catalogue
        self._encoders = encoders
        self._lock = threading.Lock()
        self._kinds: Kinds | None = None

    def prior(self, ears: Ears, names: Sequence[str], embeddings: Matrix) -> NamePrior | None:
        """What ``names`` of classes know of clips whose mean embeddings by YAMNet are ``embeddings``
        (n, 1024); None where they name no sounds, or nobody reads them."""
        if not isinstance(ears, SoundEncoders) or "yamnet" not in ears.models:
            return None
        try:
            reader = self._encoders.get(self._catalogue.resolve(MODEL))
        except UserError:
            return None
        with self._lock:
            if self._kinds is None:
                kinds, weight, bias = ears.kinds()
                self._kinds = Kinds(reader.encode([kind.lower() for kind in kinds]), weight, bias)
        return prior_of(reader.encode(texts_of_names(list(names))), self._kinds, embeddings)
