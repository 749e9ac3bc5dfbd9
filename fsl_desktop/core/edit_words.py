"""What edits are called, when done and when taken back."""

from __future__ import annotations

from dataclasses import dataclass

from fsl_desktop.core.message import Message, Value


@dataclass(frozen=True, slots=True)
class Words:
    change: str
    """The kind of ``Change``."""
    done: str
    undone: str
    done_one: str = ""
    """Where ``n`` is 1 and the language says it differently."""
    undone_one: str = ""


WORDS: dict[str, Words] = {
    "label": Words(
        "labels",
        "Labelled {n} rows as {name}",
        "Took back the label {name} on {n} rows",
        "Labelled a row as {name}",
        "Took back the label {name}",
    ),
    "label_each": Words(
        "labels", "Labelled {n} rows", "Took back {n} labels", "Labelled a row", "Took back a label"
    ),
    "clear": Words(
        "labels",
        "Cleared {n} labels",
        "Put {n} labels back",
        "Cleared a label",
        "Put a label back",
    ),
    "skip": Words(
        "labels",
        "Skipped {n} rows",
        "Took back skipping {n} rows",
        "Skipped a row",
        "Took back skipping a row",
    ),
    "unsure": Words(
        "labels",
        "Marked {n} rows as unsure",
        "Took back the mark on {n} rows",
        "Marked a row as unsure",
        "Took back the mark on a row",
    ),
    "add_label": Words(
        "labels",
        "Added {name} to {n} rows",
        "Took {name} off {n} rows again",
        "Added {name} to a row",
        "Took {name} off a row again",
    ),
    "drop_label": Words(
        "labels",
        "Took {name} off {n} rows",
        "Gave {name} back to {n} rows",
        "Took {name} off a row",
        "Gave {name} back to a row",
    ),
    "several_labels": Words(
        "project", "A row may have several labels now", "A row has one label again, as before"
    ),
    "one_label": Words(
        "project", "A row has one label now", "A row may have several labels again, as before"
    ),
    "add_class": Words("classes", "Added the class {name}", "Took back adding the class {name}"),
    "rename_class": Words("classes", "Renamed the class {old} to {name}", "Renamed the class back to {old}"),
    "describe_class": Words(
        "classes", "Described the class {name}", "Took back the description of the class {name}"
    ),
    "remove_class": Words("classes", "Removed the class {name}", "Put the class {name} back"),
    "move_class": Words("classes", "Moved the class {name}", "Moved the class {name} back"),
    "merge_classes": Words(
        "classes",
        "Merged the class {old} into {name}: {n} rows",
        "Took {old} and {name} apart again: {n} rows",
        "Merged the class {old} into {name}: 1 row",
        "Took {old} and {name} apart again: 1 row",
    ),
    "split_class": Words(
        "classes",
        "Moved {n} rows of {old} to the new class {name}",
        "Moved {n} rows back to {old}",
        "Moved a row of {old} to the new class {name}",
        "Moved a row back to {old}",
    ),
    "edit_text": Words("text", "Changed a text", "Changed a text back"),
    "remove_rows": Words("rows", "Removed {n} rows", "Put {n} rows back", "Removed a row", "Put a row back"),
    "add_batch": Words(
        "rows",
        "Imported {n} rows from {source}",
        "Took back the import of {source}",
        "Imported a row from {source}",
    ),
    "add_clips": Words(
        "rows", "Added {n} clips", "Took back {n} added clips", "Added a clip", "Took back an added clip"
    ),
    "rename_project": Words("project", "Renamed the project to {name}", "Renamed the project back to {old}"),
    "repair": Words("labels", "Kept {n} labels of a damaged file", "Took back {n} labels of a damaged file"),
}
_UNKNOWN = Words("labels", "Changed the project", "Took back a change")


def words_of(kind: str) -> Words:
    return WORDS.get(kind, _UNKNOWN)


def sentence(kind: str, values: tuple[tuple[str, Value], ...], *, undone: bool = False) -> Message:
    """The edit in words; a record without a value for each place gives the general sentence."""
    words = words_of(kind)
    one = dict(values).get("n") == 1
    if undone:
        template = (words.undone_one if one else "") or words.undone
    else:
        template = (words.done_one if one else "") or words.done
    return Message(template, tuple(sorted(values)))
