"""Writes a catalogue: the one of the generation before is copied, changed, and made ready."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.json import decode, encode

from corpus.document import Document, Metadata
from index.editions.pairs import Pair
from index.embedded.catalogue import STATES, Catalogue
from index.shards.stored import Event, FileState, Seen

_SCHEMA = """
CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    sha256 BLOB NOT NULL, sidecar BLOB NOT NULL, format TEXT NOT NULL, seen NOT NULL,
    path TEXT, metadata TEXT NOT NULL, more INTEGER NOT NULL, needs_ocr TEXT,
    first INTEGER NOT NULL, passages INTEGER NOT NULL, mentions INTEGER NOT NULL, shard INTEGER
);
CREATE TABLE shards (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE files (
    document INTEGER PRIMARY KEY, folder TEXT NOT NULL, sha256 BLOB NOT NULL, sidecar BLOB NOT NULL,
    state INTEGER NOT NULL, reason TEXT, size INTEGER, changed INTEGER, inode INTEGER,
    sidecar_size INTEGER, sidecar_changed INTEGER
);
CREATE TABLE folders (name TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE events (
    on_day TEXT NOT NULL, document TEXT NOT NULL, payer TEXT, what TEXT NOT NULL,
    detail TEXT NOT NULL, codes TEXT NOT NULL
);
"""
# Passages, by the ids of the first and the last, whose section came into force on a day of its own.
_SECTIONS = """
CREATE TABLE IF NOT EXISTS sections (
    version INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    effective INTEGER NOT NULL
)
"""
# What a version's text says that a short form stands for; `key` and `stems` are what is looked up.
_SHORT_FORMS = """
CREATE TABLE IF NOT EXISTS short_forms (
    version INTEGER NOT NULL, short TEXT NOT NULL, long TEXT NOT NULL,
    key TEXT NOT NULL, stems TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS short_forms_of ON short_forms (version);
CREATE INDEX IF NOT EXISTS short_forms_by_key ON short_forms (key);
CREATE INDEX IF NOT EXISTS short_forms_by_stems ON short_forms (stems);
"""
# Documents by the keys that they share with what they may be versions of, and what was judged.
_EDITIONS = """
CREATE TABLE IF NOT EXISTS likeness (
    key INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (key, document)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pairs (
    earlier INTEGER NOT NULL, later INTEGER NOT NULL, pair TEXT NOT NULL,
    PRIMARY KEY (earlier, later)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS likeness_of ON likeness (document);
CREATE INDEX IF NOT EXISTS pairs_of ON pairs (later);
"""
# Whose what is that no version tells of: files that were not read, and documents that were removed
# (`gone`), of which events are kept. Only made where there is such a thing.
_AUDIENCES = """
CREATE TABLE IF NOT EXISTS audiences (
    document TEXT NOT NULL, gone INTEGER NOT NULL, conditions TEXT NOT NULL,
    PRIMARY KEY (document, gone)
) WITHOUT ROWID
"""
_SHARED_BY = 40  # a key that more documents have says nothing
# A file that lies where its document's name says needs no path of its own.
_PLAIN_PATHS = """
UPDATE versions SET path = NULL WHERE path IS NOT NULL AND path = (
    SELECT folders.path || substr(documents.name, length(folders.name) + 1)
    FROM documents JOIN folders
    ON folders.name = substr(documents.name, 1, instr(documents.name, '/') - 1)
    WHERE documents.id = versions.document)
"""
_HEAVY = ("found", "stated", "doubtful", "sections", "extra")  # of the metadata, kept with the text


class Holds(NamedTuple):
    """The id of a version's first passage, and how many passages and code mentions it has."""

    first: int
    passages: int
    mentions: int


class CatalogueWriter(Catalogue):
    """A catalogue that is being written, alone in its folder; `finish` makes it ready."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        super().__init__(path, writing=True)
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "secure_delete=ON"):
            self.rows(f"PRAGMA {pragma}")
        if is_new:
            self._connection.executescript(_SCHEMA)
        self.rows(_SECTIONS)
        self._connection.executescript(_SHORT_FORMS)
        self._connection.executescript(_EDITIONS)
        self.rows("BEGIN")
        self._removed = False
        self._documents = {name: number for number, name in self._named()}

    def _named(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT id, name FROM documents")

    def _document(self, name: str) -> int:
        number = self._documents.get(name)
        if number is None:
            number = self._documents[name] = max(self._documents.values(), default=0) + 1
            self.rows("INSERT INTO documents VALUES (?,?)", (number, name))
        return number

    def add_version(self, version: int, document: Document, seen: Seen, holds: Holds) -> None:
        light, is_all = _light(document.metadata)
        self.rows(
            "INSERT INTO versions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)",
            (
                version,
                self._document(document.id),
                seen.ordinal,
                bytes.fromhex(document.sha256),
                bytes.fromhex(seen.sidecar),
                document.format,
                _instant(seen.at),
                seen.path,
                light,
                not is_all or bool(document.pages or document.warnings),
                json.dumps(document.needs_ocr) if document.needs_ocr else None,
                *holds,
            ),
        )

    def rename_document(self, before: str, after: str) -> None:
        """Let a document, with all its versions and what was told of it, have another name."""
        number = self._documents.pop(before)
        self._documents[after] = number
        self.rows("UPDATE documents SET name = ? WHERE id = ?", (after, number))
        self.rows("UPDATE events SET document = ? WHERE document = ?", (after, before))
        if self.audiences(gone=False):
            self.rows(
                "UPDATE OR REPLACE audiences SET document = ? WHERE document = ?", (after, before)
            )

    def set_version(
        self, version: int, document: Document, sidecar: str, holds: Holds, *, path: str
    ) -> None:
        """Let a version have other metadata and passages; it is in no shard then."""
        light, is_all = _light(document.metadata)
        self.rows(
            "UPDATE versions SET path = ?, metadata = ?, more = ?, sidecar = ?, needs_ocr = ?,"
            " first = ?, passages = ?, mentions = ?, shard = NULL WHERE id = ?",
            (
                path,
                light,
                not is_all or bool(document.pages or document.warnings),
                bytes.fromhex(sidecar),
                json.dumps(document.needs_ocr) if document.needs_ocr else None,
                *holds,
                version,
            ),
        )

    def set_sections(self, version: int, sections: Iterable[tuple[int, int, date]]) -> None:
        """A version's sections with a day of their own: first and last passage, and the day."""
        self.rows("DELETE FROM sections WHERE version = ?", (version,))
        self._connection.executemany(
            "INSERT INTO sections VALUES (?,?,?,?)",
            ((version, first, last, day.toordinal()) for first, last, day in sections),
        )

    def set_short_forms(self, version: int, explained: Iterable[tuple[str, str, str]]) -> None:
        """What a version's text explains: short forms, what each stands for, and its stems."""
        self.rows("DELETE FROM short_forms WHERE version = ?", (version,))
        self._connection.executemany(
            "INSERT INTO short_forms VALUES (?,?,?,?,?)",
            ((version, short, long, short.lower(), stems) for short, long, stems in explained),
        )

    def set_keys(self, document: str, keys: Iterable[int]) -> None:
        """The keys of a document; what was judged of it before is forgotten."""
        number = self._document(document)
        self.rows("DELETE FROM likeness WHERE document = ?", (number,))
        self.rows("DELETE FROM pairs WHERE earlier = ?", (number,))
        self.rows("DELETE FROM pairs WHERE later = ?", (number,))
        self._connection.executemany(
            "INSERT INTO likeness VALUES (?,?)", ((key, number) for key in keys)
        )

    def sharing(self, document: str, keys: Iterable[int]) -> list[str]:
        """The other documents that share a key which not too many have."""
        found: set[str] = set()
        for key in keys:
            rows = self.rows(
                "SELECT name FROM likeness JOIN documents ON documents.id = likeness.document"
                " WHERE key = ? LIMIT ?",
                (key, _SHARED_BY + 1),
            )
            if len(rows) <= _SHARED_BY:
                found.update(row[0] for row in rows)
        return sorted(found - {document})

    def add_pair(self, pair: Pair) -> None:
        numbers = self._document(pair.earlier), self._document(pair.later)
        self.rows("REPLACE INTO pairs VALUES (?,?,?)", (*numbers, encode(pair).decode()))

    def drop_version(self, version: int) -> None:
        self.rows("DELETE FROM versions WHERE id = ?", (version,))
        self.rows("DELETE FROM sections WHERE version = ?", (version,))
        self.rows("DELETE FROM short_forms WHERE version = ?", (version,))
        self._removed = True

    def shard_of(self, version: int) -> int:
        """The number of the shard that holds a version. Raises KeyError."""
        rows = self.rows("SELECT shard FROM versions WHERE id = ?", (version,))
        if not rows or rows[0][0] is None:
            raise KeyError(version)
        return int(rows[0][0])

    def add_shard(self, name: str, versions: Sequence[int]) -> None:
        """A new shard, and the versions that it holds from now on."""
        ((number,),) = self.rows("SELECT coalesce(max(id), 0) + 1 FROM shards")
        self.rows("INSERT INTO shards VALUES (?,?)", (number, name))
        self._connection.executemany(
            "UPDATE versions SET shard = ? WHERE id = ?", ((number, v) for v in versions)
        )

    def rename_shard(self, number: int, name: str) -> None:
        self.rows("UPDATE shards SET name = ? WHERE id = ?", (name, number))

    def drop_shard(self, number: int) -> None:
        self.rows("DELETE FROM shards WHERE id = ?", (number,))

    def set_files(self, states: Iterable[FileState], before: Iterable[FileState] = ()) -> None:
        """What became of all files; only what differs from what stood here `before` is written."""
        wanted = {state.document: state for state in states}
        known = {state.document: state for state in before}
        for name in known.keys() - wanted.keys():
            self.rows("DELETE FROM files WHERE document = ?", (self._document(name),))
        self._connection.executemany(
            "REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            [
                _file_row(self._document(name), state)
                for name, state in wanted.items()
                if known.get(name) != state
            ],
        )

    def set_audiences(
        self, audiences: Mapping[str, Sequence[Sequence[str]]], *, gone: bool
    ) -> None:
        """Whose the files are that were not read, all of them; or the documents that went now."""
        if not gone and self.audiences(gone=False):
            self.rows("DELETE FROM audiences WHERE NOT gone")
        if not audiences:
            return
        self.rows(_AUDIENCES)
        self._connection.executemany(
            "REPLACE INTO audiences VALUES (?,?,?)",
            ((name, int(gone), json.dumps(of)) for name, of in audiences.items()),
        )

    def set_folders(self, folders: Mapping[str, str]) -> None:
        self.rows("DELETE FROM folders")
        self._connection.executemany("INSERT INTO folders VALUES (?,?)", folders.items())

    def move_folder(self, name: str, before: str, after: str) -> None:
        """Let a library folder, and what was read from it, lie elsewhere."""
        self.rows("UPDATE folders SET path = ? WHERE name = ?", (after, name))
        self.rows(
            "UPDATE versions SET path = ? || substr(path, ?) WHERE substr(path, 1, ?) = ?"
            " AND document IN (SELECT id FROM documents WHERE name LIKE ? || '/%')",
            (after, len(before) + 1, len(before), before, name),
        )

    def add_events(self, events: Iterable[Event]) -> None:
        self._connection.executemany(
            "INSERT INTO events VALUES (?,?,?,?,?,?)",
            (
                (e.at.isoformat(), e.document, e.payer, e.what, e.detail, json.dumps(e.codes))
                for e in events
            ),
        )

    def finish(self) -> None:
        """Commit. What was removed is overwritten, not only unlinked."""
        self.rows(_PLAIN_PATHS)
        gone = "NOT IN (SELECT document FROM versions)"
        self.rows(f"DELETE FROM likeness WHERE document {gone}")
        self.rows(f"DELETE FROM pairs WHERE earlier {gone} OR later {gone}")
        self.rows(
            "DELETE FROM documents WHERE id NOT IN (SELECT document FROM versions)"
            " AND id NOT IN (SELECT document FROM files)"
        )
        self.rows("COMMIT")
        if self._removed:
            self.rows("VACUUM")
        self.close()


def _instant(seen: date | datetime) -> int | str:
    return int(seen.timestamp()) if isinstance(seen, datetime) else seen.isoformat()


def _light(metadata: Metadata) -> tuple[str, bool]:
    """The metadata that fits in a line, and whether that is all of it."""
    whole = decode(encode(metadata))
    said = {name: value for name, value in whole.items() if value not in (None, [], {})}
    light = {name: value for name, value in said.items() if name not in _HEAVY}
    is_all = len(light) == len(said)
    if perhaps := [one for one in said.get("doubtful", ()) if one["field"] == "payer"]:
        light["doubtful"] = perhaps  # questions may name them
    return encode(light).decode(), is_all


def _file_row(document: int, state: FileState) -> tuple[Any, ...]:
    return (
        document,
        state.folder,
        bytes.fromhex(state.sha256),
        bytes.fromhex(state.sidecar),
        STATES.index(state.state),
        state.reason or None,
        *(state.stamp or (None,) * 5),
    )
