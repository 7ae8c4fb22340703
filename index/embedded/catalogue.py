"""The catalogue of a generation: its documents, their versions, files, folders and events, and
which shard holds which version. No text stands in it, so it is small and copied at every sync.

Sums are kept as bytes, days as numbers, and of the metadata what fits in a line: the rest (what was
found and where, keys that Codedesk does not use, pages, warnings) lies with the text, and `more`
says so.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec.json import Decoder

from corpus.document import Metadata
from index.audience.audiences import Held
from index.editions.pairs import Pair
from index.home.durable import sqlite_uri
from index.shards.stored import Event, FileState
from index.versions import read_seen

CATALOGUE = "catalogue.sqlite3"

STATES = ("indexed", "needs_ocr", "failed", "refused")
_METADATA, _PAIR = Decoder(Metadata), Decoder(Pair)
_COLUMNS = (
    "versions.id, documents.name, ordinal, sha256, format, seen, path, metadata, more,"
    " needs_ocr, first, passages, shard"
)
_FROM = "FROM versions JOIN documents ON documents.id = versions.document"


@dataclass(frozen=True, slots=True)
class Listed:
    """A version as the catalogue has it. `more`: pages, warnings or the rest of the metadata lie
    with the text. `path` is None where the file lies where its document's name says."""

    id: int
    document: str
    ordinal: int
    sha256: str
    format: str
    seen: date | datetime
    path: str | None
    metadata: Metadata
    more: bool
    needs_ocr: tuple[int, ...]
    first: int
    passages: int
    shard: int


class Catalogue:
    """A catalogue, open for reading. Safe to share between threads. `close` it, or let it go."""

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        mode = "rwc" if writing else "ro&immutable=1"
        self._connection = sqlite3.connect(
            f"{sqlite_uri(path.resolve())}?mode={mode}",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
        )
        self.close = weakref.finalize(self, self._connection.close)
        self.close.atexit = False  # other threads may still ask when the process ends
        self._lock = threading.Lock()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(sql, parameters)) as cursor:
            return cursor.fetchall()

    def versions(self) -> list[Listed]:
        """Every version of every document, by document and ordinal."""
        order = "ORDER BY documents.name, ordinal"
        return [_listed(row) for row in self.rows(f"SELECT {_COLUMNS} {_FROM} {order}")]

    def version(self, version: int) -> Listed:
        """Raises KeyError."""
        rows = self.rows(f"SELECT {_COLUMNS} {_FROM} WHERE versions.id = ?", (version,))
        if not rows:
            raise KeyError(version)
        return _listed(rows[0])

    def versions_of(self, documents: Iterable[str]) -> Iterator[Listed]:
        """All versions of some documents, by ordinal."""
        wanted = list(documents)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            yield from map(
                _listed,
                self.rows(
                    f"SELECT {_COLUMNS} {_FROM} WHERE versions.document IN"
                    f" (SELECT id FROM documents WHERE name IN ({marks})) ORDER BY ordinal",
                    part,
                ),
            )

    def columns(self) -> list[tuple[Any, ...]]:
        """(id, document, ordinal, when it was seen, metadata as JSON) of every version, by
        document and ordinal; much faster than all of it."""
        return self.rows(
            "SELECT versions.id, documents.name, ordinal, seen, metadata"
            f" {_FROM} ORDER BY documents.name, ordinal"
        )

    def sections(self) -> list[tuple[int, int, int, int]]:
        """(version, first passage, last passage, day as a number) of each section that came into
        force on a day of its own, by first passage."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'sections'"):
            return []  # written by an earlier Codedesk
        return [
            (row[0], row[1], row[2], row[3])
            for row in self.rows("SELECT * FROM sections ORDER BY first")
        ]

    @cached_property
    def _explains(self) -> bool:
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE name = 'short_forms'"))

    def short_forms(self, words: Sequence[str], stems: Sequence[str]) -> list[tuple[str, str, str]]:
        """The short forms that are one of some words in small letters, or that stand for some
        stems, each with what it stands for and its stems; what most versions say comes first."""
        if not self._explains:
            return []  # written by an earlier Codedesk
        by_key, by_stems = (",".join("?" * len(some)) for some in (words, stems))
        return [
            (row[0], row[1], row[2])
            for row in self.rows(
                "SELECT short, min(long), stems FROM short_forms"
                f" WHERE key IN ({by_key}) OR stems IN ({by_stems})"
                " GROUP BY short, stems ORDER BY count(*) DESC, short, stems",
                (*words, *stems),
            )
        ]

    def pairs(self) -> list[Pair]:
        """The documents that look like versions of one, or like one text under two names."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'pairs'"):
            return []  # written by an earlier Codedesk
        return [_PAIR.decode(row[0]) for row in self.rows("SELECT pair FROM pairs")]

    def audiences(self, *, gone: bool) -> dict[str, list[list[str]]]:
        """Whose the files are that were not read, by document, or the documents that are `gone`, as
        their metadata said: of each condition the groups, of which one is needed."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'audiences'"):
            return {}
        rows = self.rows("SELECT document, conditions FROM audiences WHERE gone = ?", (gone,))
        return {document: json.loads(conditions) for document, conditions in rows}

    def held(self) -> Held:
        """What there is, and whom its metadata say that it is for."""
        own: dict[str, list[list[str]]] = defaultdict(list)
        for name, groups in self.rows(
            "SELECT DISTINCT documents.name, json_extract(metadata, '$.groups')"
            f" {_FROM} WHERE metadata LIKE '%\"groups\":%'"
        ):
            if groups:
                own[name].append(json.loads(groups))
        for name, conditions in self.audiences(gone=False).items():
            own[name] += conditions
        return Held(
            names=frozenset(row[0] for row in self.rows("SELECT name FROM documents")),
            told=frozenset(row[0] for row in self.rows("SELECT DISTINCT document FROM events")),
            folders=tuple(self.folders()),
            own=dict(own),
            gone=self.audiences(gone=True),
        )

    def places(self) -> list[tuple[int, int, int, int]]:
        """(version, its first passage, how many, its shard) by first passage."""
        return [
            (row[0], row[1], row[2], row[3])
            for row in self.rows("SELECT id, first, passages, shard FROM versions ORDER BY first")
        ]

    def shards(self) -> dict[int, str]:
        """The names of the shards, by their numbers in this catalogue."""
        return dict(self.rows("SELECT id, name FROM shards ORDER BY id"))

    def divided_by(self, names: Set[str]) -> list[int]:
        """The numbers of the shards that hold some of these documents, and others."""
        sides: dict[int, set[bool]] = defaultdict(set)
        for shard, name in self.rows(
            f"SELECT DISTINCT shard, documents.name {_FROM} WHERE shard IS NOT NULL"
        ):
            sides[shard].add(name in names)
        return [shard for shard, both in sides.items() if len(both) > 1]

    def pages_to_read(self) -> set[str]:
        """The documents whose newest version has pages that hold an image and no text."""
        rows = self.rows(
            f"SELECT documents.name, ordinal, needs_ocr {_FROM} WHERE versions.document IN"
            " (SELECT document FROM versions WHERE needs_ocr IS NOT NULL) ORDER BY ordinal"
        )
        newest = {name: pages for name, _, pages in rows}
        return {name for name, pages in newest.items() if pages}

    def files(self) -> list[FileState]:
        """What became of every file, by document."""
        rows = self.rows(
            "SELECT documents.name, folder, sha256, sidecar, state, reason, size, changed, inode,"
            " sidecar_size, sidecar_changed FROM files JOIN documents"
            " ON documents.id = files.document ORDER BY documents.name"
        )
        return [
            FileState(
                row[0],
                row[1],
                row[2].hex(),
                row[3].hex(),
                STATES[row[4]],
                row[5] or "",
                () if row[6] is None else row[6:],
            )
            for row in rows
        ]

    def folders(self) -> Mapping[str, str]:
        """The library folders: name to path."""
        return dict(self.rows("SELECT name, path FROM folders ORDER BY name"))

    def events(self) -> list[Event]:
        """What earlier syncs saw, oldest first."""
        rows = self.rows(
            "SELECT on_day, document, payer, what, detail, codes FROM events ORDER BY rowid"
        )
        return [read_event(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many documents, versions, passages and code mentions there are."""
        ((documents, versions, passages, mentions),) = self.rows(
            "SELECT count(DISTINCT document), count(*), total(passages), total(mentions)"
            " FROM versions"
        )
        return {
            "documents": documents,
            "versions": versions,
            "passages": int(passages),
            "mentions": int(mentions),
        }


def read_event(row: Sequence[Any]) -> Event:
    """An event from the columns in which it is kept."""
    at, document, payer, what, detail, codes = row
    return Event(read_seen(at), document, payer, what, detail, tuple(json.loads(codes)))


def full_path(listed: Listed, folders: Mapping[str, str]) -> str:
    """Where the file of a version lies, or lay."""
    if listed.path is not None:
        return listed.path
    folder, _, inside = listed.document.partition("/")
    return str(Path(folders.get(folder, folder)) / inside)


def _listed(row: Sequence[Any]) -> Listed:
    return Listed(
        id=row[0],
        document=row[1],
        ordinal=row[2],
        sha256=row[3].hex(),
        format=row[4],
        seen=read_instant(row[5]),
        path=row[6],
        metadata=_METADATA.decode(row[7]),
        more=bool(row[8]),
        needs_ocr=tuple(json.loads(row[9])) if row[9] else (),
        first=row[10],
        passages=row[11],
        shard=row[12] or 0,
    )


def read_instant(kept: int | str) -> date | datetime:
    """When something was seen, as the catalogue keeps it: seconds, or a day where that is all that
    is known."""
    return read_seen(kept) if isinstance(kept, str) else datetime.fromtimestamp(kept, UTC)
