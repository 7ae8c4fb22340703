"""The texts, versions, passages and code mentions of a generation, in one SQLite file.

The one place that is the truth: the lexical and dense indexes can be made again from it. Passages
are kept as spans of their version's text, never as a second copy of it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from corpus.codes import CodeMention, CodeSystem, bounds, covers, sort_key
from corpus.document import Block, BlockKind, Document, FoundDate, Metadata, Page, Passage, Span
from corpus.split import embedded_text
from index.versions import Version

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


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage and where it comes from. `sum` is the sha-256 of its text when it was split."""

    id: int
    version: int
    ordinal: int
    content: Passage
    sum: bytes


@dataclass(frozen=True, slots=True)
class FileState:
    """What became of a file at the last sync. `state`: indexed, needs_ocr or failed."""

    document: str
    folder: str
    sha256: str
    sidecar: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """A document that a sync removed, or dates that a person moved. `what`: removed or dates;
    `detail` names the dates; `codes` are those that were named exactly."""

    on: date
    document: str
    payer: str | None
    what: str
    detail: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredMention:
    """A code mention and the passage that holds it; its span counts in the document's text."""

    passage: int
    version: int
    mention: CodeMention


def content_key(passage: Passage) -> bytes:
    """Equal for passages with equal vectors. It saves work; it never decides identity."""
    return blake2b(embedded_text(passage).encode(), digest_size=16).digest()


class Store:
    """A store, open for reading. Safe to share between threads."""

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        mode = "rwc" if writing else "ro&immutable=1"
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
        )
        self._lock = threading.Lock()
        self.text = lru_cache(maxsize=64)(self._read_text)

    def close(self) -> None:
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(sql, parameters)) as cursor:
            return cursor.fetchall()

    def versions(self) -> list[Version]:
        """Every version of every document, by document and ordinal."""
        rows = self.rows(
            "SELECT id, document, ordinal, sha256, format, metadata, first_seen, path,"
            " length(text), pages, needs_ocr, warnings FROM versions ORDER BY document, ordinal"
        )
        return [
            Version(
                id=row[0],
                document=row[1],
                ordinal=row[2],
                sha256=row[3],
                format=row[4],
                metadata=_metadata(row[5]),
                first_seen=date.fromisoformat(row[6]),
                path=row[7],
                characters=row[8],
                pages=_pages(row[9]),
                needs_ocr=tuple(json.loads(row[10])),
                warnings=tuple(json.loads(row[11])),
            )
            for row in rows
        ]

    def _read_text(self, version: int) -> str:
        """A version's whole text. Raises KeyError."""
        rows = self.rows("SELECT text FROM versions WHERE id = ?", (version,))
        if not rows:
            raise KeyError(version)
        return str(rows[0][0])

    def document(self, version: int) -> Document:
        """A version as it was read from its file. Raises KeyError."""
        rows = self.rows(
            "SELECT document, sha256, format, text, blocks, pages, metadata, needs_ocr, warnings"
            " FROM versions WHERE id = ?",
            (version,),
        )
        if not rows:
            raise KeyError(version)
        row = rows[0]
        return Document(
            id=row[0],
            sha256=row[1],
            format=row[2],
            text=row[3],
            blocks=_blocks(row[4]),
            pages=_pages(row[5]),
            metadata=_metadata(row[6]),
            needs_ocr=tuple(json.loads(row[7])),
            warnings=tuple(json.loads(row[8])),
        )

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        """These passages, in the order asked for. Raises KeyError for an unknown one."""
        found: dict[int, StoredPassage] = {}
        for start in range(0, len(ids), 500):
            part = list(ids[start : start + 500])
            marks = ",".join("?" * len(part))
            for passage in self._passages(f"WHERE id IN ({marks})", part):
                found[passage.id] = passage
        return [found[identity] for identity in ids]

    def passages_of(self, version: int) -> list[StoredPassage]:
        """A version's passages, in order."""
        return list(self._passages("WHERE version = ? ORDER BY ordinal", (version,)))

    def _passages(self, where: str, parameters: Sequence[Any]) -> Iterator[StoredPassage]:
        rows = self.rows(
            "SELECT id, version, ordinal, start, stop, section, header, context, page, page_label,"
            f" sum FROM passages {where}",
            parameters,
        )
        for row in rows:
            yield StoredPassage(
                id=row[0],
                version=row[1],
                ordinal=row[2],
                content=Passage(
                    span=Span(row[3], row[4]),
                    text=self.text(row[1])[row[3] : row[4]],
                    section=tuple(json.loads(row[5])),
                    header=row[6],
                    context=row[7],
                    page=row[8],
                    page_label=row[9],
                ),
                sum=row[10],
            )

    def versions_of_passages(self) -> list[tuple[int, int]]:
        """(passage, version) for all passages, by passage."""
        return [
            (row[0], row[1]) for row in self.rows("SELECT id, version FROM passages ORDER BY id")
        ]

    def mentions_of_code(self, system: CodeSystem, code: str) -> list[StoredMention]:
        """Every mention that names the code, or covers it by a range or a blanket rule."""
        key = sort_key(system, code)
        found = self._mentions(
            "WHERE (system = ? AND code = ?)"
            " OR (system = ? AND low <> high AND low <= ? AND high >= ?)",
            (system.value, code, system.value, key, key),
        )
        return [stored for stored in found if covers(stored.mention, system, code)]

    def mentions_of(self, passages: Sequence[int]) -> list[StoredMention]:
        """The mentions in these passages, in order."""
        marks = ",".join("?" * len(passages))
        return self._mentions(f"WHERE passage IN ({marks})", list(passages))

    def mentions_of_version(self, version: int) -> list[StoredMention]:
        """All mentions in a version, in the order of its text."""
        return self._mentions(
            "WHERE passage IN (SELECT id FROM passages WHERE version = ?)", (version,)
        )

    def metadata(self) -> dict[int, tuple[str, Metadata]]:
        """(document, metadata) of every version, by its id."""
        rows = self.rows("SELECT id, document, metadata FROM versions")
        return {row[0]: (row[1], _metadata(row[2])) for row in rows}

    def events(self) -> list[Event]:
        """What earlier syncs saw, oldest first; none in a store that an older Codedesk made."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'events'"):
            return []
        rows = self.rows(
            "SELECT on_day, document, payer, what, detail, codes FROM events ORDER BY rowid"
        )
        return [
            Event(
                date.fromisoformat(row[0]),
                row[1],
                row[2],
                row[3],
                row[4],
                tuple(json.loads(row[5])),
            )
            for row in rows
        ]

    def _mentions(self, where: str, parameters: Sequence[Any]) -> list[StoredMention]:
        rows = self.rows(
            "SELECT passage, version, system, code, last, coverage, probable, start, stop"
            f" FROM mentions {where} ORDER BY version, start, stop",
            parameters,
        )
        return [
            StoredMention(
                row[0],
                row[1],
                CodeMention(
                    code=row[3],
                    system=CodeSystem(row[2]),
                    span=Span(row[7], row[8]),
                    coverage=row[5],
                    last=row[4],
                    probable=bool(row[6]),
                ),
            )
            for row in rows
        ]

    def files(self) -> list[FileState]:
        """What became of every file, by document id."""
        rows = self.rows(
            "SELECT document, folder, sha256, sidecar, state, reason FROM files ORDER BY document"
        )
        return [FileState(*row) for row in rows]

    def folders(self) -> Mapping[str, str]:
        """The library folders: name to path."""
        return dict(self.rows("SELECT name, path FROM folders ORDER BY name"))

    def passage_with_content(self, key: bytes) -> int | None:
        """A passage whose embedded text has this content key, if there is one."""
        rows = self.rows("SELECT id FROM passages WHERE embedded = ? LIMIT 1", (key,))
        return int(rows[0][0]) if rows else None

    def mentions_without_passage(self) -> int:
        """How many code mentions name a passage that is not there; 0 in a store that is whole."""
        ((lost,),) = self.rows(
            "SELECT count(*) FROM mentions WHERE passage NOT IN (SELECT id FROM passages)"
        )
        return int(lost)

    def counts(self) -> dict[str, int]:
        """How many documents, versions, passages and code mentions there are."""
        ((documents, versions),) = self.rows(
            "SELECT count(DISTINCT document), count(*) FROM versions"
        )
        ((passages,),) = self.rows("SELECT count(*) FROM passages")
        ((mentions,),) = self.rows("SELECT count(*) FROM mentions")
        return {
            "documents": documents,
            "versions": versions,
            "passages": passages,
            "mentions": mentions,
        }


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
                _metadata_json(document.metadata),
                seen.on.isoformat(),
                seen.path,
                json.dumps([[page.number, page.start, page.label] for page in document.pages]),
                _blocks_json(document.blocks),
                json.dumps(document.needs_ocr),
                json.dumps(document.warnings),
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
                    json.dumps(passage.section, ensure_ascii=False),
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
            (_metadata_json(metadata), sidecar, version),
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
                (e.on.isoformat(), e.document, e.payer, e.what, e.detail, json.dumps(e.codes))
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


@dataclass(frozen=True, slots=True)
class Seen:
    """When and where a version was first read. `sidecar` is the sum of its metadata file, or ''."""

    ordinal: int
    on: date
    path: str
    sidecar: str


def _metadata_json(metadata: Metadata) -> str:
    return json.dumps(asdict(metadata), default=str, ensure_ascii=False)


def _metadata(text: str) -> Metadata:
    raw = json.loads(text)
    for name in ("effective", "retired", "reviewed", "retrieved"):
        raw[name] = date.fromisoformat(raw[name]) if raw[name] else None
    raw["codes"] = tuple(raw["codes"])
    raw["found"] = tuple(
        FoundDate(**{**found, "value": date.fromisoformat(found["value"])})
        for found in raw["found"]
    )
    return Metadata(**raw)


def _pages(text: str) -> tuple[Page, ...]:
    return tuple(Page(number, start, label) for number, start, label in json.loads(text))


def _blocks_json(blocks: Sequence[Block]) -> str:
    """Headers repeat for every row of a table, so each is written once and named by its number."""
    headers = list(dict.fromkeys(block.header for block in blocks))
    place = {header: number for number, header in enumerate(headers)}
    return json.dumps(
        {
            "headers": headers,
            "blocks": [
                [b.kind.value, b.span.start, b.span.end, b.level, place[b.header]] for b in blocks
            ],
        }
    )


def _blocks(text: str) -> tuple[Block, ...]:
    raw = json.loads(text)
    return tuple(
        Block(BlockKind(kind), Span(start, end), level, raw["headers"][header])
        for kind, start, end, level, header in raw["blocks"]
    )
