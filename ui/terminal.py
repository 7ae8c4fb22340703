"""What a person reads in the terminal. Document text is shown as text: control characters and
terminal escapes in it have no effect."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from assistant.answer import Answer, Citation, Verdict
from index.versions import Status
from ui.as_json import evaluation_json, status_json
from ui.wording import also_in

if TYPE_CHECKING:  # named only: an answer must not wait for what other commands import
    from assistant.evaluate import Evaluation
    from assistant.showing import Shown
    from index.doctor import Finding
    from index.keep import Kept
    from index.library import Library
    from index.sync_report import SyncReport
    from ui.evaluations import Comparison

# C0 and C1 controls but for line feed and tab, and the marks that turn the direction of writing.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_VERDICTS = {
    Verdict.ANSWERED: ("Answered", "bold green"),
    Verdict.WEAK: ("Weak: read before you rely on it", "bold yellow"),
    Verdict.NOT_FOUND: ("Not found in the library", "bold red"),
}
_POINTS = 8  # of the curve of thresholds, that are shown
_STEPS = {"read": "Reading", "embed": "Embedding", "ask": "Asking the golden questions"}


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
    if citation.also_in:
        parts.append(Text(f"   the same words also in {safe(also_in(citation))}", style="dim"))
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


def show_held(found: Comparison) -> None:
    """Why a new generation waits, and which golden questions it answers otherwise."""
    from ui.gate import lowered_in_words

    out = console()
    out.print(
        Text(
            f"Generation {found.after} was made and waits: it answers the golden questions worse "
            f"than generation {found.before} ({lowered_in_words(found)}).",
            style="bold yellow",
        )
    )
    for one in found.changed:
        out.print(
            Text(safe(f"  {one.question}\n    before: {one.before}\n    now:    {one.after}"))
        )


class Bar:
    """A progress bar on standard error; silent where that is no terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),  # it names files
            BarColumn(),
            MofNCompleteColumn(),
            console=errors(),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> Callable[..., None]:
        self._progress.start()
        return self.update

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def update(self, step: str, done: int, total: int, what: str = "", /) -> None:
        said = f"{_STEPS.get(step, step)} {safe(what)[-60:]}".strip()
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(said, total=total)
        self._progress.update(
            self._tasks[step],  # type: ignore[arg-type]
            completed=done,
            total=total,
            description=said,
        )


def show_hits(found: Answer) -> None:
    """Search results, one row a passage, with the parts of the score."""
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
    _show_searched(found)


def show_shown(shown: Shown) -> None:
    out = console()
    metadata = shown.version.metadata
    out.print(Text(safe(metadata.title), style="bold"))
    status = shown.term.status(shown.on).value.replace("_", " ")
    facts = {
        "document": shown.version.document,
        "version": f"{shown.version.ordinal} of {shown.versions}",
        "payer": metadata.payer,
        "publisher": metadata.publisher,
        "kind": metadata.kind,
        "number": metadata.number,
        "source": metadata.source_url,
        "effective": metadata.effective,
        "ends": shown.term.end,
        "reviewed": metadata.reviewed,
        "retrieved": metadata.retrieved,
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


def show_status(library: Library) -> None:
    out = console()
    status = status_json(library)
    out.print(
        Text(
            f"Generation {status['generation']} of {status['created']}: "
            f"{status['documents']:,} documents, {status['passages']:,} passages."
        )
    )
    for name, path in status["folders"].items():
        out.print(Text(safe(f"folder {name}: {path}"), style="dim"))
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("document", "payer", "kind", "status", "effective", "ends", "version", "pages"):
        table.add_column(name)
    for entry in status["files"]:
        cells = (
            entry["id"],
            entry["payer"],
            entry["kind"],
            entry["status"].replace("_", " "),
            entry["effective"],
            entry["retired"],
            entry["version"],
            entry["pages"] or None,
        )
        table.add_row(*(Text(safe(str(cell))) if cell is not None else "" for cell in cells))
    out.print(table)
    counts = status["freshness"]["counts"]
    out.print(
        Text(
            f"To look at again: {counts['past_review']} past their review, {counts['silent']} "
            f"silent for a year, {counts['undated']} without any date.",
            style="yellow" if any(counts.values()) else "dim",
        )
    )
    for problem in status["failed"]:
        out.print(Text(safe(f"failed: {problem['path']}: {problem['reason']}"), style="red"))
    for path in status["needs_ocr"]:
        out.print(Text(safe(f"needs OCR: {path}"), style="yellow"))


def show_findings(findings: Sequence[Finding]) -> None:
    """The doctor's findings, a line each; what is wrong with its remedy below."""
    out = console()
    styles = {"good": "green", "note": "yellow", "problem": "bold red"}
    for finding in findings:
        line = Text(f"{finding.level:8}", style=styles[finding.level])
        out.print(line.append(safe(f"{finding.area}: {finding.text}"), style="default"))
        if finding.remedy:
            out.print(Text(safe(f"        {finding.remedy}")))
    wrong = sum(finding.level == "problem" for finding in findings)
    out.print(Text(f"{wrong} problems." if wrong else "Everything is in order."))


def show_generations(found: Sequence[Kept]) -> None:
    out = console()
    for entry in found:
        mark = "*" if entry.current else " "
        if entry.manifest is None:
            out.print(Text(safe(f"{mark} {entry.number}  {entry.problem}"), style="red"))
            continue
        counts = entry.manifest.counts
        out.print(
            Text(
                f"{mark} {entry.number}  {entry.manifest.created}  "
                f"{counts['documents']:,} documents, {counts['passages']:,} passages"
            )
        )


def show_evaluation(result: Evaluation) -> None:
    out = console()
    table = Table(box=None, padding=(0, 2))
    for name, value in evaluation_json(result).items():
        if isinstance(value, int | float):
            shown = f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
            table.add_row(name.replace("_", " "), shown)
    out.print(table)
    _show_verdicts(out, result)
    for score in evaluation_json(result)["codes"]:
        shares = (
            f"{name} {score[name]:.3f}"
            for name in ("precision", "recall")
            if score[name] is not None
        )
        out.print(
            Text(
                f"  codes {score['system']} ({score['half'].replace('_', ' ')}, "
                f"{score['mentions']} mentions): {', '.join(shares)}"
            )
        )
    for outcome in result.outcomes:
        golden = outcome.golden
        if golden.decline and outcome.verdict is Verdict.ANSWERED:
            out.print(Text(safe(f"false answer: {golden.id} {golden.question} ({outcome.first})")))
        elif not golden.decline and outcome.rank != 1:
            place_ = f"at {outcome.rank}" if outcome.rank else "not found"
            out.print(
                Text(safe(f"{place_}: {golden.id} {golden.question} ({outcome.first})"), "dim")
            )


def _show_verdicts(out: Console, result: Evaluation) -> None:
    """What was declined, by what it comes near to, and what other thresholds would give."""
    for near, rates in result.declined_by_near.items():
        shares = (f"{name.replace('_', ' ')} {rates[name]:.3f}" for name in _VERDICTS)
        out.print(Text(safe(f"  to decline, {near} ({rates['questions']}): {', '.join(shares)}")))
    for point in result.curve[:: max(1, len(result.curve) // _POINTS)]:
        told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in point.items())
        out.print(Text(f"  {told}", "dim"))


def _show_searched(answer: Answer) -> None:
    searched = answer.searched
    console().print(
        Text(
            f"Searched {searched.passages:,} passages of {searched.documents:,} documents as of "
            f"{answer.as_of}, generation {answer.generation}, in {answer.seconds * 1000:.0f} ms.",
            style="dim",
        )
    )
