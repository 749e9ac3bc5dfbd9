"""CSV, TSV and TXT: encoding, dialect, header and columns are guessed, shown and can be corrected."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_files import load, pairs, refusal, write

from fsl_desktop.core.readers import ReadRow, preview, read

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


@pytest.mark.parametrize("name", ["data.csv", "data.tsv", "data.txt", "data.unknown"])
@pytest.mark.parametrize("header", ["text\n", ""])
def test_one_column_is_read_as_its_preview_shows(tmp_path: Path, header: str, name: str) -> None:
    """The window hands back what the preview says, and there is no delimiter in it."""
    lines = [f"Some words and number {n} of them" for n in range(5)]
    path = write(tmp_path, header + "\n".join(lines), name)
    seen = preview(path)
    assert seen.options.delimiter == ""
    shown = [row.text for chunk in read(path, seen.options) for row in chunk.rows]
    assert shown == [row[0] for row in seen.rows]
    assert shown[-5:] == lines


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
