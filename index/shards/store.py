"""The texts, versions, passages and code mentions of a generation, in one SQLite file.

The one place that is the truth: the lexical and dense indexes can be made again from it. Passages
are kept as spans of their version's text, never as a second copy of it.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec.json import Decoder

from corpus.codes import CodeMention, CodeSystem, covers, sort_key
from corpus.document import Document, Metadata, Page, Passage, Span
from corpus.packed import PackedBlocks, unpack
from index.home.durable import sqlite_uri
from index.recent import Recent
from index.shards.stored import Event, FileState, StoredMention, StoredPassage
from index.versions import Version, read_seen

# What the columns hold that are JSON.
METADATA = Decoder(Metadata)
_PAGES, _BLOCKS = Decoder(tuple[Page, ...]), Decoder(PackedBlocks)
_NUMBERS, _TEXTS = Decoder(tuple[int, ...]), Decoder(tuple[str, ...])
_WIDE = "system = ? AND low <> high AND low <= ? AND high >= ?"  # mentions that may cover a code


class Store:
    """A store, open for reading. Safe to share between threads. `close` it, or let it go."""

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
        self._texts: Recent[int, str] = Recent(64)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(sql, parameters)) as cursor:
            return cursor.fetchall()

    def versions(self) -> list[Version]:
        """Every version of every document, by document and ordinal."""
        rows = self.rows(
            "SELECT id, document, ordinal, sha256, format, metadata, first_seen, path,"
            " pages, needs_ocr, warnings FROM versions ORDER BY document, ordinal"
        )
        return [
            Version(
                id=row[0],
                document=row[1],
                ordinal=row[2],
                sha256=row[3],
                format=row[4],
                metadata=METADATA.decode(row[5]),
                seen=read_seen(row[6]),
                path=row[7],
                pages=_PAGES.decode(row[8]),
                needs_ocr=_NUMBERS.decode(row[9]),
                warnings=_TEXTS.decode(row[10]),
            )
            for row in rows
        ]

    def text(self, version: int) -> str:
        """A version's whole text; the last ones are kept. Raises KeyError."""
        return self._texts.get(version, lambda: self._read_text(version))

    def _read_text(self, version: int) -> str:
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
            blocks=unpack(_BLOCKS.decode(row[4])),
            pages=_PAGES.decode(row[5]),
            metadata=METADATA.decode(row[6]),
            needs_ocr=_NUMBERS.decode(row[7]),
            warnings=_TEXTS.decode(row[8]),
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
                    section=_TEXTS.decode(row[5]),
                    header=row[6],
                    context=row[7],
                    page=row[8],
                    page_label=row[9],
                ),
                sum=row[10],
            )

    def passages_by_version(self) -> list[tuple[int, int, int]]:
        """(version, its first passage, how many) by first passage: a version's ids follow on each
        other."""
        rows = self.rows(
            "SELECT version, min(id), count(*) FROM passages GROUP BY version ORDER BY 2"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def passages_naming(self, system: CodeSystem, code: str) -> list[int]:
        """The passages that name the code, or cover it by a range or a blanket rule, by id."""
        exact = self.rows(
            "SELECT DISTINCT passage FROM mentions"
            " WHERE system = ? AND code = ? AND coverage = 'exact'",
            (system.value, code),
        )
        key = sort_key(system, code)
        wide = self._mentions(f"WHERE {_WIDE}", (system.value, key, key))
        covering = {stored.passage for stored in wide if covers(stored.mention, system, code)}
        return sorted(covering.union(row[0] for row in exact))

    def mentions_of_code(self, system: CodeSystem, code: str) -> list[StoredMention]:
        """Every mention that names the code, or covers it by a range or a blanket rule."""
        key = sort_key(system, code)
        found = self._mentions(
            f"WHERE (system = ? AND code = ?) OR ({_WIDE})",
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

    def printed_codes(self) -> list[tuple[int, str]]:
        """(passage, code) for each code that a passage prints by itself, by passage."""
        return [
            (row[0], row[1])
            for row in self.rows(
                "SELECT DISTINCT passage, code FROM mentions WHERE coverage = 'exact'"
                " ORDER BY passage, code"
            )
        ]

    def passages_printing(self, codes: Sequence[str]) -> list[int]:
        """The passages that print any of these codes."""
        marks = ",".join("?" * len(codes))
        return [
            row[0]
            for row in self.rows(
                "SELECT DISTINCT passage FROM mentions WHERE coverage = 'exact'"
                f" AND code IN ({marks}) ORDER BY passage",
                codes,
            )
        ]

    def metadata_texts(self) -> dict[int, tuple[str, str]]:
        """(document, metadata as it is stored) of every version, by its id."""
        rows = self.rows("SELECT id, document, metadata FROM versions")
        return {row[0]: (row[1], row[2]) for row in rows}

    def events(self) -> list[Event]:
        """What earlier syncs saw, oldest first; none in a store that an older Codedesk made."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'events'"):
            return []
        rows = self.rows(
            "SELECT on_day, document, payer, what, detail, codes FROM events ORDER BY rowid"
        )
        return [
            Event(
                read_seen(row[0]),
                row[1],
                row[2],
                row[3],
                row[4],
                _TEXTS.decode(row[5]),
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
