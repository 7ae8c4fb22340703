"""The examples of docs/api.md, run one after another as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from http_client import Api, Reply

from corpus.starter import DOCUMENTS
from ui.jobs.syncing import run_sync
from ui.operations.table import OPERATIONS
from ui.state.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
PARTS = ("payers/cigna-0540.md", "evidence/ice3.pdf")  # of the starter library, that it names


def _examples() -> Iterator[list[str]]:
    """The commands, taken apart as a shell does."""
    text = re.sub(r"\\\n", " ", PAGE.read_text("utf-8"))
    for command in re.split(r"(?m)^    (?=curl )", text)[1:]:
        yield shlex.split(re.split(r"\n(?!      )", command)[0])


def _run(api: Api, folder: Path, arguments: list[str]) -> Reply:
    """What curl would do with these options, and with no other."""
    body: bytes | None = None
    headers = {}
    address = ""
    words = iter(arguments[1:])
    for word in words:
        if word == "-H":
            name, value = next(words).split(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words).encode()
        elif word == "--data-binary":
            body = (folder / next(words).removeprefix("@")).read_bytes()
        elif word == "-o":
            next(words)
        elif word != "-s":
            address = word
    parts = urlsplit(address)
    path = f"{parts.path.removeprefix('/api/v1')}?{parts.query}"
    return api.send("GET" if body is None else "POST", path, body, **headers)


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Path:
    """A part of the starter library, and a note of which there are two versions."""
    path, starter = tmp_path / "home", tmp_path / "starter"
    path.mkdir()
    (path / "models").symlink_to(models, target_is_directory=True)
    for part in PARTS:
        (starter / part).parent.mkdir(parents=True, exist_ok=True)
        for source in DOCUMENTS.glob(f"{part}*"):
            shutil.copy(source, starter / source.relative_to(DOCUMENTS))
    (path / "library").mkdir()
    for text in ("# Note\n\nThe first.\n", "# Note\n\nThe second.\n"):
        (path / "library" / "note.md").write_text(text, "utf-8")
        run_sync(Settings(home=path, workers=1), [starter, path / "library"])
    quote = '{"id": "1", "question": "Does Cigna cover 0581T?", "kind": "policy", '
    quote += '"document": "cigna-0540.md", "quote": "not medically necessary"}\n'
    (path / "questions.jsonl").write_text(quote, "utf-8")
    (tmp_path / "note.md").write_text("# Note\n\nThe third.\n", "utf-8")
    return path


def test_every_example_is_answered_and_every_operation_has_one(
    home: Path, served: Callable[[Path], Any], tmp_path: Path
) -> None:
    api = Api(served(home).address)
    shown = set()
    for arguments in _examples():
        reply = _run(api, tmp_path, arguments)
        assert reply.status in (200, 201, 202), (arguments, reply.body)
        name = next(urlsplit(one).path.rsplit("/", 1)[1] for one in arguments if "://" in one)
        shown.add(name)
        if reply.status == 202 and name != "retry":  # the next one stops it
            _wait(api)
    assert shown == {operation.name for operation in OPERATIONS}


def _wait(api: Api) -> None:
    end = time.monotonic() + 120
    while api.get("/job").json["state"] == "running":
        assert time.monotonic() < end
        time.sleep(0.1)
