"""An answer and its citations; what a search finds is told the same way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import asdict

from assistant import answer as domain
from assistant.answer import Verdict
from corpus.document import Span
from ui.schema.documents import Document, document_of
from ui.schema.model import Model


class Why(Model):
    """Why a passage was found. Scores: higher is better; `dense` and `late` are cosines, `lexical`
    is BM25 relative to the best passage's. `unmet`: what was asked and is not met by it."""

    codes: tuple[str, ...]
    covered: tuple[str, ...]
    words: tuple[str, ...]
    lexical: float
    dense: float
    late: float | None
    unmet: tuple[str, ...]


class AlsoIn(Model):
    """Another document that says the same in the same words; `span` counts in its text."""

    id: str
    title: str
    version: int
    page: int | None
    page_label: str | None
    span: Span


class Citation(Model):
    """A passage word for word. `highlights` count in `text`, `span` in the document's text;
    `verified`: it was read again from the stored document. `scan_confidence` is how surely the
    passage was recognised from a scanned page, from 0 to 1; null where the file holds its text.
    `doubtful_codes`: those of its codes that are read out of other letters (O58IT), or of hardly
    legible ones. `starts` is since when its section is in force, where that has a date of its
    own."""

    rank: int
    score: float
    text: str
    highlights: tuple[Span, ...]
    document: Document
    section: tuple[str, ...]
    header: str
    page: int | None
    page_label: str | None
    span: Span
    codes: tuple[str, ...]
    why: Why
    verified: bool
    scan_confidence: float | None
    doubtful_codes: tuple[str, ...]
    also_in: tuple[AlsoIn, ...]
    starts: date | None


class Widening(Model):
    """What was looked for besides what was typed, and why."""

    typed: str
    added: tuple[str, ...]
    reason: str


class Searched(Model):
    """How much was searched after the filters, and the filters."""

    documents: int
    passages: int
    filters: Mapping[str, Any]


class Answer(Model):
    """`missing` says in sentences what the library does not state; `suggestions` what to try;
    `open_parts` are the parts of a question that nothing answers while another one is answered;
    as of `another_day` it is answered by words that are not in force on the day asked about."""

    question: str
    verdict: Verdict
    as_of: date
    generation: int
    citations: tuple[Citation, ...]
    searched: Searched
    widened: tuple[Widening, ...]
    missing: tuple[str, ...]
    suggestions: tuple[str, ...]
    open_parts: tuple[str, ...]
    another_day: date | None
    warnings: tuple[str, ...]
    seconds: float


class Found(Answer):
    """What a search finds: `found` passages in all, of which these are a part."""

    found: int


def found_of(answer: domain.Answer) -> Found:
    return Found(**asdict(answer_of(answer)), found=answer.found or 0)


def answer_of(answer: domain.Answer) -> Answer:
    return Answer(
        question=answer.question,
        verdict=answer.verdict,
        as_of=answer.as_of,
        generation=answer.generation,
        citations=tuple(map(citation_of, answer.citations)),
        searched=Searched.like(answer.searched),
        widened=tuple(map(Widening.like, answer.widened)),
        missing=answer.missing,
        suggestions=answer.suggestions,
        open_parts=answer.open_parts,
        another_day=answer.another_day.day if answer.another_day else None,
        warnings=answer.warnings,
        seconds=round(answer.seconds, 4),
    )


def citation_of(citation: domain.Citation) -> Citation:
    return Citation(
        rank=citation.rank,
        score=citation.score,
        text=citation.text,
        highlights=citation.highlights,
        document=document_of(citation.version, citation.term, citation.status),
        section=citation.section,
        header=citation.header,
        page=citation.page,
        page_label=citation.page_label,
        span=citation.span,
        codes=citation.codes,
        why=Why.like(citation.why),
        verified=citation.verified,
        scan_confidence=citation.sure,
        doubtful_codes=citation.doubtful,
        also_in=tuple(
            AlsoIn(
                id=also.version.document,
                title=also.version.metadata.title,
                version=also.version.ordinal,
                page=also.page,
                page_label=also.page_label,
                span=also.span,
            )
            for also in citation.also_in
        ),
        starts=citation.starts,
    )
