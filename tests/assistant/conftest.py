"""A small library that is read, indexed and asked for real."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assistant.desk import Desk
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for growing.py beside the tests

MakeDesk = Callable[[Mapping[str, str]], Desk]


@pytest.fixture(scope="module")
def desk_of(
    tmp_path_factory: pytest.TempPathFactory, models: object, embedder: Embedder
) -> MakeDesk:
    """A desk whose library holds files of the given names and texts."""

    def make(documents: Mapping[str, str]) -> Desk:
        folder = tmp_path_factory.mktemp("desk")
        home = Home(folder / "home")
        home.make()
        if not home.models.exists():
            home.models.symlink_to(str(models), target_is_directory=True)
        library = folder / "library"
        library.mkdir()
        for name, text in documents.items():
            (library / name).write_text(text, "utf-8")
        settings = SyncSettings(workers=1)
        sync(home, [("small", library)], embedder=lambda: embedder, settings=settings)
        return Desk(home)

    return make
