"""Listings, matrices and differences as rows for CSV, XLSX and Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.policies.differences import Difference
from assistant.policies.listing import CodeListing, ListedDocument, Naming
from assistant.policies.matrix import Matrix, PayerRow, PolicyPosition
from assistant.policies.word_changes import Piece
from index.versions import Status, Term, Version
from ui.exports.tables import Cell, markdown

Row = dict[str, Cell]
LISTING_COLUMNS = (
    *("payer", "document", "title", "kind", "number", "version", "status", "effective", "ends"),
    *("source_url", "page", "printed_page", "section", "how", "code", "written", "sentence"),
    "verified",
)


def when(version: Version, term: Term, status: Status) -> str:
    """What is known about when a version is in force, in words."""
    effective = version.metadata.effective
    guessed = {found.field for found in version.metadata.found}
    doubt = " (date found in the text, not confirmed)" if guessed & {"effective", "retired"} else ""
    if status is Status.RETIRED:
        return f"{'superseded' if term.superseded else 'retired'} on {term.end}{doubt}"
    if status is Status.FUTURE:
        return f"not yet in force, from {term.start}{doubt}"
    if status is Status.UNDATED:
        return f"undated{f', until {term.end}' if term.end else ''}"
    since = f" since {effective or term.start}" if effective or term.start else ""
    until = f", until {term.end}" if term.end else ""
    return f"in force{since}{until}{doubt}"


def listing_rows(listing: CodeListing) -> list[Row]:
    """A row for each sentence that names or covers the code; declared codes at the end, as such."""
    rows = [row for listed in listing.documents for row in _document_rows(listing.code, listed)]
    for one in listing.declared:
        about = _about(one.version, one.term, one.status)
        said = _said(listing.code) | {"verified": None}
        rows.append(about | _place(None, None, ()) | {"how": "declared"} | said)
    return rows


def _document_rows(code: str, listed: ListedDocument) -> Iterator[Row]:
    about = _about(listed.version, listed.term, listed.status)
    for passage in listed.passages:
        said: set[tuple[str, str]] = set()
        for naming in passage.namings:
            if (naming.named, naming.sentence) in said:
                continue
            said.add((naming.named, naming.sentence))
            place = _place(naming.page, naming.page_label, passage.section)
            words = _said(code, naming) | {"verified": passage.verified}
            yield about | place | {"how": naming.named} | words


def _about(version: Version, term: Term, status: Status) -> Row:
    metadata = version.metadata
    return {
        "payer": metadata.payer,
        "document": version.document,
        "title": metadata.title,
        "kind": metadata.kind,
        "number": metadata.number,
        "version": version.ordinal,
        "status": when(version, term, status),
        "effective": metadata.effective,
        "ends": term.end,
        "source_url": metadata.source_url,
    }


def _place(page: int | None, label: str | None, section: tuple[str, ...]) -> Row:
    return {"page": page, "printed_page": label, "section": " > ".join(section)}


def _said(code: str, naming: Naming | None = None) -> Row:
    return {
        "code": code,
        "written": naming.written if naming else None,
        "sentence": naming.sentence if naming else None,
    }


def matrix_rows(matrix: Matrix) -> list[Row]:
    """A row for each quote; a payer or a policy without one has a row that says so."""
    return [row for payer in matrix.rows for row in _payer_rows(payer)]


def _payer_rows(row: PayerRow) -> Iterator[Row]:
    if not row.policies:
        yield _matrix_row(row, note=row.note)
    for policy in row.policies:
        for quote in policy.quotes:
            found = _matrix_row(row, policy, note=row.disagreement)
            yield found | {
                "position": quote.text,
                "words": "; ".join(dict.fromkeys(word.text for word in quote.words)),
                "columns": quote.header,
                "page": quote.page,
                "printed_page": quote.page_label,
                "section": " > ".join(quote.section),
                "verified": quote.verified,
            }
        if not policy.quotes:
            yield _matrix_row(row, policy, note=f"{NO_POSITION} {row.disagreement}".strip())


NO_POSITION = "It names the code; no sentence near it states a position."


def _matrix_row(row: PayerRow, policy: PolicyPosition | None = None, *, note: str) -> Row:
    metadata = policy.version.metadata if policy else None
    return {
        "payer": row.payer,
        "policy": metadata.title if metadata else None,
        "number": metadata.number if metadata else None,
        "dates": when(policy.version, policy.term, policy.status) if policy else None,
        "position": None,
        "words": None,
        "columns": None,
        "page": None,
        "printed_page": None,
        "section": None,
        "document": policy.version.document if policy else None,
        "source_url": metadata.source_url if metadata else None,
        "verified": None,
        "note": note or None,
    }


def difference_markdown(difference: Difference) -> str:
    """A difference as Markdown: removed words struck through, added ones bold."""
    before, after = difference.before, difference.after
    title = f"# {markdown(after.document)}: version {before.ordinal} to {after.ordinal}"
    lines = [title, ""]
    for moved in difference.dates:
        doubt = "" if moved.confirmed or moved.after is None else " (found in the text)"
        old, new = moved.before or "none", moved.after or "none"
        lines.append(f"- {moved.field}: {old} → {new}{doubt}")
    for name, codes in _codes(difference):
        if codes:
            lines.append(f"- Codes {name}: {', '.join(map(markdown, codes))}")
    lines += [line for group in _passages(difference) for line in group]
    if difference.is_empty:
        lines.append("Nothing that is read from the two versions differs.")
    return "\n".join(lines).rstrip() + "\n"


def _codes(difference: Difference) -> Iterator[tuple[str, list[str]]]:
    yield "added", [code.shown for code in difference.codes_added]
    yield "removed", [code.shown for code in difference.codes_removed]


def _passages(difference: Difference) -> Iterator[list[str]]:
    if difference.changed:
        yield ["", "## Changed", ""]
    for one in difference.changed:
        yield [f"- {_where(one.after.section, one.after.page)}{''.join(_marked(one.words))}"]
    for name, mark, parts in (
        ("Added", "**", difference.added),
        ("Removed", "~~", difference.removed),
    ):
        if parts:
            yield ["", f"## {name}", ""]
        for part in parts:
            yield [f"- {_where(part.section, part.page)}{mark}{markdown(part.text)}{mark}"]


def _where(section: tuple[str, ...], page: int | None) -> str:
    parts = [markdown(" > ".join(section))] if section else []
    if page is not None:
        parts.append(f"page {page}")
    return f"({', '.join(parts)}) " if parts else ""


def _marked(pieces: tuple[Piece, ...]) -> Iterator[str]:
    marks = {"same": "", "removed": "~~", "added": "**"}
    for piece in pieces:
        # A mark next to a blank is no mark in Markdown.
        lead = " " if piece.text[:1].isspace() else ""
        words = markdown(piece.text)
        if words:
            yield f"{lead}{marks[piece.what]}{words}{marks[piece.what]}"
