"""What everything above the index talks to: one published, unchanging state of a library.

What stands behind it (files on this machine, or an engine elsewhere) is nobody's business above.
Filters travel as values; ids of passages are those of this state and of no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeSystem
from corpus.document import Document
from corpus.metadata.identity.names import Body
from index.audience.audiences import Audiences, Hidden
from index.audience.rules import Rules
from index.editions.pairs import Pair
from index.filters import Filters, Named, Selection
from index.model.embedder import Embedding, Floats
from index.shards.exact import Scores
from index.shards.lexical import Phrases, Ranked
from index.shards.places import Ids
from index.shards.stored import Event, FileState, StoredMention, StoredPassage
from index.shards.tokens import Late
from index.versions import Term, Version


@dataclass(frozen=True, slots=True)
class About:
    """How a state came to be. `recipe` is what shaped it; `counts` are those of its documents,
    versions, passages and mentions; `searched` says how the vectors of each part are searched."""

    created: str  # ISO 8601, UTC
    recipe: Mapping[str, Any]
    counts: Mapping[str, int]
    searched: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShortForm:
    """A short form that a document explains: DBS, deep brain stimulation; `stems` are the analysed
    words of `long`."""

    short: str
    long: str
    stems: str


class Library(Protocol):
    """An open library. It never changes: what was read once can be kept. Safe to share between
    threads. Who opened it for itself closes it, or leaves its `with` block.

    Whatever reads passages raises KeyError for an id that is not there, and DamagedIndex where what
    was written is not what is read.
    """

    @property
    def generation(self) -> int:
        """The number of the state that answers."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for those who read the answers: why an older state answers, for one."""

    @property
    def about(self) -> About: ...

    @property
    def size(self) -> int:
        """How many passages there are."""

    def close(self) -> None: ...

    @property
    def hidden(self) -> Hidden:
        """What was left out of it."""

    def audiences(self, rules: Rules) -> Audiences:
        """Whom its documents are for, under some rules."""

    def without(self, hidden: Hidden) -> Library:
        """The library as somebody has it who does not see what is hidden: whatever it is asked, it
        answers as if that had never been read. It keeps this one open."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *raised: object) -> None: ...

    # Documents

    @property
    def versions(self) -> Mapping[int, Version]:
        """Every version of every document, by id; by document and ordinal."""

    @property
    def terms(self) -> Mapping[int, Term]:
        """From when to when each version is in force, by version id."""

    @property
    def passage_counts(self) -> Mapping[int, int]:
        """How many passages each version has, by version id."""

    def pairs(self) -> list[Pair]:
        """The documents that look like versions of one, or like one text under two names."""

    @property
    def names(self) -> tuple[Body, ...]:
        """The names of payers that the library adds to those that everybody's know."""

    def payers(self) -> Mapping[str, frozenset[date | None]]:
        """The payers as they are written in the documents, "" for none, and the days on which their
        versions come into force, None for one that says no day. A document may be several's."""

    def perhaps_payers(self) -> frozenset[str]:
        """Who may be the payer of a document of which it is not known: found, and too little says
        so."""

    def of_payers(self, names: Set[str], *, perhaps: bool = False) -> frozenset[int]:
        """The ids of the versions of payers, whose names are given as they are written there; with
        `perhaps` of those whose payer is not known and may be one of them."""

    def short_forms(self, words: Sequence[str], stems: Sequence[str]) -> list[ShortForm]:
        """The short forms, explained in documents, that are one of some words (in small letters) or
        stand for one of some runs of stems; what most versions say first."""

    def titles(self) -> Mapping[str, str]:
        """The title of each document's newest version, by document."""

    def files(self) -> list[FileState]:
        """What became of every file at the last sync."""

    def folders(self) -> Mapping[str, str]:
        """The library folders: name to path."""

    def events(self) -> list[Event]:
        """What earlier syncs removed, and the dates that people moved; oldest first."""

    def document(self, version: int) -> Document:
        """A version's document as it was read: text, structure, pages, places."""

    def text(self, version: int) -> str:
        """A version's whole text."""

    # What filters leave

    def select(self, filters: Filters) -> Selection:
        """The versions that the filters leave, and how many documents and passages."""

    def allowed(self, filters: Filters) -> tuple[Ids, NDArray[np.int64]]:
        """The ids of the passages that filters leave, ascending, and each one's version."""

    # Passages

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        """Passages by id, in the order asked for."""

    def passages_of(self, version: int) -> list[StoredPassage]:
        """A version's passages, in order."""

    def version_of(self, passages: Sequence[int]) -> list[int]:
        """The version of each passage."""

    def verify(self, passage: StoredPassage) -> bool:
        """Read the passage again from the stored document and compare it with its sum."""

    # Search

    def by_words(
        self,
        weighted: Sequence[tuple[str, float]],
        filters: Filters,
        *,
        k: int,
        phrases: Phrases = (),
        without: Sequence[str] = (),
    ) -> Ranked:
        """The best passages by BM25; see LexicalIndex.search."""

    def matching_words(
        self,
        weighted: Sequence[tuple[str, float]],
        filters: Filters,
        *,
        phrases: Phrases = (),
        without: Sequence[str] = (),
    ) -> Ids:
        """Every passage that `by_words` can find, in no order."""

    def by_meaning(
        self,
        vector: Floats,
        filters: Filters,
        *,
        k: int,
        named: Named | None = None,
        exact: bool = False,
    ) -> Ranked:
        """The best passages by cosine with a question's unit vector, shape (dimension,); `named`
        narrows to those that name codes, `exact` looks at every vector as it was embedded."""

    @property
    def approximate(self) -> bool:
        """Whether there are so many vectors that they are searched by codes of themselves."""

    def vectors(self, ids: Sequence[int] | Ids) -> Floats:
        """The vectors of passages, unit rows, shape (n, dimension)."""

    def cosines(self, ids: Sequence[int] | Ids, vector: Floats) -> Scores:
        """The cosine of each passage with a question's unit vector, as `by_meaning` has it."""

    def late(
        self, question: Embedding, passages: Sequence[int], *, shares: Scores | None = None
    ) -> Late:
        """Late interaction of a question's tokens with each passage; see TokenIndex.late. Of what
        each token weighs by itself, `shares` count."""

    def word_weights(self, words: Sequence[str]) -> list[float]:
        """How telling analysed words are here: the inverse document frequency of BM25."""

    def word_frequencies(self, words: Sequence[str]) -> list[int]:
        """In how many passages analysed words stand: one call, however many they are."""

    # Codes

    def naming(self, system: CodeSystem, code: str, filters: Filters) -> list[StoredMention]:
        """Every mention that names or covers a code: exact, by a range, by a blanket rule."""

    def passages_naming(self, system: CodeSystem, code: str, filters: Filters) -> Ids:
        """The passages that name or cover a code, by id."""

    def mentions_of(self, passages: Sequence[int]) -> list[StoredMention]:
        """The codes that passages name."""

    def mentions_of_version(self, version: int) -> list[StoredMention]:
        """All codes, ranges and rules that a version names, in the order of its text."""

    @property
    def printed_codes(self) -> tuple[Ids, NDArray[np.str_]]:
        """(passage, code) once for each code that a passage prints, by passage."""
