"""Good files of every kind, for the fuzz test to damage."""

from __future__ import annotations

import functools
import io
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import soundfile
from projects import make_project
from sounds import tone

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import Format, write_events
from fsl_desktop.core.audio.peaks import peaks
from fsl_desktop.core.commands import SetLabels
from fsl_desktop.core.writers import write_table

Files = list[tuple[str, bytes]]

COLUMNS = ("id", "text", "label", "note")
ROWS = [
    (1, "The card was stolen, please block it", "card", "a; b"),
    (2, 'She said "call me" and hung up', "phone", None),
    (3, "Überweisung kam nie an\nseit Montag", "transfer", "-5"),
    (4, "转账没有到账。我该怎么办?", "transfer", "x"),
    (5, "=1+1 is what the cell says", "card", "@a"),
    (6, "What is the exchange rate today", "rate", ""),
    (7, "My phone 📱 does not ring any more", "phone", "0.25"),
    (8, "A plain sentence of eight words or so", "rate", "true"),
]
EVENTS = [
    Detection(0.5, 1.25, "wren", 0.75, 2000.0, 5500.0),
    Detection(2.0, 2.0, "click"),
    Detection(3.5, 6.125, 'say "hi"', 0.5),
    Detection(3.75, 7.0, "吠え 🐕", 0.25, 100.0, 900.0),
]


def _table(folder: Path, name: str) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / name, COLUMNS, ROWS)
    return (folder / name).read_bytes()


def csv(folder: Path) -> Files:
    data = _table(folder, "a.csv")
    return [("a.csv", data), ("b.csv", data.decode("utf-8-sig").replace(",", ";").encode("utf-16"))]


def tsv(folder: Path) -> Files:
    return [("a.tsv", _table(folder, "a.tsv"))]


def txt(folder: Path) -> Files:
    lines = "\n".join(str(row[1]).replace("\n", " ") for row in ROWS)
    return [("a.txt", lines.encode()), ("b.txt", lines.encode("gb18030"))]


def jsonl(folder: Path) -> Files:
    return [("a.jsonl", _table(folder, "a.jsonl"))]


def annotations(folder: Path) -> Files:
    """What Label Studio, Prodigy and doccano write."""
    chosen = {"type": "choices", "from_name": "c", "to_name": "t", "value": {"choices": ["good", "long"]}}
    region = {"type": "labels", "value": {"start": 0, "end": 4, "labels": ["X"]}}
    tasks = [
        {
            "id": number,
            "data": {"text": f"some words number {number}", "n": {"a": [number]}},
            "annotations": [
                {
                    "result": [chosen, region],
                    "was_cancelled": number % 3 == 0,
                    "created_at": f"2024-0{number}",
                },
                {"result": [chosen], "created_at": "2023"},
            ],
            "predictions": [],
        }
        for number in range(1, 7)
    ]
    said = [
        {
            "text": f"words to label {number}",
            "label": "GOOD",
            "answer": answer,
            "_input_hash": number,
            "meta": {"a": 1.5},
        }
        for number, answer in enumerate(["accept", "reject", "ignore"] * 2)
    ]
    spans = [{"id": number, "text": "Google in Rome", "label": [[0, 6, "ORG"]]} for number in range(4)]
    return [
        ("tasks.json", json.dumps(tasks).encode()),
        ("prodigy.jsonl", "\n".join(map(json.dumps, said)).encode()),
        ("doccano.jsonl", "\n".join(map(json.dumps, spans)).encode()),
    ]


def json_list(folder: Path) -> Files:
    items = [{"text": row[1], "label": [row[2], "b"], "meta": {"id": row[0], "n": [1.5]}} for row in ROWS]
    return [("a.json", json.dumps(items, indent=1).encode()), ("b.json", json.dumps(items).encode())]


def xlsx(folder: Path) -> Files:
    from openpyxl import Workbook

    book = Workbook()
    for sheet in (book.active, book.create_sheet("Two")):
        sheet.append(COLUMNS)
        for row in ROWS:
            sheet.append([f"'{cell}" if str(cell).startswith("=") else cell for cell in row])
        sheet["F3"] = "=SUM(A1:A5)"
        sheet.merge_cells("A12:B13")
    shared = io.BytesIO()
    book.save(shared)  # with shared strings; ours has them inline
    return [("a.xlsx", _table(folder, "a.xlsx")), ("b.xlsx", shared.getvalue())]


def conll(folder: Path) -> Files:
    old = b"-DOCSTART- -X- O\n\nU.N. NNP I-ORG\nheads VBZ O\nfor IN O\nRome NNP I-LOC\n. . O\n\nBye UH O\n"
    new = "# sent_id = 1\n# text = 在北京, Rome!\n在\tO\n北\tB-LOC\n京\tI-LOC\n,\tO\nRome\tS-LOC\n!\tO\n\n"
    return [("a.conll", old), ("b.bio", (new * 3).encode())]


def arrow(folder: Path) -> Files:
    import pyarrow as pa

    columns = {
        name: [None if row[k] is None else str(row[k]) for row in ROWS] for k, name in enumerate(COLUMNS)
    }
    names = {"_type": "ClassLabel", "names": ["a", "b"]}
    features = {"n": names, "several": {"_type": "List", "feature": names}}
    columns |= {"n": [k % 2 for k in range(len(ROWS))], "several": [[0, 1], None] * (len(ROWS) // 2)}
    table = pa.table({name: cells[: len(ROWS) // 2 * 2] for name, cells in columns.items()})
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    found: Files = []
    for name, writer in (("stream", pa.ipc.new_stream), ("file", pa.ipc.new_file)):
        out = io.BytesIO()
        with writer(out, table.schema) as file:
            file.write_table(table, max_chunksize=4)
        found.append((f"{name}.arrow", out.getvalue()))
    return found


def dataset_state(folder: Path) -> Files:
    state = {"_data_files": [{"filename": "stream.arrow"}, {"filename": "file.arrow"}], "_split": None}
    return [("state.json", json.dumps(state).encode()), ("dataset_dict.json", b'{"splits": ["a", "b"]}')]


def parquet(folder: Path) -> Files:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        name: [None if row[k] is None else str(row[k]) for row in ROWS] for k, name in enumerate(COLUMNS)
    }
    made = pa.table({**columns, "n": list(range(len(ROWS))), "tags": [["a", "b"]] * len(ROWS)})
    found: Files = []
    for name, how in (("a", "snappy"), ("b", "none"), ("c", "zstd")):
        out = io.BytesIO()
        pq.write_table(made, out, compression=how, use_dictionary=name != "b")
        found.append((f"{name}.parquet", out.getvalue()))
    return found


def label_cells(folder: Path) -> Files:
    return [
        ("a.txt", b"a; b\nb; c\na\nc; a; b\n[]\n\nnan"),
        ("b.txt", '["a", "b"]\n["b"]\n["c; d", "吠"]\na|b\n'.encode()),
    ]


def _events(folder: Path, format: Format, name: str) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    write_events(folder / name, format, EVENTS, 10.0, "a.wav")
    return (folder / name).read_bytes()


def audacity(folder: Path) -> Files:
    return [("a.txt", _events(folder, Format.AUDACITY, "a.txt"))]


def raven(folder: Path) -> Files:
    return [("a.txt", _events(folder, Format.RAVEN, "a.txt"))]


def textgrid(folder: Path) -> Files:
    data = _events(folder, Format.TEXTGRID, "a.TextGrid")
    short = b'File type = "ooTextFile"\n"TextGrid"\n\n0\n3\n<exists>\n1\n"TextTier"\n"t"\n0\n3\n1\n0.5\n"x"\n'
    return [("a.TextGrid", data), ("b.TextGrid", short), ("c.TextGrid", data.decode().encode("utf-16"))]


def elan(folder: Path) -> Files:
    data = _events(folder, Format.ELAN, "a.eaf")
    return [("a.eaf", data), ("b.eaf", data.decode().replace("UTF-8", "UTF-16").encode("utf-16"))]


def event_table(folder: Path) -> Files:
    return [("a.csv", _events(folder, Format.CSV, "a.csv"))]


def all_events(folder: Path) -> Files:
    return [*audacity(folder), *raven(folder), *textgrid(folder), *elan(folder), *event_table(folder)]


@functools.cache
def two_sounds() -> Files:
    found: Files = []
    for name, pitch in (("a.wav", 440.0), ("b.wav", 880.0)):
        out = io.BytesIO()
        soundfile.write(out, tone(0.3, pitch=pitch).astype(np.float32), 16_000, format="WAV")
        found.append((name, out.getvalue()))
    return found


def sound_table(folder: Path) -> Files:
    rows = ["file,label,start,end,speaker", "a.wav,bird,0,0.2,x", "b.wav,dog,0.1,,y", "a.wav,,0:00.1,0.3,"]
    return [("sounds.csv", "\n".join([*rows, "sub/b.wav,dog,,,\n"]).encode())]


def metadata(folder: Path) -> Files:
    lines = '{"file_name": "a.wav", "label": "bird"}\n{"file_name": "b.wav", "label": "dog", "n": 1}\n'
    return [("metadata.csv", b"file_name,label\na.wav,bird\nb.wav,dog\n"), ("metadata.jsonl", lines.encode())]


def sound_tasks(folder: Path) -> Files:
    """Label Studio's, as its interface exports them."""
    region = {"type": "labels", "value": {"start": 0.0, "end": 0.2, "labels": ["bird"]}, "id": "x1"}
    choice = {"type": "choices", "value": {"choices": ["dog"]}}
    tasks = [
        {"id": 1, "data": {"audio": "/data/upload/1/0a1b2c3d-a.wav"}, "annotations": [{"result": [region]}]},
        {"id": 2, "data": {"audio": "/data/local-files/?d=b.wav"}, "annotations": [{"result": [choice]}]},
    ]
    return [("tasks.json", json.dumps(tasks).encode())]


def events_beside(folder: Path) -> Files:
    return [
        ("a.txt", b"0.0\t0.2\tbird\n0.1\t0.1\tmoment\n"),
        ("b.TextGrid", _events(folder, Format.TEXTGRID, "b.TextGrid")),
        ("b.eaf", _events(folder, Format.ELAN, "b.eaf")),
        ("a.selections.txt", _events(folder, Format.RAVEN, "a.selections.txt")),
    ]


def sound_zip(folder: Path) -> Files:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in two_sounds():
            archive.writestr(f"calls/bird/{name}", data)
        archive.writestr("calls/dog/c.wav", two_sounds()[0][1])
        archive.writestr("calls/read me.txt", "hello")
        archive.writestr(
            "calls/metadata.csv", "file_name,label\nbird/a.wav,bird\nbird/b.wav,wren\ndog/c.wav,dog\n"
        )
    return [("calls.zip", out.getvalue())]


def project(folder: Path) -> Files:
    made = make_project(folder / "made.fsl", 30)
    for row in range(1, 20):
        made.do(SetLabels((row,), 1 + row % 3))
    made.close()
    data = (folder / "made.fsl" / "project.db").read_bytes()
    shutil.rmtree(folder / "made.fsl")
    return [("project.db", data)]


def settings(folder: Path) -> Files:
    from fsl_desktop.core.settings import Settings

    path = folder / "settings.json"
    folder.mkdir(parents=True, exist_ok=True)
    Settings.load(path).with_recent(folder).save()
    return [("settings.json", path.read_bytes())]


def model_folder(folder: Path) -> Files:
    plain = {"format": 1, "task": "classify-text", "labels": ["a", "b"], "model": {"id": "minilm"}}
    return [("fsl.json", json.dumps(plain).encode())]


def waveform(folder: Path) -> Files:
    folder.mkdir(parents=True, exist_ok=True)
    sound = folder / "a.wav"
    sound.write_bytes(two_sounds()[0][1])
    peaks(sound, folder)
    made = next(folder.glob("*.peaks"))
    return [(made.name, made.read_bytes())]
