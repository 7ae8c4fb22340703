"""What a person reads in the terminal after `matrix`: payer, policy, dates, and its own words.

A line each and not a table: a sentence in a third of eighty columns cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.padding import Padding
from rich.text import Text

from assistant.policies.code_words import SYSTEM_NAMES
from assistant.policies.matrix import Matrix, PayerRow, PolicyPosition
from assistant.policies.positions import Quote
from index.versions import Status
from ui.exports.code_rows import NO_POSITION, when
from ui.terminal.codes import place
from ui.terminal.safe import console, safe


def show_matrix(found: Matrix) -> None:
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
    """The payers without a document that names the code, those with the same reason together."""
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
            out.print(Padding(_quote(quote), (0, 5), expand=False))
    if row.disagreement:
        out.print(Padding(Text(safe(row.disagreement), "yellow"), (0, 2), expand=False))


def _about(policy: PolicyPosition) -> Text:
    metadata = policy.version.metadata
    text = Text(safe(metadata.title), "bold")
    style = "red" if policy.status in (Status.RETIRED, Status.FUTURE) else "dim"
    number = f"{metadata.number} · " if metadata.number else ""
    about = f"\n{number}{when(policy.version, policy.term, policy.status)}"
    text.append(safe(about), style=f"not bold {style}")
    return text


def _quote(quote: Quote) -> Text:
    text = Text("“")
    text.append(safe(quote.text))
    for word in quote.words:
        start = word.span.start - quote.span.start + 1
        text.stylize("bold", start, start + len(word.text))
    where = place(quote.section[-1:], quote.page, quote.page_label)
    verified = "verified word for word" if quote.verified else "NOT VERIFIED"
    text.append("”")
    text.append(safe(f"\n{where} · {verified}" if where else f"\n{verified}"), style="dim")
    return text
