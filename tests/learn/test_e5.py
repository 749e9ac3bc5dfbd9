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


# Three texts about a card that has not come and three about a forgotten PIN; then two new ones.
LEARNT = {
    "zh": (
        ["我的卡还没有寄到", "新卡什么时候能到？", "银行卡寄丢了吗"],
        ["我忘记了密码", "怎么修改取款密码？", "密码输错三次被锁了"],
        ["卡片还在邮寄途中吗", "想重置我的密码"],
    ),
    "ja": (
        ["カードがまだ届きません", "新しいカードはいつ届きますか", "カードの郵送が遅れています"],
        ["暗証番号を忘れました", "暗証番号を変更したい", "暗証番号がロックされました"],
        ["カードの配達を待っています", "暗証番号を再設定する方法は？"],
    ),
    "de": (
        [
            "Meine Karte ist noch nicht da",
            "Wann kommt die neue Karte an?",
            "Die Karte ist in der Post verloren",
        ],
        ["Ich habe meine PIN vergessen", "Wie ändere ich meine PIN?", "Meine PIN ist gesperrt"],
        ["Ich warte noch auf die Zustellung der Karte", "Bitte die PIN zurücksetzen"],
    ),
    "fr": (
        [
            "Ma carte n'est pas arrivée",
            "Quand vais-je recevoir ma carte ?",
            "La carte est perdue dans le courrier",
        ],
        ["J'ai oublié mon code PIN", "Comment changer mon code PIN ?", "Mon code est bloqué"],
        ["J'attends toujours la livraison de la carte", "Je veux réinitialiser mon code"],
    ),
    "es": (
        ["Mi tarjeta no ha llegado", "¿Cuándo llega la nueva tarjeta?", "La tarjeta se perdió en el correo"],
        ["He olvidado mi PIN", "¿Cómo cambio mi PIN?", "Mi PIN está bloqueado"],
        ["Sigo esperando el envío de la tarjeta", "Quiero restablecer el PIN"],
    ),
}


@pytest.mark.parametrize("language", LEARNT)
def test_three_examples_per_class_are_enough_in_five_languages(e5: TextEncoder, language: str) -> None:
    card, pin, asked = LEARNT[language]
    vectors = e5.encode([*card, *pin, *asked])
    vectors = vectors - vectors.mean(0)  # its raw cosines all lie between 0.7 and 0.95
    means = np.stack([vectors[:3].mean(0), vectors[3:6].mean(0)])
    assert (vectors[6:] @ means.T).argmax(1).tolist() == [0, 1]
