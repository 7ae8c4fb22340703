"""An index of the layout before there were shards: taken over by the next sync, nothing lost."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from msgspec.json import encode

from corpus.document import Block, BlockKind, Metadata, Span
from corpus.packed import pack
from index.errors import IndexMismatch
from index.home import Home
from index.home.generations import roll_back
from index.home.manifest import Manifest, measured
from index.model.embedder import Embedder
from index.opening import open_last_good
from index.sync import SyncSettings, sync

_SCHEMA = """
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, ordinal INTEGER NOT NULL,
    sha256 TEXT NOT NULL, sidecar TEXT NOT NULL, format TEXT NOT NULL, metadata TEXT NOT NULL,
    first_seen TEXT NOT NULL, path TEXT NOT NULL, pages TEXT NOT NULL, blocks TEXT NOT NULL,
    needs_ocr TEXT NOT NULL, warnings TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE mentions (version INTEGER NOT NULL, code TEXT NOT NULL, coverage TEXT NOT NULL);
CREATE TABLE files (
    document TEXT PRIMARY KEY, folder TEXT NOT NULL, sha256 TEXT NOT NULL, sidecar TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE folders (name TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE events (
    on_day TEXT NOT NULL, document TEXT NOT NULL, payer TEXT, what TEXT NOT NULL,
    detail TEXT NOT NULL, codes TEXT NOT NULL
);
"""
SEEN = {1: "2025-04-05", 2: "2025-04-05T12:00:00+00:00"}
_BEFORE = "Bill 0581T once per breast, as it was before."
_NOW = "# Cryoablation\n\nBill 0581T once per breast.\n"


@pytest.fixture
def folder(tmp_path: Path, write: Callable[[Path, str], Path]) -> Path:
    root = tmp_path / "policies"
    write(root / "cryo.md", _NOW)
    return root


@pytest.fixture(params=[1, 2])
def earlier(request: pytest.FixtureRequest, home: Path, folder: Path) -> Home:
    """A home as the versions before left it: a document with two versions, of which the first is
    nowhere else any more, and an event."""
    kept = Home(home)
    kept.make()
    place = kept.folder(7)
    place.mkdir()
    digest = hashlib.sha256(_NOW.encode()).hexdigest()
    with closing(sqlite3.connect(place / "library.sqlite3")) as store, store:
        store.executescript(_SCHEMA)
        for version, (sha256, seen, text) in enumerate(
            [("ab" * 32, "2024-02-03", _BEFORE), (digest, SEEN[request.param], _NOW)], 4
        ):
            store.execute(
                "INSERT INTO versions VALUES (?,?,?,?,'','md',?,?,?,'[]',?,'[]','[]',?)",
                (
                    version,
                    "policies/cryo.md",
                    version - 3,
                    sha256,
                    encode(Metadata("Cryoablation", payer="Alpha")).decode(),
                    seen,
                    str(folder / "cryo.md"),
                    encode(pack([Block(BlockKind.PARAGRAPH, Span(0, len(text)))])).decode(),
                    text,
                ),
            )
        store.execute(
            "INSERT INTO files VALUES ('policies/cryo.md', 'policies', ?, '', 'indexed', '')",
            (digest,),
        )
        store.execute("INSERT INTO folders VALUES ('policies', ?)", (str(folder.resolve()),))
        store.execute(
            "INSERT INTO events VALUES ('2025-01-02','policies/old.md','Beta','removed','',?)",
            (json.dumps(["19105"]),),
        )
    Manifest(
        generation=7,
        created="2025-04-05T00:00:00+00:00",
        recipe={},
        counts={"documents": 1, "versions": 2, "passages": 2, "mentions": 2},
        files={"library.sqlite3": measured(place / "library.sqlite3")},
        next_ids={"version": 6, "passage": 3},
        layout=request.param,
    ).write(place)
    kept.point_to(7)
    return kept


def test_before_the_sync_a_question_is_told_to_sync(earlier: Home) -> None:
    with pytest.raises(IndexMismatch, match=r"earlier Codedesk.*`codedesk sync`"):
        open_last_good(earlier)


def test_the_next_sync_makes_it_anew_and_keeps_versions_events_and_folders(
    earlier: Home, folder: Path, embedder: Embedder
) -> None:
    report = sync(
        earlier, [(None, folder)], embedder=lambda: embedder, settings=SyncSettings(workers=1)
    )
    assert report.rebuilt == "the index was made by an earlier Codedesk"
    assert (report.generation, report.unchanged, report.documents) == (8, 1, 1)
    with open_last_good(earlier) as library:
        first, second = library.versions.values()
        assert [first.id, second.id] == [4, 5]
        assert [first.first_seen, second.first_seen] == [date(2024, 2, 3), date(2025, 4, 5)]
        assert library.text(4) == _BEFORE
        assert library.passages_of(4)[0].content.text == _BEFORE
        assert [event.document for event in library.events()] == ["policies/old.md"]
        assert dict(library.folders()) == {"policies": str(folder.resolve())}
    again = sync(
        earlier, [(None, folder)], embedder=lambda: embedder, settings=SyncSettings(workers=1)
    )
    assert (again.rebuilt, again.published) == ("", False)
    with pytest.raises(IndexMismatch, match="earlier Codedesk"):
        roll_back(earlier, 7)
