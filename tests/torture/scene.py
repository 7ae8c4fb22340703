"""A tiny library that changes, what a whole index of it is, and what it answers."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.embedded import EmbeddedLibrary
from index.home import Home
from index.opening import open_library

HERE = Path(__file__).resolve().parent
DAY = "2025-06-01"
QUESTIONS = (
    "Is prior authorization needed for 0581T?",
    "Which modifier names the side?",
    "Can the ultrasound be billed as well?",
    "How long is a claim accepted?",
)
_BEFORE = {
    "authorization.md": "# Authorization\n\nLakeside asks for prior authorization for 0581T.\n",
    "sides.md": "# Sides\n\nModifier RT names the right side, LT the left one.\n",
    "imaging.md": "# Imaging\n\nThe ultrasound is part of 0581T and is not billed as well.\n",
    "claims.md": "# Claims\n\nA claim is accepted for 90 days after the service.\n",
    "appeals.md": "# Appeals\n\nAn appeal is sent within 60 days of the denial.\n",
}
# Two ways to go on: one rewrites what was removed, the other only adds.
_AFTER: Mapping[str, Mapping[str, str | None]] = {
    "remove": {
        "authorization.md": "# Authorization\n\nLakeside asks for no prior authorization.\n",
        "sides.md": None,
        "filing.md": "# Filing\n\nThe ultrasound report is filed with the claim.\n",
    },
    "add": {
        "authorization.md": "# Authorization\n\nLakeside asks for no prior authorization.\n",
        "filing.md": "# Filing\n\nThe ultrasound report is filed with the claim.\n",
    },
}


def write_before(folder: Path) -> None:
    """The library as it was when the index was made."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, text in _BEFORE.items():
        _write(folder / name, text)


def write_after(folder: Path, way: str) -> None:
    """The library as the next sync finds it; `way` is remove or add."""
    write_before(folder)
    for name, text in _AFTER[way].items():
        if text is None:
            (folder / name).unlink()
        else:
            _write(folder / name, text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def command(
    *arguments: str | Path, home: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """The command, started in a process and a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        env={**os.environ, "CODEDESK_HOME": str(home), **(environment or {})},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def run(
    *arguments: str | Path, home: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, waited for."""
    process = command(*arguments, home=home, environment=environment)
    out, errors = process.communicate(timeout=1200)
    return subprocess.CompletedProcess(list(map(str, arguments)), process.returncode, out, errors)


def copy_home(template: Path, target: Path, models: Path) -> Path:
    """A home of its own for one trial. The model is shared: no sync changes it."""
    target.mkdir(mode=0o700)
    for entry in template.iterdir():
        if entry.name == "models":
            continue
        if entry.is_dir():
            shutil.copytree(entry, target / entry.name)
        else:
            shutil.copy2(entry, target / entry.name)
    (target / "models").symlink_to(models, target_is_directory=True)
    return target


@dataclass(frozen=True)
class Content:
    """All that makes an index what it is, without the numbers that a sync happens to give."""

    passages: frozenset[tuple[Any, ...]]
    mentions: frozenset[tuple[Any, ...]]
    words: int
    files: frozenset[tuple[str, str, str]]


def content(home: Path) -> Content:
    """What the current generation holds: passages with their vectors, and code mentions."""
    library = open_library(Home(home))
    try:
        return _content(library)
    finally:
        library.close()


def _content(library: EmbeddedLibrary) -> Content:
    passages, mentions = set(), set()
    for version in library.versions.values():
        where = (version.document, version.ordinal, version.sha256)
        for stored in library.passages_of(version.id):
            span = stored.content.span
            vector, tokens = library.vectors_of(stored.id)
            small = hashlib.sha256(tokens.vectors.tobytes() + tokens.sentences.tobytes())
            passages.add(
                (*where, span.start, span.end, stored.sum, vector.tobytes(), small.digest())
            )
        for found in library.mentions_of_version(version.id):
            mentions.add((*where, found.mention.code, found.mention.span.start))
    return Content(
        passages=frozenset(passages),
        mentions=frozenset(mentions),
        words=len(library.ids()["words"]),
        files=frozenset((f.document, f.state, f.sha256) for f in library.files()),
    )


def replies(desk: Any) -> dict[str, tuple[int, str]]:
    """For each question, the generation that answered and the answer's fingerprint."""
    return {question: reply(desk, question) for question in QUESTIONS}


def reply(desk: Any, question: str) -> tuple[int, str]:
    from datetime import date

    from index.filters import Filters

    answer = desk.ask(question, Filters(on=date.fromisoformat(DAY)))
    assert all(citation.verified for citation in answer.citations)
    told = [answer.verdict.value, list(answer.missing), answer.searched.passages]
    told += [
        [c.version.document, c.version.ordinal, c.span.start, c.text, list(c.codes)]
        for c in answer.citations
    ]
    return answer.generation, hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def rankings(home: Path, *, count: int) -> str:
    """The sum of what `count` searches find, in order, scores to the last bit."""
    from datetime import date

    from assistant.desk import Desk
    from index.library import Filters

    desk, day, told = Desk(Home(home)), Filters(on=date.fromisoformat(DAY)), hashlib.sha256()
    for query in _queries(count):
        found = desk.search(query, day, k=5).citations
        told.update(repr([(c.version.document, c.span, c.text, c.score) for c in found]).encode())
    return told.hexdigest()


def _queries(count: int) -> list[str]:
    subjects = ("authorization", "modifier RT", "ultrasound", "a claim", "an appeal", "0581T")
    questions = ("is {} needed", "how long is {}", "{} after the denial", "which side names {}")
    asked = [q.format(s) for s in subjects for q in questions]
    return [f"{asked[n % len(asked)]} {n // len(asked)}" for n in range(count)]


class Asker:
    """Another process that asks all the time; see asker.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "asker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(HERE.parent.parent)},
        )

    def start(self, home: Path) -> None:
        """Begin to ask the index of a home; returns when the first answer is there."""
        self._tell({"home": str(home)})
        assert self._listen() == {"ready": True}

    def stop(self) -> dict[str, Any]:
        """What was heard since: replies by generation and question, warnings and errors; and what
        a desk that opened the home anew says."""
        self._tell({"stop": True})
        return self._listen()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _tell(self, what: Mapping[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _listen(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        heard: dict[str, Any] = json.loads(line)
        return heard


def wait_until(condition: Any, *, seconds: float = 60.0) -> None:
    """Wait for something that another process does. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.01)
