"""Commands for the database of the records: records move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.shared import out, say, settings

if TYPE_CHECKING:
    from pathlib import Path

    from ui.database.address import Address
    from ui.state.settings import Settings


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Where the records are kept: move.", no_args_is_help=True)
    group.command()(move)
    group.callback()(_one_of_several)
    app.add_typer(group, name="records")


def _one_of_several() -> None:
    """Where questions, feedback, saved searches, tokens and the audit log are kept."""


def move(
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="PLACE", help="postgresql://USER@HOST/DATABASE, or sqlite: the home."
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="PLACE", help="By default where the settings say."),
    ] = None,
) -> None:
    """Copy all records to another database, compare them, and let the settings name it. Stop the
    servers first."""
    from ui.database.moving import move as move_all
    from ui.database.naming import name_in_settings
    from ui.database.store import place_of

    chosen = settings()
    target = _place(to, chosen)
    before = _place(source, chosen) if source else place_of(chosen.home)
    moved = move_all(before, target)
    is_named = name_in_settings(chosen.home, "" if to == "sqlite" else to)
    out(f"{sum(moved.rows.values()):,} records moved from {before} to {target}.")
    if moved.problem:
        say(f"The audit log was not whole before, and is as it was. {moved.problem}")
    if is_named:
        say(f"{chosen.home / 'settings.toml'} names it now. {before} stays as it was: delete it.")
    else:
        line = "no `records`" if to == "sqlite" else f'`records = "{to}"`'
        say(f"{chosen.home / 'settings.toml'} cannot be changed. Write {line} at its beginning.")


def _place(told: str, chosen: Settings) -> Path | Address:
    from ui.database.address import read_address
    from ui.database.store import DATABASE

    if told == "sqlite":
        return chosen.home / DATABASE
    return read_address(told, password_file=chosen.records_password_file)
