"""The door of a server: who comes in, as whom."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from ui.access.caller import ANYONE_HERE, Caller
from ui.access.provider import Provider
from ui.access.refused import NotSignedIn
from ui.access.roles import Role
from ui.access.tokens import MARK, Person, Tokens
from ui.database.away import RecordsAway
from ui.state.serving import SignIn

_NOTED_FOR = 60  # seconds, in which the same groups are not noted again
_MOST_NOTED = 10_000  # people


class Door(Protocol):
    """Both raise NotSignedIn where nobody may come in."""

    asks: bool  # whether people sign in

    def program(self, authorization: str | None) -> Caller:
        """Who sends a request with this header."""

    def person(self, claims: Mapping[str, Any], access_token: str | None) -> Caller:
        """Who sits before a page, as the provider said it at sign-in, and as it says it now."""


class OpenDoor:
    """Without sign-in: whoever can reach the server is let in and may do everything."""

    asks = False

    def program(self, authorization: str | None) -> Caller:
        return ANYONE_HERE

    def person(self, claims: Mapping[str, Any], access_token: str | None) -> Caller:
        return ANYONE_HERE


class GuardedDoor:
    """With sign-in: people by the provider, programs by a token of the provider or of a person."""

    asks = True

    def __init__(self, sign_in: SignIn, home: Path) -> None:
        self._sign_in = sign_in
        self._provider = Provider(sign_in)
        self.tokens = Tokens(home)
        self._noted: dict[str, tuple[Person | None, float]] = {}

    def program(self, authorization: str | None) -> Caller:
        kind, _, token = (authorization or "").strip().partition(" ")
        token = token.strip()
        if kind.lower() != "bearer" or not token:
            raise NotSignedIn(
                "This needs a token. Make one under Account in the pages, and send it as "
                "Authorization: Bearer TOKEN."
            )
        if not token.startswith(MARK):
            return self._caller(self._named(self._provider.claims(token)))
        owner = self.tokens.owner(token)
        if owner is None:
            raise NotSignedIn("The token is unknown, over or taken back. Make a new one.")
        heard, days = self.tokens.heard(owner.subject), self._sign_in.token_days
        if heard is None or datetime.now(UTC) - heard > timedelta(days=days):
            raise NotSignedIn(
                f"The token's owner has not come to the pages for {days} days, so nobody knows "
                "their groups. It counts again once they sign in there."
            )
        return self._caller(owner)

    def person(self, claims: Mapping[str, Any], access_token: str | None) -> Caller:
        if not claims.get("is_logged_in") or not access_token:
            raise NotSignedIn("Sign in to go on.")
        person = self._named(self._provider.said_of(access_token, claims))
        self._note(person)
        return self._caller(person)

    def _note(self, person: Person) -> None:
        """Let their tokens have these groups. A page asks several times who sits before it."""
        known, at = self._noted.get(person.subject, (None, float("-inf")))
        if known == person and time.monotonic() - at < _NOTED_FOR:
            return
        with suppress(RecordsAway):  # the provider's word counts without it
            self.tokens.saw(person)
        if len(self._noted) >= _MOST_NOTED:
            self._noted.clear()
        self._noted[person.subject] = person, time.monotonic()

    def _named(self, claims: Mapping[str, Any]) -> Person:
        groups = claims.get(self._sign_in.groups, ())
        several = groups if isinstance(groups, list | tuple) else [groups]
        name = claims.get("preferred_username") or claims.get("email") or claims["sub"]
        return Person(str(claims["sub"]), str(name), tuple(map(str, several)))

    def _caller(self, person: Person) -> Caller:
        roles = tuple(
            role for role in Role if set(self._sign_in.roles.get(role, ())) & set(person.groups)
        )
        return Caller(person.name, roles, person.groups, person.subject)


_at: dict[str, Door] = {}


def opened() -> Door:
    """The door of this process."""
    return _at.setdefault("door", OpenDoor())


def put_up(door: Door) -> None:
    """Let this be the door of this process."""
    _at["door"] = door
