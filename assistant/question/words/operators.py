"""The operators of a query: "phrase", -word, payer:, kind:, code:, doc:, date:, include:retired,
and of a search also OR, title:, status:, page: and like:, which means a passage by its document
and the character at which it begins. -50 and -RT are modifiers, as they are appended to a code.

Everything else is free text. A value with spaces stands in quotes: `payer:"Arkansas Blue Cross"`.
Who asks a question writes "in the OR" and "re: payment": there OR and further names before a colon
are words. Who searches means them, and is told of a name that is no operator.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.document import KINDS
from corpus.errors import CodedeskError
from corpus.text.dates import parse_date
from index.versions import Status

_HELP = {
    "payer": "payer:Cigna",
    "kind": "kind:policy",
    "code": "code:0581T",
    "doc": "doc:cigna-0540.md",
    "date": "date:2025-03-01",
    "include": "include:retired",
    "title": 'title:"claim form"',
    "status": "status:retired",
    "page": "page:4",
    "like": "like:cigna-0540.md#120",
}
_OF_SEARCHES = ("title", "status", "page", "like")  # in a question they are words
_OF_QUESTIONS = tuple(name for name in _HELP if name not in _OF_SEARCHES)
_STATUSES = {status.value.replace("_", "-"): status for status in Status}
_PAGES = re.compile(r"(?P<first>\d{1,6})(?:-(?P<last>\d{1,6}))?")
# Who bills writes a modifier as it is appended: "bilateral -50 on one line", "-RT".
_MODIFIER = r"(?!(?-i:\d\d|[A-Z]{2}|[A-Z]\d)(?:[\s?!.,;:)/]|$))"
_UNKNOWN = re.compile(r"(?P<name>[^\W\d_]{2,}):(?!//)[^\s:]")


def _token(operators: Sequence[str]) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<minus>(?<!\S)-{_MODIFIER}(?=[\w\"]))?"
        rf"(?:(?<!\w)(?P<operator>{'|'.join(operators)}):)?"
        r"(?:\"(?P<quoted>[^\"]*)\"|(?P<open>\")|(?P<plain>[^\s\"]+))?",
        re.IGNORECASE,
    )


_TOKENS = {True: _token(tuple(_HELP)), False: _token(_OF_QUESTIONS)}


class BadQuery(CodedeskError):
    """A query that cannot be read. `at` is the character where the trouble begins."""

    def __init__(self, query: str, at: int, what: str) -> None:
        shown = query if len(query) <= 100 else query[:100] + "…"
        super().__init__(f"{what}\n  {shown}\n  {' ' * min(at, 100)}^")
        self.at = at


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart. `free` is its text without the operators, phrases included. Of each of
    `either` a passage holds at least one; `pages` are printed numbers or ranges of them. `like` is
    a document and the character at which the passage begins that others are to be like."""

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
    either: tuple[tuple[str, ...], ...] = ()
    titles: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    pages: tuple[str, ...] = ()
    like: tuple[str, int] | None = None

    @property
    def must(self) -> tuple[str | tuple[str, ...], ...]:
        """What a passage has to hold: each phrase, and one of each `either`."""
        return (*self.phrases, *self.either)

    @property
    def strict(self) -> bool:
        """Whether something of it is meant to the letter."""
        return bool(self.phrases or self.without or self.either)

    def on_page(self, number: int | None, label: str | None) -> bool:
        """Whether a page is one of those asked for, by its number or by what is printed on it."""
        return not self.pages or any(_is_page(wanted, number, label) for wanted in self.pages)


def _is_page(wanted: str, number: int | None, label: str | None) -> bool:
    if label is not None and label.casefold() == wanted.casefold():
        return True
    found = _PAGES.fullmatch(wanted)
    if found is None or number is None:
        return False
    return int(found["first"]) <= number <= int(found["last"] or found["first"])


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of a query: `operator` is "", "phrase", "without", "or", or one of _HELP."""

    operator: str
    value: str
    at: int


def parse_query(query: str, *, searching: bool = False) -> Query:
    """Take a query apart. Raises BadQuery, pointing at the place."""
    terms = list(_terms(query, searching=searching))
    either: list[tuple[str, ...]] = []
    if searching:
        terms, either = _joined(query, terms)
    lists: Mapping[str, list[_Term]] = defaultdict(list)
    for term in terms:
        _check(query, term)
        lists[term.operator].append(term)

    def values(operator: str) -> tuple[str, ...]:
        return tuple(term.value for term in lists[operator])

    free = [term.value for term in terms if term.operator in ("", "phrase", "either")]
    dates = lists["date"]
    if lists["like"] and free:
        raise BadQuery(query, lists["like"][0].at, "`like:` stands without words beside it:")
    statuses = tuple(_STATUSES[_hyphened(value)] for value in values("status"))
    return Query(
        typed=query,
        free=" ".join(free),
        phrases=values("phrase"),
        without=values("without"),
        payers=values("payer"),
        kinds=tuple(kind.lower() for kind in values("kind")),
        codes=values("code"),
        documents=values("doc"),
        on=parse_date(dates[-1].value) if dates else None,
        include_all=bool(lists["include"] or any(s is not Status.IN_FORCE for s in statuses)),
        either=tuple(either),
        titles=values("title"),
        statuses=statuses,
        pages=values("page"),
        like=_passage(values("like")),
    )


def _terms(query: str, *, searching: bool) -> list[_Term]:
    terms: list[_Term] = []
    position = 0
    while position < len(query):
        if query[position].isspace():
            position += 1
            continue
        match = _TOKENS[searching].match(query, position)
        if not match or match.end() == position:
            raise BadQuery(query, position, "This part of the query cannot be read:")
        if match["open"]:
            raise BadQuery(query, match.start("open"), "This quotation mark is never closed:")
        terms += _term(query, match, searching=searching)
        position = match.end()
    return terms


def _term(query: str, match: re.Match[str], *, searching: bool) -> list[_Term]:
    """The part that was matched; none for a phrase without a word."""
    quoted, plain = match["quoted"], match["plain"] or ""
    value = quoted if quoted is not None else plain
    operator, at = (match["operator"] or "").lower(), match.start()
    if operator:
        at = match.start("operator")
        if not value.strip():
            raise BadQuery(
                query, at, f"`{operator}:` needs a value, for example {_HELP[operator]}:"
            )
        return [_Term(operator, value, at)]
    if match["minus"]:
        return [_Term("without", value, at)]
    if quoted is not None:
        return [_Term("phrase", value, at)] if value.strip() else []
    if searching and (unknown := _UNKNOWN.match(plain)):
        raise BadQuery(
            query,
            at,
            f"`{unknown['name']}:` is no operator. There are "
            f"{', '.join(f'{name}:' for name in _HELP)}; text with a colon stands in quotes:",
        )
    return [_Term("or" if searching and plain == "OR" else "", value, at)]


def _joined(query: str, terms: Sequence[_Term]) -> tuple[list[_Term], list[tuple[str, ...]]]:
    """The terms without the ORs between them, and the words and phrases that each OR joins. Values
    of one operator are alternatives anyway."""
    kept: list[_Term] = []
    groups: list[list[str]] = []
    for at, term in enumerate(terms):
        if term.operator != "or":
            kept.append(term)
            continue
        before, after = (
            terms[near] if 0 <= near < len(terms) else None for near in (at - 1, at + 1)
        )
        if before is None or after is None or "or" in (before.operator, after.operator):
            raise BadQuery(query, term.at, "OR stands between two words or phrases:")
        if not _can_join(before, after):
            raise BadQuery(query, term.at, "OR joins words and phrases, or values of one operator:")
        if before.operator in _JOINED:
            if at < 2 or terms[at - 2].operator != "or":  # no third one of a OR b OR c
                groups.append([before.value])
            groups[-1].append(after.value)
    return _as_either(kept, terms), [tuple(group) for group in groups]


_JOINED = ("", "phrase")


def _can_join(before: _Term, after: _Term) -> bool:
    if before.operator in _JOINED:
        return after.operator in _JOINED
    return before.operator == after.operator != "without"


def _as_either(kept: Sequence[_Term], terms: Sequence[_Term]) -> list[_Term]:
    """Words and phrases beside an OR count for the ranking and are no condition by themselves."""
    beside = {
        near.at
        for at, term in enumerate(terms)
        if term.operator == "or"
        for near in (terms[at - 1], terms[at + 1])
    }
    return [
        replace(term, operator="either") if term.at in beside and term.operator in _JOINED else term
        for term in kept
    ]


def _passage(values: Sequence[str]) -> tuple[str, int] | None:
    document, _, start = values[-1].rpartition("#") if values else ("", "", "")
    return (document, int(start)) if document else None


def _hyphened(value: str) -> str:
    return re.sub(r"[\s_]+", "-", value.strip().lower())


def _check(query: str, term: _Term) -> None:
    operator, value, at = term.operator, term.value, term.at
    if operator == "kind" and value.lower() not in KINDS:
        raise BadQuery(query, at, f"“{value}” is no kind. The kinds are {', '.join(KINDS)}:")
    if operator == "include" and value.lower() not in ("retired", "all"):
        raise BadQuery(query, at, "Only include:retired is known:")
    if operator == "status" and _hyphened(value) not in _STATUSES:
        known = ", ".join(_STATUSES)
        raise BadQuery(query, at, f"“{value}” is no status. They are {known}:")
    if operator == "date" and parse_date(value) is None:
        at += len("date:")
        raise BadQuery(query, at, f"“{value}” is no date. Write it as 2025-03-01:")
    if operator == "like" and not re.fullmatch(r".+#\d{1,9}", value):
        raise BadQuery(query, at, "Write like:DOCUMENT#CHARACTER, as “More like this” does:")
    if operator == "page" and not re.fullmatch(r"[\w.-]{1,12}", value):
        raise BadQuery(query, at, f"“{value}” is no page. Write page:4 or page:4-9:")
