"""What every command needs: shared options, settings, the desk, printing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

# Everything else is imported inside functions: `codedesk --help` must not wait for it.
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from assistant.desk import Desk
    from index.filters import Filters
    from index.home import Home
    from index.library import Library
    from ui.access.caller import Caller
    from ui.access.discretion import Discretion
    from ui.access.roles import Act
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
    from ui.access.accounts import account
    from ui.state.records import Records

    try:
        records = Records(home().path)
        try:
            records.audit(action, who=account(), **details)
        finally:
            records.close()
    except (CodedeskError, OSError, sqlite3.Error) as error:
        say(f"It could not be noted in the audit log: {error}")


def caller() -> Caller:
    """Who runs this. Raises NoRole."""
    from ui.access.accounts import caller_here

    chosen = settings()
    return caller_here(chosen.home, chosen.sign_in)


def allow(act: Act, *, whole: bool) -> None:
    """Raises CodedeskError where the account that runs this may not do it, or where it is done with
    all documents and some are hidden from it."""
    from corpus.errors import CodedeskError
    from ui.access.roles import require

    if settings().sign_in is None:
        return
    who = caller()
    require(who, act)
    if whole and hides(who):
        raise CodedeskError(
            "This command works with all documents at once, and some are not yours to see. Run it "
            "as the account whose home this is; the pages and the API do what they can without."
        )


def hides(who: Caller) -> bool:
    """Whether anything is hidden from somebody; in doubt it is."""
    from index.audience.rules import read_rules
    from index.errors import IndexProblem
    from index.opening import open_last_good

    if who.everything:
        return False
    try:
        with open_last_good(home()) as opened:
            audiences = opened.audiences(read_rules(home().path))
            return bool(audiences.hidden_from(who.sight))
    except (IndexProblem, OSError):
        return True


def note_reading(action: str, said: Mapping[str, object]) -> None:
    """Note what is read by who was let in with a role of its own; see Operation."""
    chosen = settings()
    if chosen.sign_in is None or (who := caller()).everything:
        return
    from ui.state.records import Records

    records = Records(chosen.home)
    try:
        records.audit_reading(action, who=who.name, **said)
    finally:
        records.close()


def library() -> Library:
    """What the account that runs this may see."""
    from index.opening import open_last_good

    opened = open_last_good(home())
    for warning in opened.warnings:
        say(warning)
    if settings().sign_in is None:
        return opened
    from index.care.doctor import seen_by

    return seen_by(caller().sight, opened)


def desk() -> Desk:
    """That answers from what the account that runs this may see."""
    whole = _whole_desk()
    return whole if settings().sign_in is None else whole.seen_by(caller().sight)


def discretion() -> Discretion:
    """What the account that runs this may hear of what others wrote down."""
    from ui.access.discretion import Discretion

    return Discretion.of(_whole_desk(), caller())


def _whole_desk() -> Desk:
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
