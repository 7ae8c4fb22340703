"""A search as it stands in the address: view, query, mode, filters, facets, what is selected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.desk import MODES
from corpus.document import KINDS
from index.versions import Status
from ui.desks.parts.address import LONGEST, Parameters, Place, day, one, read_place, write_place

VIEWS = {
    "passages": "Passages",
    "code": "Every passage with a code",
    "payers": "Payers side by side",
    "versions": "Versions compared",
    "saved": "Saved searches",
}

NO_KIND = "No kind"


@dataclass(frozen=True, slots=True)
class Searched:
    """A search. `on` is None for today."""

    view: str = "passages"
    query: str = ""
    mode: str = "hybrid"
    on: date | None = None
    include_all: bool = False
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    code: str = ""  # of the views on one code
    compared: str = ""  # the document whose versions are compared
    older: int | None = None
    newer: int | None = None
    open: Place | None = None


_LISTS = {
    "payer": "payers",
    "kind": "kinds",
    "in": "documents",
    "status": "statuses",
    "year": "years",
    "has": "codes",
}


def read_searched(parameters: Parameters) -> Searched:
    """What an address asks for; what cannot be read in it is left out."""
    view, mode = one(parameters, "view"), one(parameters, "mode")
    lists = {name: tuple(parameters.get(key, ())) for key, name in _LISTS.items()}
    return Searched(
        view=view if view in VIEWS else "passages",
        query=one(parameters, "q")[:LONGEST],
        mode=mode if mode in MODES else "hybrid",
        on=day(one(parameters, "on")),
        include_all=one(parameters, "all") == "1",
        payers=lists["payers"],
        kinds=tuple(kind for kind in lists["kinds"] if kind in (*KINDS, NO_KIND)),
        documents=lists["documents"],
        statuses=tuple(known for known in lists["statuses"] if known in set(Status)),
        years=lists["years"],
        codes=lists["codes"],
        code=one(parameters, "code")[:100],
        compared=one(parameters, "compare")[:LONGEST],
        older=_number(one(parameters, "from")),
        newer=_number(one(parameters, "to")),
        open=read_place(parameters),
    )


def write_searched(searched: Searched) -> dict[str, str | list[str]]:
    """The parameters of an address that asks for this."""
    single = {
        "view": searched.view if searched.view != "passages" else "",
        "q": searched.query,
        "mode": searched.mode if searched.mode != "hybrid" else "",
        "on": searched.on.isoformat() if searched.on else "",
        "all": "1" if searched.include_all else "",
        "code": searched.code,
        "compare": searched.compared,
        "from": str(searched.older or ""),
        "to": str(searched.newer or ""),
    }
    written: dict[str, str | list[str]] = {name: text for name, text in single.items() if text}
    for key, name in _LISTS.items():
        values = getattr(searched, name)
        if values:
            written[key] = list(values)
    return written | write_place(searched.open)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) > 0 else None
