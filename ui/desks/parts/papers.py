"""Answers as sheets of paper: what is shown of a passage, as plain values that can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.answer import Answer, Citation
from index.library import Library
from ui.desks.parts.cards import blocks
from ui.paper.framed import framed_page
from ui.paper.sheet import Line, Picture, Quote, Sheet
from ui.wording import document_reference, page_name, plain, reference, whose_words


def sheet_of(answer: Answer, ranks: Iterable[int], *, address: str) -> Sheet:
    """The passages of an answer that have these ranks. `address` opens it."""
    wanted = set(ranks)
    chosen = [citation for citation in answer.citations if citation.rank in wanted]
    return Sheet(
        question=plain(answer.question),
        on=answer.as_of.isoformat(),
        address=address,
        generation=answer.generation,
        quotes=tuple(quote_of(citation) for citation in chosen),
    )


def quote_of(citation: Citation) -> Quote:
    version = citation.version
    start = citation.span.start
    return Quote(
        document=version.document,
        version=version.ordinal,
        start=start,
        end=citation.span.end,
        title=plain(version.metadata.title),
        whose=whose_words(version.metadata),
        lines=tuple(_line(block) for block in blocks(citation)),
        marks=tuple((start + mark.start, start + mark.end) for mark in citation.highlights),
        reference=reference(citation),
        source=document_reference(citation),
        page=page_name(citation.page, citation.page_label),
        verified=citation.verified,
    )


def pictures_of(library: Library, sheets: Iterable[Sheet]) -> Mapping[Quote, Picture | None]:
    """The page of each quote with the quote framed, where there is one."""
    quotes = dict.fromkeys(quote for sheet in sheets for quote in sheet.quotes)
    return {quote: framed_page(library, quote) for quote in quotes}


def _line(block: Mapping[str, Any]) -> Line:
    cells = block["cells"] if block["kind"] == "row" else [block["segments"]]
    return Line(
        kind=block["kind"],
        cells=tuple(tuple((part["text"], part["mark"]) for part in cell) for cell in cells),
        columns=tuple(block.get("columns", ())),
    )
