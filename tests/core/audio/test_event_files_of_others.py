"""Event files against the programs' own libraries: what they write is read, what we write they read alike.

ELAN by pympi, Praat's TextGrids by Praat itself (parselmouth), praatio and textgrid. Audacity and Raven have
no libraries; their files stand as the manuals show them.
"""

from __future__ import annotations

from pathlib import Path

import parselmouth
import pytest
import textgrid
from parselmouth.praat import call
from praatio import textgrid as praatio_grids
from praatio.utilities.constants import Interval
from pympi import Eaf

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import Format, format_of, read_events, write_events
from fsl_desktop.core.errors import UserError

EVENTS = [
    Detection(0.25, 1.5, "dog"),
    Detection(1.0, 2.0, "dog"),
    Detection(2.125, 2.75, 'say "hi" & <bye>'),
    Detection(3.0, 4.5, "吠え"),
]


def plain(events: list[Detection]) -> list[tuple[float, float, str]]:
    return sorted((round(one.start, 4), round(one.end, 4), one.label) for one in events)


def test_elan_reads_what_pympi_writes(tmp_path: Path) -> None:
    document = Eaf(author="somebody")
    document.remove_tier("default")
    document.add_linked_file("file:///C:/rec/night 1.wav", "./night 1.wav", "audio/x-wav")
    for name in ("dog", "cat"):
        document.add_tier(name)
    document.add_annotation("dog", 250, 1500, "loud & near")
    document.add_annotation("dog", 2000, 2001, "")
    document.add_annotation("cat", 500, 900, "猫")
    document.add_linguistic_type("words", "Symbolic_Association", timealignable=False)
    document.add_tier("of the dog", "words", parent="dog")
    document.add_ref_annotation("of the dog", "dog", 300, "an annotation of an annotation")
    path = tmp_path / "a.eaf"
    document.to_file(str(path))
    assert format_of(path) is Format.ELAN
    events = read_events(path)
    assert plain(events) == [(0.25, 1.5, "loud & near"), (0.5, 0.9, "猫"), (2.0, 2.001, "")]
    assert {one.file for one in events} == {"night 1.wav"}


def test_pympi_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "a.eaf"
    path.write_text("an old file that is replaced")
    write_events(path, Format.ELAN, EVENTS, 10.0, "night.wav")
    assert [one.name for one in tmp_path.iterdir()] == ["a.eaf"]
    document = Eaf(str(path))
    assert document.media_descriptors[0]["RELATIVE_MEDIA_URL"] == "./night.wav"
    found = [
        (start / 1000, end / 1000, text)
        for tier in document.get_tier_names()
        for start, end, text, *_ in document.get_annotation_data_for_tier(tier)
    ]
    assert sorted(found) == plain(EVENTS)
    assert len(document.get_tier_names()) == 4  # the dogs overlap
    assert plain(read_events(path)) == plain(EVENTS)
    write_events(path, Format.ELAN, [], 10.0)
    assert len(Eaf(str(path)).get_tier_names()) == 1
    assert read_events(path) == []


def test_elan_without_times_or_with_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.eaf"
    write_events(path, Format.ELAN, EVENTS, 10.0)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(' TIME_VALUE="1500"', ""), encoding="utf-8")
    assert len(read_events(path)) == 3
    for damage, word in [
        (text.replace("ts2", "ts99", 1), "damaged"),
        (text[: len(text) // 2], "damaged"),
        (
            text.replace("<ANNOTATION_DOCUMENT", "<!DOCTYPE a [<!ENTITY b 'c'>]><ANNOTATION_DOCUMENT", 1),
            "own",
        ),
        (text.replace(' xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv2.8.xsd"', ""), ""),
    ]:
        path.write_text(damage, encoding="utf-8")
        with pytest.raises(UserError) as caught:
            read_events(path, Format.ELAN)
        assert word in caught.value.message.text
        assert "a.eaf" in caught.value.message.text


@pytest.mark.parametrize("short", [True, False])
def test_textgrids_of_praat(tmp_path: Path, short: bool) -> None:
    grid = call("Create TextGrid", 0, 10, "birds clicks", "clicks")
    call(grid, "Insert boundary", 1, 2.5)
    call(grid, "Insert boundary", 1, 4)
    call(grid, "Set interval text", 1, 2, 'the "wren" 鳥')
    call(grid, "Insert point", 2, 5.5, "click")
    path = tmp_path / "a.TextGrid"
    call(grid, "Save as short text file" if short else "Save as text file", str(path))
    assert format_of(path) is Format.TEXTGRID
    assert plain(read_events(path)) == [(2.5, 4.0, 'the "wren" 鳥'), (5.5, 5.5, "click")]


@pytest.mark.parametrize("form", ["long_textgrid", "short_textgrid"])
def test_textgrids_of_praatio(tmp_path: Path, form: str) -> None:
    grid = praatio_grids.Textgrid()
    intervals = [Interval(0.5, 1.25, "a"), Interval(2.0, 3.0, "b c")]
    grid.addTier(praatio_grids.IntervalTier("words", intervals, 0, 5))
    path = tmp_path / "a.TextGrid"
    grid.save(str(path), format=form, includeBlankSpaces=True)
    assert plain(read_events(path)) == [(0.5, 1.25, "a"), (2.0, 3.0, "b c")]


def test_textgrids_of_textgrid(tmp_path: Path) -> None:
    grid = textgrid.TextGrid(maxTime=5)
    tier = textgrid.IntervalTier("words", 0, 5)
    tier.add(0.5, 1.25, "a")
    tier.add(2.0, 3.0, 'with "marks"')
    grid.append(tier)
    path = tmp_path / "a.TextGrid"
    grid.write(str(path))
    assert plain(read_events(path)) == [(0.5, 1.25, "a"), (2.0, 3.0, 'with "marks"')]


def test_three_libraries_read_our_textgrid(tmp_path: Path) -> None:
    path = tmp_path / "a.TextGrid"
    write_events(path, Format.TEXTGRID, EVENTS, 10.0)
    expected = plain(EVENTS)
    praat = parselmouth.read(str(path))
    found = []
    for tier in range(1, call(praat, "Get number of tiers") + 1):
        for number in range(1, call(praat, "Get number of intervals", tier) + 1):
            text = call(praat, "Get label of interval", tier, number)
            if text:
                start = call(praat, "Get start time of interval", tier, number)
                end = call(praat, "Get end time of interval", tier, number)
                found.append((round(start, 4), round(end, 4), text))
    assert sorted(found) == expected
    by_praatio = praatio_grids.openTextgrid(
        str(path), includeEmptyIntervals=False, duplicateNamesMode="rename"
    )
    entries = [tuple(one) for name in by_praatio.tierNames for one in by_praatio.getTier(name).entries]
    assert sorted(entries) == expected
    by_textgrid = textgrid.TextGrid.fromFile(str(path))
    marks = [(one.minTime, one.maxTime, one.mark) for tier in by_textgrid for one in tier if one.mark]
    assert sorted(marks) == expected


def test_audacity_as_its_manual_shows(tmp_path: Path) -> None:
    """https://manual.audacityteam.org/man/importing_and_exporting_labels.html, extended format too."""
    path = tmp_path / "Label Track.txt"
    path.write_text(
        "0.979167\t0.979167\tpoint label\n3.500000\t6.200000\tregion label\n"
        "8.000000\t9.500000\tspectral\n\\\t1037.500000\t2100.000000\n",
        encoding="utf-8",
    )
    assert plain(read_events(path)) == [
        (0.9792, 0.9792, "point label"), (3.5, 6.2, "region label"), (8.0, 9.5, "spectral"),
    ]  # fmt: skip
    assert (read_events(path)[2].low, read_events(path)[2].high) == (1037.5, 2100.0)
    again = tmp_path / "b.txt"
    write_events(again, Format.AUDACITY, read_events(path), 10.0)
    assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


def test_raven_as_its_manual_shows(tmp_path: Path) -> None:
    """Raven Pro 1.6 User's Manual, chapter 6: a row per view, measurements of one's own, the file's name."""
    path = tmp_path / "a.Table.1.selections.txt"
    path.write_text(
        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
        "Begin Path\tBegin File\tDelta Time (s)\tSpecies\n"
        "1\tWaveform 1\t1\t0.500000\t1.250000\t\t\tC:\\rec\\a.wav\ta.wav\t0.75\tWOTH\n"
        "1\tSpectrogram 1\t1\t0.500000\t1.250000\t2000.0\t6500.5\tC:\\rec\\a.wav\ta.wav\t0.75\tWOTH\n"
        "2\tSpectrogram 1\t1\t3.000000\t3.500000\t1000.0\t8000.0\tC:\\rec\\b.wav\tb.wav\t0.5\tBCCH\n",
        encoding="utf-8",
    )
    events = read_events(path)
    assert plain(events) == [(0.5, 1.25, "WOTH"), (3.0, 3.5, "BCCH")]
    assert [(one.low, one.high, one.file) for one in events] == [
        (2000.0, 6500.5, "a.wav"), (1000.0, 8000.0, "b.wav"),
    ]  # fmt: skip
