"""Commands for the library: sync, forget, status, generations, rollback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.shared import (
    HELD,
    SOME_FAILED,
    Json,
    caller,
    discretion,
    hides,
    home,
    library,
    note,
    out,
    say,
    settings,
)

if TYPE_CHECKING:
    from index.sync.report import SyncReport
    from ui.jobs.evaluations import Comparison


def register(app: typer.Typer) -> None:
    app.command()(sync)
    app.command()(forget)
    app.command()(status)
    app.command()(generations)
    app.command()(rollback)


def sync(  # noqa: PLR0913 - one option each
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER]...")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make everything anew.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Compare files by their bytes, not by size and time.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry-failed", help="Read again what could not be read.")
    ] = False,
    gate: Annotated[
        bool,
        typer.Option("--gate", help="Ask before publishing what answers golden questions worse."),
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Read and embed on the nodes of a Ray cluster."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring the index up to date with folders (default: starter library, your own, known ones)."""
    from index.sync.writing import silent
    from ui.jobs.gate import Gate, gated
    from ui.jobs.syncing import run_sync
    from ui.schema.model import dumps
    from ui.terminal.library import Bar, show_report

    with Bar() as shown:
        progress = shown if caller().everything else silent  # it names files
        asked = Gate(settings(), progress)
        report = run_sync(
            settings(),
            folders or [],
            progress=progress,
            force=force,
            dry_run=dry_run,
            retry=retry,
            check=check,
            approve=asked if gate else lambda generation: True,
            cluster=cluster,
        )
    if report.published or report.held:
        note("sync", generation=report.generation, held=report.held, force=force)
    report = _told(report)
    if as_json:
        out(dumps(gated(report, asked.found) if gate else report))
    else:
        show_report(report)
    if report.published:
        _tell()
    if report.held and asked.found and not _publish_anyway(asked.found, as_json=as_json):
        raise typer.Exit(HELD)
    raise typer.Exit(SOME_FAILED if report.failed else 0)


def _told(report: SyncReport) -> SyncReport:
    """As the account that runs this may hear it."""
    if not hides(caller()):
        return report
    from msgspec import convert, to_builtins

    return convert(discretion().report(to_builtins(report)), type(report))


def _publish_anyway(found: Comparison, *, as_json: bool) -> bool:
    """Ask the person at the terminal. Without a terminal the generation waits."""
    from index.home.generations import roll_back
    from ui.terminal.library import show_held

    if not as_json:
        show_held(found)
    if not as_json and sys.stdin.isatty() and typer.confirm("Publish it anyway?", err=True):
        roll_back(home(), found.after)
        note("publish anyway", generation=found.after, before=found.before)
        out(f"Generation {found.after} answers now.")
        _tell()
        return True
    say(
        f"Generation {found.before} goes on answering. To let the new one answer: "
        f"`codedesk rollback {found.after}`."
    )
    return False


def _tell() -> None:
    """Tell what is new to saved searches, as after a sync that the pages start."""
    from ui.alerts.telling import tell_after

    tell_after(settings(), say=say)


def forget(folder: Path, as_json: Json = False) -> None:
    """Take a folder and its documents out of the index; the files stay where they are."""
    from ui.jobs.syncing import run_sync
    from ui.schema.model import dumps
    from ui.terminal.library import show_report

    report = run_sync(settings(), [], only_known=True, forget=[folder])
    note("forget", folder=str(folder), generation=report.generation)
    if as_json:
        out(dumps(report))
    else:
        show_report(report)
    if report.published:
        _tell()


def status(as_json: Json = False) -> None:
    """What is in the library: documents, their dates, what could not be read."""
    from index.replicas.following import following
    from ui.schema.library import status_of
    from ui.schema.model import dumps
    from ui.terminal.library import show_status

    with library() as opened:
        found = status_of(opened, following(home()))
    if as_json:
        out(dumps(found))
    else:
        show_status(found)


def generations(as_json: Json = False) -> None:
    """The generations on disk; the current one answers."""
    from index.home.generations import list_generations
    from ui.schema.library import generation_of
    from ui.schema.model import dumps
    from ui.terminal.library import show_generations

    found = [generation_of(entry) for entry in list_generations(home())]
    if hides(caller()):
        found = list(map(discretion().generation, found))
    if as_json:
        out(dumps(found))
    else:
        show_generations(found)


def rollback(
    generation: Annotated[int | None, typer.Argument(help="Default: the one before.")] = None,
    as_json: Json = False,
) -> None:
    """Let another kept generation answer, an earlier one by default. Nothing is deleted."""
    from index.home.generations import roll_back
    from ui.schema.library import RolledBack
    from ui.schema.model import dumps

    before, now = roll_back(home(), generation)
    note("rollback", before=before, now=now)
    if as_json:
        out(dumps(RolledBack(before=before, generation=now)))
    else:
        out(f"Generation {now} answers again (before: {before}).")
    _tell()
