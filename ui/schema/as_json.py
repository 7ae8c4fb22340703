"""What `--json` prints. Scripts rely on these names; they are never renamed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Literal

from assistant.answer import Answer, Citation, Widening
from index.versions import Term, Version, today

if TYPE_CHECKING:  # named only: an answer must not wait for what other commands import
    from assistant.evaluation.golden import Evaluation
    from assistant.showing import Shown
    from index.home.generations import Kept
    from index.library import Library
    from index.sync.report import SyncReport

# C1 controls, marks that turn the direction of writing, and halves of surrogate pairs.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


_HALVES: tuple[Literal["tune", "held_out"], ...] = ("tune", "held_out")


def dumps(value: Any) -> str:
    """JSON that acts on no terminal: what JSON itself leaves unescaped is escaped too."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "verdict": answer.verdict.value,
        "as_of": answer.as_of.isoformat(),
        "generation": answer.generation,
        "citations": [citation_json(citation) for citation in answer.citations],
        "searched": {
            "documents": answer.searched.documents,
            "passages": answer.searched.passages,
            "filters": dict(answer.searched.filters),
        },
        "widened": [widening_json(widening) for widening in answer.widened],
        "missing": list(answer.missing),
        "suggestions": list(answer.suggestions),
        "warnings": list(answer.warnings),
        "seconds": round(answer.seconds, 4),
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    why = citation.why
    return {
        "rank": citation.rank,
        "score": citation.score,
        "text": citation.text,
        "highlights": [{"start": h.start, "end": h.end} for h in citation.highlights],
        "document": document_json(
            citation.version, Term(None, citation.ends, citation.superseded), citation.status.value
        ),
        "section": list(citation.section),
        "header": citation.header,
        "page": citation.page,
        "page_label": citation.page_label,
        "span": {"start": citation.span.start, "end": citation.span.end},
        "codes": list(citation.codes),
        "why": {
            "codes": list(why.codes),
            "covered": list(why.covered),
            "words": list(why.words),
            "lexical": why.lexical,
            "dense": why.dense,
            "late": why.late,
            "unmet": list(why.unmet),
        },
        "verified": citation.verified,
        "also_in": [
            {
                "id": also.version.document,
                "title": also.version.metadata.title,
                "version": also.version.ordinal,
                "page": also.page,
                "page_label": also.page_label,
                "span": {"start": also.span.start, "end": also.span.end},
            }
            for also in citation.also_in
        ],
    }


def document_json(version: Version, term: Term, status: str) -> dict[str, Any]:
    metadata = version.metadata
    return {
        "id": version.document,
        "title": metadata.title,
        "publisher": metadata.publisher,
        "payer": metadata.payer,
        "kind": metadata.kind,
        "number": metadata.number,
        "source_url": metadata.source_url,
        "effective": _iso(metadata.effective),
        "retired": _iso(term.end),
        "superseded": term.superseded,
        "reviewed": _iso(metadata.reviewed),
        "retrieved": _iso(metadata.retrieved),
        "status": status,
        "version": version.ordinal,
        "sha256": version.sha256,
        "unconfirmed": [
            {
                "field": found.field,
                "value": found.value.isoformat(),
                "sentence": found.sentence,
                "page": found.page,
            }
            for found in metadata.found
        ],
    }


def widening_json(widening: Widening) -> dict[str, Any]:
    return {"typed": widening.typed, "added": list(widening.added), "reason": widening.reason}


def report_json(report: SyncReport) -> Mapping[str, Any]:
    return asdict(report)


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None


def status_json(library: Library) -> dict[str, Any]:
    """What is in the library, every file with its state, and what nobody has looked at for long."""
    from assistant.policies.freshness import freshness
    from ui.schema.codes_json import freshness_json

    day = today()
    newest: dict[str, Version] = {}
    for version in sorted(library.versions.values(), key=lambda known: known.ordinal):
        newest[version.document] = version
    states = library.files()
    return {
        "generation": library.generation,
        "created": library.about.created,
        "recipe": dict(library.about.recipe),
        "warnings": list(library.warnings),
        "documents": library.about.counts["documents"],
        "versions": library.about.counts["versions"],
        "passages": library.about.counts["passages"],
        "mentions": library.about.counts["mentions"],
        "folders": dict(library.folders()),
        "freshness": freshness_json(freshness(library, day)),
        "files": [
            document_json(
                version,
                library.terms[version.id],
                library.terms[version.id].status(day).value,
            )
            | {"pages": len(version.pages), "passages": library.passage_counts[version.id]}
            for _, version in sorted(newest.items())
        ],
        "failed": [{"path": s.document, "reason": s.reason} for s in states if s.state == "failed"],
        "needs_ocr": sorted(
            {s.document for s in states if s.state == "needs_ocr"}
            | {version.document for version in newest.values() if version.needs_ocr}
        ),
    }


def shown_json(shown: Shown) -> dict[str, Any]:
    return {
        "document": document_json(shown.version, shown.term, shown.term.status(shown.on).value),
        "versions": shown.versions,
        "page": shown.page.number if shown.page else None,
        "page_label": shown.page.label if shown.page else None,
        "text": shown.text,
    }


def generation_json(kept: Kept) -> dict[str, Any]:
    return {
        "generation": kept.number,
        "current": kept.current,
        "created": kept.manifest.created if kept.manifest else None,
        "counts": dict(kept.manifest.counts) if kept.manifest else None,
        "problem": kept.problem or None,
    }


def evaluation_json(result: Evaluation) -> dict[str, Any]:
    """The figures, how well codes are found in labelled texts, and every question's outcome."""
    from assistant.evaluation.code_score import score_codes

    figures = {
        field.name: getattr(result, field.name)
        for field in fields(result)
        if field.name != "outcomes"
    }
    return figures | {
        "codes": [
            {
                "half": half,
                "system": score.system,
                "precision": score.precision,
                "recall": score.recall,
                "mentions": score.right + score.missed,
            }
            for half in _HALVES
            for score in score_codes(half=half)
        ],
        "outcomes": [
            {
                "id": outcome.golden.id,
                "question": outcome.golden.question,
                "decline": outcome.golden.decline,
                "verdict": outcome.verdict.value,
                "rank": outcome.rank,
                "page_right": outcome.page_right,
                "first": outcome.first,
            }
            for outcome in result.outcomes
        ],
    }
