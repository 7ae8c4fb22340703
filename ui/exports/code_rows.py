"""Listings, matrices and differences as rows for CSV, XLSX and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from assistant.policies.differences import ChangedPassage, Difference
from assistant.policies.listing import CodeListing
from assistant.policies.matrix import Matrix, PayerRow
from index.versions import Status, Term, Version
from ui.exports.tables import Row, flat, markdown, several
from ui.schema.codes import ListedPassage, Naming, Payer, listing_of, matrix_of
from ui.wording import cells_apart, copy_words, standing_words, succession_words, unchecked_words

_ASKED = {"as_of": "as_of", "generation": "generation", "exported": "exported"}
LISTING = {
    "payer": "document.payer",
    "document": "document.id",
    "title": "document.title",
    "written_by": "document.written_by",
    "about": "document.about",
    "kind": "document.kind",
    "number": "document.number",
    "version": "document.version",
    "status": "dates",
    "effective": "document.effective",
    "ends": "document.retired",
    "source_url": "document.source_url",
    "page": "mention.page",
    "printed_page": "mention.page_label",
    "section": "section",
    "how": "how",
    "code": "code",
    "written": "mention.written",
    "sentence": "mention.sentence",
    "verified": "passage.verified",
    "columns": "columns",
    "publisher": "document.publisher",
    "retrieved": "document.retrieved",
    "sha256": "document.sha256",
    "other_payers": "others",
    **_ASKED,
}
MATRIX = {
    "payer": "payer",
    "policy": "document.title",
    "written_by": "document.written_by",
    "about": "document.about",
    "number": "document.number",
    "dates": "dates",
    "position": "quote.text",
    "words": "words",
    "columns": "quote.header",
    "page": "quote.page",
    "printed_page": "quote.page_label",
    "section": "section",
    "document": "document.id",
    "source_url": "document.source_url",
    "verified": "quote.verified",
    "note": "note",
    "publisher": "document.publisher",
    "retrieved": "document.retrieved",
    **_ASKED,
}
NO_POSITION = "It names the code; no sentence near it states a position."


def when(version: Version, term: Term, status: Status) -> str:
    """What is known about when a version is in force, in words."""
    effective = version.metadata.effective
    guessed = {found.field for found in version.metadata.found}
    doubt = " (date found in the text, not confirmed)" if guessed & {"effective", "retired"} else ""
    standing = standing_words(version)
    if standing and status is not Status.FUTURE and not (status is Status.RETIRED and term.end):
        return standing[:1].lower() + standing[1:]
    if status is Status.RETIRED:
        how = "superseded" if term.superseded else "retired"
        return f"{how} on {term.end}{doubt}{succession_words(term, status)}"
    if status is Status.FUTURE:
        return f"not yet in force, from {term.start}{doubt}"
    if status is Status.UNDATED:
        until = f", until {term.end}" if term.end else ""
        copied = copy_words(version)
        return f"{copied[:1].lower()}{copied[1:]}{until}" if copied else f"undated{until}"
    since = f" since {effective or term.start}" if effective or term.start else ""
    until = f", until {term.end}" if term.end else ""
    unchecked = unchecked_words(version, status)
    old = f"; {unchecked[:1].lower()}{unchecked[1:]}" if unchecked else ""
    return f"in force{since}{until}{doubt}{succession_words(term, status)}{old}"


def listing_rows(listing: CodeListing, *, generation: int) -> list[Row]:
    """A row for each sentence that names or covers the code; declared codes at the end, as such."""
    told, code = listing_of(listing), listing.code
    asked = _asked(listing.on, generation)
    rows = [
        flat(
            LISTING,
            document=entry.document,
            dates=when(listed.version, listed.term, listed.status),
            passage=passage,
            mention=mention,
            section=" > ".join(passage.section),
            how=mention.named,
            code=code,
            columns=held.columns or passage.header or None,
            others=several(entry.document.other_payers),
            **asked,
        )
        for listed, entry in zip(listing.documents, told.documents, strict=True)
        for held, passage in zip(listed.passages, entry.passages, strict=True)
        for mention in _each_once(passage)
    ]
    for held, one in zip(listing.declared, told.declared, strict=True):
        dates = when(held.version, held.term, held.status)
        others = several(one.document.other_payers)
        rows.append(
            flat(
                LISTING,
                document=one.document,
                dates=dates,
                how="declared",
                code=code,
                others=others,
                **asked,
            )
        )
    return rows


def _asked(on: date, generation: int) -> dict[str, object]:
    """Which day and which index the rows are of, and when they were made."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"as_of": on, "generation": generation, "exported": now}


def _each_once(passage: ListedPassage) -> Iterable[Naming]:
    """The mentions of a passage; of several in one sentence, named the same way, the first."""
    said: dict[tuple[str, str], Naming] = {}
    for mention in passage.mentions:
        said.setdefault((mention.named, mention.sentence), mention)
    return said.values()


def matrix_rows(matrix: Matrix, *, generation: int) -> list[Row]:
    """A row for each quote; a payer or a policy without one has a row that says so."""
    payers = zip(matrix.rows, matrix_of(matrix).payers, strict=True)
    asked = _asked(matrix.on, generation)
    return [row for held, payer in payers for row in _payer_rows(held, payer, asked)]


def _payer_rows(held: PayerRow, payer: Payer, asked: dict[str, object]) -> Iterator[Row]:
    if not payer.policies:
        yield flat(MATRIX, payer=payer.payer, note=payer.note or None, **asked)
    for position, policy in zip(held.policies, payer.policies, strict=True):
        about = {
            "payer": payer.payer,
            "document": policy.document,
            "dates": when(position.version, position.term, position.status),
            **asked,
        }
        for quote in policy.quotes:
            yield flat(
                MATRIX,
                **about,
                quote=quote,
                words="; ".join(dict.fromkeys(word.text for word in quote.words)),
                section=" > ".join(quote.section),
                note=payer.disagreement or None,
            )
        if not policy.quotes:
            yield flat(MATRIX, **about, note=f"{NO_POSITION} {payer.disagreement}".strip())


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
        yield [f"- {_where(one.after.section, one.after.page)}{''.join(_marked(one))}"]
    for name, mark, parts in (
        ("Added", "**", difference.added),
        ("Removed", "~~", difference.removed),
    ):
        if parts:
            yield ["", f"## {name}", ""]
        for part in parts:
            words = markdown(cells_apart(part.text, is_row=part.is_row))
            yield [f"- {_where(part.section, part.page)}{mark}{words}{mark}"]


def _where(section: tuple[str, ...], page: int | None) -> str:
    parts = [markdown(" > ".join(section))] if section else []
    if page is not None:
        parts.append(f"page {page}")
    return f"({', '.join(parts)}) " if parts else ""


def _marked(changed: ChangedPassage) -> Iterator[str]:
    marks = {"same": "", "removed": "~~", "added": "**"}
    for piece in changed.words:
        # A mark next to a blank is no mark in Markdown.
        lead = " " if piece.text[:1].isspace() else ""
        words = markdown(cells_apart(piece.text, is_row=changed.after.is_row))
        if words:
            yield f"{lead}{marks[piece.what]}{words}{marks[piece.what]}"
