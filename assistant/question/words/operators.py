"""The operators of a query: "phrase", -word, payer:, kind:, code:, doc:, date:, include:retired.

Everything else is free text. A value with spaces stands in quotes: `payer:"Arkansas Blue Cross"`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from corpus.document import KINDS
from corpus.errors import CodedeskError
from corpus.text.dates import parse_date

_OPERATORS = ("payer", "kind", "code", "doc", "date", "include")
_TOKEN = re.compile(
    r"(?P<minus>(?<!\S)-(?=[\w\"]))?"
    r"(?:(?<!\w)(?P<operator>payer|kind|code|doc|date|include):)?"
    r"(?:\"(?P<quoted>[^\"]*)\"|(?P<open>\")|(?P<plain>[^\s\"]+))?",
    re.IGNORECASE,
)


class BadQuery(CodedeskError):
    """A query that cannot be read. `at` is the character where the trouble begins."""

    def __init__(self, query: str, at: int, what: str) -> None:
        shown = query if len(query) <= 100 else query[:100] + "…"
        super().__init__(f"{what}\n  {shown}\n  {' ' * min(at, 100)}^")
        self.at = at


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart. `free` is its text without the operators, phrases included."""

    typed: str
    free: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    on: date | None = None
    include_all: bool = False


def parse_query(query: str) -> Query:  # noqa: C901 - one branch for each form of operator
    """Take a query apart. Raises BadQuery, pointing at the place."""
    free: list[str] = []
    lists: dict[str, list[str]] = defaultdict(list)
    on: date | None = None
    position = 0
    while position < len(query):
        if query[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(query, position)
        if not match or match.end() == position:
            raise BadQuery(query, position, "This part of the query cannot be read:")
        if match["open"]:
            raise BadQuery(query, match.start("open"), "This quotation mark is never closed:")
        operator = (match["operator"] or "").lower()
        value = match["quoted"] if match["quoted"] is not None else (match["plain"] or "")
        at = match.start("operator") if operator else position
        if operator:
            if not value.strip():
                raise BadQuery(
                    query, at, f"`{operator}:` needs a value, for example {_HELP[operator]}:"
                )
            if operator == "date":
                on = _date(query, match.end() - len(value), value)
            else:
                _check(query, at, operator, value)
                lists[operator].append(value)
        elif match["minus"]:
            lists["without"].append(value)
        elif match["quoted"] is not None:
            if value.strip():
                lists["phrase"].append(value)
                free.append(value)
        else:
            free.append(value)
        position = match.end()
    return Query(
        typed=query,
        free=" ".join(free),
        phrases=tuple(lists["phrase"]),
        without=tuple(lists["without"]),
        payers=tuple(lists["payer"]),
        kinds=tuple(kind.lower() for kind in lists["kind"]),
        codes=tuple(lists["code"]),
        documents=tuple(lists["doc"]),
        on=on,
        include_all=bool(lists["include"]),
    )


_HELP = {
    "payer": "payer:Cigna",
    "kind": "kind:policy",
    "code": "code:0581T",
    "doc": "doc:cigna-0540.md",
    "date": "date:2025-03-01",
    "include": "include:retired",
}


def _date(query: str, at: int, value: str) -> date:
    found = parse_date(value)
    if found is None:
        raise BadQuery(query, at, f"“{value}” is no date. Write it as 2025-03-01:")
    return found


def _check(query: str, at: int, operator: str, value: str) -> None:
    if operator == "kind" and value.lower() not in KINDS:
        raise BadQuery(query, at, f"“{value}” is no kind. The kinds are {', '.join(KINDS)}:")
    if operator == "include" and value.lower() not in ("retired", "all"):
        raise BadQuery(query, at, "Only include:retired is known:")
