"""An index of the layouts before: one SQLite file of all texts, `library.sqlite3`. It is read once,
by the sync that makes it anew, for what the library folders no longer hold: earlier versions,
events, and the days on which versions were first seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec.json import Decoder

from corpus.document import Document, Metadata, Page
from corpus.packed import PackedBlocks, unpack
from index.embedded.catalogue import Listed, read_event
from index.embedded.generation import Generation
from index.home import Home
from index.home.durable import sqlite_uri
from index.home.manifest import check_file, read_manifest
from index.shards.stored import Event, FileState
from index.versions import read_seen

STORE = "library.sqlite3"
_METADATA, _PAGES, _BLOCKS = Decoder(Metadata), Decoder(tuple[Page, ...]), Decoder(PackedBlocks)
_COLUMNS = "id, document, ordinal, sha256, format, first_seen, path, metadata, needs_ocr"


def move_folders(folder: Path, moved: Mapping[str, str]) -> None:
    """Let library folders of a generation, by name, and what was read from them, lie elsewhere."""
    connection = sqlite3.connect(folder / STORE)
    with closing(connection), connection:
        for name, after in moved.items():
            rows = connection.execute("SELECT path FROM folders WHERE name = ?", (name,))
            for (before,) in rows.fetchall():
                connection.execute("UPDATE folders SET path = ? WHERE name = ?", (after, name))
                connection.execute(
                    "UPDATE versions SET path = ? || substr(path, ?)"
                    " WHERE substr(path, 1, ?) = ? AND document LIKE ? || '/%'",
                    (after, len(before) + 1, len(before), before, name),
                )


class Earlier:
    """A `Past` that nothing can be built upon but what it knows. Raises DamagedIndex."""

    generation: Generation | None = None

    def __init__(self, home: Home, number: int) -> None:
        folder = home.folder(number)
        self.manifest = read_manifest(folder)
        check_file(folder, STORE, self.manifest)
        path = sqlite_uri((folder / STORE).resolve())
        self._connection = sqlite3.connect(f"{path}?mode=ro&immutable=1", uri=True)
        self.close = self._connection.close

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters).fetchall()

    def folders(self) -> Mapping[str, str]:
        return dict(self._rows("SELECT name, path FROM folders ORDER BY name"))

    def files(self) -> list[FileState]:
        columns = "document, folder, sha256, sidecar, state, reason"
        return [FileState(*row) for row in self._rows(f"SELECT {columns} FROM files")]

    def events(self) -> list[Event]:
        """None in a store that was made before there were any."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'events'"):
            return []
        rows = self._rows(
            "SELECT on_day, document, payer, what, detail, codes FROM events ORDER BY rowid"
        )
        return [read_event(row) for row in rows]

    def audiences(self, *, gone: bool) -> Mapping[str, list[list[str]]]:
        """None: that Codedesk knew no groups."""
        return {}

    def pages_to_read(self) -> set[str]:
        newest = {listed.document: listed for listed in self.versions()}
        return {name for name, listed in newest.items() if listed.needs_ocr}

    def versions(self) -> Iterator[Listed]:
        rows = self._rows(f"SELECT {_COLUMNS} FROM versions ORDER BY document, ordinal")
        return map(_listed, rows)

    def versions_of(self, documents: Iterable[str]) -> Iterator[Listed]:
        wanted = set(documents)
        return (listed for listed in self.versions() if listed.document in wanted)

    def document(self, listed: Listed) -> Document:
        ((text, blocks, pages, warnings),) = self._rows(
            "SELECT text, blocks, pages, warnings FROM versions WHERE id = ?", (listed.id,)
        )
        return Document(
            id=listed.document,
            sha256=listed.sha256,
            format=listed.format,
            text=text,
            blocks=unpack(_BLOCKS.decode(blocks)),
            pages=_PAGES.decode(pages),
            metadata=listed.metadata,
            needs_ocr=listed.needs_ocr,
            warnings=tuple(json.loads(warnings)),
        )

    def codes(self, listed: Listed) -> tuple[str, ...]:
        rows = self._rows(
            "SELECT DISTINCT code FROM mentions WHERE version = ? AND coverage = 'exact'"
            " ORDER BY code",
            (listed.id,),
        )
        return tuple(row[0] for row in rows)


def _listed(row: Sequence[Any]) -> Listed:
    return Listed(
        id=row[0],
        document=row[1],
        ordinal=row[2],
        sha256=row[3],
        format=row[4],
        seen=read_seen(row[5]),
        path=row[6],
        metadata=_METADATA.decode(row[7]),
        more=True,
        needs_ocr=tuple(json.loads(row[8])),
        first=0,
        passages=0,
        shard=0,
    )
