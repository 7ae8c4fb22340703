"""Payers side by side: for each its policy on a code, with dates and a quotation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.policies.code_words import is_slip, read_code
from assistant.policies.positions import Quote, quotes
from assistant.question.names.payers import canonical
from corpus.codes import CodeSystem
from corpus.packs import billing
from index.filters import Filters
from index.library import Library
from index.versions import Status, Term, Version


@dataclass(frozen=True, slots=True)
class PolicyPosition:
    """A document that names the code. `quotes` may be empty: it names it and states no position."""

    version: Version
    term: Term
    status: Status
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class PayerRow:
    """A payer and its documents that name the code, those in force first.

    `note` is a sentence where there is none; `disagreement` one where its documents use words of
    both sides. Neither says what the position is.
    """

    payer: str
    policies: tuple[PolicyPosition, ...]
    note: str = ""
    disagreement: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every payer's row, those with documents first."""

    typed: str
    code: str
    system: CodeSystem
    slip: bool
    on: date
    rows: tuple[PayerRow, ...]


def matrix(library: Library, typed: str, filters: Filters) -> Matrix:
    """The positions of payers on a code on a day. Raises CodedeskError for what is not a code."""
    system, code = read_code(typed)
    naming = _naming(library, system, code, filters)
    elsewhere = _naming(library, system, code, replace(filters, include_all=True))
    held = _documents(library, filters)
    ever = _documents(library, replace(filters, include_all=True))
    asked = {canonical(name) for name in filters.payers}
    rows = []
    for payer in sorted(
        asked or {*_payers(library), *billing.table("matrix")["usual_payers"]}, key=str.casefold
    ):
        versions = naming.get(payer, [])
        policies = tuple(_policy(library, v, system, code, filters.on) for v in versions)
        rows.append(
            PayerRow(
                payer,
                policies,
                note=""
                if policies
                else _note(
                    code,
                    held=held.get(payer, 0),
                    ever=ever.get(payer, 0),
                    elsewhere=len({v.document for v in elsewhere.get(payer, ())}),
                    on=filters.on,
                ),
                disagreement=_disagreement(policies),
            )
        )
    rows.sort(key=lambda row: (not row.policies, not ever.get(row.payer), row.payer.casefold()))
    return Matrix(typed, code, system, is_slip(typed, code), filters.on, tuple(rows))


def payers_without(library: Library, typed: str, filters: Filters) -> tuple[str, ...]:
    """The payers of the library, and the usual ones, that have no document naming the code."""
    return tuple(row.payer for row in matrix(library, typed, filters).rows if not row.policies)


def _payers(library: Library) -> set[str]:
    return {name for version in library.versions.values() for name in _of(version)}


def _of(version: Version) -> set[str]:
    """The payers of a version, each by its one name."""
    return set(map(canonical, version.metadata.payers))


def _stating_positions(versions: Sequence[Version]) -> list[Version]:
    """Those of the first group of kinds that has any; a document of no kind is taken for a
    policy."""
    for kinds in billing.table("matrix")["position_kinds"]:
        found = [version for version in versions if (version.metadata.kind or "policy") in kinds]
        if found:
            return found
    return []


def _naming(
    library: Library, system: CodeSystem, code: str, filters: Filters
) -> dict[str, list[Version]]:
    """By payer, the versions that name or cover the code; in force first, latest first."""
    anybody = replace(filters, payers=())
    found: dict[str, list[Version]] = defaultdict(list)
    for identity in {stored.version for stored in library.naming(system, code, anybody)}:
        version = library.versions[identity]
        for payer in _of(version):
            found[payer].append(version)
    for payer, versions in found.items():
        found[payer] = _stating_positions(versions)
        found[payer].sort(key=lambda version: _latest_first(library, version, filters.on))
    return found


def _latest_first(library: Library, version: Version, on: date) -> tuple[bool, int, str, int]:
    term = library.terms[version.id]
    start = term.start.toordinal() if term.start else 0
    return term.status(on) is not Status.IN_FORCE, -start, version.document, -version.ordinal


def _documents(library: Library, filters: Filters) -> dict[str, int]:
    """How many documents of each payer the filters leave."""
    held: dict[str, set[str]] = defaultdict(set)
    for identity in library.select(replace(filters, payers=())).versions:
        version = library.versions[identity]
        for payer in _of(version):
            held[payer].add(version.document)
    return {payer: len(documents) for payer, documents in held.items()}


def _policy(
    library: Library, version: Version, system: CodeSystem, code: str, on: date
) -> PolicyPosition:
    term = library.terms[version.id]
    found = quotes(library, version, system, code)
    return PolicyPosition(version, term, term.status(on), found)


def _note(code: str, *, held: int, ever: int, elsewhere: int, on: date) -> str:
    """Why a payer has no policy here: `held` documents in force, `ever` with those that are not,
    and `elsewhere` of the latter that name the code."""
    if elsewhere:
        what = "a document" if elsewhere == 1 else f"{elsewhere} documents"
        return (
            f"No document in force on {on} names {code}; {what} not in force then "
            f"{'does' if elsewhere == 1 else 'do'}. Look with --all-versions or another --as-of."
        )
    if held:
        among = "Its one document" if held == 1 else f"Its {held} documents"
        return f"{among} in the library: no policy, rule or guide that names {code}."
    if ever:
        count = "Its one document" if ever == 1 else f"None of its {ever} documents"
        return f"{count} in the library {'is not' if ever == 1 else 'is'} in force on {on}."
    return "The library has no document of this payer."


def _disagreement(policies: Sequence[PolicyPosition]) -> str:
    """A sentence that shows words of both sides, where documents in force use them; else ""."""
    sides: dict[str, tuple[str, str]] = {}
    for policy in policies:
        if policy.status in (Status.IN_FORCE, Status.UNDATED):
            for quote in policy.quotes:
                one = quote.says & {"for", "against"}
                if len(one) == 1:
                    side = next(iter(one))
                    word = next(w.text for w in quote.words if w.says == side)
                    sides.setdefault(side, (word, policy.version.document))
    if len(sides) < 2:
        return ""
    retold = any(policy.version.metadata.is_retold for policy in policies if policy.quotes)
    words = "The words of the summaries" if retold else "Its words"
    return f"{words} disagree: {_list(sides.values())}. Read both before you rely on either."


def _list(words: Iterable[tuple[str, str]]) -> str:
    return " and ".join(f"“{word}” in {document}" for word, document in words)
