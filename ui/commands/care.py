"""Commands that take care of the index: doctor, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands.shared import FAILED, Json, caller, home, library, note, out, say, settings


def register(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command()(editions)
    app.command()(backup)
    app.command()(restore)


def doctor(as_json: Json = False) -> None:
    """Check everything: files, counts, texts, model, space; exit code 1 when something is wrong."""
    from ui.jobs.health import health
    from ui.schema.model import dumps
    from ui.terminal.library import show_findings

    found = health(settings(), caller().sight)
    if as_json:
        out(dumps(found))
    else:
        show_findings(found.findings)
    raise typer.Exit(0 if found.healthy else FAILED)


def editions(
    earlier: Annotated[str | None, typer.Argument(help="The earlier document.")] = None,
    later: Annotated[str | None, typer.Argument(help="The later one.")] = None,
    same: Annotated[bool, typer.Option(help="The two are versions of one document.")] = False,
    apart: Annotated[bool, typer.Option(help="The two are two documents.")] = False,
    undo: Annotated[bool, typer.Option(help="Take back the last decision on the two.")] = False,
    as_json: Json = False,
) -> None:
    """Documents that look like versions of one, and what a person says of two of them."""
    from ui.jobs.health import editions_of, finding_of
    from ui.schema.model import dumps
    from ui.terminal.library import show_findings

    if (earlier is None) != (later is None) or (earlier is not None) != (same + apart + undo == 1):
        raise typer.BadParameter("Give two documents and one of --same, --apart and --undo.")
    if earlier is not None and later is not None:
        _decide(earlier, later, same=None if undo else same)
    pairs = editions_of(home(), caller().sight)
    if as_json:
        out(dumps(pairs))
    else:
        show_findings([finding_of(pair) for pair in pairs])


def _decide(earlier: str, later: str, *, same: bool | None) -> None:
    """Note a decision on two documents of the library; None takes the last one back."""
    from assistant.showing import find_document
    from index.editions.decisions import Decisions

    with library() as opened:
        first, second = (find_document(opened, n)[0].document for n in (earlier, later))
    decisions = Decisions(home())
    if same is not None:
        decisions.decide(first, second, same=same)
    elif decisions.undo(first, second) is None:
        raise typer.BadParameter(f"Nobody decided anything on {first} and {second}.")
    note("decide" if same is not None else "undo decision", earlier=first, later=second, same=same)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to; an existing file is replaced.")],
    as_json: Json = False,
) -> None:
    """Put index, library folder, settings and desk records into one file, with their sums."""
    from ui.jobs.backing_up import back_up_home
    from ui.schema.model import dumps

    done = back_up_home(settings(), file)
    note("backup", file=str(file), generation=done.generation)
    if as_json:
        out(dumps(done))
    else:
        out(f"Generation {done.generation}: {done.files:,} files, {done.bytes:,} bytes.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `codedesk backup` wrote.")],
    as_json: Json = False,
) -> None:
    """Check every sum of a backup, then put its state in place; what it replaces is kept aside."""
    from index.care.restore import restore as put_back
    from ui.schema.model import dumps
    from ui.state.settings import starter_library

    done = put_back(home(), file, own={"starter": starter_library()})
    note("restore", file=str(file), generation=done.generation)
    if address := settings().records_address():
        say(
            f"The records at {address} are as they were. Those of the backup are in the home; "
            "`codedesk records move --from sqlite --to PLACE` puts them into an empty database."
        )
    if as_json:
        out(dumps(done))
    else:
        aside = f" What was there before is in {done.aside}." if done.aside else ""
        out(f"Generation {done.generation} answers, {done.files:,} files restored.{aside}")
