"""The walls of the house: what may import what, how long a file may be, what must never be written."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "fsl_desktop"
HEAVY = ("torch", "transformers", "sklearn", "pandas", "scipy", "pyarrow", "openpyxl", "huggingface_hub")


def modules(folder: str) -> list[str]:
    """Dotted names of all modules under ``fsl_desktop/<folder>``."""
    names = []
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=env,
        cwd=ROOT,
        timeout=120,
    )


def tracked() -> list[Path]:
    """Files that git knows, or all of them where this is no checkout."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
        files = [ROOT / name for name in listing.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        skip = {".venv", "build", "dist", ".git"}
        files = [p for p in ROOT.rglob("*") if p.is_file() and not skip & set(p.relative_to(ROOT).parts)]
    return [path for path in files if path.is_file()]


def test_no_module_is_longer_than_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix == ".py" and (count := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_the_storeys_import_only_downwards() -> None:
    # Run as a program of its own: it changes sys.path and keeps a cache.
    done = run_python(
        "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"
    )
    assert done.returncode == 0, done.stdout + done.stderr


BLOCKED_QT = """
import importlib, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "pyqtgraph"):
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Blocker())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def test_core_and_learn_need_no_qt() -> None:
    done = run_python(BLOCKED_QT, *modules("core"), *modules("learn"))
    assert done.returncode == 0, done.stderr


IMPORT_AND_LIST = """
import importlib, sys
for name in sys.argv[1].split(","):
    importlib.import_module(name)
print(" ".join(name for name in sys.argv[2].split(",") if name in sys.modules))
"""


def test_the_windows_process_never_imports_torch_or_its_like() -> None:
    names = [*modules("ui"), *modules("core"), "fsl_desktop.app", "fsl_desktop.work.runner"]
    done = run_python(IMPORT_AND_LIST, ",".join(names), ",".join(HEAVY))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_command_line_starts_light() -> None:
    heavy = (*HEAVY, "numpy", "PySide6")
    done = run_python(IMPORT_AND_LIST, "fsl_desktop.__main__,fsl_desktop.cli", ",".join(heavy))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_freeze_support_comes_before_every_import_of_ours() -> None:
    tree = ast.parse((PACKAGE / "__main__.py").read_text(encoding="utf-8"))
    top = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    imported = {name.name for node in top for name in node.names}
    assert imported <= {"annotations", "multiprocessing", "sys"}
    main = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main")
    statements = [node for node in main.body if not (isinstance(node, ast.Expr) and _is_text(node.value))]
    assert ast.unparse(statements[0]) == "multiprocessing.freeze_support()"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


COUNT_NONE = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
widget = QWidget()
def calls(n):
    for _ in range(n):
        widget.update()
        widget.setEnabled(True)
        widget.setToolTip("")
calls(10)
before = sys.getrefcount(None)
calls(1000)
print(sys.getrefcount(None) - before)
"""


def test_void_qt_calls_leave_none_alone() -> None:
    """PySide6 6.12.0 on Python 3.11 dropped a reference in each, and the process died within seconds."""
    done = run_python(COUNT_NONE)
    assert done.returncode == 0, done.stderr
    if sys.version_info < (3, 12):  # from 3.12 on None is immortal and its count means nothing
        assert abs(int(done.stdout)) < 50


def test_every_upper_bound_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("dependencies"))
    end = next(i for i in range(start, len(lines)) if lines[i].startswith("]"))
    bare = []
    for i in range(start + 1, end):
        bounded = re.search(r"<\d", lines[i])
        if bounded and "#" not in lines[i] and not lines[i - 1].lstrip().startswith("#"):
            bare.append(lines[i].strip())
    assert bare == []


def test_every_requirement_has_a_tested_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {_plain(re.split(r"[<>=!~\[; ]", item)[0]) for item in wanted}
    text = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in pins), (
        "exact, without a local part"
    )
    assert names - {pin.split("==")[0] for pin in pins} == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# Put together here, so that this file does not find itself.
FORBIDDEN = (
    "/" + r"work/(main|shared)\b",
    "/" + r"tmp/\w",
    "/" + r"opt/(pypi|wheels)",
    "/" + r"root/\.",
    r"pypi" + r"\.org",
    r"files\.python" + r"hosted",
    r"download\.py" + r"torch\.org",
    "--(extra-)?index" + "-url",
    "--find" + "-links",
)


def test_no_registry_host_and_no_path_of_one_machine_is_written_down() -> None:
    found = []
    pattern = re.compile("|".join(FORBIDDEN))
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path.name == "LICENSE" or path.suffix == ".jsonl":
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in pattern.finditer(text)]
    assert found == []


@pytest.mark.parametrize("word", ["pickle", "torch.load", "trust_remote_code=True", "eval("])
def test_nothing_that_could_run_a_strangers_code_is_called(word: str) -> None:
    calls = re.compile(r"(?<![\w.])" + re.escape(word))
    if word == "pickle":
        calls = re.compile(r"^\s*(import|from) pickle\b", re.MULTILINE)
    if word == "torch.load":  # with weights_only its unpickler knows tensors and plain containers alone
        calls = re.compile(r"\btorch\.load\b(?!\([^()]*weights_only=True\))")
    found = [
        str(path.relative_to(ROOT))
        for path in sorted(PACKAGE.rglob("*.py"))
        if calls.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
