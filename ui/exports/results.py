"""Search results as files: every row with its citation, and what was asked of which index, when."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from msgspec.structs import asdict

from assistant import answer as domain
from assistant.answer import Citation
from ui.exports.tables import Row, clean, flat, markdown, several, to_csv, to_xlsx
from ui.schema.answers import Answer, answer_of, citation_of
from ui.schema.model import dumps
from ui.wording import (
    also_in,
    cited_markdown,
    page_name,
    reference,
    section_name,
    term_sentence,
    whose_words,
)

FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "md": "text/markdown",
}
EXPORTED = 1000  # passages at most; the file says of how many


@dataclass(frozen=True, slots=True)
class Asking:
    """What was asked, as an export says it: filters in words, and the time in UTC."""

    query: str
    filters: str
    at: str

    @staticmethod
    def now(query: str, filters: str) -> Asking:
        return Asking(query, filters, datetime.now(UTC).isoformat(timespec="seconds"))


def export(
    answer: domain.Answer,
    format: str,
    *,
    asking: Asking | None = None,
    citations: Sequence[Citation] | None = None,
) -> bytes:
    """The answer, or some of its citations, as a file. Raises KeyError for an unknown format."""
    shown = answer.citations if citations is None else citations
    makers = {"csv": _csv, "xlsx": _xlsx, "docx": _docx, "json": _json, "md": _markdown}
    return makers[format](answer, shown, asking or Asking.now(answer.question, _filters(answer)))


def _filters(answer: domain.Answer) -> str:
    told = answer.searched.filters.items()
    return "; ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in told
        if value not in ([], None, False)
    )


def _csv(answer: domain.Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    # The byte order mark makes spreadsheets read it as UTF-8.
    return to_csv(_rows(answer, citations, asking), tuple(COLUMNS)).encode("utf-8-sig")


def _xlsx(answer: domain.Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    return to_xlsx(_rows(answer, citations, asking), "Passages", tuple(COLUMNS))


class Export(Answer):
    """An answer with the citations that were chosen, and what was asked."""

    exported: Asking
    exported_of: str


def _json(answer: domain.Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    told = asdict(answer_of(replace(answer, citations=tuple(citations))))
    return dumps(Export(**told, exported=asking, exported_of=of_all(answer, citations))).encode()


def _markdown(answer: domain.Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    facts = head_of(answer, citations, asking)
    head = [
        f"# {markdown(asking.query)}",
        "",
        *(f"- {name}: {markdown(text)}" for name, text in facts.items()),
    ]
    body = [
        f"\n## {one.rank}. {markdown(one.version.metadata.title)}\n\n{cited_markdown(one)}"
        for one in citations
    ]
    return "\n".join([*head, *body, ""]).encode()


def head_of(answer: domain.Answer, citations: Sequence[Citation], asking: Asking) -> dict[str, str]:
    """What every export says of itself."""
    return {
        "Filters": asking.filters,
        "As of": answer.as_of.isoformat(),
        "Index generation": str(answer.generation),
        "Exported": asking.at,
        "Passages": of_all(answer, citations),
    }


def of_all(answer: domain.Answer, citations: Sequence[Citation]) -> str:
    """How many passages there are here, of how many: `200 of 2,782`."""
    whole = len(citations) if answer.shown is None else answer.shown
    return f"{len(citations):,} of {whole:,}"


def _docx(answer: domain.Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    from docx import Document

    word = Document()
    word.add_heading(clean(asking.query), level=1)
    for name, text in head_of(answer, citations, asking).items():
        word.add_paragraph(clean(f"{name}: {text}"))
    for one in citations:
        word.add_heading(clean(f"{one.rank}. {one.version.metadata.title}"), level=2)
        # A summary is no quotation: under a payer's name it would be the payer's words.
        whose = whose_words(one.version.metadata)
        if whose:
            word.add_paragraph(clean(f"{whose}:"))
        for line in clean(one.text).splitlines():
            if line.strip():
                word.add_paragraph(line, style=None if whose else "Quote")
        word.add_paragraph(clean(reference(one)))
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


COLUMNS = {
    "rank": "one.rank",
    "score": "score",
    "text": "one.text",
    "header": "one.header",
    "title": "one.document.title",
    "document": "one.document.id",
    "version": "one.document.version",
    "payer": "one.document.payer",
    "other_payers": "others",
    "publisher": "one.document.publisher",
    "written_by": "one.document.written_by",
    "about": "one.document.about",
    "kind": "one.document.kind",
    "number": "one.document.number",
    "status": "one.document.status",
    "dates": "dates",
    "effective": "one.document.effective",
    "ends": "one.document.retired",
    "section": "section",
    "page": "one.page",
    "page_printed": "page_printed",
    "codes": "codes",
    "source_url": "one.document.source_url",
    "retrieved": "one.document.retrieved",
    "sha256": "one.document.sha256",
    "start": "one.span.start",
    "end": "one.span.end",
    "verified": "one.verified",
    "also_in": "also_in",
    "words_score": "words_score",
    "meaning_score": "meaning_score",
    "query": "asking.query",
    "filters": "asking.filters",
    "as_of": "answer.as_of",
    "generation": "answer.generation",
    "exported": "asking.at",
    "exported_of": "of",
}


def _rows(answer: domain.Answer, citations: Sequence[Citation], asking: Asking) -> list[Row]:
    of = of_all(answer, citations)
    return [
        flat(
            COLUMNS,
            one=citation_of(citation),
            score=round(citation.score, 4),
            dates=term_sentence(citation),
            section=section_name(citation.section),
            page_printed=page_name(citation.page, citation.page_label),
            codes=", ".join(citation.codes),
            others=several(citation.version.metadata.other_payers),
            also_in=also_in(citation),
            words_score=round(citation.why.lexical, 4),
            meaning_score=round(citation.why.dense, 4),
            asking=asking,
            answer=answer,
            of=of,
        )
        for citation in citations
    ]
