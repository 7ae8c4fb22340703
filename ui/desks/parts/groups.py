"""Groups of quoted sentences: what the listings of all desks are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corpus.document import Span
from index.versions import Status, Term, Version
from ui.desks.parts.place import Place, write_place
from ui.wording import (
    kind_name,
    page_name,
    plain,
    section_name,
    status_chip,
    term_words,
    whose_words,
)

Group = dict[str, Any]


def group(
    version: Version, term: Term, status: Status, entries: list[dict[str, Any]], *, note: str = ""
) -> Group:
    metadata = version.metadata
    chips = [{"text": plain(payer)} for payer in metadata.payers]
    if metadata.kind:
        chips.append({"text": kind_name(metadata.kind)})
    chips.append(status_chip(version, status))
    if whose := whose_words(metadata):
        chips.append({"text": whose})
    return {
        "title": plain(metadata.title),
        "chips": chips,
        "sub": f"{plain(version.document)} · {term_words(version, term, status)}",
        "warning": "",
        "note": note,
        "entries": entries,
    }


def plain_group(title: str, entries: list[dict[str, Any]]) -> Group:
    return {"title": title, "chips": [], "sub": "", "warning": "", "note": "", "entries": entries}


def listing(title: str, sentences: list[str], groups: list[Group]) -> dict[str, Any]:
    return {"draw": "listing", "title": title, "sentences": sentences, "groups": groups}


def cut(text: str, spans: Iterable[Span], tone: str) -> list[dict[str, str]]:
    pieces, at = [], 0
    for span in sorted(spans):
        if span.start < at or span.end > len(text):
            continue
        if span.start > at:
            pieces.append({"text": plain(text[at : span.start]), "tone": ""})
        pieces.append({"text": plain(span.of(text)), "tone": tone})
        at = span.end
    if at < len(text):
        pieces.append({"text": plain(text[at:]), "tone": ""})
    return pieces


def where(section: tuple[str, ...], page: int | None, label: str | None) -> str:
    return ", ".join(part for part in (section_name(section), page_name(page, label)) if part)


def opens(version: Version, start: int) -> dict[str, Any]:
    return write_place(Place(version.document, version.ordinal, start))
