"""A search with its filters and facets, as the address and the widgets hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.desk import MODES, ORDERS
from corpus.document import KINDS
from index.versions import Status
from ui.desks.parts.binding import (
    Binding,
    Choice,
    Choices,
    Day,
    Document,
    Number,
    Opened,
    Switch,
    Text,
)
from ui.desks.parts.place import Place

BOX = "Search the library"
PER_PAGE = 50  # passages
PER_LIST = 25  # of a list that shows them whole

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
    other: str = ""  # another document that it is compared with
    older: int | None = None
    newer: int | None = None
    order: str = "best"
    page: int = 1
    open: Place | None = None


ADDRESS = Binding(
    page="search",
    asks=Searched,
    parts={
        "view": Choice("view", "search_view", among=VIEWS),
        "query": Text("q", "search_query"),
        "mode": Choice("mode", "search_mode", among=MODES),
        "on": Day("on", "search_on"),
        "include_all": Switch("all", "search_all"),
        "code": Text("code", "search_code", longest=100),
        "compared": Document("compare", "search_compared"),
        "other": Document("with", "search_other"),
        "older": Number("from", "search_older"),
        "newer": Number("to", "search_newer"),
        "order": Choice("order", "search_order", among=ORDERS),
        "payers": Choices("payer", "search_payers"),
        "kinds": Choices("kind", "search_kinds", among=(*KINDS, NO_KIND)),
        "documents": Choices("in", "search_documents"),
        "statuses": Choices("status", "search_statuses", among=tuple(Status)),
        "years": Choices("year", "search_years"),
        "codes": Choices("has", "search_codes"),
        "page": Number("page", default=1, stays=False),
        "open": Opened("doc", stays=False),
    },
)
go, now = ADDRESS.go, ADDRESS.now
