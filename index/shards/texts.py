"""The texts of a shard's versions, their structure, and what is known of each passage.

Passages are kept as spans of their version's text, never as a second copy of it. The passages of a
version have ids that follow on each other; versions lie in the order of their passages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.json import Decoder, encode
from numpy.typing import NDArray

from corpus.codes import CodeMention
from corpus.document import Block, Document, Metadata, Page, Passage, ScannedWord, Span
from corpus.packed import PackedBlocks, pack, unpack
from corpus.text.split import searched_text
from index.recent import Recent
from index.shards.arrays import read_arrays, write_arrays
from index.shards.places import Ids
from index.shards.records import ENDING, Records, RecordsWriter, overwrite
from index.shards.stored import StoredPassage, content_key

TEXTS = "texts.arrays"
_TEXT, _BLOCKS, _ABOUT, _PLACES = "text", "blocks", "about", "spots"
_PASSAGES = "passages"
_OF_VERSION = (_TEXT, _BLOCKS, _ABOUT, _PLACES)
_KEPT = 64  # texts
FILES = frozenset((TEXTS, *(f"{name}{ENDING}" for name in (*_OF_VERSION, _PASSAGES))))


class Known(Struct, frozen=True, omit_defaults=True):
    """What is known of a version beside its text."""

    metadata: Metadata
    pages: tuple[Page, ...] = ()
    needs_ocr: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    sketch: bytes = b""  # of the text; see index.editions.likeness


class _Laid(PackedBlocks, frozen=True, omit_defaults=True):
    """How a version's text is laid out: its blocks, and the words that were read from scans."""

    scanned: tuple[ScannedWord, ...] = ()


class _Held(Struct, frozen=True, array_like=True):
    """What is kept of a passage; `sum` is the sha-256 of its text."""

    start: int
    end: int
    page: int | None
    page_label: str | None
    section: tuple[str, ...]
    header: str
    context: str
    sum: bytes
    sure: float | None = None
    effective: date | None = None


_KNOWN, _HELD, _LAID = Decoder(Known), Decoder(_Held), Decoder(_Laid)


@dataclass(frozen=True, slots=True)
class Content:
    """One version with all that a shard holds of it but vectors, as it is written.

    `first` is the id of its first passage; `words` are what of each passage is searched, and
    `keys` their content keys.
    """

    version: int
    first: int
    records: Mapping[str, bytes]
    passages: Sequence[bytes]
    words: Sequence[str]
    keys: Sequence[bytes]
    mentions: Sequence[tuple[int, CodeMention]]

    @classmethod
    def of(
        cls,
        version: int,
        document: Document,
        first: int,
        passages: Sequence[Passage],
        mentions: Iterable[tuple[int, CodeMention]],
        sketch: bytes = b"",
    ) -> Content:
        about = Known(
            document.metadata, document.pages, document.needs_ocr, document.warnings, sketch
        )
        return cls(
            version=version,
            first=first,
            records={
                _TEXT: document.text.encode(),
                _BLOCKS: encode(_laid(document)),
                _ABOUT: encode(about),
                _PLACES: document.places,
            },
            passages=[_passage_record(passage) for passage in passages],
            words=[searched_text(passage) for passage in passages],
            keys=[content_key(passage) for passage in passages],
            mentions=sorted(mentions, key=lambda pair: (pair[0], pair[1].span)),
        )


class TextsWriter:
    """Writes texts and passages, version by version."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers = {name: RecordsWriter(folder / name) for name in (*_OF_VERSION, _PASSAGES)}
        self._versions: list[tuple[int, int, int, int]] = []
        self._keys: list[bytes] = []

    def add(self, content: Content, *, part: int) -> None:
        """`part` is that of the words into which this version's went."""
        for name in _OF_VERSION:
            self._writers[name].add(content.records[name])
        for record in content.passages:
            self._writers[_PASSAGES].add(record)
        self._versions.append((content.version, content.first, len(content.passages), part))
        self._keys += content.keys

    def finish(self) -> None:
        arrays: dict[str, NDArray[Any]] = {}
        for writer in self._writers.values():
            arrays |= writer.finish()
        rows = np.array(self._versions, np.int64).reshape(-1, 4)
        spans = (np.arange(first, first + count) for _, first, count, _ in rows.tolist())
        ids = np.concatenate([np.empty(0, np.int64), *spans])
        keys = np.frombuffer(b"".join(self._keys), ">u8").astype(np.uint64).reshape(-1, 2)
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        tables = {"versions": rows, "key_ids": ids[order], "keys": keys[order]}
        write_arrays(self._folder / TEXTS, {**arrays, **tables})


class Texts:
    """The open texts of a shard. Safe to share between threads. `close` them, or let them go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arrays = read_arrays(folder / TEXTS)
        self._rows: Ids = self._arrays["versions"]
        self._row = {version: at for at, version in enumerate(self._rows[:, 0].tolist())}
        self._firsts = np.ascontiguousarray(self._rows[:, 1])
        self._starts = np.r_[0, np.cumsum(self._rows[:, 2])]
        self._of_version = [name for name in _OF_VERSION if f"{name}_ends" in self._arrays]
        self._records = {
            name: Records(folder / name, self._arrays) for name in (*self._of_version, _PASSAGES)
        }
        self._texts: Recent[int, str] = Recent(_KEPT)

    def close(self) -> None:
        for records in self._records.values():
            records.close()

    @property
    def versions(self) -> list[int]:
        """The versions, in order of their passages."""
        return [version for version in self._row if version > 0]

    def passages_of(self, version: int) -> range:
        """The ids of a version's passages. Raises KeyError."""
        _, first, count, _ = self._rows[self._row[version]].tolist()
        return range(first, first + count)

    def part_of(self, version: int) -> int:
        """Which part of the words holds those of a version. Raises KeyError."""
        return int(self._rows[self._row[version], 3])

    def text(self, version: int) -> str:
        """A version's whole text; the last ones are kept. Raises KeyError, DamagedIndex."""
        return self._texts.get(version, lambda: self._record(_TEXT, version).decode())

    def blocks(self, version: int) -> tuple[Block, ...]:
        """Raises KeyError, DamagedIndex."""
        return unpack(_LAID.decode(self._record(_BLOCKS, version)))

    def scanned(self, version: int) -> tuple[ScannedWord, ...]:
        """Raises KeyError, DamagedIndex."""
        return _LAID.decode(self._record(_BLOCKS, version)).scanned

    def places(self, version: int) -> bytes:
        """Where its words stand, packed; b"" where nobody knows. Raises KeyError, DamagedIndex."""
        return self._record(_PLACES, version)

    def about(self, version: int) -> Known:
        """Raises KeyError, DamagedIndex."""
        return _KNOWN.decode(self._record(_ABOUT, version))

    def passage(self, version: int, passage: int) -> StoredPassage:
        """A passage of a version. Raises KeyError, DamagedIndex."""
        row = self._row[version]
        ordinal = passage - int(self._firsts[row])
        held = _HELD.decode(self._records[_PASSAGES].read(int(self._starts[row]) + ordinal))
        return StoredPassage(
            id=passage,
            version=version,
            ordinal=ordinal,
            content=Passage(
                span=Span(held.start, held.end),
                text=self.text(version)[held.start : held.end],
                section=held.section,
                header=held.header,
                context=held.context,
                page=held.page,
                page_label=held.page_label,
                sure=held.sure,
                effective=held.effective,
            ),
            sum=held.sum,
        )

    def with_keys(self, keys: NDArray[np.uint64]) -> Ids:
        """For each content key, two numbers, the id of a passage that has it; -1 for none."""
        held = self._arrays["keys"]
        if not len(held):
            return np.full(len(keys), -1, np.int64)
        at = np.minimum(np.searchsorted(held[:, 0], keys[:, 0]), len(held) - 1)
        found = (held[at] == keys).all(axis=1)
        return np.where(found, self._arrays["key_ids"][at], -1)

    def content(self, version: int, mentions: Sequence[tuple[int, CodeMention]]) -> Content:
        """A version as it is written to another shard. Raises KeyError, DamagedIndex."""
        ids = self.passages_of(version)
        passages = [self.passage(version, identity).content for identity in ids]
        at = int(self._starts[self._row[version]])
        return Content(
            version=version,
            first=ids.start,
            records={name: self._record(name, version) for name in _OF_VERSION},
            passages=[self._records[_PASSAGES].read(at + n) for n in range(len(ids))],
            words=[searched_text(passage) for passage in passages],
            keys=[content_key(passage) for passage in passages],
            mentions=mentions,
        )

    def words(self, version: int) -> list[tuple[int, str]]:
        """What of each passage of a version is searched, by the passage's id."""
        passages = (self.passage(version, identity) for identity in self.passages_of(version))
        return [(stored.id, searched_text(stored.content)) for stored in passages]

    def without(self, folder: Path, versions: Sequence[int]) -> None:
        """Write all but these versions into another folder. Theirs is overwritten where it stands:
        nothing of it stays readable, and the others keep their places."""
        gone = sorted(self._row[version] for version in versions)
        arrays: dict[str, NDArray[Any]] = {}
        for name in self._of_version:
            arrays |= overwrite(self._folder / name, folder / name, self._arrays, gone)
        starts = self._starts.tolist()
        lost = [n for row in gone for n in range(starts[row], starts[row + 1])]
        arrays |= overwrite(self._folder / _PASSAGES, folder / _PASSAGES, self._arrays, lost)
        rows = self._rows.copy()
        rows[gone, 0] = -rows[gone, 0]  # no version has such an id
        dead = np.concatenate([np.array(self.passages_of(version)) for version in versions])
        kept = ~np.isin(self._arrays["key_ids"], dead)
        tables = {
            "versions": rows,
            "key_ids": self._arrays["key_ids"][kept],
            "keys": self._arrays["keys"][kept],
        }
        write_arrays(folder / TEXTS, {**self._arrays, **arrays, **tables})

    def _record(self, name: str, version: int) -> bytes:
        if name not in self._records:
            return b""  # written before places were kept
        return self._records[name].read(self._row[version])


def _passage_record(passage: Passage) -> bytes:
    return encode(
        _Held(
            passage.span.start,
            passage.span.end,
            passage.page,
            passage.page_label,
            passage.section,
            passage.header,
            passage.context,
            sha256(passage.text.encode()).digest(),
            passage.sure,
            passage.effective,
        )
    )


def _laid(document: Document) -> _Laid:
    packed = pack(document.blocks)
    return _Laid(packed.headers, packed.blocks, document.scanned)
