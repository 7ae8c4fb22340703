"""Commands for what documents are: metadata export, import, log, undo."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.shared import FAILED, Json, home, library, note, out, say

if TYPE_CHECKING:
    from index.library import Library
    from ui.confirming.book import Book

_NEXT = "`codedesk sync` takes it up; until then answers are as before."


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="What documents are, as a table: export, import, log, undo.", no_args_is_help=True
    )
    group.command("export")(export)
    group.command("import")(import_)
    group.command()(log)
    group.command()(undo)
    app.add_typer(group, name="metadata")


def export(
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx; an existing one is replaced.")],
    as_json: Json = False,
) -> None:
    """Write every document's metadata, with what was found for each value, as a table."""
    from index.home.durable import write_durably
    from ui.confirming.files import table_bytes
    from ui.confirming.table import COLUMNS, rows_of
    from ui.schema.metadata import Exported
    from ui.schema.model import dumps

    table_bytes([], file.suffix.lower())  # a wrong ending is said before anything is opened
    with library() as opened, closing(_book(opened)) as book:
        rows = rows_of(opened, book)
    write_durably(file, table_bytes(rows, file.suffix.lower()))
    if as_json:
        out(dumps(Exported(file=str(file), documents=len(rows), columns=COLUMNS)))
    else:
        out(f"{len(rows):,} documents written to {file}.")


def import_(
    file: Annotated[Path, typer.Argument(help="A table that `metadata export` wrote, edited.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Take values from an edited table: all of them, as one step that can be undone, or none."""
    from ui.confirming.book import newest_of, noted
    from ui.confirming.files import read_table
    from ui.confirming.table import asked_by
    from ui.schema.metadata import Imported
    from ui.schema.model import dumps
    from ui.terminal.metadata import show_changes, show_problems

    lines = read_table(file)
    with library() as opened, closing(_book(opened)) as book:
        asked = asked_by(lines, opened, book)
        changes = noted(asked.changes, book, newest_of(opened))
        wanted = bool(asked.changes) and not (asked.problems or dry_run)
        edit = book.apply(opened, asked.changes, what=f"import of {file.name}") if wanted else None
    if as_json:
        told = Imported(
            file=str(file),
            dry_run=dry_run,
            rows=len(lines),
            changes=changes,
            problems=asked.problems,
            edit=edit,
        )
        out(dumps(told))
    else:
        show_changes(changes)
    if asked.problems:
        show_problems(asked.problems)
        say(f"Nothing was changed. Correct {file} and import it again.")
        raise typer.Exit(FAILED)
    if edit:
        note("edit", edit=edit.number, documents=sorted({one.document for one in edit.changes}))
        say(f"Edit {edit.number}. {_NEXT} `codedesk metadata undo` takes it back.")
    elif changes:
        say("Nothing was changed: this was a dry run.")
    else:
        say("The table says what is known already. Nothing was changed.")


def log(as_json: Json = False) -> None:
    """The latest edits, newest first: what was changed from which value to which, when, by whom."""
    from ui.schema.model import dumps
    from ui.terminal.metadata import show_edits

    with library() as opened, closing(_book(opened)) as book:
        edits = book.edits()
    if as_json:
        out(dumps(edits))
    else:
        show_edits(edits)


def undo(
    edit: Annotated[int | None, typer.Argument(help="Default: the last one.")] = None,
    as_json: Json = False,
) -> None:
    """Take back one edit, as a whole. Nothing is lost: that can be undone as well."""
    from ui.schema.model import dumps
    from ui.terminal.metadata import show_edits

    with library() as opened, closing(_book(opened)) as book:
        made = book.undo(edit)
    note("undo edit", edit=made.undoes)
    if as_json:
        out(dumps(made))
    else:
        show_edits([made])
    say(_NEXT)


def _book(opened: Library) -> Book:
    from ui.confirming.book import Book
    from ui.state.own_library import own_name

    path = home().path
    return Book(path, own=own_name(opened, path))
