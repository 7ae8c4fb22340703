"""What every command needs: shared options, settings, the desk, printing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

# Everything else is imported inside functions: `codedesk --help` must not wait for it.
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.desk import Desk
    from index.filters import Filters
    from index.home import Home
    from index.library import Library
    from ui.state.settings import Settings

FAILED, USAGE, SOME_FAILED, NO_ANSWER, HELD = 1, 2, 3, 4, 5


def _day_given(text: str | None) -> str | None:
    """Reject a bad date before anything is opened."""
    if text is not None:
        day(text)
    return text


def _kinds_given(kinds: list[str] | None) -> list[str] | None:
    """Reject an unknown kind of document before anything is opened."""
    from corpus.document import KINDS

    for kind in kinds or ():
        if kind.lower() not in KINDS:
            raise typer.BadParameter(f"“{kind}” is no kind. The kinds are {', '.join(KINDS)}.")
    return kinds


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day to answer for.", callback=_day_given),
]
Payers = Annotated[list[str] | None, typer.Option("--payer", help="Only this payer; repeatable.")]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Only this kind; repeatable.", callback=_kinds_given),
]
AllVersions = Annotated[
    bool, typer.Option("--all-versions", help="Retired and future versions too.")
]


def settings() -> Settings:
    from index.home.access import umask_for
    from ui.state.settings import home_path, read_settings

    os.umask(umask_for(home_path()))
    return read_settings()


def home() -> Home:
    from index.home import Home

    return Home(settings().home)


def note(action: str, **details: object) -> None:
    """Note in the audit log what was done here, and by which account. It is done: where it cannot
    be noted, that is said."""
    import sqlite3

    from corpus.errors import CodedeskError
    from ui.confirming.writing import account
    from ui.state.records import Records

    try:
        records = Records(home().path)
        try:
            records.audit(action, who=account(), **details)
        finally:
            records.close()
    except (CodedeskError, OSError, sqlite3.Error) as error:
        say(f"It could not be noted in the audit log: {error}")


def library() -> Library:
    from index.opening import open_last_good

    opened = open_last_good(home())
    for warning in opened.warnings:
        say(warning)
    return opened


def desk() -> Desk:
    from ui.server.embedding import asking

    embedder = asking(settings())  # first: the model loads while the rest is imported
    from assistant.desk import Desk
    from ui.server.opening import opener

    return Desk(home(), embedder=embedder, opener=opener(settings()))


def filters(
    as_of: str | None,
    payers: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    documents: Sequence[str] | None = None,
    *,
    include_all: bool = False,
) -> Filters:
    """The filters that the options ask for. The options were checked when they were parsed."""
    from index.filters import Filters
    from index.versions import today

    return Filters(
        on=day(as_of) if as_of else today(),
        payers=tuple(payers or ()),
        kinds=tuple(kinds or ()),
        documents=tuple(documents or ()),
        include_all=include_all,
    )


def day(text: str) -> date:
    """A date as people write it. Raises typer.BadParameter."""
    from corpus.text.dates import parse_date

    found = parse_date(text)
    if found is None:
        raise typer.BadParameter(f"“{text}” is no date. Write it as 2025-03-01.")
    return found


def say(text: str) -> None:
    """Print a message for a person on standard error."""
    from ui.terminal.safe import safe

    sys.stderr.write(safe(text) + "\n")


def out(text: str) -> None:
    """Print the answer on standard output."""
    sys.stdout.write(text + "\n")
