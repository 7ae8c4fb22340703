"""Writes the store of a generation in the making: its tables, and what goes in and out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec.json import encode

from corpus.codes import CodeMention, bounds
from corpus.document import Document, Metadata, Passage
from corpus.packed import pack
from index.shards.store import Store
from index.shards.stored import Event, FileState, Seen, content_key

_SCHEMA = """
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, ordinal INTEGER NOT NULL,
    sha256 TEXT NOT NULL, sidecar TEXT NOT NULL, format TEXT NOT NULL, metadata TEXT NOT NULL,
    first_seen TEXT NOT NULL, path TEXT NOT NULL, pages TEXT NOT NULL, blocks TEXT NOT NULL,
    needs_ocr TEXT NOT NULL, warnings TEXT NOT NULL, text TEXT NOT NULL,
    UNIQUE (document, ordinal)
);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions (id),
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    section TEXT NOT NULL, header TEXT NOT NULL, context TEXT NOT NULL,
    page INTEGER, page_label TEXT, sum BLOB NOT NULL, embedded BLOB NOT NULL
);
CREATE INDEX passages_of_version ON passages (version, ordinal);
CREATE INDEX passages_by_content ON passages (embedded);
CREATE TABLE mentions (
    passage INTEGER NOT NULL REFERENCES passages (id), version INTEGER NOT NULL,
    system TEXT NOT NULL, code TEXT NOT NULL, last TEXT, coverage TEXT NOT NULL,
    probable INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    low TEXT NOT NULL, high TEXT NOT NULL
);
CREATE INDEX mentions_by_code ON mentions (system, code);
CREATE INDEX mentions_of_passage ON mentions (passage);
CREATE INDEX wide_mentions ON mentions (system, low) WHERE low <> high;
CREATE TABLE files (
    document TEXT PRIMARY KEY, folder TEXT NOT NULL, sha256 TEXT NOT NULL, sidecar TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE folders (name TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE);
"""
# What a sync saw that the versions cannot tell. Without a title or any text: what is removed from
# the library leaves none behind.
_EVENTS = """
CREATE TABLE IF NOT EXISTS events (
    on_day TEXT NOT NULL, document TEXT NOT NULL, payer TEXT, what TEXT NOT NULL,
    detail TEXT NOT NULL, codes TEXT NOT NULL
);
"""
_EVERYTHING = ("", "~")  # bounds of a rule that only `covers` can decide


class StoreWriter(Store):
    """A store that is being built, alone in its folder; `finish` makes it ready to be published."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        super().__init__(path, writing=True)
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "secure_delete=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        if is_new:
            self._connection.executescript(_SCHEMA)
        self._connection.executescript(_EVENTS)
        self._connection.execute("BEGIN")
        self._removed = False

    def add_version(self, version: int, document: Document, *, seen: Seen) -> None:
        self._connection.execute(
            "INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                version,
                document.id,
                seen.ordinal,
                document.sha256,
                seen.sidecar,
                document.format,
                _json(document.metadata),
                seen.at.isoformat(),
                seen.path,
                _json(document.pages),
                _json(pack(document.blocks)),
                _json(document.needs_ocr),
                _json(document.warnings),
                document.text,
            ),
        )

    def add_passages(self, version: int, first: int, passages: Sequence[Passage]) -> None:
        """Add a version's passages; ids count up from `first`."""
        self._connection.executemany(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    first + ordinal,
                    version,
                    ordinal,
                    passage.span.start,
                    passage.span.end,
                    _json(passage.section),
                    passage.header,
                    passage.context,
                    passage.page,
                    passage.page_label,
                    sha256(passage.text.encode()).digest(),
                    content_key(passage),
                )
                for ordinal, passage in enumerate(passages)
            ),
        )

    def add_mentions(self, version: int, mentions: Iterable[tuple[int, CodeMention]]) -> None:
        """Add code mentions, each with the id of the passage that holds its beginning."""
        self._connection.executemany(
            "INSERT INTO mentions VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    passage,
                    version,
                    mention.system.value,
                    mention.code,
                    mention.last,
                    mention.coverage,
                    int(mention.probable),
                    mention.span.start,
                    mention.span.end,
                    *(bounds(mention) or _EVERYTHING),
                )
                for passage, mention in mentions
            ),
        )

    def drop_version(self, version: int) -> None:
        for table, column in (("mentions", "version"), ("passages", "version"), ("versions", "id")):
            self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (version,))
        self._removed = True

    def drop_passages(self, version: int) -> None:
        for table in ("mentions", "passages"):
            self._connection.execute(f"DELETE FROM {table} WHERE version = ?", (version,))
        self._removed = True

    def set_metadata(self, version: int, metadata: Metadata, sidecar: str) -> None:
        self._connection.execute(
            "UPDATE versions SET metadata = ?, sidecar = ? WHERE id = ?",
            (_json(metadata), sidecar, version),
        )

    def set_files(self, files: Iterable[FileState]) -> None:
        """Replace what is known of all files."""
        self._connection.execute("DELETE FROM files")
        self._connection.executemany(
            "INSERT INTO files VALUES (?,?,?,?,?,?)",
            ((f.document, f.folder, f.sha256, f.sidecar, f.state, f.reason) for f in files),
        )

    def set_folders(self, folders: Mapping[str, str]) -> None:
        self._connection.execute("DELETE FROM folders")
        self._connection.executemany("INSERT INTO folders VALUES (?,?)", folders.items())

    def move_folder(self, name: str, before: str, after: str) -> None:
        """Let a library folder, and what was read from it, lie elsewhere."""
        self._connection.execute("UPDATE folders SET path = ? WHERE name = ?", (after, name))
        self._connection.execute(
            "UPDATE versions SET path = ? || substr(path, ?)"
            " WHERE substr(path, 1, ?) = ? AND document LIKE ? || '/%'",
            (after, len(before) + 1, len(before), before, name),
        )

    def add_events(self, events: Iterable[Event]) -> None:
        self._connection.executemany(
            "INSERT INTO events VALUES (?,?,?,?,?,?)",
            (
                (e.at.isoformat(), e.document, e.payer, e.what, e.detail, _json(e.codes))
                for e in events
            ),
        )

    def finish(self) -> None:
        """Commit. What was removed is overwritten, not only unlinked."""
        self._connection.execute("COMMIT")
        if self._removed:
            self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA optimize")
        self.close()


def _json(value: Any) -> str:
    return encode(value).decode()
