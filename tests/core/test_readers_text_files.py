"""CSV, TSV and TXT: what is guessed, what is listed as a problem, and that the good rows load."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.readers import ReadOptions, ReadRow, preview, read


def write(folder: Path, content: str | bytes, name: str = "data.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def load(path: Path, **options: object) -> tuple[list[ReadRow], dict[int, str]]:
    rows: list[ReadRow] = []
    problems: dict[int, str] = {}
    for chunk in read(path, ReadOptions(**options)):  # type: ignore[arg-type]
        rows += chunk.rows
        problems |= {problem.row: problem.message.text for problem in chunk.problems}
        assert 0 <= chunk.done <= chunk.total
    return rows, problems


def pairs(path: Path, **options: object) -> list[tuple[str, str | None]]:
    rows, problems = load(path, **options)
    assert problems == {}
    return [(row.text, row.label) for row in rows]


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(UserError) as caught:
        load(path, **options)
    return caught.value.message.text


PLAIN = [
    ("The train was late again", "travel"),
    ("Soup, salt and “pepper”", "food"),
    ("Zug – später", "travel"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["data.csv", "data.tsv", "data.unknown"])
def test_separator_line_ends_header_and_columns_are_found(
    tmp_path: Path, delimiter: str, end: str, name: str
) -> None:
    lines = [f"text{delimiter}label"] + [f'"{text}"{delimiter}{label}' for text, label in PLAIN]
    path = write(tmp_path, end.join(lines), name)
    assert pairs(path) == PLAIN
    seen = preview(path)
    assert (seen.options.delimiter, seen.options.header) == (delimiter, True)
    assert (seen.options.text_column, seen.options.label_column) == ("text", "label")
    assert seen.label_values == ("travel", "food")
    assert [column.name for column in seen.columns] == ["text", "label"]
    assert seen.rows[0] == PLAIN[0]
    assert seen.estimated_rows == 3
    assert pairs(path, **{f: getattr(seen.options, f) for f in seen.options.__slots__}) == PLAIN


GERMAN = (
    "text,label\nDer Zug hat Verspätung: schöne Grüße – „bald“,reise\nDas Essen schmeckt süß und heiß,essen\n"
)
CHINESE = (
    "文本,标签\n今天天气很好，我们去公园散步,好\n这个产品质量太差了，退货,坏\n客服态度非常好，很满意,好\n"
)
JAPANESE = "テキスト,ラベル\n今日は天気がとてもいいです,良\nこの商品はすぐに壊れました,悪\n"
RUSSIAN = "текст,метка\nПривет; как дела?,нет\nОчень хороший товар,да\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32"),
        (GERMAN, "cp1252"),
        (GERMAN.replace("–", "-").replace("„", "").replace("“", ""), "latin-1"),
        (CHINESE, "utf-8"),
        (CHINESE, "utf-16"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, content: str, encoding: str) -> None:
    path = write(tmp_path, content.encode(encoding))
    rows, problems = load(path)
    assert problems == {}
    wanted = content.splitlines()[1:]
    assert [f"{row.text},{row.label}" for row in rows] == wanted
    is_utf = encoding.startswith("utf")
    assert any("not UTF-8" in note.text for note in preview(path).notes) is not is_utf


def test_an_encoding_can_be_chosen_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "text\nä sentence of some length\n", encoding="cp1252")
    assert load(path, encoding="cp437")[0][0].text.startswith("Σ")
    assert "no encoding called klingon" in refusal(path, encoding="klingon")
    assert "no encoding called base64" in refusal(path, encoding="base64")
    assert refusal(path, encoding="utf-16") == "The file cannot be read as UTF-16. Choose another encoding."


def test_utf8_with_a_few_broken_bytes_stays_utf8_and_lists_the_rows(tmp_path: Path) -> None:
    good = ["täglich grüßt das Murmeltier".encode()] * 30
    good[11] = b"t\xe4glich broken"
    path = write(tmp_path, b"text\n" + b"\n".join(good))
    rows, problems = load(path)
    assert len(rows) == 29
    assert list(problems) == [13]
    assert problems[13].startswith("Row 13 has characters that cannot be read as UTF-8.")
    assert preview(path).options.encoding == "utf-8"


def test_of_mixed_encodings_the_utf8_rows_load(tmp_path: Path) -> None:
    lines = [f"schöner Satz Nummer {i}".encode("utf-8" if i % 2 else "cp1252") for i in range(40)]
    rows, problems = load(write(tmp_path, b"text\n" + b"\n".join(lines)))
    assert len(rows) == 20
    assert len(problems) == 20
    assert all("schöner" in row.text for row in rows)


def test_the_first_byte_beyond_ascii_may_come_late(tmp_path: Path) -> None:
    plain = "an ordinary sentence of a few words,a\n" * 60_000
    path = write(tmp_path, ("text,label\n" + plain + "Größe und Maße über alles,b\n").encode("cp1252"))
    last = list(read(path))[-1].rows[-1]
    assert last.text == "Größe und Maße über alles"


def test_quoted_fields_hold_separators_marks_and_line_ends(tmp_path: Path) -> None:
    path = write(
        tmp_path, 'text,label\r\n"He said ""no"", twice",a\r\n"two\r\nlines, really",b\r\nlast one,a\r\n'
    )
    assert pairs(path) == [('He said "no", twice', "a"), ("two\nlines, really", "b"), ("last one", "a")]


def test_decimal_commas_do_not_pass_for_separators(tmp_path: Path) -> None:
    path = write(tmp_path, "text;score;label\n" + "guter Film, wirklich;1,5;ja\nschlecht;0,5;nein\n" * 5)
    rows, _ = load(path)
    assert preview(path).options.delimiter == ";"
    assert rows[0] == ReadRow("guter Film, wirklich", "ja", {"score": "1,5"})


def test_a_mark_escaped_by_a_backslash_is_understood(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label\n" + '"She said \\"go, now\\" again",a\n"plain, with comma",b\n' * 5)
    assert pairs(path)[:2] == [('She said "go, now" again', "a"), ("plain, with comma", "b")]


def test_blanks_after_separators_are_understood(tmp_path: Path) -> None:
    path = write(tmp_path, "text, label\n" + '"one, two", a\n"three, four", b\n' * 5)
    assert pairs(path)[:2] == [("one, two", "a"), ("three, four", "b")]


def test_a_tsv_with_stray_quotation_marks_loses_nothing(tmp_path: Path) -> None:
    lines = ["text\tlabel", '"Well, he said\ta', "plain\tb", 'a 5" pipe\ta', '"quoted" start\tb', '"\ta']
    rows = pairs(write(tmp_path, "\n".join(lines), "data.tsv"))
    assert [text for text, _ in rows] == ['"Well, he said', "plain", 'a 5" pipe', '"quoted" start', '"']


def test_the_separator_line_of_excel_is_obeyed_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "sep=|\ntext|label\nhello, you|a\n|b\n")
    rows, problems = load(path)
    assert [(row.text, row.label) for row in rows] == [("hello, you", "a")]
    assert list(problems) == [4]


def test_a_chosen_separator_wins(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label\nhello|you,a\n")
    assert [row.text for row in load(path, delimiter="|", header=False)[0]] == ["hello"]
    assert "cannot separate" in refusal(path, delimiter="ab")


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("text,label\na,b\n", True),
        ("Good product,pos\nBad product,neg\n", False),
        ("Customer comment,kind\nvery nice product,good\nvery bad product,bad\n", True),
        ("Frage,Absicht\nWo ist meine Karte geblieben?,karte\nWann kommt das Geld endlich?,geld\n", True),
        (
            "great movie with a plot,pos\nawful waste of time,neg\nvery nice indeed,pos\nso so in all,neg\n",
            False,
        ),
        ("1,first text here\n2,second text here\n", False),
        ("id,sentence one,score\n1,this is a longer sentence,0.5\n2,another long sentence,0.7\n", True),
        ("This is a whole sentence without any name\nAnd another sentence as long as that\n", False),
    ],
)
def test_a_header_is_told_from_a_first_row(tmp_path: Path, content: str, header: bool) -> None:
    path = write(tmp_path, content)
    assert preview(path).options.header is header
    assert len(load(path)[0]) == content.count("\n") - header
    assert len(load(path, header=False)[0]) == content.count("\n")


@pytest.mark.parametrize(
    ("header", "row", "text", "label"),
    [
        ("id,text,label", "{i},some sentence number {i},{c}", "text", "label"),
        ("nr;Nachricht;Kategorie", "{i};Guten Tag Nummer {i};{c}", "Nachricht", "Kategorie"),
        (
            "url,body,topic",
            "https://example.org/a/very/long/address/{i}.html,words here {i},{c}",
            "body",
            "topic",
        ),
        ("a,b,c", "2024-01-{i:02d} 10:00:00,{c},what a sentence {i}", "c", "b"),
        ("内容,情感", "这个产品真的很好{i},{c}", "内容", "情感"),
        ("label,label_text,sentence", "{n},{c},my words are {i}", "sentence", "label_text"),
        ("x,y", "some words are here {i},{i}.5", "x", ""),
    ],
)
def test_text_and_label_columns_are_guessed(
    tmp_path: Path, header: str, row: str, text: str, label: str
) -> None:
    body = [row.format(i=i, n=i % 3, c=("red", "green", "blue")[i % 3]) for i in range(1, 25)]
    options = preview(write(tmp_path, "\n".join([header, *body]))).options
    if header == "x,y":
        assert (options.text_column, options.label_column) in {("x", ""), ("x", "y")}
    else:
        assert (options.text_column, options.label_column) == (text, label)


def test_a_title_above_the_table_and_names_in_its_midst_are_left_out(tmp_path: Path) -> None:
    body = "one text here,a\ntwo text here,b\n"
    path = write(tmp_path, f"My export of today\n\ntext,label\n{body}text,label\nthree text here,a\n")
    rows, problems = load(path)
    assert [row.text for row in rows] == ["one text here", "two text here", "three text here"]
    assert problems == {
        1: "Row 1 stands above the names of the columns and is left out.",
        6: "Row 6 repeats the names of the columns and is left out.",
    }


def test_columns_can_be_chosen_and_numbers_are_read_as_text(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label,n\nhello there,a,007\ngood day,b,1.50\n")
    assert pairs(path, text_column="n", label_column="") == [("007", None), ("1.50", None)]
    assert pairs(path, text_column=" TEXT ", label_column="Label")[0] == ("hello there", "a")
    assert refusal(path, text_column="body") == (
        "There is no column called body. Choose the text column from: text, label, n."
    )
    assert "cannot be both" in refusal(path, text_column="text", label_column="text")


def test_extra_columns_keep_their_order_and_all_names_differ(tmp_path: Path) -> None:
    path = write(tmp_path, "z,text,,text,a\n1,long enough text,2,3,4\n")
    rows, _ = load(path)
    assert list(rows[0].extra.items()) == [("z", "1"), ("column 3", "2"), ("text 2", "3"), ("a", "4")]


def test_labels_are_stripped_and_missing_ones_are_none(tmp_path: Path) -> None:
    labels = ["  a ", "", "nan", "NaN", "None", "null", "NA", "none", "0"]
    path = write(tmp_path, "text,label\n" + "".join(f"some text {i},{x}\n" for i, x in enumerate(labels)))
    assert [label for _, label in pairs(path)] == ["a", None, None, None, None, None, None, "none", "0"]


def test_bad_rows_are_listed_by_line_and_the_good_ones_load(tmp_path: Path) -> None:
    lines = [
        "id,text,label",  # 1
        "1,good one,a",
        '2,"over\ntwo lines",b',  # 3 and 4
        "3,too few",
        "4,too,many,fields",
        "5,,a",
        "6,   ,a",
        "7,with \x00 NUL,a",
        "",
        ",,",
        "8,good two,b,,",
    ]
    rows, problems = load(write(tmp_path, "\n".join(lines)))
    assert [row.text for row in rows] == ["good one", "over\ntwo lines", "good two"]
    assert list(problems) == [5, 6, 7, 8, 9]
    assert problems[5].startswith("Row 5 has 2 instead of 3 fields.")
    assert problems[6].startswith("Row 6 has 4 instead of 3 fields.")
    assert problems[7] == "Row 7 has no text. Fill it in or remove it."
    assert "NUL" in problems[9]
    assert {problem.row for problem in preview(tmp_path / "data.csv").problems} == set(problems)


@pytest.mark.parametrize("bad", [0, 3, 50, 98, 99])
@pytest.mark.parametrize("opening", ['"never closed', '"never, closed'])
def test_a_mark_that_is_never_closed_costs_its_own_row_at_most(
    tmp_path: Path, bad: int, opening: str
) -> None:
    lines = [f"{i},sentence number {i},x" for i in range(100)]
    lines[bad] = f"{bad},{opening},x"
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert {row.extra["id"] for row in rows} | {str(row - 2) for row in problems} == {
        str(i) for i in range(100)
    }
    assert len(rows) >= 99
    assert set(problems) <= {bad + 2}


def test_an_open_mark_far_from_the_sample_does_not_swallow_the_rest(tmp_path: Path) -> None:
    lines = [f'{i},"sentence, number {i}",x' for i in range(6000)]
    lines[4000] = '4000,"this one, is open,x'
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert len(rows) == 5999
    assert list(problems) == [4002]
    assert "quotation mark" in problems[4002]


def test_an_open_mark_in_a_file_longer_than_any_field_may_be(tmp_path: Path) -> None:
    lines = [f"{i},a plain sentence that has no marks at all and number {i},x" for i in range(60_000)]
    lines[5000] = '5000,"opened, and left,x'
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert len(rows) == 59_999
    assert list(problems) == [5002]


@pytest.mark.parametrize("cell", ["x" * 1_000_001, "word " * 3_000_000, '"' + "word\n" * 420_000 + '"'])
def test_a_huge_cell_is_one_problem_and_the_rest_loads(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, f"id,text,label\n1,before it,a\n2,{cell},b\n3,after it,a\n")
    rows, problems = load(path)
    assert [row.text for row in rows] == ["before it", "after it"]
    assert list(problems) == [3]
    assert "1,000,000 characters" in problems[3]


def test_a_cell_of_200_megabytes_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with open(path, "wb") as file:
        file.write(b"text,label\nfirst text,a\n")
        for _ in range(200):
            file.write(b"a" * 1_000_000)
        file.write(b",b\nlast text,a\n")
    tracemalloc.start()
    rows, problems = load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.text for row in rows] == ["first text", "last text"]
    assert list(problems) == [3]
    assert peak < 40_000_000


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "a.csv is empty. Choose a file with one text in each row."),
        (
            "a.csv",
            b"text,label\n",
            "a.csv has names of columns but no row under them. Add a row with a text.",
        ),
        ("a.csv", b" \n\t\r\n \n", "a.csv has no text in it. Choose a file with one text in each row."),
        ("a.txt", b"\n\n  \n", "a.txt has no text in it. Choose a file with one text in each row."),
        ("a.csv", "\ufeff".encode(), "a.csv has no text in it. Choose a file with one text in each row."),
        (
            "a.csv",
            b"x,y\n1,2\n3,4\n",
            "No column of a.csv has words in it. Choose the column with the texts.",
        ),
        ("a.csv", b"text,label\n,a\n", "a.csv has no row that can be used. Row 2 has no text."),
        ("a.csv", b"\x00" * 100, "a.csv has no row that can be used. Row 1 has NUL bytes"),
        ("a.csv", bytes(range(256)) * 20, "a.csv is not a text file."),
        ("a.csv", b"\x1f\x8b\x08\x00abc", "a.csv is compressed (gzip). Unpack it first"),
        ("a.csv", b"%PDF-1.7 ...", "a.csv is a PDF, not a table of texts."),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "a.txt is a picture, not a table of texts."),
        ("a.csv", b"<!DOCTYPE html><html>", "a.csv is a web page, not a table of texts."),
    ],
)
def test_what_is_no_table_of_texts_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    assert refusal(write(tmp_path, content, name)).startswith(sentence)


def test_with_numbers_only_the_preview_still_shows_them(tmp_path: Path) -> None:
    seen = preview(write(tmp_path, "x,y\n1,2\n3,4\n"))
    assert seen.options.text_column == ""
    assert "Choose the column" in seen.notes[0].text
    assert seen.rows == (("1", "2"), ("3", "4"))


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(tmp_path) == f"{tmp_path.name} is a folder. Choose a file in it."
    assert refusal(tmp_path / "no.csv") == "no.csv is not there. Choose the file again."
    assert "is not there" in refusal(tmp_path / "a\x00b.csv")
    assert "is not there" in refusal(tmp_path / ("long" * 200))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        assert "not an ordinary file" in refusal(tmp_path / "pipe.csv")
    path = write(tmp_path, "text\nhello\n")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)
    with pytest.raises(UserError) as caught:
        preview(path)
    assert caught.value.message.text.startswith("data.csv may not be read. Close it in other programs")


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label\n" + "one more sentence,a\n" * 50_000)
    chunks = read(path)
    next(chunks)
    with open(path, "ab") as file:
        file.write(b"late,b\n")
    with pytest.raises(UserError, match="was changed while it was read"):
        list(chunks)


def test_a_txt_file_has_one_text_on_each_line(tmp_path: Path) -> None:
    path = write(tmp_path, 'First, with; signs | here\n\n"second" line\n', "a.txt")
    assert pairs(path) == [("First, with; signs | here", None), ('"second" line', None)]
    assert preview(path).format == "txt"
    assert [row.text for row in load(path, header=True)[0]] == ['"second" line']


def test_a_txt_file_with_columns_is_seen_as_a_table_and_can_be_had_as_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "good film indeed\tpos\nbad film indeed\tneg\nodd film indeed\tpos\n", "a.txt")
    assert preview(path).format == "tsv"
    assert [text for text, _ in pairs(path)] == ["good film indeed", "bad film indeed", "odd film indeed"]
    assert pairs(path, delimiter="")[0] == ("good film indeed\tpos", None)


def test_one_column_of_sentences_with_commas_is_one_column(tmp_path: Path) -> None:
    texts = [
        "Yes, I do",
        "No",
        "Well, maybe, or not",
        "I think so, yes",
        "Fine then",
        "Once, twice, thrice, more",
    ]
    path = write(tmp_path, "text\n" + "\n".join(texts))
    assert [text for text, _ in pairs(path)] == texts


def test_repeated_rows_are_kept_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label\n" + "same words,a\n" * 3 + "other words,b\n")
    assert len(pairs(path)) == 4
    assert [note.text for note in preview(path).notes] == [
        "Texts that are there more than once: 2. They are kept."
    ]


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label\n" + "one more sentence,a\n" * 20_000)
    seen: list[int] = []
    chunks = read(path, cancelled=lambda: len(seen) >= 2)
    with pytest.raises(Stopped):
        seen.extend(len(chunk.rows) for chunk in chunks)
    assert seen == [2000, 2000]


def test_reading_of_a_huge_line_stops_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path, b"text,label\na text,x\n" + b"a" * 30_000_000)
    asked = iter([False] * 20)
    with pytest.raises(Stopped):
        list(read(path, cancelled=lambda: next(asked, True)))


def test_100_000_rows_are_read_in_chunks_fast_and_in_little_memory(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id,text,label\n" + "".join(f"{i},a sentence with the number {i},c{i % 7}\n" for i in range(100_000)),
    )
    started = time.process_time()
    sizes = [len(chunk.rows) for chunk in read(path)]
    assert time.process_time() - started < 5  # takes 0.8 s
    assert sum(sizes) == 100_000
    assert max(sizes) <= 2000
    assert 80_000 < preview(path).estimated_rows < 125_000
    tracemalloc.start()
    for count, _ in enumerate(read(path)):
        if count == 10:
            break
    assert tracemalloc.get_traced_memory()[1] < 15_000_000
    tracemalloc.stop()


def test_a_file_full_of_open_marks_still_ends(tmp_path: Path) -> None:
    lines = [f'{i},"open and never closed {i},x' if i % 3 else f"{i},plain {i},y" for i in range(3000)]
    started = time.process_time()
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert len(rows) + len(problems) >= 2900
    assert time.process_time() - started < 20
