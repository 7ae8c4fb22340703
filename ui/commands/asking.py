"""Commands that answer: ask, search, show."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import CodedeskError
from ui.commands.shared import (
    NO_ANSWER,
    SOME_FAILED,
    AllVersions,
    AsOf,
    Json,
    Kinds,
    Payers,
    desk,
    filters,
    library,
    out,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answer import Answer


def register(app: typer.Typer) -> None:
    app.command()(ask)
    app.command()(search)
    app.command()(show)


def ask(  # noqa: PLR0913 - one option each
    question: Annotated[str | None, typer.Argument(help="What to ask.")] = None,
    as_of: AsOf = None,
    payer: Payers = None,
    kind: Kinds = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 3,
    file: Annotated[
        Path | None,
        typer.Option(help="Ask each row of a CSV or XLSX: question, date of service, payer."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="Of a file: csv or xlsx.")] = "csv",
    as_json: Json = False,
) -> None:
    """Answer a question with passages of the library; exit code 4 when it has no answer."""
    if (question is None) == (file is None):
        raise typer.BadParameter("Give a question, or --file with a list of questions.")
    if file is not None:
        _ask_list(file, format_)
        return
    with desk() as opened:  # before anything else is imported
        chosen = filters(as_of, payer, kind)
        from assistant.answer import Verdict

        show = _printer(as_json=as_json)
        answer = opened.ask(question or "", chosen, k=k)
    show(answer)
    raise typer.Exit(NO_ANSWER if answer.verdict is Verdict.NOT_FOUND else 0)


def _ask_list(file: Path, format_: str) -> None:
    """Print a table with the verdict and the first passage of each row; exit code 3 where some rows
    could not be asked."""
    if format_ not in ("csv", "xlsx"):
        raise typer.BadParameter("--format of a file is csv or xlsx.")
    from ui.asking.lists import Asked, Found
    from ui.asking.process import found_for
    from ui.asking.rows import notice, read_file
    from ui.exports.asked_rows import export

    try:
        data = file.read_bytes()
    except OSError as error:
        raise CodedeskError(f"{file} cannot be read: {error.strerror}.") from error
    read = read_file(file.name, data)
    if told := notice(read):
        typer.echo(told, err=True)
    with desk() as opened:
        asked = []
        for number, row in enumerate(read.rows, 1):
            one = Asked(number, row.question, row.on, row.payer, None)
            found = Found("problem", row.problem) if row.problem else found_for(opened, None, one)
            asked.append(replace(one, found=found))
    sys.stdout.buffer.write(export(asked, format_, address=""))
    if any(one.found and one.found.verdict == "problem" for one in asked):
        raise typer.Exit(SOME_FAILED)


def _printer(*, as_json: bool) -> Callable[[Answer], None]:
    """The function that prints an answer. It is imported while the model is still loading."""
    if as_json:
        from ui.schema.answers import answer_of
        from ui.schema.model import dumps

        return lambda answer: out(dumps(answer_of(answer)))
    from ui.terminal.answers import show_answer

    return show_answer


def search(  # noqa: PLR0913 - one option each
    query: str,
    mode: Annotated[str, typer.Option(help="hybrid, lexical or dense.")] = "hybrid",
    as_of: AsOf = None,
    payer: Payers = None,
    kind: Kinds = None,
    all_versions: AllVersions = False,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 20,
    skip: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    sort: Annotated[str, typer.Option(help="best, newest, payer or document.")] = "best",
    format_: Annotated[str, typer.Option("--format", help="table, csv, xlsx or md.")] = "table",
    as_json: Json = False,
) -> None:
    """Search passages. Operators: "phrase" -word OR payer: kind: code: doc: title: page: status:
    date: include:retired."""
    if sort not in ("best", "newest", "payer", "document"):
        raise typer.BadParameter("--sort is best, newest, payer or document.")
    if mode not in ("hybrid", "lexical", "dense"):
        raise typer.BadParameter("--mode is hybrid, lexical or dense.")
    if format_ not in ("table", "csv", "xlsx", "md"):
        raise typer.BadParameter("--format is table, csv, xlsx or md.")
    with desk() as opened:  # before anything else is imported
        chosen = filters(as_of, payer, kind, include_all=all_versions)
        found = opened.search(query, chosen, k=k, mode=mode, skip=skip, order=sort)
    if as_json:
        from ui.schema.answers import found_of
        from ui.schema.model import dumps

        out(dumps(found_of(found)))
    elif format_ == "table":
        from ui.terminal.answers import show_hits

        show_hits(found)
    else:
        from ui.exports.results import export

        sys.stdout.buffer.write(export(found, format_))


def show(
    document: str,
    page: Annotated[int | None, typer.Option("--page", min=1, help="One page only.")] = None,
    version: Annotated[int | None, typer.Option("--version", min=1, help="Which version.")] = None,
    as_json: Json = False,
) -> None:
    """Show a document as it was read, or one page of it."""
    from assistant.showing import shown
    from ui.schema.documents import shown_of
    from ui.schema.model import dumps
    from ui.terminal.answers import show_shown

    with library() as opened:
        result = shown(opened, document, page=page, version=version)
    if as_json:
        out(dumps(shown_of(result)))
    else:
        show_shown(result)
