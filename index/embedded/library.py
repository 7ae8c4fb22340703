"""The library on this machine: a generation's catalogue and shards, searched as one."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeSystem
from corpus.document import Document
from corpus.errors import CodedeskError
from corpus.metadata.identity.names import OWN_NAMES, Body, read_names
from index.audience.audiences import Audiences, Hidden
from index.audience.rules import Rules
from index.editions.decisions import Decisions
from index.editions.pairs import Pair
from index.editions.succession import Decided, chains
from index.embedded.columns import Columns, Mask, Terms
from index.embedded.generation import Generation, Lying
from index.embedded.ranges import Ranges, Sections
from index.embedded.seen import SeenGeneration
from index.embedded.versions import Versions
from index.errors import IndexProblem
from index.filters import Allowed, Filters, Named, Narrowed, Selection
from index.home import Home
from index.library import About, ShortForm
from index.model.embedder import Embedding, Floats
from index.recent import Recent
from index.shards.dense import DenseIndex
from index.shards.exact import Scores, cosines
from index.shards.lexical import LexicalIndex, Phrases, Ranked
from index.shards.places import Ids, distinct
from index.shards.shard import Shard
from index.shards.stored import Event, FileState, StoredMention, StoredPassage
from index.shards.tokens import Late, TokenIndex, TokenVectors
from index.versions import Term, Version

_STAYS = {"home", "generation", "warnings", "about", "hidden"}  # what a closed one still tells
_NONE = np.empty(0, np.int64)


class EmbeddedLibrary:
    """A `Library` over the files of a generation. Safe to share between threads.

    It owns all it opened. One that is shared is let go, not closed: with the last one who holds it
    go its files, maps and all that was kept. So nothing that a library holds may hold the library.

    Raises DamagedIndex at once when a file is not what the manifest says: nothing damaged is
    parsed. `lying` says what of the generation lies on this machine, where that is not all.
    """

    def __init__(
        self,
        home: Home,
        generation: int,
        *,
        warnings: tuple[str, ...] = (),
        lying: Lying | None = None,
    ) -> None:
        self.hidden = Hidden()
        self._decisions: Decided = {}
        self.names: tuple[Body, ...] = ()
        problems: list[str] = []
        opened = Generation(home, generation, lying=lying)
        try:
            self._decisions = Decisions(home).latest()
        except IndexProblem as problem:  # what nobody can read decides nothing, and is told
            problems.append(str(problem))
        try:
            self.names = read_names(home.path / OWN_NAMES)
        except CodedeskError as problem:
            problems.append(str(problem))
        self._open(opened, (*warnings, *problems))

    def _open(self, opened: Generation, warnings: tuple[str, ...]) -> None:
        """Open all that answers of a generation, whole or as somebody sees it."""
        manifest = opened.manifest
        self.home = opened.home
        self.generation = opened.number
        self.warnings = warnings
        self.about = About(
            created=manifest.created,
            recipe=manifest.recipe,
            counts=manifest.counts,
            searched={name: shard.searched for name, shard in manifest.shards.items()},
        )
        self._opened = opened
        self._catalogue = opened.catalogue
        self._shards = {number: opened.shard(number) for number in opened.here}
        shards = list(self._shards.values())
        for shard in shards:
            shard.open()
        self._words = LexicalIndex(opened.words())
        self._vectors = DenseIndex(
            [shard.vectors.dense for shard in shards], dimension=opened.sizes.dimension
        )
        self._tokens = TokenIndex([shard.vectors.tokens for shard in shards])
        self._narrowings: Recent[Filters, tuple[Selection, Narrowed]] = Recent(64)
        self._named: Recent[tuple[CodeSystem, str], Ids] = Recent(64)

    def audiences(self, rules: Rules) -> Audiences:
        return Audiences(self._catalogue.held(), rules)

    def without(self, hidden: Hidden) -> Self:
        if not hidden:
            return self
        seen = SeenGeneration(self._opened, hidden)
        library = object.__new__(type(self))
        library._decisions, library.names = self._decisions, self.names
        library.hidden = hidden
        try:
            library._open_of(self, seen)
        except BaseException:
            seen.close()
            raise
        seen.forget_words()
        return library

    def _open_of(self, whole: Self, seen: SeenGeneration) -> None:
        """Open what is seen of a whole library."""
        self._open(seen, whole.warnings)

    def close(self) -> None:
        """Let go of every file, map and cache; a second time does nothing. Nothing can be asked of
        it any more: who shares it must not close it."""
        if "_opened" not in vars(self):
            return
        self._opened.close()
        for name in vars(self).keys() - _STAYS:
            delattr(self, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        return int(self.about.counts.get("passages", 0))

    # Documents

    @cached_property
    def versions(self) -> Mapping[int, Version]:
        return Versions(self.home, self._opened, self._columns)

    @cached_property
    def terms(self) -> Mapping[int, Term]:
        return Terms(self._columns)

    @cached_property
    def passage_counts(self) -> Mapping[int, int]:
        return dict(zip(self._ranges.versions.tolist(), self._ranges.counts.tolist(), strict=True))

    @cached_property
    def _columns(self) -> Columns:
        return Columns.of(
            self._catalogue.columns(), chains(self.pairs(), self._decisions), self.names
        )

    def pairs(self) -> list[Pair]:
        return self._catalogue.pairs()

    def payers(self) -> Mapping[str, frozenset[date | None]]:
        return self._columns.payer_starts()

    def perhaps_payers(self) -> frozenset[str]:
        return frozenset().union(*self._columns.perhaps)

    def of_payers(self, names: Set[str], *, perhaps: bool = False) -> frozenset[int]:
        return self._columns.of_payers(names, perhaps=perhaps)

    def short_forms(self, words: Sequence[str], stems: Sequence[str]) -> list[ShortForm]:
        return [ShortForm(*row) for row in self._catalogue.short_forms(words, stems)]

    def titles(self) -> Mapping[str, str]:
        return dict(zip(self._columns.documents, self._columns.titles, strict=True))

    def files(self) -> list[FileState]:
        return self._catalogue.files()

    def folders(self) -> Mapping[str, str]:
        return self._catalogue.folders()

    def events(self) -> list[Event]:
        return self._catalogue.events()

    def document(self, version: int) -> Document:
        listed = self._catalogue.version(version)
        texts = self._shards[listed.shard].texts
        about = texts.about(version)
        return Document(
            id=listed.document,
            sha256=listed.sha256,
            format=listed.format,
            text=texts.text(version),
            blocks=texts.blocks(version),
            pages=about.pages,
            metadata=about.metadata,
            needs_ocr=about.needs_ocr,
            warnings=about.warnings,
            places=texts.places(version),
            scanned=texts.scanned(version),
        )

    def text(self, version: int) -> str:
        return self._shard_of(version).texts.text(version)

    # What filters leave

    def select(self, filters: Filters) -> Selection:
        return self._narrowing(filters)[0]

    def _narrowing(self, filters: Filters) -> tuple[Selection, Narrowed]:
        """Computed once for equal filters."""
        return self._narrowings.get(filters, lambda: self._narrowed(filters))

    def _narrowed(self, filters: Filters) -> tuple[Selection, Narrowed]:
        columns = self._columns
        passing = columns.passing(filters)
        passing[self._sections.rows[self._sections_left(filters)]] = True
        chosen = frozenset(columns.ids[passing].tolist())
        left_out = frozenset(columns.ids[~passing].tolist())
        documents = len({columns.documents[at] for at in np.flatnonzero(passing).tolist()})
        if not left_out and not filters.codes and not len(self._sections):
            narrowed = Narrowed(chosen, left_out, None)
            return Selection(chosen, documents, self.size), narrowed
        ids, of_version = self._passage_versions
        kept = np.isin(of_version, np.fromiter(chosen, np.int64, len(chosen)))
        some = self._keep_by_section(kept, filters)
        passages = int(kept.sum())
        if filters.codes:
            kept &= np.isin(ids, self._printing(filters.codes))
        allowed = Allowed.of(ids[kept])
        narrowed = Narrowed(chosen, left_out, allowed, some=some or bool(filters.codes))
        return Selection(chosen, documents, passages), narrowed

    def _keep_by_section(self, kept: NDArray[np.bool_], filters: Filters) -> bool:
        """Let `kept` hold, of passages in sections with a day of their own, those that the filters
        leave on their day. Gives whether any such passage is left out."""
        sections, let = self._sections, self._sections_left(filters)
        for start, stop, is_let in zip(sections.begins, sections.stops, let.tolist(), strict=True):
            kept[start:stop] = is_let
        return not let.all()

    def _sections_left(self, filters: Filters) -> Mask:
        """Which sections with a day of their own the filters leave."""
        columns, sections = self._columns, self._sections
        let = columns.standing(filters, sections.rows, sections.starts)
        return let & columns.named(filters)[sections.rows]

    def _printing(self, codes: Sequence[str]) -> Ids:
        return distinct(
            [
                shard.mentions.passages[shard.mentions.printing(codes)]
                for shard in self._shards.values()
            ]
        )

    def allowed(self, filters: Filters) -> tuple[Ids, NDArray[np.int64]]:
        ids, of_version = self._passage_versions
        allowed = self._narrowing(filters)[1].allowed
        if allowed is None:
            return ids, of_version
        kept = allowed.among(ids)
        return ids[kept], of_version[kept]

    # Passages

    @cached_property
    def _ranges(self) -> Ranges:
        return Ranges(self._catalogue.places())

    @cached_property
    def _passage_versions(self) -> tuple[Ids, NDArray[np.int64]]:
        """The ids of all passages, ascending, and each one's version."""
        return self._ranges.passages()

    @cached_property
    def _sections(self) -> Sections:
        ids = self._passage_versions[0]
        return Sections.of(self._catalogue.sections(), self._columns, ids)

    def _shard_of(self, version: int) -> Shard:
        return self._shards[self._ranges.shard_of[version]]

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        return [
            self._shards[shard].texts.passage(version, identity)
            for identity, version, shard in self._ranges.find(ids)
        ]

    def passages_of(self, version: int) -> list[StoredPassage]:
        if version not in self._ranges.shard_of:
            return []
        texts = self._shard_of(version).texts
        return [texts.passage(version, identity) for identity in texts.passages_of(version)]

    def version_of(self, passages: Sequence[int]) -> list[int]:
        return [version for _, version, _ in self._ranges.find(passages)]

    def verify(self, passage: StoredPassage) -> bool:
        span = passage.content.span
        text = self.text(passage.version)[span.start : span.end]
        return text == passage.content.text and sha256(text.encode()).digest() == passage.sum

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
        narrowed = self._narrowing(filters)[1]
        return self._words.search(
            weighted, k=k, selection=narrowed, phrases=phrases, without=without
        )

    def matching_words(
        self,
        weighted: Sequence[tuple[str, float]],
        filters: Filters,
        *,
        phrases: Phrases = (),
        without: Sequence[str] = (),
    ) -> Ids:
        narrowed = self._narrowing(filters)[1]
        return self._words.matching(weighted, selection=narrowed, phrases=phrases, without=without)

    def by_meaning(
        self,
        vector: Floats,
        filters: Filters,
        *,
        k: int,
        named: Named | None = None,
        exact: bool = False,
    ) -> Ranked:
        allowed = self._narrowing(filters)[1].allowed
        if named is not None:
            allowed = Allowed.of(self._naming_so_many(named, filters))
        return self._vectors.search(vector, k=k, allowed=allowed, exact=exact)

    def _naming_so_many(self, named: Named, filters: Filters) -> Ids:
        parts = [self.passages_naming(system, code, filters) for system, code in named.codes]
        ids, counts = np.unique(np.concatenate([_NONE, *parts]), return_counts=True)
        return np.asarray(ids[counts == named.count])

    @property
    def approximate(self) -> bool:
        return self._vectors.approximate

    def vectors(self, ids: Sequence[int] | Ids) -> Floats:
        return self._vectors.vectors(ids)

    def cosines(self, ids: Sequence[int] | Ids, vector: Floats) -> Scores:
        return cosines(self.vectors(ids), vector)

    def late(
        self, question: Embedding, passages: Sequence[int], *, shares: Scores | None = None
    ) -> Late:
        weights = self._tokens.weights(question.ids, shares)
        return self._tokens.late(question.tokens, weights, passages)

    def vectors_of(self, passage: int) -> tuple[Floats, TokenVectors]:
        """All vectors of a passage. Raises KeyError, DamagedIndex."""
        ((_, _, shard),) = self._ranges.find([passage])
        (entry,) = self._shards[shard].vectors.entries([passage])
        return entry.vector, entry.tokens

    def word_weights(self, words: Sequence[str]) -> list[float]:
        return [
            math.log1p((self.size - frequency + 0.5) / (frequency + 0.5))
            for frequency in self.word_frequencies(words)
        ]

    def word_frequencies(self, words: Sequence[str]) -> list[int]:
        return [self._words.document_frequency(word) for word in words]

    # Codes

    def naming(self, system: CodeSystem, code: str, filters: Filters) -> list[StoredMention]:
        allowed = self._narrowing(filters)[1].allowed
        found = [
            stored
            for shard in self._shards.values()
            for stored in self._mentions(shard, shard.mentions.naming(system, code))
        ]
        kept = np.ones(len(found), bool)
        if allowed is not None:
            kept = allowed.among(np.array([stored.passage for stored in found], np.int64))
        return sorted((one for one, is_in in zip(found, kept, strict=True) if is_in), key=_place)

    def passages_naming(self, system: CodeSystem, code: str, filters: Filters) -> Ids:
        ids = self._named.get((system, code), lambda: self._passages_naming(system, code))
        allowed = self._narrowing(filters)[1].allowed
        return ids if allowed is None else ids[allowed.among(ids)]

    def _passages_naming(self, system: CodeSystem, code: str) -> Ids:
        return distinct(
            [
                shard.mentions.passages[shard.mentions.naming(system, code)]
                for shard in self._shards.values()
            ]
        )

    def mentions_of(self, passages: Sequence[int]) -> list[StoredMention]:
        of_shard: dict[int, list[int]] = defaultdict(list)
        for identity, _, shard in self._ranges.find(passages):
            of_shard[shard].append(identity)
        found: list[StoredMention] = []
        for number, ids in of_shard.items():
            mentions = self._shards[number].mentions
            parts = [mentions.within(identity, identity + 1) for identity in sorted(set(ids))]
            found += self._mentions(self._shards[number], np.concatenate(parts))
        return sorted(found, key=_place)

    def mentions_of_version(self, version: int) -> list[StoredMention]:
        if version not in self._ranges.shard_of:
            return []
        shard = self._shard_of(version)
        ids = shard.texts.passages_of(version)
        return self._mentions(shard, shard.mentions.within(ids.start, ids.stop))

    def _mentions(self, shard: Shard, numbers: Ids) -> list[StoredMention]:
        read = shard.mentions.read(numbers)
        found = self._ranges.find([passage for passage, _ in read])
        return [
            StoredMention(passage, version, mention)
            for (passage, mention), (_, version, _) in zip(read, found, strict=True)
        ]

    @cached_property
    def printed_codes(self) -> tuple[Ids, NDArray[np.str_]]:
        parts = [shard.mentions.printed() for shard in self._shards.values()]
        passages = np.concatenate([_NONE, *(ids for ids, _ in parts)])
        codes = np.concatenate([np.empty(0, "U1"), *(printed for _, printed in parts)])
        if not len(codes):
            return passages, codes
        names, numbers = np.unique(codes, return_inverse=True)
        passages, numbers = np.divmod(np.unique(passages * len(names) + numbers), len(names))
        return passages, names[numbers]

    # For the doctor

    def ids(self) -> Mapping[str, list[int]]:
        """The passage ids of each part of the index, as the part itself has them."""
        texts = [shard.texts for shard in self._shards.values()]
        held = [passage for text in texts for v in text.versions for passage in text.passages_of(v)]
        return {
            "catalogue": self._passage_versions[0].tolist(),
            "passages": held,
            "words": self._words.ids(),
            "vectors": self._vectors.ids(),
            "tokens": self._tokens.ids(),
        }

    def counted(self) -> Mapping[str, int]:
        """How many documents, versions, passages and mentions there are, counted anew."""
        counts = self._catalogue.counts()
        return {**counts, "mentions": sum(len(s.mentions) for s in self._shards.values())}

    def mentions_without_passage(self) -> int:
        """How many code mentions name a passage that is not there; 0 in an index that is whole."""
        known = self._passage_versions[0]
        held = (shard.mentions.passages for shard in self._shards.values())
        return sum(int((~np.isin(passages, known)).sum()) for passages in held)


def in_order(mentions: Iterable[StoredMention]) -> list[StoredMention]:
    return sorted(mentions, key=_place)


def _place(stored: StoredMention) -> tuple[int, int, int]:
    return stored.version, stored.mention.span.start, stored.mention.span.end
