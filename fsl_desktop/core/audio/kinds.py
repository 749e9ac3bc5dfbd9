"""Which files are sound, by their names and their first bytes."""

from __future__ import annotations

from pathlib import PurePath


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NATIVE_ENDINGS = _words(
    ".wav .wave .flac .ogg .oga .opus .mp3 .mp2 .aif .aiff .aifc .au .snd .caf .w64 .rf64 .voc .sph"
)
"""Read without any other program."""
FFMPEG_ENDINGS = _words(
    ".m4a .m4b .aac .mp4 .m4v .mov .mkv .mka .webm .wma .wmv .avi .flv .3gp .3g2 .amr .ac3 .ape .wv .mpg "
    ".mpeg .ts .mts"
)
"""Read through ffmpeg, where that is installed."""
ENDINGS = NATIVE_ENDINGS | FFMPEG_ENDINGS
EVENT_ENDINGS = frozenset([".textgrid", ".eaf"])
"""Of files that say what is to be heard when; those of Audacity and Raven are text files like any other."""

_FFMPEG_STARTS = (
    b"\x1aE\xdf\xa3",  # Matroska and WebM
    b"0&\xb2u\x8ef\xcf\x11",  # ASF: WMA and WMV
    b"\xff\xf1",  # AAC in ADTS frames
    b"\xff\xf9",
    b"ADIF",
    b"#!AMR",
    b"FLV",
    b"MAC ",
    b"wvpk",
    b"\x0bw",  # AC-3
)
_BINARY = frozenset(range(32)) - set(b"\t\n\r\f\x1b")
HEAD = 4096
"""Bytes that the functions below want to see."""


def is_sound_name(name: str) -> bool:
    """Does the ending of a file's name promise sound? Upper case is as good as lower."""
    return PurePath(name).suffix.lower() in ENDINGS


def is_for_ffmpeg(name: str, head: bytes) -> bool:
    """Is this something that ffmpeg reads and soundfile does not? Bytes decide before the name does."""
    if head.startswith(_FFMPEG_STARTS) or head[4:8] in (b"ftyp", b"moov", b"mdat"):
        return True
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return True
    return PurePath(name).suffix.lower() in FFMPEG_ENDINGS and not is_text(head)


def is_text(head: bytes) -> bool:
    """Are these the first bytes of a text (or of nothing)?"""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" in head:
        return True  # UTF-16
    if _BINARY.intersection(head):
        return False
    try:
        # The last character may be cut.
        head[: len(head) - 3 if len(head) == HEAD else None].decode("utf-8")
    except UnicodeDecodeError:
        return sum(byte > 127 for byte in head) <= 0.6 * len(head)  # an older encoding
    return True
