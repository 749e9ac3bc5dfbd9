"""Draw the sample project's rows from banking77 (Casanueva et al. 2020, CC BY 4.0).

    python packaging/make_sample.py PATH/TO/banking77/train.jsonl

Each line of the source is ``{"text": ..., "label": ...}``. The same source gives the same files.
"""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "resources" / "samples" / "banking"
SEED = 7
MAX_CHARS = 150

#: Class of the source -> rows drawn, labels set. Some classes are easy to mix up on purpose, so that
#: there is something to find on the Results page; five have the two labels that a score needs, the others
#: none yet, so that there is something to do.
CLASSES = {
    "card_arrival": (34, 2),
    "exchange_rate": (30, 2),
    "top_up_failed": (32, 0),
    "lost_or_stolen_card": (30, 2),
    "pin_blocked": (28, 2),
    "request_refund": (32, 2),
    "cash_withdrawal_charge": (30, 0),
    "cancel_transfer": (30, 0),
    "change_pin": (26, 0),
    "apple_pay_or_google_pay": (30, 0),
    "terminate_account": (28, 0),
    "age_limit": (30, 0),
}


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.lower()))


def unlike(texts: list[str], n: int) -> list[str]:
    """``n`` texts that share few words: the source says many things three times over."""
    chosen = [texts[0]]
    rest = texts[1:]
    nearest = [overlap(text, chosen[0]) for text in rest]
    while len(chosen) < n and rest:
        best = min(range(len(rest)), key=lambda i: nearest[i])
        chosen.append(rest.pop(best))
        nearest.pop(best)
        nearest = [max(old, overlap(text, chosen[-1])) for old, text in zip(nearest, rest, strict=True)]
    return chosen


def overlap(a: str, b: str) -> float:
    """Share of the words of both that is in each (Jaccard)."""
    first, second = words(a), words(b)
    return len(first & second) / max(1, len(first | second))


def typical(texts: list[str], n: int) -> list[str]:
    """The ``n`` texts that share most with the others: what a person would label first."""
    return sorted(texts, key=lambda text: -sum(overlap(text, other) for other in texts))[:n]


def draw(source: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Labelled rows first, the rest shuffled; and the names of the classes."""
    by_class: dict[str, list[str]] = {name: [] for name in CLASSES}
    for line in source.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = " ".join(str(row["text"]).split())
        if row["label"] in by_class and 15 <= len(text) <= MAX_CHARS:
            by_class[row["label"]].append(text)
    rng = random.Random(SEED)
    labelled: list[dict[str, str]] = []
    unlabelled: list[dict[str, str]] = []
    for label, (n, n_labels) in CLASSES.items():
        texts = sorted(set(by_class[label]))
        rng.shuffle(texts)
        drawn = unlike(texts, n)
        shown = typical(drawn, n_labels)
        labelled += [{"text": text, "label": label.replace("_", " ")} for text in shown]
        unlabelled += [{"text": text} for text in drawn if text not in shown]
    rng.shuffle(labelled)
    rng.shuffle(unlabelled)
    return labelled + unlabelled, [label.replace("_", " ") for label in CLASSES]


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    rows, classes = draw(Path(sys.argv[1]))
    TARGET.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (TARGET / "bank-questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest = {
        "name": "Bank questions",
        "task": "classify-text",
        "rows": "bank-questions.jsonl",
        "classes": classes,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (TARGET / "manifest.json").write_text(text, encoding="utf-8")
    print(f"{len(rows)} rows, {len(classes)} classes, {sum('label' in row for row in rows)} labels")


if __name__ == "__main__":
    main()
