"""Whether two names are of one payer, however each is written, and what a name of many covers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from corpus.metadata.identity.forms import STATES
from corpus.metadata.identity.names import Body, standard_names
from corpus.packs import billing

_MARKS = re.compile(r"[\W_]+")
_LITTLE = re.compile(r"\b(?:the|and|inc|llc|corp|corporation|company)\b|&")
_BLUE = re.compile(r"blue\s?cross|blue\s?shield", re.IGNORECASE)


def is_called(payer: str, name: str, own: tuple[Body, ...] = ()) -> bool:
    """Whether a person who asks for `name` means the payer of a document: by its own name or an
    alias; "BCBS" is any Blue plan, and "Medicaid" the agency of any state. `own` are the names that
    a library adds; they come first."""
    if not payer or not name:
        return payer == name
    if known(payer, own) == known(name, own):
        return True
    if plain(name) in map(plain, short_names(payer)) and plain(name) not in _entries():
        return True
    meant = _entries().get(plain(name))
    if meant is None:
        return False
    if meant.get("generic"):
        entry = _entries().get(plain(payer))
        return bool(meant["line"] == (entry["line"] if entry else _line(payer)))
    return bool(meant["name"] == "Medicaid" and _line(payer) == "medicaid")


def known(name: str, own: tuple[Body, ...] = ()) -> str:
    """The one form of a name by which two are compared."""
    name = _names_of(own).get(plain(name), name)
    entry = _entries().get(plain(name))
    if entry is not None:
        return plain(entry["name"])
    body = _printed().get(plain(name))
    return plain(body) if body else plain(name)


def short_names(name: str) -> tuple[str, ...]:
    """What people leave of a name, without the words that many names end in: "Larch" of "Larch
    Health Plan, Inc.", "Larch Medicaid" of "Larch State Medicaid". Nothing where nothing is left
    that tells it from others, or all is."""
    if _BLUE.search(name):
        return ()
    words = [
        word for word in _NAME_WORD.findall(name.partition("(")[0]) if word.casefold() != "the"
    ]
    end = next((at for at, word in enumerate(words) if at and word.casefold() == "of"), len(words))
    while end and words[end - 1].casefold() in _ENDINGS:
        end -= 1
    left = " ".join(words[:end])
    told = [word for word in words[:end] if word.casefold() not in _ENDINGS]
    if not told or end == len(words) or re.fullmatch(f"(?:{STATES})(?: State)?", left):
        return ()
    if words[-2:] == ["State", "Medicaid"]:
        return (left, " ".join((*words[:-2], "Medicaid")))
    return (left,)


_NAME_WORD = re.compile(r"[^\W_][\w’'.-]*(?<![.])|&")
_ENDINGS = frozenset(  # of names of plans and companies, which tell no one from another
    """
    administrators advantage alliance assurance and benefit benefits care choice commercial
    company community cooperative corp corporation employees family first fund government group
    health healthcare hmo inc insurance insurers life limited llc local managed medicaid medical
    medicare mutual national network of partners plan plans ppo program programs services
    solutions system systems the trust united & public general american
    """.split()  # noqa: SIM905 - to be read as words
)


def plain(name: str) -> str:
    """A name without case, marks and forms of companies."""
    return _MARKS.sub("", _LITTLE.sub(" ", name.casefold()))


def _line(payer: str) -> str:
    """The group of a payer whom nobody listed, by the form of its name."""
    if _BLUE.search(payer):
        return "blue"
    agency = plain(payer) in _agencies() or "medicaid" in payer.casefold()
    return "medicaid" if agency else ""


@cache
def _entries() -> Mapping[str, Mapping[str, Any]]:
    """The payers that questions name, by every name and alias."""
    return {
        plain(called): entry
        for entry in billing.table("naming").get("payer", ())
        for called in (*entry["aliases"], entry["name"])
    }


def _printed() -> Mapping[str, str]:
    return _names_of(standard_names().bodies)


@lru_cache(maxsize=8)
def _names_of(bodies: tuple[Body, ...]) -> Mapping[str, str]:
    """The one name of each body, by every form that is printed."""
    return {plain(printed): body.name for body in bodies for printed in (*body.printed, body.name)}


@cache
def _agencies() -> frozenset[str]:
    return frozenset(plain(body.name) for body in standard_names().bodies if body.role == "agency")
