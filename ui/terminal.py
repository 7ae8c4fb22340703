"""What a person reads in the terminal. Document text is shown as text: control characters and
terminal escapes in it have no effect."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from assistant.answer import Answer, Citation, Verdict
from index.sync import SyncReport
from index.versions import Status

# C0 and C1 controls but for line feed and tab, and the marks that turn the direction of writing.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_VERDICTS = {
    Verdict.ANSWERED: ("Answered", "bold green"),
    Verdict.WEAK: ("Weak: read before you rely on it", "bold yellow"),
    Verdict.NOT_FOUND: ("Not found in the library", "bold red"),
}
_STEPS = {"read": "Reading", "embed": "Embedding"}


def console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def errors() -> Console:
    return Console(stderr=True, highlight=False)


def safe(text: str) -> str:
    """The text without characters that act on a terminal."""
    return _UNSAFE.sub("\ufffd", text)


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
    searched = answer.searched
    out.print(
        Text(
            f"Searched {searched.passages:,} passages of {searched.documents:,} documents as of "
            f"{answer.as_of}, generation {answer.generation}, in {answer.seconds * 1000:.0f} ms.",
            style="dim",
        )
    )


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
    effective = citation.version.metadata.effective
    since = f" since {effective}" if effective else ""
    if citation.status is Status.RETIRED:
        how = "superseded" if citation.superseded else "retired"
        return f"{how} on {citation.ends}"
    if citation.status is Status.FUTURE:
        return f"not yet in force, from {effective}"
    if citation.status is Status.UNDATED:
        return "undated"
    until = f", until {citation.ends}" if citation.ends else ""
    return f"in force{since}{until}"


def _citation(citation: Citation) -> Group:
    metadata = citation.version.metadata
    head = Text(f"\n{citation.rank}. {safe(metadata.title)}", style="bold")
    about = [metadata.payer, metadata.kind, dates(citation)]
    line = " · ".join(safe(part) for part in about if part)
    style = "red" if citation.status in (Status.RETIRED, Status.FUTURE) else "dim"
    source = " · ".join(
        safe(part)
        for part in (citation.version.document, place(citation), metadata.source_url)
        if part
    )
    verified = "verified word for word" if citation.verified else "NOT VERIFIED"
    parts: list[Text | Padding] = [head, Text(f"   {line}", style=style)]
    if citation.header and citation.header not in citation.text:
        parts.append(Padding(Text(safe(citation.header), style="italic"), (0, 3)))
    parts.append(Padding(_marked(citation), (0, 3)))
    parts.append(Text(f"   {source} · {verified}", style="dim"))
    return Group(*parts)


def _marked(citation: Citation) -> Text:
    text = Text(safe(citation.text))
    for span in citation.highlights:
        text.stylize("bold", span.start, span.end)
    return text


def show_report(report: SyncReport) -> None:
    out = console()
    if report.rebuilt:
        out.print(Text(f"Everything was made anew: {safe(report.rebuilt)}."))
    counts = Table.grid(padding=(0, 2))
    rows = [
        ("added", len(report.added)),
        ("changed", len(report.changed)),
        ("removed", len(report.removed)),
        ("unchanged", report.unchanged),
        ("duplicates", len(report.duplicates)),
        ("needs OCR", len(report.needs_ocr)),
        ("failed", len(report.failed)),
    ]
    for name, count in rows:
        counts.add_row(name, f"{count:,}")
    out.print(counts)
    for entry in report.failed:
        out.print(Text(safe(f"failed: {entry['path']}: {entry['reason']}"), style="red"))
    for path in report.needs_ocr:
        pages = report.ocr_pages.get(path)
        where = f" (pages {', '.join(map(str, pages[:20]))})" if pages else ""
        out.print(Text(safe(f"needs OCR: {path}{where}"), style="yellow"))
    for entry in report.duplicates:
        out.print(Text(safe(f"duplicate: {entry['path']} has the bytes of {entry['of']}")))
    out.print(
        Text(
            f"Generation {report.generation}: {report.documents:,} documents, "
            f"{report.passages:,} passages ({report.embedded:,} embedded now), "
            f"{report.seconds:.1f} s."
        )
    )


class Bar:
    """A progress bar on standard error; silent where that is no terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=errors(),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> Callable[[str, int, int], None]:
        self._progress.start()
        return self.update

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def update(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(_STEPS.get(step, step), total=total)
        self._progress.update(self._tasks[step], completed=done, total=total)  # type: ignore[arg-type]
