"""Whether a text states a thing that is asked for: an RVU, a status indicator, a price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.question.names.things import Thing
from assistant.question.words.phrases import holds, plain


class Text(Protocol):
    """A passage or a citation of one."""

    @property
    def text(self) -> str: ...

    @property
    def header(self) -> str: ...

    @property
    def section(self) -> tuple[str, ...]: ...


def states(
    said: Text, whole: str, thing: Thing, codes: Sequence[str] = (), *, opening: str = ""
) -> bool:
    """Whether a passage states a thing: its words and the form of its value, in a sentence that
    names one of the `codes`, plain, or under a heading that does; in a table under its own column,
    where it has one. `whole` is the passage with all that stands above it, plain, `opening` what
    the document of a table begins with: of a fee schedule every amount is one."""
    words = (*thing.words, *thing.near)
    if states_itself(said, thing, codes, opening=f"{whole} {opening}"):
        return True
    if not thing.soft and not any(holds(whole, word) for word in words):
        return False
    if thing.value is None:
        return True
    heading = plain(" ".join((header_of(said), *said.section[-1:])))
    named = not codes or any(holds(heading, code) for code in codes)
    told = any(holds(heading, word) for word in words)
    columns = _columns(header_of(said), thing)
    for line in _lines(said.text):
        own = named or any(holds(plain(line), code) for code in codes)
        if not own or _denies(line, thing):
            continue
        if columns and " | " in line:
            if any(_has_value(line, column) for column in columns):
                return True
        elif thing.value.search(line) and (
            told or thing.soft or any(holds(plain(line), word) for word in words)
        ):
            return True
    return False


def states_itself(said: Text, thing: Thing, codes: Sequence[str], *, opening: str) -> bool:
    """Whether a row has the thing under its own column, or a sentence has its words and its value,
    beside one of the codes: nothing is lent by a heading."""
    columns = _columns(header_of(said), thing)
    priced = thing.kind == "money" and not columns and _PRICES.search(opening) is not None
    for line in _lines(said.text):
        words = plain(line)
        if _denies(line, thing) or not any(holds(words, code) for code in codes):
            continue
        if " | " in line:
            if any(_has_value(line, column) for column in columns):
                return True
            if priced and _AMOUNT.search(line):
                return True
        elif (
            thing.value is not None
            and thing.value.search(line)
            and any(holds(words, word) for word in thing.words)
        ):
            return True
    return False


def header_of(said: Text) -> str:
    """The names of the columns of a passage's table: above it or, of a small one, its first row."""
    if " | " in said.header:
        return said.header
    rows = [line for line in said.text.splitlines() if " | " in line]
    if len(rows) > 1 and not any(re.search(r"\d", cell) for cell in rows[0].split(" | ")):
        return rows[0]
    return ""


def _columns(header: str, thing: Thing) -> tuple[int, ...]:
    """The columns of a table that are the thing's own, by their names."""
    if thing.soft or " | " not in header:
        return ()
    names = (plain(name) for name in header.split(" | "))
    return tuple(
        at for at, name in enumerate(names) if any(holds(name, word) for word in thing.words)
    )


def _has_value(row: str, column: int) -> bool:
    cells = row.split(" | ")
    return column < len(cells) and _OPEN.fullmatch(cells[column]) is None


def _lines(text: str) -> list[str]:
    """The sentences and rows of a text."""
    return [one for one in _ENDS.split(text) if one.strip()]


def _denies(line: str, thing: Thing) -> bool:
    return _DENIED.search(line) is not None or (
        thing.kind == "money" and _DIFFERENCE.search(line) is not None
    )


_PRICES = re.compile(r"\b(?:fee schedule|fees?|rates?|price list|prices|charges)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\|\s*(?:\$\s?[\d,.]+|\d[\d,]*\.\d{1,2})\s*(?=\||$)")  # a cell
_ENDS = re.compile(r"(?<=\.) |\n")
_OPEN = re.compile(r"\W*(?:n/?a|none|unknown|not \w+)?\W*", re.IGNORECASE)  # of a cell
_DENIED = re.compile(
    r"\b(no\b[^.|]{0,120}\b(?:was|were|is|are) (?:found|seen|given|stated|known|confirmed)"
    r"|no source|not confirmed|not known|was not found|were not found|no longer found|not stated"
    r"|nobody has confirmed|is not listed|outside this library|would|presumably"
    r"|means?|where the (?:\w+ )?(?:indicator|status)|if (?:it|the))\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(  # how much less something costs is not what it costs
    r"\b(?:sav(?:e|es|ed|ing|ings)|cheaper|dearer)\b|\$[\d,.]+ (?:more|less|higher|lower)\b",
    re.IGNORECASE,
)
