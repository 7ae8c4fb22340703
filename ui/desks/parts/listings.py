"""Code listings, payer matrices, differences and split documents, as the pages draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from assistant.policies.alignment import Part
from assistant.policies.differences import CodeNamed, DateMoved, Difference
from assistant.policies.listing import CodeListing, ListedDocument, ListedPassage, Naming
from assistant.policies.matrix import Matrix, PayerRow, PolicyPosition
from assistant.policies.positions import Quote
from corpus.document import Span
from index.shards.stored import StoredMention, StoredPassage
from index.versions import Status, Term, Version
from ui.desks.parts.address import Place, write_place
from ui.wording import (
    STATUS_NAMES,
    kind_name,
    page_name,
    plain,
    section_name,
    term_words,
    written_day,
)

Group = dict[str, Any]
TONES = {Status.IN_FORCE: "green", Status.RETIRED: "red", Status.FUTURE: "blue"}


def listing_data(listing: CodeListing) -> dict[str, Any]:
    """Every passage that names or covers a code, by document."""
    told = [
        f"{listing.passages} passages in {len(listing.documents)} documents name or cover "
        f"{listing.code}. The list is complete: it comes from the table of codes."
    ]
    if listing.slip:
        told.append(f"“{plain(listing.typed)}” was read as {listing.code}.")
    if listing.left_out:
        told.append(f"{listing.left_out} more passages are left out by the filters.")
    groups = [_listed(document) for document in listing.documents]
    for one in listing.declared:
        note = "Its metadata declares the code" + (
            ", and its text names it in a version that the filters leave out."
            if one.in_text
            else "; its text does not name it."
        )
        groups.append(_group(one.version, one.term, one.status, [], note=note))
    also = [
        {
            "pieces": [{"text": one.relation.other, "tone": "word"}],
            "place": plain(one.relation.reason),
            "note": f"{one.passages} passages",
        }
        for one in listing.see_also
    ]
    if also:
        groups.append(_plain_group("See also", also))
    return _data(f"{listing.code}: every passage", told, groups)


def _listed(listed: ListedDocument) -> Group:
    entries = [_passage(listed.version, one) for one in listed.passages]
    return _group(listed.version, listed.term, listed.status, entries)


def _passage(version: Version, passage: ListedPassage) -> dict[str, Any]:
    first = passage.namings[0]
    # That a code is printed is seen; how it is covered without being printed has to be said.
    how = dict.fromkeys(plain(one.named) for one in passage.namings if one.named != "exact")
    proof = "" if passage.verified else "NOT VERIFIED"
    return {
        "pieces": _sentence(passage, first),
        "place": _where(_below_title(version, passage.section), first.page, first.page_label),
        "note": ". ".join([*how, *([proof] if proof else [])]),
        "open": _open(version, passage.span.start),
    }


def _sentence(passage: ListedPassage, naming: Naming) -> list[dict[str, str]]:
    """The sentence with the code marked in it."""
    shift = passage.span.start
    said = naming.sentence_span
    text = passage.text[said.start - shift : said.end - shift] or naming.sentence
    return _cut(text, [Span(naming.span.start - said.start, naming.span.end - said.start)], "mark")


def matrix_data(matrix: Matrix) -> dict[str, Any]:
    """What each payer's documents say on a code, quoted."""
    told = [
        f"What the library's documents say on {matrix.code} for a date of service of "
        f"{written_day(matrix.on)}. Each sentence is quoted; nothing is concluded from it."
    ]
    return _data(f"{matrix.code}: payers side by side", told, [_payer(row) for row in matrix.rows])


def _payer(row: PayerRow) -> Group:
    entries = [entry for policy in row.policies for entry in _policy(policy)]
    return {
        "title": plain(row.payer),
        "chips": [],
        "sub": "",
        "warning": plain(row.disagreement),
        "note": plain(row.note),
        "entries": entries,
    }


def _policy(policy: PolicyPosition) -> list[dict[str, Any]]:
    version = policy.version
    name = f"{plain(version.metadata.title)} · {term_words(version, policy.term, policy.status)}"
    if not policy.quotes:
        nothing = "names the code and states no position that could be found"
        return [{"pieces": [], "place": name, "note": nothing, "open": _open(version, 0)}]
    return [_quote(version, name, quote) for quote in policy.quotes]


def _quote(version: Version, name: str, quote: Quote) -> dict[str, Any]:
    words = [
        Span(word.span.start - quote.span.start, word.span.end - quote.span.start)
        for word in quote.words
    ]
    where = _where(quote.section[-1:], quote.page, quote.page_label)
    return {
        "pieces": _cut(quote.text, words, "word"),
        "place": name,
        "note": where if quote.verified else f"{where} NOT VERIFIED",
        "open": _open(version, quote.span.start),
    }


def difference_data(difference: Difference) -> dict[str, Any]:
    """Two versions of a document, what was added, removed and changed, words marked."""
    before, after = difference.before, difference.after
    told = [
        f"{plain(before.document)}: from version {before.ordinal} to version {after.ordinal}, "
        f"first read on {written_day(after.first_seen)}."
    ]
    if difference.is_empty:
        told.append("The two versions read the same.")
    changed = [
        {
            "label": "Changed",
            "pieces": [
                {"text": plain(piece.text), "tone": "" if piece.what == "same" else piece.what}
                for piece in one.words
            ],
            "place": _where(one.after.section, one.after.page, one.after.page_label),
            "open": _open(after, one.after.span.start),
        }
        for one in difference.changed
    ]
    parts = [
        *changed,
        *(_part(after, part, "Added", "added") for part in difference.added),
        *(_part(before, part, "Removed", "removed") for part in difference.removed),
    ]
    groups = [
        _plain_group("Dates", [_moved(moved) for moved in difference.dates]),
        _plain_group("Codes", _codes(difference)),
        _plain_group("Text", parts),
    ]
    title = plain(after.metadata.title)
    return _data(title, told, [group for group in groups if group["entries"]])


def _part(version: Version, part: Part, label: str, tone: str) -> dict[str, Any]:
    return {
        "label": label,
        "tone": tone,
        "pieces": [{"text": plain(part.text), "tone": tone}],
        "place": _where(part.section, part.page, part.page_label),
        "open": _open(version, part.span.start),
    }


def _moved(moved: DateMoved) -> dict[str, Any]:
    before = written_day(moved.before) if moved.before else "not stated"
    after = written_day(moved.after) if moved.after else "not stated"
    doubt = "" if moved.confirmed else "Found in the text, not confirmed by a person."
    pieces = [
        {"text": f"{moved.field.capitalize()}: ", "tone": ""},
        {"text": before, "tone": "removed"},
        {"text": " ", "tone": ""},
        {"text": after, "tone": "added"},
    ]
    return {"pieces": pieces, "place": doubt}


def _codes(difference: Difference) -> list[dict[str, Any]]:
    def named(codes: Iterable[CodeNamed], label: str, tone: str) -> list[dict[str, Any]]:
        shown = ", ".join(
            plain(code.shown) + (f" (page {code.page})" if code.page else "") for code in codes
        )
        return (
            [{"label": label, "tone": tone, "pieces": [{"text": shown, "tone": ""}]}]
            if shown
            else []
        )

    return [
        *named(difference.codes_added, "Named now", "added"),
        *named(difference.codes_removed, "No longer named", "removed"),
    ]


def split_data(
    version: Version,
    term: Term,
    passages: Sequence[StoredPassage],
    mentions: Sequence[StoredMention],
    *,
    status: Status,
    characters: int,
) -> dict[str, Any]:
    """A document's passages as they were split, with the codes found in each. `characters` is how
    many the whole document has."""
    codes: dict[int, list[str]] = {}
    for stored in mentions:
        codes.setdefault(stored.passage, []).append(stored.mention.code)
    entries = [
        {
            "label": f"{stored.ordinal + 1}",
            "pieces": [{"text": plain(stored.content.text), "tone": ""}],
            "place": _where(stored.content.section, stored.content.page, stored.content.page_label),
            "note": _split_note(stored, list(dict.fromkeys(codes.get(stored.id, [])))),
            "open": _open(version, stored.content.span.start),
        }
        for stored in passages
    ]
    told = [f"{len(passages)} passages, {characters:,} characters."]
    return _data("", told, [_group(version, term, status, entries)])


def _split_note(stored: StoredPassage, codes: Sequence[str]) -> str:
    parts = [f"characters {stored.content.span.start:,} to {stored.content.span.end:,}"]
    if stored.content.header:
        parts.append(f"columns: {plain(stored.content.header)}")
    if codes:
        parts.append(f"codes: {', '.join(codes)}")
    return " · ".join(parts)


def _group(
    version: Version, term: Term, status: Status, entries: list[dict[str, Any]], *, note: str = ""
) -> Group:
    metadata = version.metadata
    chips = [{"text": plain(metadata.payer)}] if metadata.payer else []
    if metadata.kind:
        chips.append({"text": kind_name(metadata.kind)})
    chips.append({"text": STATUS_NAMES[status], "tone": TONES.get(status, "")})
    return {
        "title": plain(metadata.title),
        "chips": chips,
        "sub": f"{plain(version.document)} · {term_words(version, term, status)}",
        "warning": "",
        "note": note,
        "entries": entries,
    }


def _plain_group(title: str, entries: list[dict[str, Any]]) -> Group:
    return {"title": title, "chips": [], "sub": "", "warning": "", "note": "", "entries": entries}


def _data(title: str, sentences: list[str], groups: list[Group]) -> dict[str, Any]:
    return {"draw": "listing", "title": title, "sentences": sentences, "groups": groups}


def _cut(text: str, spans: Iterable[Span], tone: str) -> list[dict[str, str]]:
    pieces, at = [], 0
    for span in sorted(spans):
        if span.start < at or span.end > len(text):
            continue
        if span.start > at:
            pieces.append({"text": plain(text[at : span.start]), "tone": ""})
        pieces.append({"text": plain(span.of(text)), "tone": tone})
        at = span.end
    if at < len(text):
        pieces.append({"text": plain(text[at:]), "tone": ""})
    return pieces


def _below_title(version: Version, section: tuple[str, ...]) -> tuple[str, ...]:
    """The headings above a passage, without a first one that only repeats the title."""
    repeats = section[:1] == (version.metadata.title,)
    return section[1:] if repeats else section


def _where(section: tuple[str, ...], page: int | None, label: str | None) -> str:
    return ", ".join(part for part in (section_name(section), page_name(page, label)) if part)


def _open(version: Version, start: int) -> dict[str, Any]:
    return write_place(Place(version.document, version.ordinal, start))
