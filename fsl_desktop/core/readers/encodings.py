"""Which character encoding a text file is in: byte order mark, then UTF-8, then the likeliest other."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from fsl_desktop.core.errors import UserError

BROKEN = "fsl_desktop.broken"
"""Error handler for ``open``: undecodable bytes become lone surrogates, which no sound text contains."""

_BLOCK = 1 << 20
_SCAN = 256 << 20
"""How far to look for the first byte beyond ASCII; reads at about a gigabyte a second."""
_SAMPLE = 64 << 10

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: the longer mark starts like the shorter
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What tables of texts really come in. charset-normalizer knows about a hundred and, given a short
# German text, answers Icelandic Macintosh.
_CANDIDATES = (
    "cp1252", "gb18030", "cp932", "big5", "cp949", "euc_jp", "cp1251", "cp1250", "koi8_r",
    "cp1253", "cp1254", "cp1255", "cp1256", "mac_roman",
)  # fmt: skip


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(BROKEN, _mark_broken)


def check_encoding(name: str) -> str:
    """The name as Python knows it; :class:`UserError` for a name it does not know."""
    try:
        info = codecs.lookup(name)
        b"a".decode(info.name, errors="ignore")  # base64 and the like are codecs, but not of texts
    except (LookupError, ValueError) as error:
        raise UserError("There is no encoding called {encoding}. Choose UTF-8.", encoding=name) from error
    return info.name


def detect_encoding(file: BinaryIO, name: str) -> str:
    """The encoding of an open file; ``name`` is for the sentence if it is no text at all.

    A file that is mostly UTF-8 is UTF-8: its broken rows are for the reader to list.
    """
    file.seek(0)
    head = file.read(_BLOCK)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    wide = _wide(head[:_SAMPLE])
    if wide:
        return wide
    _refuse_binary(head, name)
    sample = _beyond_ascii(file, head)
    if not sample or _mostly_utf8(sample):
        return "utf-8"
    return _guess(sample)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark shows in zeros at every other byte, if only from the line ends."""
    zeros = head.count(0)
    if not zeros or len(head) < 4:
        return None
    even = head[0::2].count(0)
    encoding = "utf-16-be" if even * 2 > zeros else "utf-16-le"
    rare = min(even, zeros - even)
    if zeros * 100 < len(head) or rare * 4 > zeros:
        return None
    try:
        text = head[: len(head) // 2 * 2].decode(encoding, errors="ignore")
    except UnicodeError:
        return None
    sound = sum(char.isprintable() or char in "\r\n\t" for char in text)
    return encoding if sound * 20 > len(text) * 19 else None


def _refuse_binary(head: bytes, name: str) -> None:
    """Texts hardly hold control characters; sound, pictures and programs are full of them."""
    # ESC (27) is how ISO-2022-JP switches alphabets.
    control = len(head) - len(head.translate(None, bytes([*range(9), *range(14, 27), *range(28, 32)])))
    # Some stray NULs are a damaged text file, whose other rows can still be saved.
    if control * 10 > len(head) and head.strip(b"\x00 \r\n\t"):
        raise UserError(
            "{file} is not a text file. Choose a CSV, TSV, TXT, JSONL, XLSX or Parquet file.", file=name
        )


def _beyond_ascii(file: BinaryIO, head: bytes) -> bytes:
    """Some kilobytes of whole lines that hold bytes beyond ASCII, "" if there are none."""
    sample = bytearray()
    block = head
    seen = 0
    while block and seen < _SCAN and len(sample) < _SAMPLE:
        if not block.isascii():
            for line in block.split(b"\n"):
                if not line.isascii():
                    sample += line[: _SAMPLE // 4] + b"\n"
                    if len(sample) >= _SAMPLE:
                        break
        seen += len(block)
        block = file.read(_BLOCK)
    return bytes(sample)


def _mostly_utf8(sample: bytes) -> bool:
    """Other encodings hardly ever make valid UTF-8 by chance, so a third of sound lines decides."""
    lines = sample.split(b"\n")[:-1]
    good = 0
    for line in lines:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            # The sample may have cut a character at the end of a long line.
            good += error.start >= len(line) - 3 and len(line) >= _SAMPLE // 4
        else:
            good += 1
    if good * 3 >= len(lines):
        return True
    decoded = sample.decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= char <= "\udcff" for char in decoded)
    sound = sum(char > "\x7f" for char in decoded) - broken
    return sound > 20 * broken  # few lines, e.g. one long one with a broken byte


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=list(_CANDIDATES), enable_fallback=False)
    best = matches.best()
    if best is None:
        return "cp1252"
    close = [
        match
        for match in matches
        if match.chaos <= best.chaos + 0.02 and match.coherence >= best.coherence - 0.02
    ]
    # Western Europe's encoding is by far the likeliest of those that read the sample equally well.
    if any("cp1252" in match.could_be_from_charset for match in close):
        return "cp1252"
    return str(best.encoding)
