"""What the library says about a code: every passage, and payer by payer."""

from __future__ import annotations

from datetime import date

from assistant.policies import listing, matrix
from corpus.codes import CodeSystem, Coverage
from corpus.document import Span
from ui.schema.documents import Document, document_of
from ui.schema.model import Model


class Naming(Model):
    """One place that names or covers the code. Spans count in the document's text; `written` is
    what stands there, `probable` marks a slip that was read as the code."""

    how: Coverage
    named: str
    written: str
    span: Span
    sentence: str
    page: int | None
    page_label: str | None
    probable: bool


class ListedPassage(Model):
    """A passage; page, sentence and how it is named are those of its first mention."""

    section: tuple[str, ...]
    header: str
    page: int | None
    page_label: str | None
    how: Coverage
    named: str
    sentence: str
    span: Span
    text: str
    mentions: tuple[Naming, ...]
    verified: bool


class ListedDocument(Model):
    document: Document
    passages: tuple[ListedPassage, ...]


class Declared(Model):
    """A document whose metadata declares the code. `in_text`: a passage of it names it, too."""

    document: Document
    in_text: bool


class SeeAlso(Model):
    """A related code, and how many passages name or cover it."""

    code: str
    kind: str
    reason: str
    source_url: str
    passages: int


class ListingCounts(Model):
    documents: int
    passages: int
    exact: int
    range: int
    blanket: int
    not_in_force: int


class Listing(Model):
    """All that the library says about a code. `slip`: the code is what was meant, not typed."""

    typed: str
    code: str
    system: CodeSystem
    slip: bool
    as_of: date
    counts: ListingCounts
    documents: tuple[ListedDocument, ...]
    declared: tuple[Declared, ...]
    see_also: tuple[SeeAlso, ...]


def listing_of(found: listing.CodeListing) -> Listing:
    return Listing(
        typed=found.typed,
        code=found.code,
        system=found.system,
        slip=found.slip,
        as_of=found.on,
        counts=ListingCounts(
            documents=len({listed.version.document for listed in found.documents}),
            passages=found.passages,
            exact=found.count("exact"),
            range=found.count("range"),
            blanket=found.count("blanket"),
            not_in_force=found.left_out,
        ),
        documents=tuple(
            ListedDocument(
                document=document_of(listed.version, listed.term, listed.status),
                passages=tuple(map(_passage, listed.passages)),
            )
            for listed in found.documents
        ),
        declared=tuple(
            Declared(document=document_of(one.version, one.term, one.status), in_text=one.in_text)
            for one in found.declared
        ),
        see_also=tuple(
            SeeAlso(
                code=see.relation.other,
                kind=see.relation.kind,
                reason=see.relation.reason,
                source_url=see.relation.source_url,
                passages=see.passages,
            )
            for see in found.see_also
        ),
    )


def _passage(passage: listing.ListedPassage) -> ListedPassage:
    first = passage.namings[0]
    return ListedPassage(
        section=passage.section,
        header=passage.header,
        page=first.page,
        page_label=first.page_label,
        how=first.how,
        named=first.named,
        sentence=first.sentence,
        span=passage.span,
        text=passage.text,
        mentions=tuple(map(Naming.like, passage.namings)),
        verified=passage.verified,
    )


class Word(Model):
    """A word of a sentence that states a position."""

    text: str
    span: Span


class Quote(Model):
    """A sentence word for word. `near` tells why this one: code, range, rule, service, nearby."""

    text: str
    words: tuple[Word, ...]
    section: tuple[str, ...]
    header: str
    page: int | None
    page_label: str | None
    span: Span
    near: str
    verified: bool


class Policy(Model):
    document: Document
    quotes: tuple[Quote, ...]


class Payer(Model):
    """`note` is a sentence where there is no policy; `disagreement` one where its documents use
    words of both sides."""

    payer: str
    policies: tuple[Policy, ...]
    note: str
    disagreement: str


class Matrix(Model):
    """What the documents on every payer say on a code, word for word. Whose words they are, the
    document tells (`written_by`, `about`)."""

    typed: str
    code: str
    system: CodeSystem
    slip: bool
    as_of: date
    payers: tuple[Payer, ...]


def matrix_of(found: matrix.Matrix) -> Matrix:
    return Matrix(
        typed=found.typed,
        code=found.code,
        system=found.system,
        slip=found.slip,
        as_of=found.on,
        payers=tuple(
            Payer(
                payer=row.payer,
                policies=tuple(map(_policy, row.policies)),
                note=row.note,
                disagreement=row.disagreement,
            )
            for row in found.rows
        ),
    )


def _policy(policy: matrix.PolicyPosition) -> Policy:
    return Policy(
        document=document_of(policy.version, policy.term, policy.status),
        quotes=tuple(map(Quote.like, policy.quotes)),
    )
