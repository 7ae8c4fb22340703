"""Code listings, payer matrices and differences between versions, as the Search desk draws them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.policies.alignment import Part
from assistant.policies.code_words import told as told_code
from assistant.policies.differences import CodeNamed, DateMoved, Difference
from assistant.policies.listing import CodeListing, ListedDocument, ListedPassage, Naming
from assistant.policies.matrix import Matrix, PayerRow, PolicyPosition
from assistant.policies.positions import Quote
from corpus.document import Span
from corpus.readers.draft import BAR
from index.versions import Version
from ui.desks.parts.groups import Group, cut, group, listing, opens, plain_group, where
from ui.wording import cells_apart, counted, plain, term_words, whose_words, written_day


def listing_data(found: CodeListing, *, skip: int = 0, most: int | None = None) -> dict[str, Any]:
    """Every passage that names or covers a code, by document; of a long list, one page."""
    code = told_code(found.system, found.code)
    told = [
        f"{counted(found.passages, 'passage')} in {counted(len(found.documents), 'document')} "
        f"{'names' if found.passages == 1 else 'name'} or "
        f"{'covers' if found.passages == 1 else 'cover'} {code}. "
        "The list is complete: it comes from the table of codes."
    ]
    if found.slip:
        told.append(f"“{plain(found.typed)}” was read as {code}.")
    if found.left_out:
        more = counted(found.left_out, "more passage")
        told.append(f"Left out by the filters: {more}.")
    stop = found.passages if most is None else min(skip + most, found.passages)
    if stop - skip < found.passages:
        told.append(f"Passages {skip + 1:,} to {stop:,} stand on this page.")
    groups = [_listed(document) for document in _between(found.documents, skip, stop)]
    if stop < found.passages:
        return listing(f"{code}: every passage", told, groups)
    for one in found.declared:
        note = "Its metadata declares the code" + (
            ", and its text names it in a version that the filters leave out."
            if one.in_text
            else "; its text does not name it."
        )
        groups.append(group(one.version, one.term, one.status, [], note=note))
    also = [
        {
            "pieces": [{"text": one.relation.other, "tone": "word"}],
            "place": plain(one.relation.reason),
            "note": counted(one.passages, "passage"),
        }
        for one in found.see_also
    ]
    if also:
        groups.append(plain_group("See also", also))
    return listing(f"{code}: every passage", told, groups)


def _between(
    documents: Sequence[ListedDocument], start: int, stop: int
) -> Iterator[ListedDocument]:
    """The documents with those of their passages that stand there, counted over all of them."""
    at = 0
    for one in documents:
        kept = one.passages[max(0, start - at) : max(0, stop - at)]
        at += len(one.passages)
        if kept:
            yield replace(one, passages=kept)


def _listed(listed: ListedDocument) -> Group:
    columns = [one.columns for one in listed.passages]
    entries = [
        _passage(listed.version, one, names="" if one.columns == before else one.columns)
        for one, before in zip(listed.passages, ["", *columns], strict=False)
    ]
    return group(listed.version, listed.term, listed.status, entries)


def _passage(version: Version, passage: ListedPassage, *, names: str) -> dict[str, Any]:
    """A passage; of the first row of a table, with the `names` of its columns."""
    first = passage.namings[0]
    # That a code is printed is seen; how it is covered without being printed has to be said.
    how = dict.fromkeys(plain(one.named) for one in passage.namings if one.named != "exact")
    proof = "" if passage.verified else "NOT VERIFIED"
    return {
        "pieces": _sentence(passage, first),
        "place": where(_below_title(version, passage.section), first.page, first.page_label),
        "note": ". ".join([*how, *([proof] if proof else [])]),
        "names": plain(names.replace(BAR, "  ·  ")),
        "open": opens(version, passage.span.start),
    }


def _sentence(passage: ListedPassage, naming: Naming) -> list[dict[str, str]]:
    """The sentence with the code marked in it."""
    shift = passage.span.start
    said = naming.sentence_span
    text = passage.text[said.start - shift : said.end - shift] or naming.sentence
    named = Span(naming.span.start - said.start, naming.span.end - said.start)
    pieces = cut(text, [named], "mark")
    if passage.columns or passage.header:  # the bars between a table's cells are the reader's
        pieces = [{**piece, "text": piece["text"].replace(BAR, "  ·  ")} for piece in pieces]
    return pieces


def matrix_data(matrix: Matrix) -> dict[str, Any]:
    """What the documents on each payer say on a code, word for word, and whose words they are."""
    told = [
        f"What the library's documents say on {matrix.code} for a date of service of "
        f"{written_day(matrix.on)}. Each sentence is the document's own, word for word; nothing is "
        "concluded from it. Where the document is a summary, its line says whose."
    ]
    return listing(
        f"{matrix.code}: payers side by side", told, [_payer(row) for row in matrix.rows]
    )


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
    about = (
        plain(version.metadata.title),
        whose_words(version.metadata),
        term_words(version, policy.term, policy.status),
    )
    name = " · ".join(part for part in about if part)
    if not policy.quotes:
        nothing = "names the code and states no position that could be found"
        return [{"pieces": [], "place": name, "note": nothing, "open": opens(version, 0)}]
    return [_quote(version, name, quote) for quote in policy.quotes]


def _quote(version: Version, name: str, quote: Quote) -> dict[str, Any]:
    words = [
        Span(word.span.start - quote.span.start, word.span.end - quote.span.start)
        for word in quote.words
    ]
    at = where(quote.section[-1:], quote.page, quote.page_label)
    return {
        "pieces": cut(quote.text, words, "word"),
        "place": name,
        "note": at if quote.verified else f"{at} NOT VERIFIED",
        "open": opens(version, quote.span.start),
    }


def difference_data(difference: Difference) -> dict[str, Any]:
    """Two versions of a document, what was added, removed and changed, words marked."""
    before, after = difference.before, difference.after
    added, removed = "Added", "Removed"
    title = plain(after.metadata.title)
    if before.document == after.document:
        told = [
            f"{plain(before.document)}: from version {before.ordinal} to version {after.ordinal}, "
            f"first read on {written_day(after.first_seen)}."
        ]
    else:
        added, removed = "Only in the second", "Only in the first"
        title = f"{plain(before.metadata.title)}, and {title}"
        told = [
            f"From {plain(before.metadata.title)} ({plain(before.document)}) to "
            f"{plain(after.metadata.title)} ({plain(after.document)})."
        ]
    if difference.is_empty:
        told.append("The two read the same.")
    changed = [
        {
            "label": "Changed",
            "pieces": [
                {
                    "text": plain(cells_apart(piece.text, is_row=one.after.is_row)),
                    "tone": "" if piece.what == "same" else piece.what,
                }
                for piece in one.words
            ],
            "place": where(one.after.section, one.after.page, one.after.page_label),
            "open": opens(after, one.after.span.start),
        }
        for one in difference.changed
    ]
    parts = [
        *changed,
        *(_part(after, part, added, "added") for part in difference.added),
        *(_part(before, part, removed, "removed") for part in difference.removed),
    ]
    groups = [
        plain_group("Dates", [_moved(moved) for moved in difference.dates]),
        plain_group("Codes", _codes(difference)),
        plain_group("Text", parts),
    ]
    return listing(title, told, [group for group in groups if group["entries"]])


def _part(version: Version, part: Part, label: str, tone: str) -> dict[str, Any]:
    return {
        "label": label,
        "tone": tone,
        "pieces": [{"text": plain(cells_apart(part.text, is_row=part.is_row)), "tone": tone}],
        "place": where(part.section, part.page, part.page_label),
        "open": opens(version, part.span.start),
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
    two = difference.before.document != difference.after.document

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
        *named(difference.codes_added, "Only in the second" if two else "Named now", "added"),
        *named(
            difference.codes_removed, "Only in the first" if two else "No longer named", "removed"
        ),
    ]


def _below_title(version: Version, section: tuple[str, ...]) -> tuple[str, ...]:
    """The headings above a passage, without a first one that only repeats the title."""
    repeats = section[:1] == (version.metadata.title,)
    return section[1:] if repeats else section
