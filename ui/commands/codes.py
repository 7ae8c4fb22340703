"""Commands about codes, versions and payers: code, diff, changes, matrix."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.shared import (
    AllVersions,
    AsOf,
    Json,
    Kinds,
    Payers,
    day,
    filters,
    home,
    library,
    out,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.exports.tables import Rows

_FORMATS = ("table", "csv", "xlsx", "md")


def register(app: typer.Typer) -> None:
    app.command()(code)
    app.command()(diff)
    app.command()(changes)
    app.command()(matrix)


def code(
    code: str,
    as_of: AsOf = None,
    payer: Payers = None,
    kind: Kinds = None,
    all_versions: AllVersions = False,
    format_: Annotated[str, typer.Option("--format", help="table, csv, xlsx or md.")] = "table",
    as_json: Json = False,
) -> None:
    """Every passage that names or covers a code: complete, by payer and document."""
    _check_format(format_, _FORMATS)
    chosen = filters(as_of, payer, kind, include_all=all_versions)
    from assistant.policies.listing import list_code
    from ui.exports.code_rows import LISTING, listing_rows
    from ui.operations.relations import relations
    from ui.schema.codes import listing_of
    from ui.schema.model import dumps
    from ui.terminal.codes import show_listing

    with library() as opened:
        listing = list_code(opened, code, chosen, relations=relations(home().path))
        generation = opened.generation
    if as_json:
        out(dumps(listing_of(listing)))
    elif format_ == "table":
        show_listing(listing)
    else:
        rows = listing_rows(listing, generation=generation)
        _write(rows, format_, sheet=listing.code, columns=tuple(LISTING))


def diff(
    document: str,
    from_: Annotated[
        int | None, typer.Option("--from", min=1, help="A version; default: the one before --to.")
    ] = None,
    to: Annotated[
        int | None, typer.Option("--to", min=1, help="A version; default: the latest.")
    ] = None,
    other: Annotated[
        str | None, typer.Option("--with", help="Another document, instead of a version.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="terminal or md.")] = "terminal",
    as_json: Json = False,
) -> None:
    """What is different between two versions of a document, or two documents."""
    if other and (from_ or to):
        raise typer.BadParameter("--with compares the newest versions: leave --from and --to out.")
    _check_format(format_, ("terminal", "md"))
    from assistant.policies.differences import compare
    from assistant.policies.differences import diff as compared
    from assistant.showing import find_document
    from ui.exports.code_rows import difference_markdown
    from ui.schema.model import dumps
    from ui.schema.versions import difference_of
    from ui.terminal.codes import show_difference

    with library() as opened:
        if other:
            one, another = (find_document(opened, name)[-1] for name in (document, other))
            difference = compare(opened, one, another)
        else:
            difference = compared(opened, document, from_, to)
        if as_json:
            out(dumps(difference_of(opened, difference)))
        elif format_ == "md":
            sys.stdout.write(difference_markdown(difference))
        else:
            show_difference(difference)


def changes(
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="That day included.")],
    as_json: Json = False,
) -> None:
    """What changed in the library since a day, by payer, with the codes touched."""
    first = day(since)
    from assistant.policies.changes import changes as changes_since
    from ui.schema.model import dumps
    from ui.schema.versions import Changes
    from ui.terminal.codes import show_changes

    with library() as opened:
        found = changes_since(opened, first)
    if as_json:
        out(dumps(Changes.like(found)))
    else:
        show_changes(found)


def matrix(
    code: str,
    as_of: AsOf = None,
    payer: Payers = None,
    all_versions: AllVersions = False,
    format_: Annotated[str, typer.Option("--format", help="terminal, csv, xlsx or md.")] = (
        "terminal"
    ),
    as_json: Json = False,
) -> None:
    """Payer by payer: the policy, its dates, and its own words on a code."""
    _check_format(format_, ("terminal", *_FORMATS))
    chosen = filters(as_of, payer, include_all=all_versions)
    from assistant.policies.matrix import matrix as side_by_side
    from ui.exports.code_rows import matrix_rows
    from ui.schema.codes import matrix_of
    from ui.schema.model import dumps
    from ui.terminal.codes import show_matrix

    with library() as opened:
        found = side_by_side(opened, code, chosen)
        generation = opened.generation
    if as_json:
        out(dumps(matrix_of(found)))
    elif format_ in ("terminal", "table"):
        show_matrix(found)
    else:
        _write(matrix_rows(found, generation=generation), format_, sheet=f"{found.code} {found.on}")


def _check_format(chosen: str, known: tuple[str, ...]) -> None:
    if chosen not in known:
        raise typer.BadParameter(f"--format is {', '.join(known[:-1])} or {known[-1]}.")
    if chosen == "xlsx" and sys.stdout.isatty():
        raise typer.BadParameter("A workbook is no text: send it to a file with “> FILE.xlsx”.")


def _write(rows: Rows, format_: str, *, sheet: str, columns: Sequence[str] = ()) -> None:
    """Write rows to standard output in a format for other programs."""
    from ui.exports.tables import to_csv, to_markdown, to_xlsx

    if format_ == "xlsx":
        sys.stdout.buffer.write(to_xlsx(rows, sheet, columns))
    else:
        sys.stdout.write(to_csv(rows, columns) if format_ == "csv" else to_markdown(rows, columns))
