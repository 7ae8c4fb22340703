"""Answers, hits and documents as a person reads them in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.answer import Answer, Citation, Verdict
from index.versions import Status
from ui.terminal.safe import console, safe
from ui.wording import (
    NOT_IN_FORCE,
    also_in,
    copy_words,
    counted,
    recognised_words,
    standing_words,
    succession_words,
    unchecked_words,
    whose_words,
)

if TYPE_CHECKING:
    from assistant.showing import Shown

_VERDICTS = {
    Verdict.ANSWERED: ("Answered", "bold green"),
    Verdict.WEAK: ("Weak: read before you rely on it", "bold yellow"),
    Verdict.NOT_FOUND: ("Not found in the library", "bold red"),
}


def show_answer(answer: Answer) -> None:
    words, style = _VERDICTS[answer.verdict]
    out = console()
    out.print(Text(words, style=style))
    for sentence in answer.missing:
        out.print(Text(safe(sentence)))
    for warning in answer.warnings:
        out.print(Text(safe(warning), style="yellow"))
    for citation in answer.citations:
        out.print(_citation(citation))
    for widening in answer.widened:
        also = ", ".join(widening.added)
        out.print(
            Text(safe(f"Also searched for “{also}” ({widening.typed}: {widening.reason})"), "dim")
        )
    for suggestion in answer.suggestions:
        out.print(Text(safe(suggestion)))
    _show_searched(answer)


def place(citation: Citation) -> str:
    """Section and page in one line."""
    parts = []
    if citation.section:
        parts.append(" > ".join(citation.section))
    if citation.page is not None:
        label = citation.page_label
        printed = f" (printed {label})" if label and label != str(citation.page) else ""
        parts.append(f"page {citation.page}{printed}")
    return ", ".join(parts)


def dates(citation: Citation) -> str:
    """What is known about when the version is in force, in words."""
    effective = citation.starts or citation.version.metadata.effective
    standing = standing_words(citation.version)
    if standing and citation.status is not Status.FUTURE and not citation.ends:
        return standing[:1].lower() + standing[1:]
    since = f" since {effective}" if effective else ""
    if citation.status is Status.RETIRED:
        how = "superseded" if citation.superseded else "retired"
        return f"{how} on {citation.ends}{succession_words(citation.term, citation.status)}"
    if citation.status is Status.FUTURE:
        return f"not yet in force, from {effective}"
    if citation.status is Status.UNDATED:
        copied = copy_words(citation.version)
        return f"{copied[:1].lower()}{copied[1:]}" if copied else "undated"
    until = f", until {citation.ends}" if citation.ends else ""
    unchecked = unchecked_words(citation.version, citation.status)
    old = f"; {unchecked[:1].lower()}{unchecked[1:]}" if unchecked else ""
    taken = succession_words(citation.term, citation.status)
    return f"in force{since}{until}{taken}{old}"


def _citation(citation: Citation) -> Group:
    metadata = citation.version.metadata
    head = Text(f"\n{citation.rank}. {safe(metadata.title)}", style="bold")
    about = [*metadata.payers, metadata.kind, dates(citation)]
    line = " · ".join(safe(part) for part in about if part)
    style = "red" if citation.status in NOT_IN_FORCE else "dim"
    source = " · ".join(
        safe(part)
        for part in (citation.version.document, place(citation), metadata.source_url)
        if part
    )
    verified = "verified word for word" if citation.verified else "NOT VERIFIED"
    if scanned := recognised_words(citation.sure, citation.doubtful):
        verified = f"{scanned} · {verified}"
    parts: list[Text | Padding] = [head, Text(f"   {line}", style=style)]
    if whose := whose_words(metadata):
        parts.append(Text(f"   {safe(whose)}", style="dim"))
    if citation.header and citation.header not in citation.text:
        parts.append(Padding(Text(safe(citation.header), style="italic"), (0, 3)))
    parts.append(Padding(_marked(citation), (0, 3)))
    parts.append(Text(f"   {source} · {verified}", style="dim"))
    if citation.also_in:
        parts.append(Text(f"   the same words also in {safe(also_in(citation))}", style="dim"))
    return Group(*parts)


def _marked(citation: Citation) -> Text:
    text = Text(safe(citation.text))
    for span in citation.highlights:
        text.stylize("bold", span.start, span.end)
    return text


def _show_searched(answer: Answer) -> None:
    searched = answer.searched
    console().print(
        Text(
            f"Searched {searched.passages:,} passages of {counted(searched.documents, 'document')} "
            f"as of {answer.as_of}, generation {answer.generation}, "
            f"in {answer.seconds * 1000:.0f} ms.",
            style="dim",
        )
    )


def show_hits(found: Answer) -> None:
    """Search results: one row per passage, with the parts of the score."""
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("#", "score", "words", "meaning", "late", "document", "page", "passage"):
        table.add_column(name, no_wrap=name not in ("document", "passage"))
    for citation in found.citations:
        why = citation.why
        table.add_row(
            str(citation.rank),
            f"{citation.score:.3f}",
            f"{why.lexical:.2f}",
            f"{why.dense:.2f}",
            f"{why.late:.2f}" if why.late is not None else "",
            Text(safe(f"{citation.version.document} ({dates(citation)})")),
            str(citation.page or ""),
            Text(safe(" ".join(citation.text.split())[:160])),
        )
    console().print(table)
    if found.found is not None and found.citations:
        last = found.citations[-1].rank
        first = found.citations[0].rank
        which = f"Passages {first:,} to {last:,} of {found.shown:,} found. "
        console().print(Text(which, style="dim"))
    _show_searched(found)


def show_shown(shown: Shown) -> None:
    out = console()
    metadata = shown.version.metadata
    out.print(Text(safe(metadata.title), style="bold"))
    status = shown.term.status(shown.on).value.replace("_", " ")
    facts = {
        "document": shown.version.document,
        "version": f"{shown.version.ordinal} of {shown.versions}",
        "payer": ", ".join(metadata.payers),
        "publisher": metadata.publisher,
        "words": whose_words(metadata) or metadata.written_by,
        "kind": metadata.kind,
        "number": metadata.number,
        "source": metadata.source_url,
        "effective": metadata.effective,
        "ends": shown.term.end,
        "reviewed": metadata.reviewed,
        "retrieved": metadata.retrieved,
        "copy": copy_words(shown.version) or None,
        "status": status,
        "sha256": shown.version.sha256,
    }
    for name, value in facts.items():
        if value is not None:
            out.print(Text(safe(f"{name:10} {value}"), style="dim"))
    for found in metadata.found:
        where = f", page {found.page}" if found.page else ""
        out.print(
            Text(
                safe(f"{found.field}: found in the text{where}, not confirmed: “{found.sentence}”"),
                style="yellow",
            )
        )
    if shown.page:
        printed = f" (printed {shown.page.label})" if shown.page.label else ""
        out.print(Text(safe(f"\npage {shown.page.number}{printed}"), style="bold"))
    out.print(Text("\n" + safe(shown.text)))
