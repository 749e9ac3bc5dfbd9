"""Event files: what is written is read again, what others write is read, what is wrong is one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import Format, format_of, read_events, write_events
from fsl_desktop.core.audio.event_files.table import read_event_table, write_event_table
from fsl_desktop.core.errors import UserError

NAMES = ("dog", 'say "hi"', "吠え 🐕", "a, b; c", "=1+1", "tab\there", "two\nlines", "-3", "", "it's")


def some(names: tuple[str, ...] = NAMES) -> list[Detection]:
    return [Detection(1.5 * k, 1.5 * k + 1.25, name, round(0.5 + k / 100, 6)) for k, name in enumerate(names)]


def plain(events: list[Detection]) -> list[tuple[float, float, str]]:
    return [(one.start, one.end, one.label) for one in events]


def refused(path: Path, text: str | bytes, format: Format | None = None) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UserError) as caught:
        read_events(path, format)
    return str(caught.value)


@pytest.mark.parametrize("format", [Format.AUDACITY, Format.RAVEN])
def test_formats_of_one_line_keep_all_but_tabs_and_line_ends(tmp_path: Path, format: Format) -> None:
    path = tmp_path / "events.txt"
    write_events(path, format, some(), 60.0, "吠え.wav")
    assert format_of(path) is format
    expected = [(one.start, one.end, one.label.replace("\t", " ").replace("\n", " ")) for one in some()]
    assert plain(read_events(path)) == expected


def test_a_textgrid_keeps_every_name_that_is_one(tmp_path: Path) -> None:
    path = tmp_path / "events.TextGrid"
    write_events(path, Format.TEXTGRID, some(), 60.0)
    assert format_of(path) is Format.TEXTGRID
    assert plain(read_events(path)) == [one for one in plain(some()) if one[2]]


def test_a_table_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    events = [replace(one, low=100.0, high=4000.0) for one in some()]
    write_events(path, Format.CSV, events, 60.0)
    assert format_of(path) is Format.CSV
    assert read_events(path) == events
    files = {"a b.wav": events, "-x/吠.wav": events[:2]}
    assert write_event_table(path, files.items()) == len(NAMES) + 2
    assert read_event_table(path) == files


def test_frequencies_and_confidences_where_a_format_has_them(tmp_path: Path) -> None:
    box = Detection(0.5, 1.0, "wren", 0.75, 2000.0, 5500.0)
    path = tmp_path / "events.txt"
    write_events(path, Format.AUDACITY, [box, Detection(2.0, 3.0, "owl")], 10.0)
    assert read_events(path) == [replace(box, confidence=None), Detection(2.0, 3.0, "owl")]
    assert path.read_text().splitlines()[1] == "\\\t2000.000000\t5500.000000"
    write_events(path, Format.RAVEN, [box, Detection(2.0, 3.0, "owl")], 10.0, "night.wav")
    assert read_events(path) == [box, Detection(2.0, 3.0, "owl", None, 0.0, 8000.0)]
    head = path.read_text().splitlines()[0].split("\t")
    assert head[:7] == [
        "Selection", "View", "Channel", "Begin Time (s)", "End Time (s)", "Low Freq (Hz)", "High Freq (Hz)",
    ]  # fmt: skip


def test_a_textgrid_has_a_tier_per_class_and_no_gaps(tmp_path: Path) -> None:
    events = [Detection(1, 2, "b"), Detection(1.5, 3, "a"), Detection(2.5, 4, "a"), Detection(7, 7, "a")]
    path = tmp_path / "events.TextGrid"
    write_events(path, Format.TEXTGRID, events, 10.0)
    text = path.read_text()
    assert text.count('class = "IntervalTier"') == 3  # a needs two, because its events overlap
    assert text.count('name = "a"') == 2
    assert plain(read_events(path)) == [(1, 2, "b"), (1.5, 3, "a"), (2.5, 4, "a")]
    borders = [float(line.split("=")[1]) for line in text.splitlines() if line.startswith("            xm")]
    assert borders[0] == 0
    assert borders[-1] == 10
    inner = list(zip(borders[1:-1:2], borders[2::2], strict=True))
    assert all(end == start or (end, start) == (10, 0) for end, start in inner)
    write_events(path, Format.TEXTGRID, [], 5.0)
    assert read_events(path) == []
    assert "size = 1" in path.read_text()


SHORT = '''File type = "ooTextFile"
"TextGrid"

0
3.5
<exists>
2
"IntervalTier"
"wörds"
0
3.5
3
0
1
""
1
2.25
"say ""hi"""
2.25
3.5
"吠え"
"TextTier"
"clicks"
0
3.5
1
0.5
"click"
'''


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_short_textgrids_in_every_encoding(tmp_path: Path, encoding: str, ends: str) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_bytes(SHORT.replace("\n", ends).encode(encoding))
    assert plain(read_events(path)) == [(0.5, 0.5, "click"), (1, 2.25, 'say "hi"'), (2.25, 3.5, "吠え")]


def test_long_textgrids_of_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.TextGrid"
    path.write_text(
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0 \nxmax = 2.5 ! a remark 7\n'
        'tiers? <exists> \nsize = 1 \nitem []: \n    item [1]:\n        class = "IntervalTier" \n'
        '        name = "a b" \n        xmin = 0 \n        xmax = 2.5 \n        intervals: size = 2 \n'
        '        intervals [1]:\n            xmin = 0 \n            xmax = 1e-1 \n            text = "x" \n'
        '        intervals [2]:\n            xmin = 0.1 \n            xmax = 2.5 \n            text = "" \n'
    )
    assert plain(read_events(path)) == [(0, 0.1, "x")]


def test_a_damaged_textgrid_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.TextGrid"
    assert "line 22" in refused(path, SHORT.replace('"吠え"', "吠え").replace("2.25\n3.5\n", "2.25\nx\n"))
    assert "line 8" in refused(path, SHORT.replace('"IntervalTier"', '"Interval"'))
    assert "line 7" in refused(path, SHORT.replace("<exists>\n2", "<exists>\n-2"))
    assert "Save it in Praat again" in refused(path, SHORT[:150])
    assert "before it begins" in refused(path, SHORT.replace("2.25\n3.5", "2.25\n1.5"))
    assert "is no TextGrid" in refused(path, SHORT.replace("TextGrid", "Pitch"))
    assert "line 7" in refused(path, SHORT.replace("<exists>\n2", "<exists>\n" + "9" * 400))


def test_raven_tables_of_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    rows = [
        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tSpecies",
        "1\tWaveform 1\t1\t0.5\t1.5\t0\t24000\tTurdus merula",
        "1\tSpectrogram 1\t1\t0.5\t1.5\t1200.5\t4000\tTurdus merula",
        "2\tSpectrogram 1\t1\t3.0\t4\t900\t2000",
    ]
    path.write_text("\r\n".join(rows) + "\r\n")
    assert read_events(path) == [
        Detection(0.5, 1.5, "Turdus merula", None, 1200.5, 4000.0),
        Detection(3.0, 4.0, "", None, 900.0, 2000.0),
    ]
    path.write_text("\n".join([rows[0], rows[2], rows[1]]))
    assert [one.low for one in read_events(path)] == [1200.5]


def test_bad_lines_are_named_with_the_fix(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert refused(path, "0\t1\tdog\n2\tthree\tcat\n") == (
        "Line 2 of a.txt has “three” where a time in seconds belongs. Correct it."
    )
    assert "Line 1 of a.txt ends before it begins" in refused(path, "3\t1\tdog\n")
    assert "Line 2 of a.txt has no start" in refused(path, "0\t1\tdog\nhello\n")
    assert "Line 3 of a.txt" in refused(
        path, "Selection\tBegin Time (s)\tEnd Time (s)\n1\t0\t1\n2\tnan\t1\n", Format.RAVEN
    )
    assert "no columns Begin Time (s)" in refused(path, "a\tb\n", Format.RAVEN)
    assert "Line 3 of a.txt has no start and end" in refused(path, "start,end,label\n0,1,dog\n1,,cat\n")
    assert "does not name columns" in refused(path, "a,b,c\n1,2,3\n")
    assert "does not name columns" in refused(path, "", Format.CSV)
    assert "is no list of events" in refused(path, "just a text")
    assert "is no text" in refused(path, b"\0\0\0\0\1\2\3\0\0")
    with pytest.raises(UserError, match="not there"):
        read_events(tmp_path / "nowhere.txt")


def test_tables_with_other_names_durations_and_separators(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("filename\tonset\tduration\tevent_label\nx.wav\t1:00\t2.5\tdog\n\t\t\t\n")
    assert read_event_table(path) == {"x.wav": [Detection(60.0, 62.5, "dog")]}
    path.write_text("start;end;label\n0,5;1,5;dog\n")
    assert read_events(path) == [Detection(0.5, 1.5, "dog")]
    assert format_of(path) is Format.CSV


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not there"):
        write_events(tmp_path / "none" / "a.txt", Format.AUDACITY, some(), 9.0)
    path = tmp_path / "a.txt"
    path.write_text("old")
    write_events(path, Format.AUDACITY, [Detection(0, 1, "\ud800")], 9.0)
    assert path.read_text() == "0.000000\t1.000000\t?\n"
    assert list(tmp_path.iterdir()) == [path]
