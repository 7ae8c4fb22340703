"""Commands for private documents: groups list, groups set."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.shared import Json, discretion, home, note, out, say


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Which folders and documents belong to which groups: list, set.", no_args_is_help=True
    )
    group.command("list")(list_)
    group.command("set")(set_)
    app.add_typer(group, name="groups")


def list_(as_json: Json = False) -> None:
    """The rules: who is in none of the groups does not learn that such a document is there."""
    from ui.access.belonging import belongings
    from ui.schema.model import dumps

    found = belongings(home().path, discretion())
    if as_json:
        out(dumps(found))
    else:
        for one in found.rules:
            out(f"{one.path}: {', '.join(one.rule or ()) or 'everybody'}")
    if found.problem:
        say(found.problem)
    elif not found.rules and not as_json:
        say("No rule. A document may say itself to whom it belongs: `groups` in its metadata.")


def set_(
    path: Annotated[str, typer.Argument(help="A folder, or a document by its id.")],
    groups: Annotated[list[str] | None, typer.Argument(help="Who may see it.")] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="Everybody may.")] = False,
    no_rule: Annotated[bool, typer.Option("--no-rule", help="Take its rule away.")] = False,
    as_json: Json = False,
) -> None:
    """Let a folder or a document belong to groups. It counts at once, without a sync."""
    from ui.access.belonging import regroup
    from ui.schema.model import dumps

    if sum((bool(groups), everybody, no_rule)) != 1:
        raise typer.BadParameter("Name groups, or say --everybody, or --no-rule.")
    seen = discretion()
    wanted = None if no_rule else tuple(groups or ())
    found = regroup(home().path, seen, path, wanted)
    note("regroup", path=found.path, groups=wanted)
    if as_json:
        out(dumps(found))
    else:
        whose = " and ".join(" or ".join(one) or "nobody" for one in found.conditions)
        out(f"{found.path}: {whose or 'everybody'}")
    if not any(name == found.path or name.startswith(f"{found.path}/") for name in seen.known):
        say("Nothing in the library is called so yet. It counts for what will be.")
