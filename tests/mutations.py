"""Files with something wrong in them, made at random from good ones: bytes, texts, JSON, members of zips."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

Mutation = Callable[[bytes, random.Random], bytes]

HUGE = (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x80", bytes(4))
NASTY = (
    '"', '""', '"\n', "'", ",", ";", "\t", "\n", "\r", "\r\n", "\n\n\n", "\0", "\ufeff", "\\", "\\u",
    "\\ud83d", "[", "]", "{", "}", "[" * 3000, '{"a":' * 1500, "(" * 500, "<", ">", "&", "&#0;", "&x;",
    "<!DOCTYPE a>", "nan", "NaN", "inf", "-inf", "1e999", "-1", "0", "1e-320", "9" * 400, "9" * 5000, "0x10",
    "1_000", "1:60:99", "true", "null", "=1+1", "@x", "%s%n", "{0}", "{row}", "{{", "../../x.wav",
    "/etc/passwd",
    "a" * 70_000, "\u202e", "\u2028", "\x85", "\x0b", "\x1b[31m", "é", "吠え", "🐕", "\ud83d", "e\u0301" * 50,
    "none", " ", "    ",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 10**400, "", " ", "\0", "\ud83d", "x" * 5000, [], {}, [[]], [None],
    {"": ""}, {"text": None}, [1, "a", None], "nan", "../x", [["a"] * 30], {"a": {"b": {"c": []}}},
    float("nan"), float("inf"),
)  # fmt: skip


def bytes_changed(data: bytes, dice: random.Random) -> bytes:
    """One to six wounds, half of them near the beginning, where headers are."""
    wounded = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        if not wounded:
            break
        place = dice.randrange(min(200, len(wounded)) if dice.random() < 0.5 else len(wounded))
        wound = dice.randrange(7)
        if wound == 0:
            wounded[place] ^= 1 << dice.randrange(8)
        elif wound == 1:
            wounded[place] = dice.randrange(256)
        elif wound == 2:
            del wounded[place : place + dice.randint(1, max(1, len(wounded) // 2))]
        elif wound == 3:
            wounded[place:place] = dice.randbytes(dice.randint(1, 64))
        elif wound == 4:
            wounded[place : place + 4] = dice.choice(HUGE)
        elif wound == 5:
            other = dice.randrange(len(wounded))
            wounded[place:place] = wounded[other : other + dice.randint(1, 400)]
        else:
            del wounded[place:]
    return bytes(wounded)


def text_changed(data: bytes, dice: random.Random) -> bytes:
    """What people and programs do to texts: marks, numbers and line ends where none belong; lines moved."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = data.decode(encoding, errors="surrogateescape" if encoding == "utf-8" else "replace")
    for _ in range(dice.randint(1, 5)):
        place = dice.randrange(len(text) + 1)
        wound = dice.randrange(6)
        if wound == 0:
            text = text[:place] + dice.choice(NASTY) + text[place:]
        elif wound == 1:
            text = text[:place] + dice.choice(NASTY) + text[place + dice.randint(1, 12) :]
        elif wound == 2:
            text = _cell_changed(text, place, dice)
        elif wound == 3:
            text = _lines_changed(text, dice)
        elif wound == 4:
            text = text[:place] + text[place + dice.randint(1, 40) :]
        else:
            text = (
                text.replace("\n", dice.choice(("\r", "\r\n", "\n\n", "\u2028", "")))
                if place % 4 == 0
                else text[:place]
            )
    encoding = (
        dice.choice(("utf-8",) * 8 + ("utf-16", "latin-1", "utf-16-le", "utf-8-sig"))
        if encoding == "utf-8"
        else encoding
    )
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    try:
        return text.encode(encoding, errors=errors)
    except UnicodeError:
        return text.encode("utf-8", errors="surrogatepass")


def _cell_changed(text: str, place: int, dice: random.Random) -> str:
    """Another value between two marks."""
    start = max((text.rfind(mark, 0, place) for mark in '\t,;\n">'), default=-1) + 1
    ends = [end for mark in '\t,;\n"<' if (end := text.find(mark, place)) >= 0]
    return text[:start] + dice.choice(NASTY) + text[min(ends, default=len(text)) :]


def _lines_changed(text: str, dice: random.Random) -> str:
    lines = text.split("\n")
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    wound = dice.randrange(4)
    if wound == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif wound == 1:
        del lines[one]
    elif wound == 2:
        lines[one:one] = [lines[other]] * dice.choice((1, 2, 50))
    else:
        lines[one] += lines[other]
    return "\n".join(lines)


def json_changed(data: bytes, dice: random.Random) -> bytes:
    """A value of another kind somewhere in a JSON file, or in some lines of JSON Lines."""
    text = data.decode("utf-8", errors="replace")
    try:
        return _dumped(_node_changed(json.loads(text), dice))
    except (ValueError, RecursionError):
        pass
    lines = text.split("\n")
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(lines))
        try:
            lines[place] = _dumped(_node_changed(json.loads(lines[place]), dice)).decode()
        except (ValueError, RecursionError):
            lines[place] = json.dumps(dice.choice(VALUES[:-2]))
    return "\n".join(lines).encode("utf-8", errors="surrogatepass")


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _node_changed(value: Any, dice: random.Random) -> Any:
    """``value`` with one thing in it replaced, removed, doubled or renamed."""
    if not isinstance(value, (dict, list)) or not value or dice.random() < 0.15:
        return dice.choice(VALUES)
    key: Any = dice.choice(list(value)) if isinstance(value, dict) else dice.randrange(len(value))
    wound = dice.randrange(8)
    if wound == 0:
        del value[key]
    elif wound == 1 and isinstance(value, dict):
        value[dice.choice(("", "text", "label", "\0", "\ud83d", "x" * 300, key + " "))] = value[key]
    elif wound == 1:
        value.insert(key, value[key])
    else:
        value[key] = _node_changed(value[key], dice)
    return value


def members_changed(inner: Mutation) -> Mutation:
    """A zip with one member changed by ``inner``, removed or called otherwise: the sums of the zip are right,
    so that its reader gets to see what is in it."""

    def changed(data: bytes, dice: random.Random) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            names = old.namelist()
            chosen = dice.choice(names)
            for name in names:
                content = old.read(name)
                if name == chosen:
                    wound = dice.randrange(12)
                    if wound == 0:
                        continue
                    if wound == 1:
                        name = dice.choice(
                            ("../x.wav", "/abs.wav", "a/../../b.wav", "con.wav", "C:\\x.wav", "x" * 300)
                        )
                    else:
                        content = inner(content, dice)
                new.writestr(name, content)
        return out.getvalue()

    return changed
