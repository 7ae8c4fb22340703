"""The command that tells what is new to saved searches: alerts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.shared import FAILED, Json, desk, out, say, settings


def register(app: typer.Typer) -> None:
    app.command()(alerts)


def alerts(
    mail: Annotated[
        bool, typer.Option("--mail", help="Send what is new by the server in settings.toml.")
    ] = False,
    feed: Annotated[
        Path | None, typer.Option("--feed", help="Write the Atom feed into this file, too.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What is new to each saved search since it was last marked as seen."""
    from ui.alerts.feed import feed as written
    from ui.alerts.telling import tell
    from ui.schema.alerts import alerts_of
    from ui.schema.model import dumps
    from ui.state.records import Records

    chosen = settings()
    records = Records(chosen.home)
    if mail and not chosen.smtp:
        raise typer.BadParameter("No server is named: set `smtp` in settings.toml.")
    with desk() as opened:
        told = tell(chosen, opened, records, mail=mail)
    if feed:
        feed.write_bytes(written(records.alerts(), address=chosen.address))
    if as_json:
        out(dumps(alerts_of(told)))
    else:
        for name, passages in told.new.items():
            out(f"{name}: {len(passages)} new")
            for one in passages:
                out(f"  {one['title']}\n    {one['text']}\n    {one['cited']}")
        for name, problem in told.problems.items():
            say(f"{name}: {problem}")
        if mail:
            out(f"{told.mailed} passages were mailed to {chosen.mail_to}.")
    raise typer.Exit(FAILED if told.problems else 0)
