"""Search results as files: every row with its citation, and what was asked of which index, when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.answer import Answer, Citation
from ui.exports.tables import Cell, markdown, to_csv, to_xlsx
from ui.schema.as_json import answer_json
from ui.wording import also_in, cited_markdown, page_name, section_name, term_sentence

FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "md": "text/markdown",
}


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
    answer: Answer,
    format: str,
    *,
    asking: Asking | None = None,
    citations: Sequence[Citation] | None = None,
) -> bytes:
    """The answer, or some of its citations, as a file. Raises KeyError for an unknown format."""
    shown = answer.citations if citations is None else citations
    makers = {"csv": _csv, "xlsx": _xlsx, "json": _json, "md": _markdown}
    return makers[format](answer, shown, asking or Asking.now(answer.question, _filters(answer)))


def _filters(answer: Answer) -> str:
    told = answer.searched.filters.items()
    return "; ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in told
        if value not in ([], None, False)
    )


def _csv(answer: Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    # The byte order mark makes spreadsheets read it as UTF-8.
    return to_csv(_rows(answer, citations, asking), _COLUMNS).encode("utf-8-sig")


def _xlsx(answer: Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    return to_xlsx(_rows(answer, citations, asking), "Passages", _COLUMNS)


def _json(answer: Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    kept = {citation.rank for citation in citations}
    told: dict[str, Any] = answer_json(answer)
    told["citations"] = [one for one in told["citations"] if one["rank"] in kept]
    told["exported"] = {"query": asking.query, "filters": asking.filters, "at": asking.at}
    return json.dumps(told, indent=2, ensure_ascii=False).encode()


def _markdown(answer: Answer, citations: Sequence[Citation], asking: Asking) -> bytes:
    head = [
        f"# {markdown(asking.query)}",
        "",
        f"- Filters: {markdown(asking.filters)}",
        f"- As of: {answer.as_of.isoformat()}",
        f"- Index generation: {answer.generation}",
        f"- Exported: {asking.at}",
        f"- Passages: {len(citations)}",
    ]
    body = [
        f"\n## {one.rank}. {markdown(one.version.metadata.title)}\n\n{cited_markdown(one)}"
        for one in citations
    ]
    return "\n".join([*head, *body, ""]).encode()


def _rows(answer: Answer, citations: Sequence[Citation], asking: Asking) -> list[dict[str, Cell]]:
    asked: dict[str, Cell] = {
        "query": asking.query,
        "filters": asking.filters,
        "as_of": answer.as_of,
        "generation": answer.generation,
        "exported": asking.at,
    }
    return [_row(citation) | asked for citation in citations]


def _row(citation: Citation) -> dict[str, Cell]:
    version = citation.version
    metadata = version.metadata
    return {
        "rank": citation.rank,
        "score": round(citation.score, 4),
        "text": citation.text,
        "header": citation.header,
        "title": metadata.title,
        "document": version.document,
        "version": version.ordinal,
        "payer": metadata.payer,
        "kind": metadata.kind,
        "number": metadata.number,
        "status": citation.status.value,
        "dates": term_sentence(citation),
        "effective": metadata.effective,
        "ends": citation.ends,
        "section": section_name(citation.section),
        "page": citation.page,
        "page_printed": page_name(citation.page, citation.page_label),
        "codes": ", ".join(citation.codes),
        "source_url": metadata.source_url,
        "sha256": version.sha256,
        "start": citation.span.start,
        "end": citation.span.end,
        "verified": citation.verified,
        "also_in": also_in(citation),
        "words_score": round(citation.why.lexical, 4),
        "meaning_score": round(citation.why.dense, 4),
    }


_COLUMNS = (
    *("rank", "score", "text", "header", "title", "document", "version", "payer", "kind", "number"),
    *("status", "dates", "effective", "ends", "section", "page", "page_printed", "codes"),
    *("source_url", "sha256", "start", "end", "verified", "also_in"),
    *("words_score", "meaning_score"),
    *("query", "filters", "as_of", "generation", "exported"),
)
