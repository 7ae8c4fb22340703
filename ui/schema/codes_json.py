"""What `code`, `diff`, `changes` and `matrix` print with `--json`. Names are never renamed."""

from __future__ import annotations

from typing import Any

from assistant.policies.alignment import Part
from assistant.policies.changes import Change, LibraryChanges
from assistant.policies.differences import CodeNamed, Difference
from assistant.policies.freshness import Freshness, Stale
from assistant.policies.listing import CodeListing, ListedPassage, Naming
from assistant.policies.matrix import Matrix, PolicyPosition
from assistant.policies.positions import Quote
from corpus.document import Span
from index.library import Library
from index.versions import Version
from ui.schema.as_json import document_json


def listing_json(listing: CodeListing) -> dict[str, Any]:
    return {
        "typed": listing.typed,
        "code": listing.code,
        "system": listing.system.value,
        "slip": listing.slip,
        "as_of": listing.on.isoformat(),
        "counts": {
            "documents": len({listed.version.document for listed in listing.documents}),
            "passages": listing.passages,
            "exact": listing.count("exact"),
            "range": listing.count("range"),
            "blanket": listing.count("blanket"),
            "not_in_force": listing.left_out,
        },
        "documents": [
            {
                "document": document_json(listed.version, listed.term, listed.status.value),
                "passages": [_passage_json(passage) for passage in listed.passages],
            }
            for listed in listing.documents
        ],
        "declared": [
            {
                "document": document_json(one.version, one.term, one.status.value),
                "in_text": one.in_text,
            }
            for one in listing.declared
        ],
        "see_also": [
            {
                "code": see.relation.other,
                "kind": see.relation.kind,
                "reason": see.relation.reason,
                "source_url": see.relation.source_url,
                "passages": see.passages,
            }
            for see in listing.see_also
        ],
    }


def _passage_json(passage: ListedPassage) -> dict[str, Any]:
    first = passage.namings[0]
    return {
        "section": list(passage.section),
        "header": passage.header,
        "page": first.page,
        "page_label": first.page_label,
        "how": first.how,
        "named": first.named,
        "sentence": first.sentence,
        "span": _span(passage.span),
        "text": passage.text,
        "mentions": [_naming_json(naming) for naming in passage.namings],
        "verified": passage.verified,
    }


def _naming_json(naming: Naming) -> dict[str, Any]:
    return {
        "how": naming.how,
        "named": naming.named,
        "written": naming.written,
        "span": _span(naming.span),
        "sentence": naming.sentence,
        "page": naming.page,
        "page_label": naming.page_label,
        "probable": naming.probable,
    }


def difference_json(library: Library, difference: Difference) -> dict[str, Any]:
    return {
        "document": difference.after.document,
        "from": _version_json(library, difference.before),
        "to": _version_json(library, difference.after),
        "added": [_part_json(part) for part in difference.added],
        "removed": [_part_json(part) for part in difference.removed],
        "changed": [
            {
                "from": _part_json(changed.before),
                "to": _part_json(changed.after),
                "words": [{"what": p.what, "text": p.text} for p in changed.words],
            }
            for changed in difference.changed
        ],
        "codes_added": [_code_json(code) for code in difference.codes_added],
        "codes_removed": [_code_json(code) for code in difference.codes_removed],
        "dates": [
            {
                "field": moved.field,
                "from": moved.before.isoformat() if moved.before else None,
                "to": moved.after.isoformat() if moved.after else None,
                "confirmed": moved.confirmed,
            }
            for moved in difference.dates
        ],
    }


def _version_json(library: Library, version: Version) -> dict[str, Any]:
    from index.versions import today

    term = library.terms[version.id]
    about = document_json(version, term, term.status(today()).value)
    return about | {"first_seen": version.first_seen.isoformat()}


def _part_json(part: Part) -> dict[str, Any]:
    return {
        "text": part.text,
        "section": list(part.section),
        "page": part.page,
        "page_label": part.page_label,
        "span": _span(part.span),
    }


def _code_json(code: CodeNamed) -> dict[str, Any]:
    return {"code": code.shown, "system": code.system.value, "page": code.page}


def changes_json(found: LibraryChanges) -> dict[str, Any]:
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "payers": [
            {
                "payer": held.payer,
                "codes": list(held.codes),
                "changes": [_change_json(change) for change in held.changes],
            }
            for held in found.payers
        ],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "on": change.on.isoformat(),
        "what": change.what.value,
        "document": change.document,
        "title": change.title,
        "version": change.version,
        "detail": change.detail,
        "codes": list(change.codes),
        "codes_added": list(change.codes_added),
        "codes_removed": list(change.codes_removed),
    }


def matrix_json(found: Matrix) -> dict[str, Any]:
    return {
        "typed": found.typed,
        "code": found.code,
        "system": found.system.value,
        "slip": found.slip,
        "as_of": found.on.isoformat(),
        "payers": [
            {
                "payer": row.payer,
                "policies": [_policy_json(policy) for policy in row.policies],
                "note": row.note,
                "disagreement": row.disagreement,
            }
            for row in found.rows
        ],
    }


def _policy_json(policy: PolicyPosition) -> dict[str, Any]:
    return {
        "document": document_json(policy.version, policy.term, policy.status.value),
        "quotes": [quote_json(quote) for quote in policy.quotes],
    }


def quote_json(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "words": [{"text": word.text, "span": _span(word.span)} for word in quote.words],
        "section": list(quote.section),
        "header": quote.header,
        "page": quote.page,
        "page_label": quote.page_label,
        "span": _span(quote.span),
        "near": quote.near,
        "verified": quote.verified,
    }


def freshness_json(found: Freshness) -> dict[str, Any]:
    return {
        "as_of": found.on.isoformat(),
        "documents": found.documents,
        "counts": dict(found.counts),
        "stale": [_stale_json(one) for one in found.stale],
    }


def _stale_json(stale: Stale) -> dict[str, Any]:
    return {
        "document": stale.version.document,
        "payer": stale.version.metadata.payer,
        "why": stale.why.value,
        "since": stale.since.isoformat() if stale.since else None,
        "sentence": stale.sentence,
    }


def _span(span: Span) -> dict[str, int]:
    return {"start": span.start, "end": span.end}
