"""An edit of the home's own documents is whole or was never made, whenever the process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.home import Home
from index.opening import open_library
from ui.confirming.book import Book, told_in
from ui.confirming.checks import Change

LAKESIDE = "library/lakeside.md"
_HOLDS = """
import sys, time
from pathlib import Path
from ui.confirming.book import Book
from ui.confirming.writing import Kept, Noted

with Book(Path(sys.argv[1]))._writing() as write:
    number = write.edit("test")
    noted = Noted("library/lakeside.md", "payer", "Lakeside Health", "Other")
    write.change(number, noted, Kept(), Kept(beside="Other"))
    print("written", flush=True)
    time.sleep(60)
"""
_APPLIES = """
import sys
from pathlib import Path
from index.home import Home
from index.opening import open_library
from ui.confirming.book import Book
from ui.confirming.checks import Change

home = Path(sys.argv[1])
with open_library(Home(home)) as library:
    Book(home).apply(library, [Change("library/lakeside.md", "payer", "Other")], what="test")
"""


def files(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "library").iterdir()}


def payer(home: Path) -> object:
    with open_library(Home(home)) as library:
        book = Book(home)
        (version,) = [v for v in library.versions.values() if v.document == LAKESIDE]
        known = book.known_of(version)["payer"]
        book.close()
        return known


def test_a_kill_between_the_sidecar_and_the_commit_leaves_no_half_of_an_edit(home: Path) -> None:
    before = files(home)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(home)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        assert files(home) != before  # the sidecar is there, the commit is not
        child.send_signal(signal.SIGKILL)
    told_in(home)  # as every sync does first
    assert files(home) == before
    assert payer(home) == "Lakeside Health"
    book = Book(home)
    assert book.edits() == []
    with open_library(Home(home)) as library:
        edit = book.apply(library, [Change(LAKESIDE, "payer", "Other")], what="test")
    assert edit is not None
    assert (edit.number, payer(home)) == (1, "Other")
    book.close()


def test_a_kill_of_one_of_several_servers_leaves_no_half_of_an_edit(
    home: Path, postgresql: Any
) -> None:
    (home / "settings.toml").write_text(postgresql.settings(postgresql.database()), "utf-8")
    before = files(home)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(home)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        assert files(home) != before
        child.send_signal(signal.SIGKILL)
    told_in(home)
    assert (files(home), payer(home)) == (before, "Lakeside Health")
    book = Book(home)
    assert book.edits() == []
    with open_library(Home(home)) as library:
        edit = book.apply(library, [Change(LAKESIDE, "payer", "Other")], what="test")
    assert edit is not None
    assert ([one.number for one in book.edits()], payer(home)) == ([edit.number], "Other")
    book.close()


@pytest.mark.parametrize(
    ("step", "known", "edits"),
    [("sidecars-written", "Lakeside Health", 0), ("edit-committed", "Other", 1)],
)
def test_a_power_cut_at_any_step_leaves_an_edit_made_and_noted_or_neither(
    home: Path, step: str, known: str, edits: int
) -> None:
    dies = {**os.environ, "CODEDESK_CRASH_AT": step}
    done = subprocess.run([sys.executable, "-c", _APPLIES, str(home)], env=dies, check=False)
    assert done.returncode == 137
    book = Book(home)
    assert len(book.edits()) == edits
    book.close()
    assert payer(home) == known
    assert not list(home.glob("sidecars-before*"))
