"""A generation held open: pruning cannot take its files away from who copies it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO

from index.errors import IndexProblem
from index.home.home import Home
from index.home.manifest import NAME, Manifest, check_file, read_manifest


def hold(home: Home, opened: ExitStack) -> tuple[Manifest, dict[str, IO[bytes]]]:
    """The manifest of the current generation and all its files, open, by their names.

    Raises IndexProblem, OSError for one that is not whole.
    """
    while True:
        generation = home.current()
        folder = home.folder(generation)
        try:
            manifest = read_manifest(folder)
            held: dict[str, IO[bytes]] = {
                name: opened.enter_context((folder / name).open("rb"))
                for name in (NAME, *manifest.files)
            }
            for name in manifest.files:
                check_file(folder, name, manifest, size_only=True)
            return manifest, held
        except (IndexProblem, OSError):
            if home.current() == generation:
                raise
