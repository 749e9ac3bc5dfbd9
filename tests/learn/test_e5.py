"""The installed multilingual E5 against the engine that its carrier ships with (run once, elsewhere)."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.learn.encoders.text import TextEncoder

# Text, and the first six of the 384 numbers that the carrier's own engine gives it.
REFERENCE = [
    ("How do I reset my card's PIN?", [0.0691, -0.0657, -0.0101, -0.0374, 0.0203, -0.0651]),
    ("Wie kann ich die PIN meiner Karte zurücksetzen?", [0.1065, -0.0955, -0.0095, -0.0637, 0.0097, -0.0572]),
    ("Où est la gare, s'il vous plaît ?", [0.0048, -0.021, -0.0414, -0.0527, 0.0623, -0.0579]),
    ("今天天气很好，我们去公园吧。", [0.0511, 0.0002, -0.0104, -0.0237, 0.1, -0.0395]),
    ("この商品はとても良かったです～", [0.0396, -0.0337, -0.0356, -0.0406, 0.0525, -0.0196]),
    ("El producto llegó roto.", [0.0523, -0.0466, -0.007, -0.0959, 0.0989, -0.0652]),
]
# Its cosines of the first text with each.
COSINES = [1.0, 0.9275, 0.8025, 0.7486, 0.7337, 0.7839]

pytestmark = pytest.mark.model


@pytest.fixture(scope="module", params=["float32", "bfloat16"])
def e5(request: pytest.FixtureRequest) -> TextEncoder:
    state = Catalogue.load().status("e5-small")
    if not state.installed:
        pytest.skip("e5-small is not installed; make setup does it")
    return TextEncoder.load(state.folder, precision=request.param)


def test_vectors_in_six_languages_agree_with_the_carriers_own_engine(e5: TextEncoder) -> None:
    vectors = e5.encode([text for text, _ in REFERENCE])
    np.testing.assert_allclose(vectors[:, :6], [first for _, first in REFERENCE], atol=4e-3)
    np.testing.assert_allclose(vectors @ vectors[0], COSINES, atol=4e-3)


def test_the_catalogue_and_the_folder_say_the_same(e5: TextEncoder) -> None:
    entry = Catalogue.load().entry("e5-small")
    assert (entry.prefix, entry.pooling) == (e5.reading.prefix, e5.reading.pooling)
    assert (entry.max_tokens, entry.dim) == (e5.max_tokens, e5.dim)
