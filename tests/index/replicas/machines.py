"""Machines with a library each: homes that are asked and changed by processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from index.home import Home
from index.opening import open_last_good

FIRST = "Larch Health Plan covers cryotherapy of warts after two failed treatments."
SECOND = "Larch Health Plan covers cryotherapy of warts after one failed treatment."


@dataclass(frozen=True)
class Machine:
    """A home with its library, asked in processes of its own."""

    home: Path

    def run(self, *arguments: str, crash: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            env={**os.environ, "CODEDESK_HOME": str(self.home), "CODEDESK_CRASH_AT": crash},
            cwd="/",
            encoding="utf-8",
            capture_output=True,
            timeout=300,
        )

    def does(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def text(self) -> str:
        """What the document on warts says in the generation that answers."""
        with open_last_good(Home(self.home)) as library:
            version = max(v.id for v in library.versions.values() if "warts" in v.document)
            return library.text(version)

    def state(self) -> dict[str, str]:
        """The generation's files with what is in them."""
        home = Home(self.home)
        folder = home.folder(home.current())
        return {
            path.relative_to(folder).as_posix(): path.read_bytes().hex()
            for path in folder.rglob("*")
            if path.is_file()
        }


def machine_at(home: Path, models: Path) -> Machine:
    home.mkdir(mode=0o700, parents=True)
    (home / "models").symlink_to(models, target_is_directory=True)
    return Machine(home)


def bring(newer: Path, place: Path) -> None:
    """Let the place be as it is after the second generation."""
    shutil.rmtree(place)
    shutil.copytree(newer, place)


def page_of(text: str) -> str:
    return f"Warts\n\n{text}"
