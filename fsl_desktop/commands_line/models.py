"""``fsl-desktop models``: list, install, import, remove, verify."""

from __future__ import annotations

from argparse import Namespace

from fsl_desktop.commands_line.console import Console
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.lookup import is_hub_name


def models(options: Namespace, console: Console) -> None:
    catalogue = Catalogue.load()
    action = {
        "list": list_models,
        "install": install,
        "import": import_model,
        "remove": remove,
        "verify": verify,
    }[options.action]
    action(catalogue, options, console)


def list_models(catalogue: Catalogue, options: Namespace, console: Console) -> None:
    records: list[dict[str, object]] = []
    for entry in (*catalogue.entries, *catalogue.added()):
        state = catalogue.status(entry.id)
        word = "installed" if state.installed else "damaged" if state.problem else "not installed"
        size = f"{entry.size / 1e6:.0f} MB"
        console.say(f"{entry.id:<14}{entry.name:<26}{size:>8}  {entry.license:<12}{word}")
        if state.problem is not None:
            console.note(state.problem.text)
        records.append(
            {
                "id": entry.id,
                "name": entry.name,
                "modality": entry.modality,
                "languages": list(entry.languages),
                "license": entry.license,
                "size": entry.size,
                "installed": state.installed,
                "folder": str(state.folder) if state.installed else "",
                "origin": catalogue.origin(entry.id) if state.installed else "",
                "problem": state.problem.text if state.problem else "",
            }
        )
    console.result({"models": records})


def install(catalogue: Catalogue, options: Namespace, console: Console) -> None:
    for name in options.ids:  # a wrong name is told before any download
        if not is_hub_name(name):
            catalogue.entry(name)
    done = [_install(catalogue, name, "", console) for name in options.ids]
    console.result({"installed": done})


def import_model(catalogue: Catalogue, options: Namespace, console: Console) -> None:
    """Find out by the files which model of the catalogue it is."""
    reasons: list[str] = []
    for entry in catalogue.entries:
        try:
            record = _install(catalogue, entry.id, options.path, console)
        except UserError as error:
            if len(catalogue.entries) == 1:
                raise
            reasons.append(error.message.text)
            continue
        console.result({"installed": [record]})
        return
    raise UserError(
        "{path} is none of the models that this version knows. "
        "A model folder can be used as it is with --model.",
        path=options.path,
        details="\n".join(reasons),
    )


def _install(catalogue: Catalogue, model: str, path: str, console: Console) -> dict[str, object]:
    from fsl_desktop.learn.models.converters import CONVERTERS

    known = {entry.id: entry.name for entry in catalogue.entries}
    folder = catalogue.install(
        model,
        path=path,
        progress=console.counter(f"Installing {known.get(model, model)}"),
        converters=CONVERTERS,
    )
    entry = catalogue.entry(model)
    console.say(f"{entry.name} is installed in {folder}")
    return {"id": entry.id, "folder": str(folder), "origin": catalogue.origin(entry.id)}


def remove(catalogue: Catalogue, options: Namespace, console: Console) -> None:
    name = catalogue.entry(options.id).name
    catalogue.remove(options.id)
    console.say(f"{name} is removed.")
    console.result({"removed": options.id})


def verify(catalogue: Catalogue, options: Namespace, console: Console) -> None:
    """Compare every byte of every installed model; the first that is wrong is the error."""
    checked: list[str] = []
    for entry in (*catalogue.entries, *catalogue.added()):
        state = catalogue.status(entry.id)
        if not state.installed and state.problem is None:
            continue
        problem = catalogue.verify(entry.id, console.counter(f"Verifying {entry.name}"))
        if problem is not None:
            raise UserError.of(problem)
        console.say(f"{entry.name}: every file is as it should be.")
        checked.append(entry.id)
    if not checked:
        console.say("No model is installed.")
    console.result({"verified": checked})
