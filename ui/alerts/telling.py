"""Tells what is new to saved searches: notes it, writes the feed, and sends a mail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.home import Home
from ui.alerts.feed import write_feed
from ui.alerts.looking import look, passages_of
from ui.alerts.mail import send
from ui.state.records import Records
from ui.state.searches import Alert
from ui.state.settings import Settings


@dataclass(slots=True)
class Told:
    """What was done: new passages by search, those noted for the first time, the searches that
    could not be run, and how many passages were mailed."""

    generation: int = 0
    new: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    noted: int = 0
    problems: dict[str, str] = field(default_factory=dict)
    mailed: int = 0


def tell(settings: Settings, desk: Desk, records: Records, *, mail: bool) -> Told:
    """Look at every saved search; one that cannot be run stops no other. Raises NotSent: what was
    not sent is sent the next time."""
    told = Told(generation=desk.library.generation)
    for saved in records.saved():
        try:
            looked = look(desk, saved)
        except CodedeskError as error:
            told.problems[saved.name] = str(error)
            continue
        passages = passages_of(looked)
        told.new[saved.name] = list(passages.values())
        fresh = records.alert(saved.name, generation=looked.generation, passages=passages)
        told.noted += len(fresh)
    write_feed(settings.home, told_to_all(desk, records), address=settings.address)
    if mail:
        told.mailed = _mailed(settings, desk, records)
    return told


def tell_after(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Tell what is new, by mail too, now that another generation answers: after every sync,
    wherever it was started. What cannot be told is said, and fails nothing that was done."""
    from ui.server.embedding import asking
    from ui.server.opening import opener

    with closing(Records(settings.home)) as records:
        try:
            if not records.saved():
                return
            with Desk(
                Home(settings.home), embedder=asking(settings), opener=opener(settings)
            ) as desk:
                told = tell(settings, desk, records, mail=True)
        except (CodedeskError, OSError) as error:
            say(f"What is new to saved searches could not all be told. {error}")
            return
    for name, problem in told.problems.items():
        say(f"The saved search “{name}” could not be run: {problem}")
    if told.noted or told.mailed:
        mailed = f"; {told.mailed} mailed to {settings.mail_to}" if told.mailed else ""
        say(f"New to saved searches: {told.noted}{mailed}.")


def told_to_all(desk: Desk, records: Records, *, unsent: bool = False) -> list[Alert]:
    """The alerts that everybody may read: a file and a mail are for whoever gets them."""
    searches = {one.name for one in records.saved() if not one.seen_by}
    audiences = desk.audiences()
    return [
        one
        for one in records.alerts(unsent=unsent)
        if one.name in searches and not audiences.of(str(one.passage.get("document", "")))
    ]


def _mailed(settings: Settings, desk: Desk, records: Records) -> int:
    unsent = told_to_all(desk, records, unsent=True)
    sent = send(settings, unsent[::-1])
    records.mailed(records.alerts(unsent=True))  # nothing is to be made up for later
    return len(unsent) if sent else 0
