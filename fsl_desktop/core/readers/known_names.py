"""What people call the columns of their tables, in the languages that we have seen; all in lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEXT_NAMES = _words("""
    text texts sentence sentences message messages content body utterance query question review comment tweet
    post document description note notes feedback transcript input prompt
    texte phrase contenu commentaire avis satz nachricht inhalt kommentar bewertung beschreibung frage
    texto frase mensaje comentario contenido reseña testo messaggio commento tekst mensagem conteúdo zin
    treść текст сообщение отзыв комментарий вопрос
    文本 内容 句子 评论 问题 正文 文字 文章 內容 評論 テキスト 本文 文 텍스트 내용 문장
""")
LABEL_NAMES = _words("""
    label labels class classes category categories intent sentiment target tag topic emotion y gold annotation
    étiquette etiquette classe catégorie categorie intention thème klasse kategorie absicht stimmung thema
    etikett etiqueta clase categoría categoria intención sentimiento etichetta sentimento klasa kategoria
    etykieta метка класс категория тональность
    标签 标注 类别 分类 类型 意图 情感 类 標籤 類別 分類 ラベル カテゴリ カテゴリー 感情 意図
    라벨 레이블 분류 카테고리 감정
""")
OTHER_NAMES = _words("id ids index idx nr no number date time url count length score split source name")
"""Beside these words in a name the others do not count: "text_id", "label count"."""
