"""Commands that keep the library: sync, forget, status, generations, rollback, ui."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.shared import SOME_FAILED, Json, home, library, out, settings


def register(app: typer.Typer) -> None:
    app.command()(sync)
    app.command()(forget)
    app.command()(status)
    app.command()(generations)
    app.command()(rollback)
    app.command()(ui)


def sync(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER]...")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make everything anew.")] = False,
    as_json: Json = False,
) -> None:
    """Bring the index up to date with folders (default: starter library, your own, known ones)."""
    from ui.as_json import dumps, report_json
    from ui.syncing import run_sync
    from ui.terminal import Bar, show_report

    with Bar() as progress:
        report = run_sync(
            settings(), folders or [], progress=progress, force=force, dry_run=dry_run
        )
    if as_json:
        out(dumps(report_json(report)))
    else:
        show_report(report)
    raise typer.Exit(SOME_FAILED if report.failed else 0)


def forget(folder: Path, as_json: Json = False) -> None:
    """Take a folder and its documents out of the index; the files stay where they are."""
    from ui.as_json import dumps, report_json
    from ui.syncing import run_sync
    from ui.terminal import show_report

    report = run_sync(settings(), [], only_known=True, forget=[folder])
    if as_json:
        out(dumps(report_json(report)))
    else:
        show_report(report)


def status(as_json: Json = False) -> None:
    """What is in the library: documents, their dates, what could not be read."""
    from ui.as_json import dumps, status_json
    from ui.terminal import show_status

    opened = library()
    if as_json:
        out(dumps(status_json(opened)))
    else:
        show_status(opened)


def generations(as_json: Json = False) -> None:
    """The generations on disk; the current one answers."""
    from index.keep import list_generations
    from ui.as_json import dumps, generation_json
    from ui.terminal import show_generations

    found = list_generations(home())
    if as_json:
        out(dumps([generation_json(entry) for entry in found]))
    else:
        show_generations(found)


def rollback(
    generation: Annotated[int | None, typer.Argument(help="Default: the one before.")] = None,
    as_json: Json = False,
) -> None:
    """Let an earlier generation answer again. Nothing is deleted."""
    from index.keep import roll_back
    from ui.as_json import dumps

    before, now = roll_back(home(), generation)
    if as_json:
        out(dumps({"before": before, "generation": now}))
    else:
        out(f"Generation {now} answers again (before: {before}).")


def ui(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="On 127.0.0.1.")] = 8501,
) -> None:
    """Open the pages in the browser, on this machine only."""
    from ui.serve import serve

    serve(port, settings())
