"""All that the doctor says of a home: its index, its dates, what its documents are."""

from __future__ import annotations

from corpus.errors import CodedeskError
from index.audience.sight import EVERYTHING, Sight
from index.care.doctor import GOOD, NOTE, PROBLEM, Finding, examine, seen_by
from index.errors import IndexProblem
from index.home import Home
from index.opening import open_last_good
from ui.schema.library import Edition, Health, edition_of
from ui.state.settings import Settings


def health(settings: Settings, sight: Sight = EVERYTHING) -> Health:
    """What is told of the library is told of what may be seen. Nothing that is wrong makes it
    raise."""
    home = Home(settings.home)
    pairs = editions_of(home, sight)
    findings = (
        *examine(home, model=settings.model, precision=settings.precision, sight=sight),
        *_dates(home, sight),
        *_identities(settings, sight),
        *map(finding_of, pairs),
        *_records(settings),
    )
    healthy = all(finding.level != PROBLEM for finding in findings)
    return Health(healthy=healthy, findings=findings, editions=pairs)


def _records(settings: Settings) -> list[Finding]:
    """Whether the database that several servers share can be reached."""
    from ui.database.store import Store

    try:
        address = settings.records_address()
        if address is None:
            return []
        Store(address).rows("SELECT 1")
    except CodedeskError as problem:
        return [Finding("records", PROBLEM, str(problem))]
    return [Finding("records", GOOD, f"The records at {address} can be reached.")]


def _dates(home: Home, sight: Sight) -> list[Finding]:
    """Dates that contradict each other. A person should look at them; the index is not damaged."""
    from assistant.policies.date_checks import date_problems

    try:
        with open_last_good(home) as library:
            seen = seen_by(sight, library)
            return [Finding("dates", NOTE, sentence) for sentence in date_problems(seen)]
    except (IndexProblem, OSError):
        return []  # the doctor has said so


def editions_of(home: Home, sight: Sight = EVERYTHING) -> tuple[Edition, ...]:
    """The documents that look like versions of one; none where nothing can be opened."""
    from assistant.policies.editions import editions
    from index.editions.decisions import Decisions

    try:
        with open_last_good(home) as library:
            seen = seen_by(sight, library)
            found = editions(seen, Decisions(home).latest())
            return tuple(edition_of(seen, one) for one in found)
    except (IndexProblem, OSError):
        return ()  # the doctor has said so


def finding_of(pair: Edition) -> Finding:
    text = f"{pair.sentence} {' '.join(pair.evidence)}"
    if pair.same is not None:
        return Finding("versions", GOOD, text)
    sides = f"'{pair.earlier.id}' '{pair.later.id}'"
    remedy = f"Run `codedesk editions {sides} --same`, or with --apart."
    return Finding("versions", NOTE, text, remedy)


def _identities(settings: Settings, sight: Sight) -> list[Finding]:
    """What documents seem to be and nobody has confirmed, and names that no list has."""
    from assistant.policies.identities import identity_notes

    try:
        known = settings.names()
    except CodedeskError as problem:
        return [Finding("names", PROBLEM, str(problem))]
    try:
        with open_last_good(Home(settings.home)) as library:
            seen = seen_by(sight, library)
            return [Finding("identity", NOTE, note) for note in identity_notes(seen, known)]
    except (IndexProblem, OSError):
        return []  # the doctor has said so
