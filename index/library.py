"""The one object that everything above the index talks to: an open generation.

It never changes: what was read once can be kept. A new generation is a new Library. What stands
behind it (files on this machine) is nobody's business above.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeSystem
from corpus.document import Document
from index.errors import IndexMismatch
from index.filters import Allowed, Filters, Selection
from index.home import Home
from index.home.manifest import Manifest, check_file, read_manifest
from index.model.embedder import Embedding, Floats
from index.recent import Recent
from index.shards.dense import DenseIndex
from index.shards.exact import Scores, cosines
from index.shards.lexical import LexicalIndex, Ranked
from index.shards.places import Ids
from index.shards.shard import BULK, Shard, stems
from index.shards.store import Store
from index.shards.stored import Event, FileState, StoredMention, StoredPassage
from index.shards.tokens import Late, TokenIndex, TokenVectors
from index.versions import Term, Version, terms

STORE = "library.sqlite3"
WORDS = "words"
VECTORS = "vectors"
_STAYS = {"home", "generation", "warnings", "manifest"}  # what a closed one still tells
_READ_AT_ONCE = 64_000_000  # bytes of vectors that are compared with the manifest at every start


class Library:
    """An open generation, which owns all it opened. Safe to share between threads.

    Who opened it for itself closes it, or leaves its `with` block. One that is shared is let go
    instead: with the last one who holds it go its files, maps and all that was kept. So nothing
    that a library holds may hold the library.

    Raises DamagedIndex at once when a file is not what the manifest says: nothing damaged is
    parsed. `warnings` are sentences for those who read the answers: why an older generation
    answers, for one.
    """

    def __init__(self, home: Home, generation: int, *, warnings: tuple[str, ...] = ()) -> None:
        folder = home.folder(generation)
        self.home = home
        self.generation = generation
        self.warnings = warnings
        self.manifest: Manifest = read_manifest(folder)
        _check_files(folder, self.manifest)
        dimension, token_dimension = _dimensions(self.manifest)
        self.store = Store(folder / STORE)
        self._words = LexicalIndex(folder / WORDS)
        self._shards = [
            Shard(
                stem,
                dimension=dimension,
                token_dimension=token_dimension,
                how=self.manifest.searched.get(stem.name, {}),
            )
            for stem in stems(folder, list(self.manifest.files))
        ]
        self._vectors = DenseIndex([shard.dense for shard in self._shards], dimension=dimension)
        self._tokens = TokenIndex([shard.tokens for shard in self._shards])
        self._selections: Recent[Filters, Selection] = Recent(64)
        self._naming: Recent[tuple[CodeSystem, str], Ids] = Recent(64)

    def close(self) -> None:
        """Let go of every file, map and cache; a second time does nothing. Nothing can be asked of
        it any more: who shares it must not close it."""
        if "store" not in vars(self):
            return
        self.store.close()
        for shard in self._shards:
            shard.tokens.close()
        for name in vars(self).keys() - _STAYS:
            delattr(self, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @cached_property
    def versions(self) -> Mapping[int, Version]:
        """Every version of every document, by id."""
        return {version.id: version for version in self.store.versions()}

    @cached_property
    def terms(self) -> Mapping[int, Term]:
        """From when to when each version is in force, by version id."""
        return terms(self.versions.values())

    def select(self, filters: Filters) -> Selection:
        """The versions and passages that the filters leave; computed once for equal filters."""
        return self._selections.get(filters, lambda: self._selection(filters))

    def _selection(self, filters: Filters) -> Selection:
        chosen = frozenset(
            version.id
            for version in self.versions.values()
            if filters.pass_version(version, self.terms[version.id].status(filters.on))
        )
        left_out = frozenset(self.versions) - chosen
        documents = len({self.versions[version].document for version in chosen})
        if not left_out and not filters.codes:
            return Selection(chosen, left_out, documents, self.size, None)
        ids, of_version = self._passage_versions
        kept = np.isin(of_version, np.fromiter(chosen, np.int64, len(chosen)))
        passages = int(kept.sum())
        if filters.codes:
            kept &= np.isin(ids, self.store.passages_printing(filters.codes))
        allowed = Allowed.of(ids[kept])
        return Selection(chosen, left_out, documents, passages, allowed, some=bool(filters.codes))

    @cached_property
    def passage_counts(self) -> Mapping[int, int]:
        """How many passages each version has, by version id."""
        counted = {version: count for version, _, count in self.store.passages_by_version()}
        return {version: counted.get(version, 0) for version in self.versions}

    @cached_property
    def _passage_versions(self) -> tuple[Ids, NDArray[np.int64]]:
        """The ids of all passages, ascending, and each one's version."""
        rows = np.array(self.store.passages_by_version(), np.int64).reshape(-1, 3)
        versions, firsts, counts = rows.T
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
        return np.repeat(firsts, counts) + within, np.repeat(versions, counts)

    def by_words(
        self,
        weighted: Sequence[tuple[str, float]],
        selection: Selection,
        *,
        k: int,
        phrases: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> Ranked:
        """The best passages by BM25; see LexicalIndex.search."""
        return self._words.search(
            weighted, k=k, selection=selection, phrases=phrases, without=without
        )

    def matching_words(
        self,
        weighted: Sequence[tuple[str, float]],
        selection: Selection,
        *,
        phrases: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> Ids:
        """Every passage that `by_words` can find, in no order."""
        return self._words.matching(weighted, selection=selection, phrases=phrases, without=without)

    def by_meaning(
        self, vector: Floats, allowed: Allowed | None, *, k: int, exact: bool = False
    ) -> Ranked:
        """The best passages by cosine with a question's unit vector, shape (dimension,); see
        DenseIndex.search."""
        return self._vectors.search(vector, k=k, allowed=allowed, exact=exact)

    @property
    def approximate(self) -> bool:
        """Whether there are so many vectors that they are searched by codes of themselves."""
        return self._vectors.approximate

    def vectors(self, ids: Sequence[int] | Ids) -> Floats:
        """The vectors of passages, unit rows, shape (n, dimension)."""
        return self._vectors.vectors(ids)

    def cosines(self, ids: Sequence[int] | Ids, vector: Floats) -> Scores:
        """The cosine of each passage with a question's unit vector, as `by_meaning` has it."""
        return cosines(self.vectors(ids), vector)

    def late(self, question: Embedding, passages: Sequence[int]) -> Late:
        """Late interaction of a question's tokens with each passage; see TokenIndex.late."""
        weights = self._tokens.weights(question.ids)
        return self._tokens.late(question.tokens, weights, passages)

    def vectors_of(self, passage: int) -> tuple[Floats, TokenVectors]:
        """All vectors of a passage, for an equal one. Raises KeyError, DamagedIndex."""
        for shard in self._shards:
            (row,) = shard.places.rows([passage]).tolist()
            if row >= 0:
                entry = shard.entry(row)
                return entry.vector, entry.tokens
        raise KeyError(passage)

    def word_weight(self, word: str) -> float:
        """How telling an analysed word is here: the inverse document frequency of BM25."""
        frequency = self.word_frequency(word)
        return math.log1p((self.size - frequency + 0.5) / (frequency + 0.5))

    def word_frequency(self, word: str) -> int:
        """In how many passages an analysed word stands."""
        return self._words.document_frequency(word)

    def naming(self, system: CodeSystem, code: str, selection: Selection) -> list[StoredMention]:
        """Every mention that names or covers a code: exact, by a range, by a blanket rule."""
        within = set(self.passages_naming(system, code, selection).tolist())
        found = self.store.mentions_of_code(system, code)
        return [stored for stored in found if stored.passage in within]

    def passages_naming(self, system: CodeSystem, code: str, selection: Selection) -> Ids:
        """The passages that name or cover a code, by id; kept for the codes last asked for."""
        ids = self._naming.get((system, code), lambda: self._passages_naming(system, code))
        return ids if selection.allowed is None else ids[selection.allowed.among(ids)]

    def _passages_naming(self, system: CodeSystem, code: str) -> Ids:
        return np.array(self.store.passages_naming(system, code), np.int64)

    def mentions_of(self, passages: Sequence[int]) -> list[StoredMention]:
        """The codes that passages name."""
        return self.store.mentions_of(passages)

    def mentions_of_version(self, version: int) -> list[StoredMention]:
        """All codes, ranges and rules that a version names, in the order of its text."""
        return self.store.mentions_of_version(version)

    def events(self) -> list[Event]:
        """What earlier syncs removed, and the dates that people moved; oldest first."""
        return self.store.events()

    def allowed(self, selection: Selection) -> tuple[Ids, NDArray[np.int64]]:
        """The ids of the passages that a selection leaves, ascending, and each one's version."""
        ids, of_version = self._passage_versions
        if selection.allowed is None:
            return ids, of_version
        kept = selection.allowed.among(ids)
        return ids[kept], of_version[kept]

    @cached_property
    def printed_codes(self) -> tuple[Ids, NDArray[np.str_]]:
        """(passage, code) once for each code that a passage prints, by passage."""
        pairs = self.store.printed_codes()
        return np.array([p for p, _ in pairs], np.int64), np.array([c for _, c in pairs], np.str_)

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        """Passages by id, in the order asked for. Raises KeyError."""
        return self.store.passages(ids)

    def version_of(self, passages: Sequence[int]) -> list[int]:
        """The version of each passage. Raises KeyError."""
        ids, of_version = self._passage_versions
        at = np.searchsorted(ids, passages)
        if len(passages) and (at.max() >= len(ids) or (ids[at] != passages).any()):
            raise KeyError(passages)
        return [int(version) for version in of_version[at]]

    def passages_of(self, version: int) -> list[StoredPassage]:
        """A version's passages, in order."""
        return self.store.passages_of(version)

    def document(self, version: int) -> Document:
        """A version's document as it was read: text, structure, pages. Raises KeyError."""
        return self.store.document(version)

    def verify(self, passage: StoredPassage) -> bool:
        """Read the passage again from the stored document and compare it with its sum."""
        span = passage.content.span
        text = self.store.text(passage.version)[span.start : span.end]
        return text == passage.content.text and sha256(text.encode()).digest() == passage.sum

    def ids(self) -> Mapping[str, list[int]]:
        """The passage ids of each part of the index, as the part itself has them."""
        return {
            "passages": self._passage_versions[0].tolist(),
            "words": self._words.ids(),
            "vectors": self._vectors.ids(),
            "tokens": self._tokens.ids(),
        }

    def files(self) -> list[FileState]:
        """What became of every file at the last sync."""
        return self.store.files()

    @property
    def size(self) -> int:
        """How many passages there are."""
        return int(self.manifest.counts.get("passages", 0))


def _check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the manifest, on two cores: hashing lets other threads run.

    Where the rows of vectors are too many to be read at every start, their sizes are compared now
    and each row when it is first looked at. Raises DamagedIndex.
    """
    bulk = {name for name in manifest.files if name.endswith(BULK)}
    later = sum(manifest.files[name].size for name in bulk) > _READ_AT_ONCE
    with ThreadPoolExecutor(max_workers=2) as beside:
        checks = [
            beside.submit(check_file, folder, name, manifest, size_only=later and name in bulk)
            for name in manifest.files
        ]
        for check in checks:
            check.result()


def _dimensions(manifest: Manifest) -> tuple[int, int]:
    """Of passage vectors and of token vectors."""
    try:
        embedder = manifest.recipe["embedder"]
        return int(embedder["dimension"]), int(embedder["token_dimension"])
    except (KeyError, TypeError, ValueError) as error:
        raise IndexMismatch(
            f"Generation {manifest.generation} was made by another version of Codedesk. Make it "
            "anew with `codedesk sync --force`."
        ) from error
