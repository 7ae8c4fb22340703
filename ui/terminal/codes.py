"""What a person reads in the terminal after `code`, `matrix`, `diff` and `changes`."""

from __future__ import annotations

from collections.abc import Iterable

from rich.padding import Padding
from rich.text import Text

from assistant.policies.alignment import Part
from assistant.policies.changes import Change, LibraryChanges, What
from assistant.policies.code_words import SYSTEM_NAMES
from assistant.policies.differences import Difference
from assistant.policies.listing import CodeListing, ListedDocument, ListedPassage
from assistant.policies.matrix import Matrix, PayerRow, PolicyPosition
from assistant.policies.positions import Quote
from corpus.codes import Coverage
from corpus.document import Metadata
from ui.exports.code_rows import NO_POSITION, when
from ui.terminal.safe import console, safe
from ui.wording import NOT_IN_FORCE, cells_apart, whose_words

_LONGEST = 300  # characters of a sentence or passage
_MOST_CODES = 12  # of a change
_HOW: tuple[tuple[Coverage, str], ...] = (
    ("exact", "exact"),
    ("range", "by a range"),
    ("blanket", "by a rule"),
)
_WORDS = {
    What.ADDED: "added",
    What.CHANGED: "changed",
    What.REMOVED: "removed",
    What.DATES: "dates changed",
    What.IN_FORCE: "came into force",
    What.ENDED: "ended",
}


def show_listing(listing: CodeListing) -> None:
    out = console()
    name = f"{SYSTEM_NAMES[listing.system]} {listing.code}"
    if listing.slip:
        out.print(Text(safe(f"“{listing.typed}” was read as {listing.code}."), "yellow"))
    counts = ", ".join(f"{listing.count(how)} {words}" for how, words in _HOW)
    out.print(Text(f"{name} as of {listing.on}: {listing.passages} passages ({counts})", "bold"))
    payers: tuple[str, ...] | None = None
    for listed in listing.documents:
        if listed.version.metadata.payers != payers:
            payers = listed.version.metadata.payers
            out.print(Text(f"\n{safe(', '.join(payers) or 'No payer')}", style="bold underline"))
        _show_document(listed)
    _show_apart(listing)


def _show_document(listed: ListedDocument) -> None:
    out = console()
    version = listed.version
    style = "red" if listed.status in NOT_IN_FORCE else "dim"
    out.print(Text(safe(version.metadata.title), style="bold"))
    about = f"   {version.document} · {when(version, listed.term, listed.status)}"
    out.print(Text(safe(about), style=style))
    if whose := whose_words(version.metadata):
        out.print(Text(f"   {safe(whose)}", style="dim"))
    columns = ""
    for passage in listed.passages:
        if passage.columns and passage.columns != columns:
            columns = passage.columns
            names = Text(safe(f"columns: {_short(columns)}"), style="dim")
            out.print(Padding(names, (0, 3), expand=False))
        out.print(Padding(_listed(passage, version.metadata.title), (0, 3), expand=False))


def _listed(passage: ListedPassage, title: str) -> Text:
    """How the code is named, where, and in which sentence. Nothing is shown twice."""
    first = passage.namings[0]
    section = tuple(part for part in passage.section if part not in (title, first.sentence))
    where = place(section, first.page, first.page_label)
    text = Text(f"[{first.named}] ", style="green" if first.how == "exact" else "yellow")
    text.append(safe(f"{where}: " if where else ""), style="dim")
    text.append(safe(_short(first.sentence)), style="default")
    if first.probable:
        text.append(safe(f" (it says “{first.written}”)"), style="yellow")
    if not passage.verified:
        text.append(" NOT VERIFIED", style="red")
    return text


def _show_apart(listing: CodeListing) -> None:
    out = console()
    if listing.declared:
        out.print(Text("\nDeclared in the metadata", style="bold underline"))
        silent = [one for one in listing.declared if not one.in_text]
        out.print(Text(f"documents: {len(listing.declared)}; not printed in {len(silent)} of them"))
        for one in silent:
            out.print(Text(safe(f"   {one.version.document}")))
    if listing.see_also:
        out.print(Text("\nSee also (not listed above)", style="bold underline"))
    for see in listing.see_also:
        relation = see.relation
        line = f"{relation.other} ({relation.kind}, {see.passages} passages): {relation.reason}"
        out.print(Text(safe(line)))
    if listing.left_out:
        out.print(
            Text(
                f"\n{listing.left_out} more passages stand in versions that are not in force on "
                f"{listing.on}: --all-versions.",
                style="dim",
            )
        )


def place(section: tuple[str, ...], page: int | None, label: str | None) -> str:
    """Section and page in one line."""
    parts = [" > ".join(section)] if section else []
    if page is not None:
        printed = f" (printed {label})" if label and label != str(page) else ""
        parts.append(f"page {page}{printed}")
    return ", ".join(parts)


def show_matrix(found: Matrix) -> None:
    """Lines instead of a table: a sentence in a third of eighty columns is unreadable."""
    out = console()
    if found.slip:
        out.print(Text(safe(f"“{found.typed}” was read as {found.code}."), "yellow"))
    out.print(
        Text(f"{SYSTEM_NAMES[found.system]} {found.code}, payer by payer, as of {found.on}", "bold")
    )
    for row in found.rows:
        if row.policies:
            _show_payer(row)
    _show_silent(row for row in found.rows if not row.policies)


def _show_silent(rows: Iterable[PayerRow]) -> None:
    """The payers without a document that names the code, grouped by reason."""
    payers: dict[str, list[str]] = {}
    for row in rows:
        payers.setdefault(row.note, []).append(row.payer)
    out = console()
    if payers:
        out.print(Text("\nNo document in force that names it", "bold underline"))
    for note, names in payers.items():
        out.print(Text(safe(note), "dim"))
        out.print(Padding(Text(safe("; ".join(names))), (0, 2), expand=False))


def _show_payer(row: PayerRow) -> None:
    out = console()
    out.print(Text(f"\n{safe(row.payer)}", "bold underline"))
    for policy in row.policies:
        out.print(Padding(_about(policy), (0, 2), expand=False))
        if not policy.quotes:
            out.print(Padding(Text(NO_POSITION, "dim"), (0, 5), expand=False))
        for quote in policy.quotes:
            out.print(Padding(_quote(quote, policy.version.metadata), (0, 5), expand=False))
    if row.disagreement:
        out.print(Padding(Text(safe(row.disagreement), "yellow"), (0, 2), expand=False))


def _about(policy: PolicyPosition) -> Text:
    metadata = policy.version.metadata
    text = Text(safe(metadata.title), "bold")
    style = "red" if policy.status in NOT_IN_FORCE else "dim"
    number = f"{metadata.number} · " if metadata.number else ""
    about = f"\n{number}{when(policy.version, policy.term, policy.status)}"
    text.append(safe(about), style=f"not bold {style}")
    if whose := whose_words(metadata):
        text.append(f"\n{safe(whose)}", style="not bold dim")
    return text


def _quote(quote: Quote, metadata: Metadata) -> Text:
    """The sentence, in quotation marks only where it may be the payer's own."""
    opening, closing = ("", "") if metadata.is_retold else ("“", "”")
    text = Text(opening)
    text.append(safe(quote.text))
    for word in quote.words:
        start = word.span.start - quote.span.start + len(opening)
        text.stylize("bold", start, start + len(word.text))
    where = place(quote.section[-1:], quote.page, quote.page_label)
    verified = "verified word for word" if quote.verified else "NOT VERIFIED"
    text.append(closing)
    text.append(safe(f"\n{where} · {verified}" if where else f"\n{verified}"), style="dim")
    return text


def show_difference(difference: Difference) -> None:
    out = console()
    before, after = difference.before, difference.after
    out.print(Text(safe(f"{after.metadata.title} ({after.document})"), style="bold"))
    out.print(
        Text(
            f"version {before.ordinal} (first read {before.first_seen}) to "
            f"version {after.ordinal} (first read {after.first_seen})"
        )
    )
    if difference.is_empty:
        out.print("Nothing that is read from the two versions differs.")
    for moved in difference.dates:
        doubt = "" if moved.confirmed or moved.after is None else ", found in the text"
        out.print(Text(f"{moved.field}: {moved.before or 'none'} → {moved.after or 'none'}{doubt}"))
    for name, codes, style in (
        ("added", difference.codes_added, "green"),
        ("removed", difference.codes_removed, "red"),
    ):
        if codes:
            listed = ", ".join(code.shown for code in codes)
            out.print(Text(safe(f"codes {name}: {listed}"), style=style))
    _show_changed(difference)
    _show_parts("added", difference.added, "green")
    _show_parts("removed", difference.removed, "red")


def _show_changed(difference: Difference) -> None:
    out = console()
    styles = {"same": "default", "removed": "red strike", "added": "green bold"}
    marks = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    for changed in difference.changed:
        part = changed.after
        out.print(Text(safe(f"\nchanged: {place(part.section, part.page, part.page_label)}")))
        text = Text()
        for piece in changed.words:
            opening, closing = marks[piece.what]
            said = cells_apart(piece.text, is_row=part.is_row)
            words = said.lstrip()
            lead = said[: len(said) - len(words)]
            text.append(lead)
            text.append(safe(f"{opening}{words}{closing}"), style=styles[piece.what])
        out.print(Padding(text, (0, 3), expand=False))


def _show_parts(name: str, parts: Iterable[Part], style: str) -> None:
    out = console()
    for part in parts:
        where = place(part.section, part.page, part.page_label)
        out.print(Text(safe(f"\n{name}: {where}"), style=style))
        out.print(
            Padding(Text(safe(cells_apart(part.text, is_row=part.is_row))), (0, 3), expand=False)
        )


def show_changes(found: LibraryChanges) -> None:
    out = console()
    if not found.payers:
        out.print(f"Nothing changed from {found.since} to {found.until}.")
    for held in found.payers:
        out.print(Text(f"\n{safe(held.payer or 'No payer')}", style="bold underline"))
        for change in held.changes:
            out.print(_change(change))


def _change(change: Change) -> Text:
    text = Text(f"{change.on}  ")
    text.append(f"{_WORDS[change.what]:15} ", style="bold")
    text.append(safe(change.title or change.document))
    if change.detail:
        text.append(safe(f" ({change.detail})"))
    for name, codes in (
        ("codes", change.codes),
        ("codes added", change.codes_added),
        ("codes removed", change.codes_removed),
    ):
        if codes:
            more = f" and {len(codes) - _MOST_CODES} more" if len(codes) > _MOST_CODES else ""
            listed = ", ".join(codes[:_MOST_CODES])
            text.append(safe(f"\n    {name}: {listed}{more}"), style="dim")
    return text


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1] + "…"
