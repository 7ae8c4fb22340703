"""The command in a process of its own, on a home whose documents a test writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


class Command:
    """Runs `codedesk` with a home, and a folder of documents beside it."""

    def __init__(self, place: Path, models: Path) -> None:
        self.home = place / "home"
        self.folder = place / "policies"
        self.folder.mkdir()
        self.home.mkdir()
        (self.home / "models").symlink_to(models, target_is_directory=True)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            env={**os.environ, "CODEDESK_HOME": str(self.home)},
            capture_output=True,
            check=False,
        )

    def output(self, *arguments: str) -> str:
        """Standard output of a command that must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def json(self, *arguments: str) -> Any:
        return json.loads(self.output(*arguments, "--json"))

    def sync(self) -> Any:
        return self.json("sync", str(self.folder))

    def write(self, name: str, data: str | bytes) -> None:
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Command:
    """A command for the tests of one file; the file's own fixture fills the folder."""
    return Command(tmp_path_factory.mktemp("command"), models)
