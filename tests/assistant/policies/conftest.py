"""A library of a few policies that a test writes, read by the real sync with the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.text.lengths import Lengths
from index.home import Home
from index.library import Library
from index.model.embedder import Embedder
from index.opening import open_library
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport


class Shelf:
    """A folder of documents and the home that is made from it."""

    def __init__(self, folder: Path, home: Home, embedder: Embedder) -> None:
        self.folder = folder
        self.home = home
        self._embedder = embedder

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def policy(self, name: str, body: str, **metadata: str) -> None:
        """A Markdown document with front matter; its first heading is its title."""
        front = "".join(f"{key}: {value}\n" for key, value in metadata.items())
        self.write(name, f"---\n{front}---\n{body}\n")

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def sync(self, *, force: bool = False) -> SyncReport:
        return sync(
            self.home,
            [("policies", self.folder)],
            embedder=lambda: self._embedder,
            settings=SyncSettings(lengths=Lengths(), workers=1, force=force),
        )

    def library(self) -> Library:
        """What the last sync published."""
        return open_library(self.home)

    def read(self) -> Library:
        """Sync, then open."""
        report = self.sync()
        assert not report.failed, report.failed
        return self.library()


@pytest.fixture
def shelf(tmp_path: Path, embedder: Embedder) -> Shelf:
    """An empty shelf."""
    folder = tmp_path / "policies"
    folder.mkdir()
    return Shelf(folder, Home(tmp_path / "home"), embedder)
