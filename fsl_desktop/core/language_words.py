"""What gives a language away: its scripts, its letters and its smallest words."""

from __future__ import annotations

SCRIPTS: tuple[tuple[str, str], ...] = (
    ("latin", "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"),
    ("kana", "\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"),
    ("ko", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("cyrillic", "\u0400-\u052f"),
    ("arabic", "\u0620-\u064a\u066e-\u06d3\u0750-\u077f"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff"),
    ("hi", "\u0904-\u0963\u0970-\u097f"),
    ("th", "\u0e00-\u0e4e"),
    ("bn", "\u0980-\u09ff"),
    ("pa", "\u0a00-\u0a7f"),
    ("gu", "\u0a80-\u0aff"),
    ("ta", "\u0b80-\u0bff"),
    ("te", "\u0c00-\u0c7f"),
    ("kn", "\u0c80-\u0cff"),
    ("ml", "\u0d00-\u0d7f"),
    ("si", "\u0d80-\u0dff"),
    ("lo", "\u0e80-\u0eff"),
    ("my", "\u1000-\u109f"),
    ("ka", "\u10a0-\u10ff"),
    ("hy", "\u0530-\u058f"),
    ("am", "\u1200-\u137f"),
    ("km", "\u1780-\u17ff"),
)
"""A language where one alone (or nearly) uses the script; the ranges are those of a regular expression."""

DENSE = frozenset({"han", "kana", "ko"})
"""Scripts in which one character says about as much as three letters."""

LETTERS: dict[str, str] = {
    "de": "ßäöü",
    "fr": "çéèêàùœëîôû",
    "es": "ñ¿¡áéíóú",
    "it": "èàòùìé",
    "pt": "ãõçáâêéíóú",
    "pl": "ąćęłńśźżó",
    "cs": "ěščřžýůáíé",
    "hu": "őűáéíöóüú",
    "ro": "ăâîșțşţ",
    "tr": "ğışçöü",
    "sv": "åäö",
    "da": "åæø",
    "no": "åæø",
    "fi": "äö",
    "vi": "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "ru": "ыэёъ",
    "uk": "іїєґ",
    "bg": "ъщ",
    "sr": "јљњђћџ",
    "ar": "ةىأإ",
    "fa": "پچژگکی",
    "ur": "ٹڈڑےہں",
}

WORDS: dict[str, str] = {
    "en": "the of and to in is it you that was for on are with as his they be at this have from or had by"
    " not but what when your can an which do how if will about out them then she many some so these"
    " would has her my than who did me where i am does please need want get could should there their"
    " been more any just we us i'm don't it's can't didn't what's doesn't play find show give add set"
    " make book hi hello thanks good",
    "de": "der die und das ist ich nicht es ein eine zu mit auf für dem den des im von sich auch wie wo"
    " was wir ihr sie er aber als wenn noch nach bei aus einen einem einer kann habe hat haben war"
    " sind wird werden würde hätte wäre mein meine meiner sehr oder nur schon mir mich dich dir kein"
    " keine bitte danke gut heute über vom zum zur geht guten vielen viel",
    "fr": "le la les de des du et est un une je ne pas que qui dans pour sur au aux avec ce cette ces il"
    " elle nous vous ils mon ma mes ton son sa ses leur plus mais ou où comment quand très bien par"
    " sont être avoir ai a été fait tout si merci bonjour d'un c'est j'ai n'est qu'il trop votre"
    " notre pourquoi peux",
    "es": "el la los las de y que en un una es no por con para su se lo como más pero sus le ya este esta"
    " sí porque cuando muy sin sobre también me hasta hay donde quien desde todo nos mi mis del al yo"
    " qué cómo dónde cuánto está están estoy quiero puedo tengo gracias buenos días fue ser",
    "it": "il lo la gli le di e che è un una non per con sono mi si ho ha del della dei delle nel nella"
    " alla al come ma anche più dove quando quanto chi cosa questo questa questi molto vorrei posso"
    " mio mia loro siamo sei era stato grazie buongiorno perché c'è da ancora troppo",
    "pt": "o os as de e que em um uma é não do da dos das no na nos nas por com para se mais mas como ao"
    " seu sua meu minha ou quando muito já também está estão são isso ele ela você onde quero posso"
    " tem foi ser eu me obrigado bom pelo pela ainda",
    "nl": "de het een en van ik je niet dat is op te in zijn er maar om hij met voor ze die aan wat als"
    " naar heb heeft dit mijn u uw wij we nog ook zo kan hoe waar wanneer wel geen bij of uit worden"
    " werd veel zeer erg graag wil deze door werkt dank",
    "pl": "i w nie na się z do to że jest co jak ale po mnie od za mi o tak tego czy już jego by był ma"
    " być ta te moja mój gdzie kiedy proszę chcę jeszcze bardzo dla",
    "cs": "a je se v na to že s z do o i jsem ale jak by tak si co jako za pro po který byl mi moje kde"
    " ještě chci není prosím jsou",
    "sv": "och att det i en jag som är på för av den med inte till har om ett ja han var vi så men mig"
    " mitt kan hur från när du vill eller tack",
    "da": "og at det i en jeg som er på for af den med ikke til har om et han var vi så men mig mit kan"
    " hvor hvordan fra når du vil eller tak",
    "no": "og å det i en jeg som er på for av den med ikke til har om et han var vi så men meg mitt kan"
    " hvor hvordan fra når du vil eller takk",
    "fi": "ja on ei se että en hän oli mutta minun kun niin minä ovat joka mitä missä voi olen jos tämä"
    " vielä mun sen kiitos haluan",
    "hu": "a az és hogy nem is egy van de ez meg mint már csak én ha volt még hol mi kell nagyon el vagy",
    "ro": "și de a în la nu cu o este un pe mai că din pentru ce sunt să am se care unde mea meu foarte"
    " vreau",
    "tr": "ve bir bu da de için ne çok ben mi ama gibi daha var yok o nasıl nerede en benim değil kadar"
    " lütfen",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke ada bisa kami anda"
    " sudah belum mana apa",
    "vi": "và là của có không được cho với một tôi này các những thì đã như ở bạn rất đâu",
    "ru": "и в не на я что с он а как это по но из за то мне все так его у бы от где мой моя очень для нет",
    "uk": "і в не на я що з він а як це по але за то мені все так його у би від де мій моя дуже для ні та",
    "bg": "и в не на да се за от е че с по как това са си но ще съм къде много",
    "sr": "и у не на да се је за од са су што као али где моја моје веома",
    "ar": "في من على إلى أن لا ما هل هذا هذه التي الذي عن مع كان أين كيف جدا",
    "fa": "و در به از که این را با است برای آن یک من تا کجا هم",
    "ur": "اور کے میں کی ہے سے کا کو نے پر یہ ہیں کیا",
}

BY_SCRIPT: dict[str, tuple[str, ...]] = {
    "cyrillic": ("ru", "uk", "bg", "sr"),
    "arabic": ("ar", "fa", "ur"),
}
"""Languages that share a script other than the Latin one; the first is meant where nothing tells."""

NAMES: dict[str, str] = {
    "am": "Amharic", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "km": "Khmer", "kn": "Kannada",
    "ko": "Korean", "lo": "Lao", "ml": "Malayalam", "my": "Burmese", "nl": "Dutch", "no": "Norwegian",
    "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "si": "Sinhala",
    "sr": "Serbian", "sv": "Swedish", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""English names, for sentences."""
