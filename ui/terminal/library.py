"""Syncs, status, findings and generations in the terminal, with a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from corpus.readers.scans.models import INSTALL, recogniser
from ui.terminal.safe import console, errors, safe

if TYPE_CHECKING:
    from index.care.doctor import Finding
    from index.sync.report import SyncReport
    from ui.jobs.evaluations import Comparison
    from ui.schema.library import Generation, LibraryStatus
    from ui.schema.replicas import Following

_STEPS = {"read": "Reading", "embed": "Embedding", "ask": "Asking the golden questions"}


_MOST_PASSED_OVER = 20  # named in a terminal


def show_report(report: SyncReport) -> None:
    out = console()
    if report.rebuilt:
        out.print(Text(f"Everything was made anew: {safe(report.rebuilt)}."))
    counts = Table.grid(padding=(0, 2))
    rows = [
        ("added", len(report.added)),
        ("changed", len(report.changed)),
        ("removed", len(report.removed)),
        ("moved", len(report.moved)),
        ("unchanged", report.unchanged),
        ("duplicates", len(report.duplicates)),
        ("needs OCR", len(report.needs_ocr)),
        ("failed", len(report.failed)),
        ("passed over", len(report.passed_over)),
    ]
    for name, count in rows:
        counts.add_row(name, f"{count:,}")
    out.print(counts)
    for entry in report.failed:
        out.print(Text(safe(f"failed: {entry['path']}: {entry['reason']}"), style="red"))
    for entry in report.moved:
        out.print(Text(safe(f"moved: {entry['from']} is now {entry['path']}")))
    for entry in report.passed_over[:_MOST_PASSED_OVER]:
        out.print(Text(safe(f"passed over: {entry['path']}: {entry['reason']}")))
    if len(report.passed_over) > _MOST_PASSED_OVER:
        more = len(report.passed_over) - _MOST_PASSED_OVER
        out.print(Text(f"passed over: {more:,} more, which `--json` lists"))
    for path in report.needs_ocr:
        pages = report.ocr_pages.get(path)
        where = f" (pages {', '.join(map(str, pages[:20]))})" if pages else ""
        out.print(Text(safe(f"needs OCR: {path}{where}"), style="yellow"))
    if report.needs_ocr and not recogniser():
        out.print(Text(f"To have scanned pages recognised: {INSTALL}, then sync again."))
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
    """Why a new generation waits, and which golden questions it answers differently."""
    from ui.jobs.gate import lowered_in_words

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
    """A progress bar on standard error; hidden if that is not a terminal."""

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


def show_status(status: LibraryStatus) -> None:
    out = console()
    out.print(
        Text(
            f"Generation {status.generation} of {status.created}: "
            f"{status.documents:,} documents, {status.passages:,} passages."
        )
    )
    if status.following is not None:
        out.print(Text(safe(_followed(status.following)), style="yellow"))
    for name, path in status.folders.items():
        out.print(Text(safe(f"folder {name}: {path}"), style="dim"))
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("document", "payer", "kind", "status", "effective", "ends", "version", "pages"):
        table.add_column(name)
    for entry in status.files:
        cells = (
            entry.id,
            ", ".join(filter(None, (entry.payer, *entry.other_payers))),
            entry.kind,
            entry.status.replace("_", " "),
            entry.effective,
            entry.retired,
            entry.version,
            entry.pages or None,
        )
        table.add_row(*(Text(safe(str(cell))) if cell is not None else "" for cell in cells))
    out.print(table)
    counts = status.freshness.counts
    out.print(
        Text(
            f"To look at again: {counts['past_review']} past their review, {counts['silent']} "
            f"silent for a year, {counts['undated']} without any date.",
            style="yellow" if any(counts.values()) else "dim",
        )
    )
    for problem in status.failed:
        out.print(Text(safe(f"failed: {problem.path}: {problem.reason}"), style="red"))
    for path in status.needs_ocr:
        out.print(Text(safe(f"needs OCR: {path}"), style="yellow"))


def _followed(known: Following) -> str:
    """How a home stands to the one that it follows."""
    told = f"Follows {known.url}, last reached {known.reached or 'never'}."
    if known.behind:
        told += f" Generation {known.latest} is published there and does not answer here yet."
    return f"{told} {known.problem}".rstrip()


def show_findings(findings: Sequence[Finding]) -> None:
    """The doctor's findings, one per line, each problem with its remedy."""
    out = console()
    styles = {"good": "green", "note": "yellow", "problem": "bold red"}
    for finding in findings:
        line = Text(f"{finding.level:8}", style=styles[finding.level])
        out.print(line.append(safe(f"{finding.area}: {finding.text}"), style="default"))
        if finding.remedy:
            out.print(Text(safe(f"        {finding.remedy}")))
    wrong = sum(finding.level == "problem" for finding in findings)
    out.print(Text(f"{wrong} problems." if wrong else "Everything is in order."))


def show_generations(found: Sequence[Generation]) -> None:
    out = console()
    for entry in found:
        mark = "*" if entry.current else " "
        if entry.problem:
            out.print(Text(safe(f"{mark} {entry.generation}  {entry.problem}"), style="red"))
            continue
        said = f"{mark} {entry.generation}  {entry.created}"
        if counts := entry.counts:
            said += f"  {counts['documents']:,} documents, {counts['passages']:,} passages"
        out.print(Text(said))
