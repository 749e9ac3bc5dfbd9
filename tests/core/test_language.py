"""The language of the rows, and the model that is advised for it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.language import UNDETERMINED, dominant_language, language_name, language_of
from fsl_desktop.core.language_words import NAMES, WORDS

SAMPLES = {
    "en": [
        "My card has not arrived yet",
        "does not work",
        "Where is the nearest pharmacy?",
        "too slow",
        "ok",
    ],
    "de": ["Meine Karte ist noch nicht da", "geht nicht", "Ich möchte stornieren", "zu langsam", "Danke!"],
    "fr": ["Ma carte n'est pas arrivée", "ça ne marche pas", "Je voudrais annuler", "trop lent", "Merci"],
    "es": ["Mi tarjeta no ha llegado", "¿Cómo cambio mi PIN?", "Quiero cancelar el pedido", "gracias"],
    "it": ["La mia carta non è arrivata", "Vorrei annullare il mio ordine", "Grazie mille", "non va"],
    "pt": ["O meu cartão não chegou", "Quero cancelar o pedido", "Muito obrigado", "não funciona"],
    "nl": ["Mijn kaart is er nog niet", "Ik wil annuleren", "werkt niet", "Hartelijk dank voor uw hulp"],
    "zh": ["我的卡还没有到", "手机坏了", "怎么取消订单？", "iPhone 15 Pro 手机壳", "小米手机旗舰店の优惠"],
    "ja": ["カードがまだ届きません", "とても良かった", "注文をキャンセルしたい", "最高！です"],
    "ko": ["배송이 너무 늦어요", "감사합니다"],
    "ru": ["Моя карта ещё не пришла", "плохо", "Где ближайший банк?"],
    "uk": ["Де найближча аптека?", "Її немає"],
    "ar": ["أين المستشفى؟", "شكرا جزيلا"],
    "pl": ["Gdzie jest najbliższa apteka?", "Chcę anulować zamówienie"],
    "el": ["Πού είναι ο σταθμός;"],
    "th": ["ราคาเท่าไหร่"],
}


@pytest.mark.parametrize("code", SAMPLES)
def test_a_few_short_rows_are_enough(code: str) -> None:
    found, share = dominant_language(SAMPLES[code])
    assert found == code
    assert share == 1.0


def test_the_most_frequent_language_wins_and_its_share_is_told() -> None:
    rows = SAMPLES["de"][:3] * 3 + ["My card has not arrived yet"]
    assert dominant_language(rows) == ("de", pytest.approx(0.9))


@pytest.mark.parametrize("rows", [[], [""], ["12.5", "---", "  "], ["🙂", "2024-05-01 10:30"]])
def test_rows_without_words_have_no_language(rows: list[str]) -> None:
    assert dominant_language(rows) == ("", 0.0)


def test_an_unknown_language_is_not_taken_for_english() -> None:
    swahili = [
        "Habari gani rafiki yangu mpendwa",
        "Kadi yangu haijafika bado",
        "Ninataka kughairi agizo langu",
    ]
    assert dominant_language(swahili) == (UNDETERMINED, 0.0)


def test_addresses_and_mentions_say_nothing() -> None:
    assert language_of("@the_and_is https://the.and/is is@the.of") == ""
    assert language_of("@user Ich habe das nicht gesagt https://www.the.com/and") == "de"


def test_a_hundred_thousand_rows_are_judged_at_once_and_always_alike() -> None:
    rows = ["Ich habe die Karte noch nicht bekommen, bitte senden Sie sie mir zu. " * 4] * 100_000
    began = time.perf_counter()
    first = dominant_language(rows)
    assert time.perf_counter() - began < 1.0
    assert first == dominant_language(rows) == ("de", 1.0)


def test_every_language_that_can_be_found_has_a_name() -> None:
    assert set(WORDS) <= set(NAMES)
    assert language_name("zh") == "Chinese"
    assert language_name("xx") == "xx"


SETS = {
    "text/ag_news": "en",
    "text/banking77": "en",
    "text/trec6": "en",
    "text/snips": "en",
    "text/tweeteval_emotion": "en",
    "text/amazon_cf_de": "de",
    "text/amazon_cf_jp": "ja",
    "text_zh/fewclue_tnews": "zh",
}


@pytest.mark.parametrize("name", SETS)
def test_the_sample_sets_are_told(name: str) -> None:
    home = os.environ.get("FSL_DESKTOP_DATA")
    folder = (Path(home) if home else Path(__file__).resolve().parents[3] / "shared" / "data") / name
    file = next(
        (folder / part for part in ("train.jsonl", "train_0.jsonl") if (folder / part).is_file()), None
    )
    if file is None:
        pytest.skip(f"the sample data ({name}) is not here; set FSL_DESKTOP_DATA to its folder")
    rows = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]
    code, share = dominant_language(rows)
    assert code == SETS[name]
    assert share > 0.97


@pytest.mark.parametrize(
    ("language", "model", "said"),
    [
        ("en", "minilm", "The rows are in English"),
        ("zh", "e5-small", "The rows are in Chinese, which the English model cannot read"),
        ("ja", "e5-small", "Japanese"),
        ("de", "e5-small", "German"),
        ("fr", "e5-small", "French"),
        ("es", "e5-small", "Spanish"),
        (UNDETERMINED, "e5-small", "not clear"),
        ("", "minilm", "no words"),
    ],
)
def test_the_language_decides_on_the_model(home: Path, language: str, model: str, said: str) -> None:
    advice = Catalogue.load().recommend(language)
    assert advice.model == model
    assert said in advice.reason.text
    assert not advice.installed, "this home is empty"
