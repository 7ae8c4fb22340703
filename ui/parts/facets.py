"""Facets of search results: what they are, how many passages each holds, and which are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import Citation
from index.library import Filters
from index.versions import Status, today
from ui.parts.search_address import Searched
from ui.wording import STATUS_NAMES, kind_name, plain

NO_PAYER, NO_YEAR = "No payer", "No year"


def _payer(citation: Citation) -> list[str]:
    return [citation.version.metadata.payer or NO_PAYER]


def _year(citation: Citation) -> list[str]:
    effective = citation.version.metadata.effective
    return [str(effective.year) if effective else NO_YEAR]


# Field of Searched: its label, and the values that a passage counts for.
FACETS: Mapping[str, tuple[str, Callable[[Citation], Sequence[str]]]] = {
    "payers": ("Payer", _payer),
    "kinds": ("Kind", lambda c: [c.version.metadata.kind or "no kind"]),
    "statuses": ("Status", lambda c: [c.status.value]),
    "years": ("In force since (year)", _year),
    "documents": ("Document", lambda c: [c.version.document]),
    "codes": ("Code in the passage", lambda c: list(dict.fromkeys(c.codes))),
}


def kept(citations: Iterable[Citation], searched: Searched, *, but: str = "") -> list[Citation]:
    """The passages that all facets keep, except the one called `but`."""
    return [
        citation
        for citation in citations
        if all(
            not getattr(searched, name)
            or name == but
            or set(values(citation)) & set(getattr(searched, name))
            for name, (_, values) in FACETS.items()
        )
    ]


def counts(citations: Sequence[Citation], searched: Searched) -> dict[str, Counter[str]]:
    """For each facet its values and how many passages each holds. A facet does not narrow itself,
    so that a second value can be added to it; what is chosen is always there, be it with 0."""
    found = {}
    for name, (_, values) in FACETS.items():
        counter: Counter[str] = Counter(
            value for one in kept(citations, searched, but=name) for value in values(one)
        )
        for chosen in getattr(searched, name):
            counter.setdefault(chosen, 0)
        found[name] = counter
    return found


def label_of(name: str, value: str) -> str:
    """A facet's value in words."""
    if name == "kinds":
        return kind_name(value)
    if name == "statuses":
        return STATUS_NAMES[Status(value)]
    return plain(value)


def filters_of(searched: Searched) -> Filters:
    """The filters that narrow a search before it ranks: day, retired or not."""
    return Filters(on=searched.on or today(), include_all=searched.include_all)


def narrowed(searched: Searched) -> Filters:
    """The same, with the facets that the index itself can apply before the best are chosen."""
    payers = () if NO_PAYER in searched.payers else searched.payers
    return replace(
        filters_of(searched), payers=payers, kinds=searched.kinds, documents=searched.documents
    )


def in_words(searched: Searched, on: date) -> str:
    """The filters for an export."""
    parts = [f"as of {on.isoformat()}", f"mode {searched.mode}"]
    if searched.include_all:
        parts.append("retired and future included")
    for name, (label, _) in FACETS.items():
        if chosen := getattr(searched, name):
            parts.append(f"{label.lower()}: {', '.join(label_of(name, value) for value in chosen)}")
    return "; ".join(parts)
