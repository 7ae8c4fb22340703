"""Personal tokens: made by a person for programs, shown once, kept as their sums only.

A token may do what its owner may, by the groups that the provider named last. They lie
with the records.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic

from corpus.errors import CodedeskError
from ui.database.store import store_of

MARK = "codedesk_"  # begins every token, so that scanners for secrets can know it
MOST_DAYS = 366
_BYTES = 32
_STILL_KNOWN, _MOST_NOTED = 60, 10_000  # seconds; people
_OF = " WHERE tokens.subject = :subject"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider named, with the groups that it named last."""

    subject: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed; what it is made of is not kept. It counts to the end of `ends`."""

    number: int
    owner: str
    name: str
    made: str
    ends: date
    revoked: bool


class Tokens:
    """The open table. Threads can share it, and several processes write to it in turn."""

    def __init__(self, home: Path) -> None:
        self._rows = store_of(home).rows
        self._noted: dict[str, tuple[float, Person]] = {}

    def saw(self, person: Person) -> None:
        """Note whom the provider named, and their groups: their tokens have these from now on. What
        was noted a moment ago is not written again: a page runs often."""
        noted_at, noted = self._noted.get(person.subject, (float("-inf"), None))
        if noted == person and monotonic() - noted_at < _STILL_KNOWN:
            return
        self._rows(
            "INSERT INTO people (subject, name, groups, seen)"
            " VALUES (:subject, :name, :groups, :seen) ON CONFLICT (subject) DO UPDATE"
            " SET name = excluded.name, groups = excluded.groups, seen = excluded.seen",
            subject=person.subject,
            name=person.name,
            groups=json.dumps(person.groups),
            seen=_now().isoformat(),
        )
        if len(self._noted) >= _MOST_NOTED:
            self._noted.clear()
        self._noted[person.subject] = monotonic(), person

    def make(self, subject: str, name: str, *, days: int) -> str:
        """A new token, which is told here and never again."""
        if not name.strip() or len(name) > 100:
            raise CodedeskError("A token has a name of at most 100 characters. Say what it is for.")
        if not 1 <= days <= MOST_DAYS:
            raise CodedeskError(f"A token ends in 1 to {MOST_DAYS} days. Make a new one then.")
        text = MARK + secrets.token_urlsafe(_BYTES)
        now = _now()
        ends = (now + timedelta(days=days)).date()
        self._rows(
            "INSERT INTO tokens (sum, subject, name, made, ends)"
            " VALUES (:sum, :subject, :name, :made, :ends)",
            sum=_sum(text),
            subject=subject,
            name=name.strip(),
            made=now.isoformat(),
            ends=ends.isoformat(),
        )
        return text

    def owner(self, text: str) -> Person | None:
        """Whose token it is; None for one that is unknown, over or revoked."""
        rows = self._rows(
            "SELECT people.subject, people.name, people.groups FROM tokens"
            " JOIN people ON people.subject = tokens.subject"
            " WHERE tokens.sum = :sum AND tokens.revoked IS NULL AND tokens.ends >= :today",
            sum=_sum(text),
            today=_now().date().isoformat(),
        )
        if not rows:
            return None
        subject, name, groups = rows[0]
        return Person(subject, name, tuple(json.loads(groups)))

    def heard(self, subject: str) -> datetime | None:
        """When the provider last said something of a person."""
        rows = self._rows("SELECT seen FROM people WHERE subject = :subject", subject=subject)
        return datetime.fromisoformat(rows[0][0]) if rows else None

    def listed(self, subject: str | None = None) -> list[Token]:
        """The tokens of a person, or of all."""
        rows = self._rows(
            "SELECT tokens.id, coalesce(people.name, tokens.subject), tokens.name, tokens.made,"
            " tokens.ends, tokens.revoked FROM tokens"
            " LEFT JOIN people ON people.subject = tokens.subject"
            f"{_OF if subject is not None else ''} ORDER BY tokens.id",
            **({} if subject is None else {"subject": subject}),
        )
        return [
            Token(number, owner, name, made, date.fromisoformat(ends), revoked is not None)
            for number, owner, name, made, ends, revoked in rows
        ]

    def revoke(self, number: int, *, subject: str | None = None) -> None:
        """Take a token back for good; with a `subject` only one of theirs."""
        found = self._rows(
            "UPDATE tokens SET revoked = coalesce(revoked, :now) WHERE id = :number"
            f"{' AND subject = :subject' if subject is not None else ''} RETURNING id",
            now=_now().isoformat(),
            number=number,
            **({} if subject is None else {"subject": subject}),
        )
        if not found:
            raise CodedeskError(f"There is no token {number}. `codedesk tokens list` lists them.")


def _sum(text: str) -> str:
    """A token holds 256 random bits: a plain sum of it cannot be turned back by guessing."""
    return sha256(text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
