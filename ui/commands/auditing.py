"""Commands for the audit log: audit verify, audit export."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.shared import FAILED, Json, home, out, say


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="The audit log: verify, export.", no_args_is_help=True)
    group.command()(verify)
    group.command()(export)
    app.add_typer(group, name="audit")


def verify(
    known: Annotated[
        str | None, typer.Option("--known", metavar="SUM", help="A sum that was noted earlier.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check that no entry was changed, taken out or put in; exit code 1 where one was."""
    from ui.schema.model import dumps
    from ui.state.records import Records

    found = Records(home().path).log.check(known)
    if as_json:
        out(dumps(found))
    elif not found.problem:
        out(f"{found.entries:,} entries, each fits the one before. The last sum is {found.last}.")
        say("Keep that sum elsewhere: `codedesk audit verify --known SUM` looks for it.")
    if found.problem:
        say(found.problem)
        raise typer.Exit(FAILED)


def export() -> None:
    """Print every entry, oldest first, one JSON object a line."""
    import json

    from ui.state.audit import as_line
    from ui.state.records import Records

    for entry in Records(home().path).log.entries():
        out(json.dumps(as_line(entry)))
