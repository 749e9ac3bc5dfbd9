"""Zips of sounds: everything good is unpacked, and nothing gets out of its folder or fills the disk."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from sounds import save, tone

from fsl_desktop.core.audio import archives
from fsl_desktop.core.audio.archives import unpack
from fsl_desktop.core.audio.sources import find
from fsl_desktop.core.errors import Stopped, UserError


def zipped(path: Path, files: dict[str, bytes], **how: object) -> Path:
    with zipfile.ZipFile(path, "w", **how) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_classes_in_a_zip(tmp_path: Path) -> None:
    files = {
        "birds/wren/a b.wav": b"1",
        "birds/wren/鸟.flac": b"2",
        "birds/robin/a b.wav": b"3",
        "birds/read me.pdf": b"4",
        "__MACOSX/birds/wren/._a.wav": b"5",
        "birds/.DS_Store": b"6",
    }
    found = find([zipped(tmp_path / "birds.zip", files)], unpack_to=tmp_path / "media")
    assert [(clip.path.name, clip.label, clip.path.read_bytes()) for clip in found.clips] == [
        ("a b.wav", "robin", b"3"),
        ("a b.wav", "wren", b"1"),
        ("鸟.flac", "wren", b"2"),
    ]
    assert [note.text for note in found.notes] == ["Files that are no sound and were left out: 3."]
    assert found.problems == ()
    assert all(clip.path.is_relative_to(tmp_path / "media" / "birds") for clip in found.clips)
    again = find([tmp_path / "birds.zip"], unpack_to=tmp_path / "media")
    assert again.clips[0].path.is_relative_to(tmp_path / "media" / "birds 2")


def test_a_table_in_a_zip(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(b"x")
    table = f"file_name,label\na.wav,x\nb.wav,y\n../../secret.wav,z\n{tmp_path / 'secret.wav'},z\n"
    path = zipped(tmp_path / "t.zip", {"metadata.csv": table.encode(), "a.wav": b"1", "sub/b.wav": b"2"})
    found = find([path], unpack_to=tmp_path / "media")
    assert [(clip.path.name, clip.label) for clip in found.clips] == [("a.wav", "x"), ("b.wav", "y")]
    assert [problem.row for problem in found.problems] == [4, 5]
    assert all("leads out of the folder" in problem.message.text for problem in found.problems)


def test_nothing_gets_out_of_the_folder(tmp_path: Path) -> None:
    bad = ["../out.wav", "/abs.wav", "C:/drive.wav", "a/../../out.wav", "..\\back.wav", "\\\\server\\s.wav"]
    path = zipped(tmp_path / "z.zip", {"good.wav": b"1", **dict.fromkeys(bad, b"x")})
    unpacked = unpack(path, tmp_path / "media")
    assert everything(tmp_path) == {"z.zip", "media/z/good.wav"}
    assert len(unpacked.problems) == len(bad)
    assert all("would be written outside its folder" in p.message.text for p in unpacked.problems)


def test_links_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.wav")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good.wav", b"1")
    unpacked = unpack(path, tmp_path / "media")
    assert everything(unpacked.folder) == {"good.wav"}
    assert [p.message.text for p in unpacked.problems] == [
        "link.wav in z.zip is a link and no sound. It is left out."
    ]


def test_names_that_windows_cannot_have(tmp_path: Path) -> None:
    names = ["what?.wav", "CON/aux.wav", "dots.../a.wav", "x" * 300 + ".wav", "tab\t.wav", "a/./b//c.wav"]
    unpacked = unpack(zipped(tmp_path / "z.zip", dict.fromkeys(names, b"1")), tmp_path / "media")
    assert unpacked.problems == ()
    made = everything(unpacked.folder)
    assert {"what_.wav", "_CON/_aux.wav", "dots/a.wav", "tab_.wav", "a/b/c.wav"} < made
    assert max(len(name) for name in made) == 200
    assert all(name.endswith(".wav") for name in made)


def test_twice_the_same_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", {"a.wav": b"first", "b.wav": b"second"})
    path.write_bytes(path.read_bytes().replace(b"b.wav", b"a.wav"))
    unpacked = unpack(tmp_path / "z.zip", tmp_path / "media")
    assert (unpacked.folder / "a.wav").read_bytes() == b"first"
    assert [p.message.text for p in unpacked.problems] == ["a.wav is twice in z.zip. The first is used."]


def test_utf8_names_that_do_not_say_so(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", {"XXXXXX.wav": b"1"})
    path.write_bytes(path.read_bytes().replace(b"XXXXXX", "鸟鸣".encode()))
    assert everything(unpack(path, tmp_path / "media").folder) == {"鸟鸣.wav"}


def test_damaged_members_are_left_out(tmp_path: Path) -> None:
    wave = save(tmp_path / "a.wav", tone(1.0)).read_bytes()
    path = zipped(tmp_path / "z.zip", {"bad.wav": wave, "good.wav": wave}, compression=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    data[2000:2010] = bytes(10)
    path.write_bytes(data)
    unpacked = unpack(path, tmp_path / "media")
    assert everything(unpacked.folder) == {"good.wav"}
    assert "bad.wav in z.zip is damaged" in unpacked.problems[0].message.text


def test_bombs_and_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped(tmp_path / "b.zip", {"a.wav": bytes(60 << 20)}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(UserError, match="absurd size"):
        unpack(bomb, tmp_path / "media")
    many = zipped(tmp_path / "m.zip", {f"{k}.wav": b"1" for k in range(11)})
    monkeypatch.setattr(archives, "_MAX_FILES", 10)
    with pytest.raises(UserError, match="absurd size"):
        unpack(many, tmp_path / "media")
    small = zipped(tmp_path / "s.zip", {"a.wav": b"1" * 1000})
    data = bytearray(small.read_bytes())
    locked = data.index(b"PK\x01\x02") + 8
    data[locked] |= 1
    (tmp_path / "p.zip").write_bytes(data)
    with pytest.raises(UserError, match="protected by a password"):
        unpack(tmp_path / "p.zip", tmp_path / "media")
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 999})())
    with pytest.raises(UserError, match="more than the disk has left"):
        unpack(small, tmp_path / "media")
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"text", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "z.zip").write_bytes(content)
    with pytest.raises(UserError, match=r"z\.zip"):
        find([tmp_path / "z.zip"], unpack_to=tmp_path / "media")
    assert not list((tmp_path / "media").glob("*"))


def test_without_a_place_to_unpack(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Unpack it first"):
        find([zipped(tmp_path / "z.zip", {"a.wav": b"1"})])


def test_a_zip_without_sounds_leaves_nothing_behind(tmp_path: Path) -> None:
    for files in ({"a.pdf": b"1"}, {"t.csv": b"text,label\na,b\n"}):
        with pytest.raises(UserError, match="There is no sound file"):
            find([zipped(tmp_path / "z.zip", files)], unpack_to=tmp_path / "media")
        assert not list((tmp_path / "media").glob("*"))


def test_progress_and_a_stop_that_leaves_nothing_behind(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", {f"{k}.wav": b"1" * 100 for k in range(10)})
    shares: list[float] = []
    unpack(path, tmp_path / "one", progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) == 10
    with pytest.raises(Stopped):
        unpack(path, tmp_path / "two", progress=shares.append, cancelled=lambda: len(shares) >= 15)
    assert list((tmp_path / "two").iterdir()) == []
