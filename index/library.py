"""The one object that everything above the index talks to: an open generation.

It never changes: what was read once can be kept. A new generation is a new Library. What stands
behind it (files on this machine) is nobody's business above.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeSystem
from corpus.document import Document
from index.dense import DenseIndex, Ids
from index.embedder import Embedding, Floats
from index.errors import IndexMismatch, IndexProblem, NoIndex
from index.home import Home
from index.lexical import LexicalIndex, Ranked
from index.manifest import Manifest, check_file, read_manifest
from index.shards import PASSAGES, stems
from index.store import Store
from index.stored import Event, FileState, StoredMention, StoredPassage
from index.tokens import Late, TokenIndex, TokenShard, TokenVectors, project
from index.versions import Status, Term, Version, terms

_TRIES = 5  # to open the current generation while others are published
STORE = "library.sqlite3"
WORDS = "words"
VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may find. Empty tuples mean all. Payers, kinds and documents are compared
    without regard to case; a document may be given by its id or the end of it.

    `on` is the day that decides what is in force; `include_all` lets retired and future versions
    in. `years` are those of the effective date, None for no date; a payer or kind '' means none.
    `codes` are those that a passage must print, any of them.
    """

    on: date
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    include_all: bool = False
    statuses: tuple[Status, ...] = ()
    years: tuple[int | None, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """The versions and passages that filters leave. None: nothing is left out."""

    versions: frozenset[int]
    every: bool
    passages: Ids | None  # allowed passage ids; None where every one is
    some: bool = False  # only some passages of these versions are allowed


class Library:
    """An open generation. Safe to share between threads; close it when no one asks any more.

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
        for name in self.manifest.files:
            check_file(folder, name, self.manifest)
        self.store = Store(folder / STORE)
        self._words = LexicalIndex(folder / WORDS)
        shards = stems(folder, list(self.manifest.files))
        self._vectors = DenseIndex([stem.with_name(stem.name + PASSAGES) for stem in shards])
        dimension = _token_dimension(self.manifest)
        self._token_shards = [TokenShard(stem, dimension=dimension) for stem in shards]
        self._tokens = TokenIndex(self._token_shards)
        self._select = lru_cache(maxsize=64)(self._selection)

    def close(self) -> None:
        self.store.close()

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
        return self._select(filters)

    def _selection(self, filters: Filters) -> Selection:
        chosen = frozenset(
            version.id for version in self.versions.values() if self._passes(version, filters)
        )
        if len(chosen) == len(self.versions) and not filters.codes:
            return Selection(chosen, every=True, passages=None)
        ids, of_version = self._passage_versions
        allowed = np.isin(of_version, np.fromiter(chosen, np.int64, len(chosen)))
        if filters.codes:
            allowed &= np.isin(ids, self.store.passages_printing(filters.codes))
        return Selection(chosen, every=False, passages=ids[allowed], some=bool(filters.codes))

    def _passes(self, version: Version, filters: Filters) -> bool:
        metadata = version.metadata
        status = self.terms[version.id].status(filters.on)
        return (
            (filters.include_all or status in (Status.IN_FORCE, Status.UNDATED))
            and _one_of(metadata.payer, filters.payers)
            and _one_of(metadata.kind, filters.kinds)
            and (not filters.documents or any(is_named(version, d) for d in filters.documents))
            and (not filters.statuses or status in filters.statuses)
            and (not filters.years or year_of(version) in filters.years)
        )

    @cached_property
    def passage_counts(self) -> Mapping[int, int]:
        """How many passages each version has, by version id."""
        _, of_version = self._passage_versions
        found, counts = np.unique(of_version, return_counts=True)
        counted = dict(zip(found.tolist(), counts.tolist(), strict=True))
        return {version: counted.get(version, 0) for version in self.versions}

    @cached_property
    def _passage_versions(self) -> tuple[Ids, NDArray[np.int64]]:
        pairs = np.array(self.store.versions_of_passages(), np.int64).reshape(-1, 2)
        return pairs[:, 0].copy(), pairs[:, 1].copy()

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
        versions = None if selection.every else selection.versions
        passages = selection.passages if selection.some else None
        return self._words.search(
            weighted, k=k, versions=versions, passages=passages, phrases=phrases, without=without
        )

    def by_meaning(self, vector: Floats, selection: Selection, *, k: int) -> Ranked:
        """The best passages by cosine with a question's unit vector, shape (dimension,)."""
        return self._vectors.search(vector, k=k, allowed=selection.passages)

    def vectors(self, ids: Sequence[int]) -> Floats:
        """The vectors of passages, unit rows, shape (n, dimension)."""
        return self._vectors.vectors(ids)

    def late(self, question: Embedding, projection: Floats, passages: Sequence[int]) -> list[Late]:
        """Late interaction of a question's tokens with each passage; see TokenIndex.late."""
        weights = self._tokens.weights(question.ids)
        return self._tokens.late(project(question.tokens, projection), weights, passages)

    def vectors_of(self, passage: int) -> tuple[Floats, TokenVectors]:
        """All vectors of a passage, for an equal one. Raises KeyError."""
        (vector,) = self._vectors.vectors([passage])
        for shard in self._token_shards:
            if passage in shard:
                return vector, shard.tokens(passage)
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
        some = selection.passages if selection.some else None
        allowed = set(some.tolist()) if some is not None else set()
        return [
            stored
            for stored in self.store.mentions_of_code(system, code)
            if stored.version in selection.versions and (some is None or stored.passage in allowed)
        ]

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
        if selection.passages is None:
            return ids, of_version
        kept = np.isin(ids, selection.passages)
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
            "tokens": [identity for shard in self._token_shards for identity in shard.ids.tolist()],
        }

    def files(self) -> list[FileState]:
        """What became of every file at the last sync."""
        return self.store.files()

    @property
    def size(self) -> int:
        """How many passages there are."""
        return int(self.manifest.counts.get("passages", 0))


def open_library(home: Home) -> Library:
    """The current generation. Raises NoIndex, DamagedPointer, DamagedIndex, IndexMismatch."""
    for _ in range(_TRIES):
        current = home.current()
        try:
            return Library(home, current)
        except (IndexProblem, OSError):
            # Several newer ones may have been published, and this one pruned, while it was opened.
            if home.current() == current:
                raise
    return Library(home, home.current())


def open_last_good(home: Home, suits: Callable[[Library], None] = lambda library: None) -> Library:
    """The current generation or, where it is damaged or cannot be opened, the newest kept one that
    is whole, with a warning that says so. `suits` raises IndexProblem for one that will not do.

    Raises NoIndex, and the current generation's own problem when there is no other that serves.
    """
    current: int | None = None
    try:
        current = home.current()
        library = open_library(home)
        suits(library)
        return library
    except NoIndex:
        raise
    except (IndexProblem, OSError) as error:
        problem = error
    for number in _others(home, current):
        with suppress(IndexProblem, OSError):
            library = Library(home, number, warnings=(instead(problem, number),))
            suits(library)
            return library
    raise problem


def _others(home: Home, current: int | None) -> list[int]:
    """The kept generations but for the current one: those before it, newest first, then later
    ones, which somebody rolled back from."""
    kept = [number for number in reversed(home.kept()) if number != current]
    return sorted(kept, key=lambda number: current is not None and number > current)


def instead(problem: Exception, number: int) -> str:
    """A warning that this generation answers, and why."""
    what = str(problem)
    if isinstance(problem, OSError):
        what = f"The index cannot be opened: {problem.strerror or problem}."
    return f"An older state of the library answers, generation {number}. {what}"


def _token_dimension(manifest: Manifest) -> int:
    try:
        return int(manifest.recipe["embedder"]["token_dimension"])
    except (KeyError, TypeError, ValueError) as error:
        raise IndexMismatch(
            f"Generation {manifest.generation} was made by another version of Codedesk. Make it "
            "anew with `codedesk sync --force`."
        ) from error


def is_named(version: Version, name: str) -> bool:
    """Whether a person who writes `name` means this version's document."""
    wanted, known = name.casefold(), version.document.casefold()
    return known == wanted or known.endswith("/" + wanted)


def year_of(version: Version) -> int | None:
    """The year since which a version is in force, where it says so."""
    effective = version.metadata.effective
    return effective.year if effective else None


def _one_of(value: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or (value or "").casefold() in {name.casefold() for name in wanted}
