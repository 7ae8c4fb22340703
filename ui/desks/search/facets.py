"""The facets of search results: their names, and the filters they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.policies.listing import CodeListing, Declared, ListedDocument
from assistant.ranking.facets import Value
from index.filters import Filters, year_of
from index.versions import Status, today
from ui.desks.search.address import NO_KIND, Searched
from ui.wording import STATUS_NAMES, kind_name, plain

# Field of Searched: its label, and what it is called where a document has none.
FACETS: Mapping[str, tuple[str, str]] = {
    "payers": ("Payer", "No payer"),
    "kinds": ("Kind", NO_KIND),
    "statuses": ("Status", ""),
    "years": ("In force since (year)", "No year"),
    "documents": ("Document", ""),
    "codes": ("Code in the passage", ""),
}


def shown(name: str, counted: Counter[Value], searched: Searched) -> Counter[str]:
    """A facet's values as the address writes them. Chosen ones are there even if they count 0."""
    counter = Counter({_written(name, value): count for value, count in counted.items()})
    for chosen in getattr(searched, name):
        counter.setdefault(chosen, 0)
    return counter


def _written(name: str, value: Value) -> str:
    return FACETS[name][1] if value is None or value == "" else str(value)


def label_of(name: str, value: str) -> str:
    """A facet's value in words."""
    if name == "kinds":
        return kind_name(value)
    if name == "statuses":
        return STATUS_NAMES[Status(value)]
    return plain(value)


def filters_of(searched: Searched) -> Filters:
    """The filters beside the facets: the day, retired and future ones or not."""
    return Filters(on=searched.on or today(), include_all=searched.include_all)


def narrowed(searched: Searched) -> Filters:
    """All filters, facets included: the index applies them before it ranks."""
    return replace(
        filters_of(searched),
        payers=tuple(_or_none("payers", name) for name in searched.payers),
        kinds=tuple(_or_none("kinds", name) for name in searched.kinds),
        documents=searched.documents,
        statuses=tuple(Status(name) for name in searched.statuses),
        years=tuple(int(year) if year.isdecimal() else None for year in searched.years),
        codes=searched.codes,
    )


def _or_none(name: str, value: str) -> str:
    return "" if value == FACETS[name][1] else value


def counts_of(listing: CodeListing, searched: Searched) -> dict[str, Counter[Value]]:
    """How many passages of a listing each facet's values have. A facet does not narrow itself."""
    counts: dict[str, Counter[Value]] = {}
    for name, values_of in _OF_DOCUMENT.items():
        counts[name] = Counter()
        alone = replace(searched, **{name: ()})  # type: ignore[arg-type]
        for one in listing.documents:
            if _is_chosen(one, alone):
                counts[name].update(dict.fromkeys(values_of(one), len(one.passages)))
    return counts


def narrowed_listing(listing: CodeListing, searched: Searched) -> CodeListing:
    """What the facets leave of a listing; what is only declared goes with its document."""
    documents = tuple(one for one in listing.documents if _is_chosen(one, searched))
    declared = tuple(one for one in listing.declared if _is_chosen(one, searched))
    return replace(listing, documents=documents, declared=declared)


_OF_DOCUMENT: Mapping[str, Callable[[ListedDocument | Declared], Sequence[Value]]] = {
    "payers": lambda one: one.version.metadata.payers or ("",),
    "kinds": lambda one: (one.version.metadata.kind or "",),
    "statuses": lambda one: (one.status,),
    "years": lambda one: (year_of(one.version),),
    "documents": lambda one: (one.version.document,),
}


def _is_chosen(one: ListedDocument | Declared, searched: Searched) -> bool:
    return all(
        not (chosen := getattr(searched, name))
        or any(_written(name, value) in chosen for value in values_of(one))
        for name, values_of in _OF_DOCUMENT.items()
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
