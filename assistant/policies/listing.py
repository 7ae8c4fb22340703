"""Lists every passage that names or covers a code. The list is complete."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from assistant.policies.code_words import COVERAGES, how_named, is_slip, read_code
from corpus.codes import CodeSystem, Coverage, how_covers, normalise
from corpus.codes.relations import SHIPPED, Relation, related
from corpus.document import Span, page_at
from corpus.readers.draft import BAR
from corpus.text.sentences import sentences
from index.filters import Filters, Selection
from index.library import Library
from index.shards.stored import StoredMention, StoredPassage
from index.versions import Status, Term, Version


@dataclass(frozen=True, slots=True)
class Naming:
    """One place where a passage names or covers the code. Spans count in the document's text.

    `named` says how in words; `written` is what stands there; `probable` marks a slip read as it.
    """

    how: Coverage
    named: str
    written: str
    span: Span
    sentence: str
    sentence_span: Span
    page: int | None
    page_label: str | None
    probable: bool


@dataclass(frozen=True, slots=True)
class ListedPassage:
    """A passage with its namings, exact and telling ones first. `verified`: it was read again.

    `columns` names the columns of the table row that is the first naming's sentence.
    """

    passage: int
    section: tuple[str, ...]
    header: str
    span: Span
    text: str
    namings: tuple[Naming, ...]
    verified: bool
    columns: str = ""

    @property
    def how(self) -> Coverage:
        return self.namings[0].how


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A version of a document and its passages that name the code, exact first."""

    version: Version
    term: Term
    status: Status
    passages: tuple[ListedPassage, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """A version whose metadata declares the code. `in_text`: a passage of it names it, too."""

    version: Version
    term: Term
    status: Status
    in_text: bool


@dataclass(frozen=True, slots=True)
class SeeAlso:
    """A related code, and how many passages name or cover it under the same filters."""

    relation: Relation
    passages: int


@dataclass(frozen=True, slots=True)
class CodeListing:
    """All that the library says about a code. Documents come by payer, those with the code printed
    first. `left_out` counts the passages in versions that are not in force on `on`."""

    typed: str
    code: str
    system: CodeSystem
    slip: bool  # the code is not what was typed, but what was meant
    on: date
    documents: tuple[ListedDocument, ...]
    declared: tuple[Declared, ...]
    see_also: tuple[SeeAlso, ...]
    left_out: int

    def count(self, how: Coverage) -> int:
        """How many passages name the code in this way, at best."""
        return sum(p.how == how for listed in self.documents for p in listed.passages)

    @property
    def passages(self) -> int:
        return sum(len(listed.passages) for listed in self.documents)


def list_code(
    library: Library, typed: str, filters: Filters, *, relations: Sequence[Path] = (SHIPPED,)
) -> CodeListing:
    """The complete list. Raises CodedeskError for text that is not a code, BadMetadata for a
    wrong file of `relations`."""
    system, code = read_code(typed)
    selection = library.select(filters)
    found = library.naming(system, code, replace(filters, include_all=True))
    # Of a version in force, sections that are not are left out.
    left = {stored.passage for stored in library.naming(system, code, replace(filters, codes=()))}
    named = [s for s in found if s.version in selection.versions and s.passage in left]
    passages = _listed(library, named, system, code)
    with_code = {version for version, _ in passages}
    return CodeListing(
        typed=typed,
        code=code,
        system=system,
        slip=is_slip(typed, code),
        on=filters.on,
        documents=_documents(library, passages, filters.on),
        declared=tuple(_declared(library, selection, (system, code), with_code, filters.on)),
        see_also=tuple(_see_also(library, code, relations, filters)),
        left_out=len({s.passage for s in found} - {s.passage for s in named}),
    )


def sentence_at(passage: StoredPassage, start: int) -> Span:
    """The sentence of a passage that holds the character at `start`, in the document's text."""
    content = passage.content
    first = content.span.start
    for span in sentences(content.text):
        if start < first + span.end:
            return Span(first + span.start, first + span.end)
    return content.span


def _listed(
    library: Library, named: Iterable[StoredMention], system: CodeSystem, code: str
) -> list[tuple[int, ListedPassage]]:
    """(version, passage) for each passage with a naming, in the order of the library."""
    by_passage: dict[int, list[StoredMention]] = defaultdict(list)
    for stored in named:
        by_passage[stored.passage].append(stored)
    passages = [
        (passage.version, _passage(library, passage, by_passage[passage.id], system, code))
        for passage in library.passages(list(by_passage))
    ]
    return list(_with_columns(library, passages))


def _with_columns(
    library: Library, passages: Iterable[tuple[int, ListedPassage]]
) -> Iterator[tuple[int, ListedPassage]]:
    """A row says nothing without the names of its columns, which may stand pages before it."""
    blocks_of = cache(lambda version: library.document(version).blocks)
    for version, passage in passages:
        sentence = passage.namings[0].sentence_span
        columns = ""
        if BAR in passage.namings[0].sentence:
            blocks = blocks_of(version)
            at = bisect_right(blocks, sentence.start, key=lambda block: block.span.start) - 1
            columns = blocks[at].header if at >= 0 else ""
        yield version, replace(passage, columns=columns)


def _passage(
    library: Library,
    passage: StoredPassage,
    mentions: Sequence[StoredMention],
    system: CodeSystem,
    code: str,
) -> ListedPassage:
    namings = [_naming(library, passage, stored, system, code) for stored in mentions]
    content = passage.content
    return ListedPassage(
        passage=passage.id,
        section=content.section,
        header=content.header,
        span=content.span,
        text=content.text,
        namings=tuple(sorted(namings, key=_best_first)),
        verified=library.verify(passage),
    )


def _best_first(naming: Naming) -> tuple[int, bool, Span]:
    """Exact first; of those, a sentence that says something before a heading that only asks."""
    return COVERAGES.index(naming.how), naming.sentence.endswith("?"), naming.span


def _naming(
    library: Library, passage: StoredPassage, stored: StoredMention, system: CodeSystem, code: str
) -> Naming:
    mention = stored.mention
    how = how_covers(mention, system, code) or mention.coverage
    sentence = sentence_at(passage, mention.span.start)
    version = library.versions[passage.version]
    text = library.text(passage.version)
    page = page_at(version.pages, mention.span.start)
    return Naming(
        how=how,
        named=how_named(mention, how),
        written=mention.span.of(text),
        span=mention.span,
        sentence=sentence.of(text),
        sentence_span=sentence,
        page=page.number if page else None,
        page_label=page.label if page else None,
        probable=mention.probable,
    )


def _documents(
    library: Library, passages: Iterable[tuple[int, ListedPassage]], on: date
) -> tuple[ListedDocument, ...]:
    """By payer, payers and their documents in the order of their best passage, then by name."""
    of_version: dict[int, list[ListedPassage]] = defaultdict(list)
    for identity, passage in passages:
        of_version[identity].append(passage)
    listed = [
        ListedDocument(
            version=library.versions[identity],
            term=library.terms[identity],
            status=library.terms[identity].status(on),
            passages=tuple(sorted(held, key=lambda p: (COVERAGES.index(p.how), p.span))),
        )
        for identity, held in of_version.items()
    ]
    best: dict[str, int] = {}
    for document in listed:
        payer = _whose(document.version)
        best[payer] = min(best.get(payer, len(COVERAGES)), _rank(document))
    return tuple(sorted(listed, key=lambda document: _place(document, best)))


def _whose(version: Version) -> str:
    """All payers of a version: what several share stands apart from what one has alone."""
    return "; ".join(version.metadata.payers)


def _rank(document: ListedDocument) -> int:
    return COVERAGES.index(document.passages[0].how)


def _place(document: ListedDocument, best: dict[str, int]) -> tuple[int, bool, str, int, str, int]:
    """What documents are ordered by; those without a payer come after those with one."""
    version = document.version
    payer = _whose(version)
    rank = _rank(document)
    return best[payer], not payer, payer.casefold(), rank, version.document, -version.ordinal


def _declared(
    library: Library,
    selection: Selection,
    wanted: tuple[CodeSystem, str],
    with_code: set[int],
    on: date,
) -> Iterable[Declared]:
    for identity in sorted(selection.versions):
        version = library.versions[identity]
        if any(normalise(declared) == wanted for declared in version.metadata.codes):
            term = library.terms[identity]
            yield Declared(version, term, term.status(on), identity in with_code)


def _see_also(
    library: Library, code: str, relations: Sequence[Path], filters: Filters
) -> Iterable[SeeAlso]:
    for relation in related(code, relations):
        naming = library.naming(relation.system, relation.other, filters)
        yield SeeAlso(relation, len({stored.passage for stored in naming}))
