"""Saved searches, run again on the generation that answers, and what is new to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from assistant.answer import Citation
from assistant.desk import Desk
from assistant.news import News, mark_of, news
from assistant.question.understand import as_typed
from assistant.ranking.cite import cite
from assistant.ranking.rank import Hit
from index.audience.audiences import sight_of
from index.library import Library
from ui.desks.parts.teasers import teaser
from ui.desks.search.address import ADDRESS, Searched
from ui.desks.search.facets import filters_of, narrowed
from ui.state.searches import Saved
from ui.wording import page_name, reference


@dataclass(frozen=True, slots=True)
class Looked:
    """A saved search run now: what it finds, of it what is new, and until when what is there now
    was read."""

    saved: Saved
    searched: Searched
    generation: int
    since: str
    news: News
    new: tuple[Citation, ...]


def look(whole: Desk, saved: Saved, *, most: int = 50) -> Looked:
    """Run a saved search on the generation that answers; `most` new passages are cited. It finds
    what may be seen by who saved it, whoever looks: those to whom it is shown see that too. Raises
    CodedeskError."""
    desk = whole.seen_by(sight_of(saved.seen_by))
    searched = ADDRESS.read(_parameters(saved.address))
    library, found = desk.found(searched.query, narrowed(searched), mode=searched.mode)
    told = news(library, found, since=saved.since, seen=saved.seen)
    return Looked(
        saved=saved,
        searched=searched,
        generation=library.generation,
        since=library.about.created,
        news=told,
        new=_cited(library, told.new[:most], searched),
    )


def seen_now(desk: Desk, searched: Searched) -> tuple[list[str], str]:
    """The marks of all that a search finds now, and until when what is there was read."""
    library, found = desk.found(searched.query, narrowed(searched), mode=searched.mode)
    now = news(library, found, since=library.about.created, seen=frozenset())
    return sorted(now.marks), library.about.created


def passages_of(looked: Looked) -> dict[str, dict[str, Any]]:
    """The new passages, by their marks, as an alert keeps them."""
    return {mark_of(one.version.document, one.text): _kept(looked, one) for one in looked.new}


def _kept(looked: Looked, one: Citation) -> dict[str, Any]:
    place = {"doc": one.version.document, "v": one.version.ordinal, "at": one.span.start}
    address = {**ADDRESS.write(looked.searched), **place}
    return {
        "document": one.version.document,
        "title": one.version.metadata.title,
        "payer": one.version.metadata.payer,
        "page": page_name(one.page, one.page_label),
        "text": teaser(one, most=400),
        "cited": reference(one),
        "address": f"/search?{urlencode(address, doseq=True)}",
    }


def _cited(library: Library, ids: Sequence[int], searched: Searched) -> tuple[Citation, ...]:
    hits = [Hit(passage, 0.0, 0.0, 0.0, None, (), frozenset()) for passage in ids]
    return cite(library, hits, as_typed(""), on=filters_of(searched).on)


def _parameters(address: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in address.items()}
