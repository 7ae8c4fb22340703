"""What the code must never do, and which room may import which."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("corpus", "index", "assistant", "ui")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
_MODULES = {"pickle", "cPickle", "dill", "shelve", "marshal", "joblib", "cloudpickle"}
_CALLS = {"eval", "exec", "compile", "__import__"}
_DOTTED = {"torch.load", "yaml.load", "os.system", "os.popen"}
_TRUE = {"trust_remote_code", "allow_dangerous_deserialization", "allow_pickle", "shell"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _forbidden(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (n.name for n in node.names if n.name.partition(".")[0] in _MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.partition(".")[0] in _MODULES:
                yield node.module
        elif isinstance(node, ast.Call):
            yield from _forbidden_call(node)


def _forbidden_call(node: ast.Call) -> Iterator[str]:
    name = node.func
    if isinstance(name, ast.Name) and name.id in _CALLS:
        yield name.id
    if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
        yield from {f"{name.value.id}.{name.attr}"} & _DOTTED
    for word in node.keywords:
        constant = isinstance(word.value, ast.Constant)
        off = isinstance(word.value, ast.Constant) and word.value.value is False
        if word.arg in _TRUE and not off:
            yield word.arg
        if word.arg == "unsafe_allow_html" and not off:
            plain = node.args and isinstance(node.args[0], ast.Constant)
            if not (constant and plain):
                yield "unsafe_allow_html"


@pytest.mark.trust(21)
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_runs_code_that_is_data(path: Path) -> None:
    assert list(_forbidden(_tree(path))) == []


@pytest.mark.trust(21)
@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import load",
        "eval(text)",
        "torch.load(path)",
        "yaml.load(text)",
        "model(name, trust_remote_code=True)",
        "store(path, allow_dangerous_deserialization=flag)",
        "np.load(path, allow_pickle=True)",
        "st.markdown(text, unsafe_allow_html=True)",
        "run(line, shell=True)",
    ],
)
def test_what_is_forbidden_is_seen(code: str) -> None:
    assert list(_forbidden(ast.parse(code))) != []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_the_rooms_before_it(room: str) -> None:
    later = {*ROOMS[ROOMS.index(room) + 1 :], "tests"}
    for path in (ROOT / room).rglob("*.py"):
        rooms = {name.partition(".")[0] for name in _imported(path)}
        assert not rooms & later, path


def test_no_file_of_the_pages_hides_a_room_or_a_standard_module() -> None:
    """Streamlit puts ui/ first on the path for imports."""
    names = {path.stem for path in (ROOT / "ui").iterdir() if path.suffix in ("", ".py")}
    assert not (names - {"__init__", "__pycache__"}) & {*ROOMS, "tests", *sys.stdlib_module_names}
