"""A passage as data for the page: text, highlights, status, citation. No styling and no HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from assistant.answer import Citation, Verdict
from corpus.document import Span
from index.shards.analysis import analyze
from index.versions import Status
from ui.desks.parts.place import Place, write_place
from ui.wording import (
    also_in,
    cited_markdown,
    cited_plain,
    kind_name,
    page_name,
    plain,
    recognised_words,
    section_name,
    source_of,
    status_chip,
    term_sentence,
    whose_words,
    written_day,
)


def card(citation: Citation, *, link: str) -> dict[str, Any]:
    """One passage with all that defends it. `link` is the address that shows it again."""
    version = citation.version
    return {
        "rank": citation.rank,
        "title": plain(version.metadata.title),
        "band": _band(citation),
        "blocks": blocks(citation),
        "teaser": _teaser(citation),
        "chips": _chips(citation),
        "facts": _facts(citation),
        "source": source_of(version),
        "why": _why(citation),
        "verified": citation.verified,
        "verified_text": _proof(citation),
        "open": write_place(place_of(citation)),
        "open_label": "Open the page" if citation.page is not None else "Open the document",
        "plain": cited_plain(citation),
        "markdown": cited_markdown(citation),
        "link": link,
    }


def _proof(citation: Citation) -> str:
    if not citation.verified:
        return "NOT VERIFIED: the stored document reads otherwise"
    scanned = recognised_words(citation.sure, citation.doubtful)
    return f"Verified word for word; {scanned}" if scanned else "Verified word for word"


def place_of(citation: Citation) -> Place:
    return Place(citation.version.document, citation.version.ordinal, citation.span.start)


def blocks(citation: Citation) -> list[dict[str, Any]]:
    """The passage's lines as headings, table rows and paragraphs, cut where highlights begin."""
    return passage_blocks(
        citation.text,
        header=citation.header,
        section=citation.section,
        marks=citation.highlights,
    )


def passage_blocks(
    text: str, *, header: str, section: Sequence[str], marks: Sequence[Span]
) -> list[dict[str, Any]]:
    """The same of any passage: `header` are its columns, `section` the headings above it."""
    columns = [plain(name) for name in header.split(" | ")] if header else []
    headings = set(section)
    shown: list[dict[str, Any]] = []
    for span in _lines(text):
        line = span.of(text)
        cells = _cells(text, span)
        if line.strip() in headings:
            kind = "heading"
        elif len(cells) > 1 and (not columns or len(cells) <= len(columns)):  # blank at its end
            marked = [_segments(text, cell, marks) for cell in cells]
            shown.append({"kind": "row", "columns": columns, "cells": marked})
            continue
        else:
            kind = "item" if line.lstrip().startswith(("- ", "* ", "• ")) else "paragraph"
        shown.append({"kind": kind, "segments": _segments(text, span, marks)})
    return shown


def _lines(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip()
        if body:
            spans.append(Span(start, start + len(body)))
        start += len(line)
    return spans


def _cells(text: str, line: Span) -> list[Span]:
    spans, start = [], line.start
    for cell in line.of(text).split(" | "):
        spans.append(Span(start, start + len(cell)) if cell else Span(start, start + 1))
        start += len(cell) + 3
    return spans if len(spans) > 1 else []


def _segments(text: str, span: Span, marks: Sequence[Span]) -> list[dict[str, Any]]:
    """The span cut into marked and unmarked pieces: browsers count characters differently."""
    pieces, at = [], span.start
    for mark in sorted(marks):
        start, end = max(mark.start, at), min(mark.end, span.end)
        if start >= end:
            continue
        if start > at:
            pieces.append({"text": plain(text[at:start]), "mark": False})
        pieces.append({"text": plain(text[start:end]), "mark": True})
        at = end
    if at < span.end:
        pieces.append({"text": plain(text[at : span.end]), "mark": False})
    return pieces


def _teaser(citation: Citation) -> str:
    """The highlighted sentence, or the text after the headings."""
    for mark in citation.highlights:
        if mark.of(citation.text).strip() not in citation.section:
            return plain(mark.of(citation.text))[:300]
    lines = [span.of(citation.text) for span in _lines(citation.text)]
    body = [line for line in lines if line.strip() not in citation.section]
    return plain(" ".join(body or lines))[:300]


def _band(citation: Citation) -> dict[str, str] | None:
    if not citation.verified:
        return {
            "tone": "red",
            "text": "Not verified: the stored document reads otherwise. Do not rely on it.",
        }
    if citation.status is Status.RETIRED:
        return {
            "tone": "red",
            "text": f"{term_sentence(citation)}. Not in force on the day asked for.",
        }
    if citation.status in (Status.FUTURE, Status.PROPOSED):
        return {"tone": "blue", "text": f"{term_sentence(citation)}."}
    if citation.why.unmet:
        return {
            "tone": "amber",
            "text": f"Does not speak of {plain(', '.join(citation.why.unmet))}.",
        }
    return None


def _chips(citation: Citation) -> list[dict[str, str]]:
    metadata = citation.version.metadata
    chips = [{"text": plain(payer)} for payer in metadata.payers]
    if metadata.kind:
        chips.append({"text": kind_name(metadata.kind)})
    chips.append(status_chip(citation.version, citation.status))
    whose = whose_words(metadata)
    return [*chips, {"text": whose}] if whose else chips


def _facts(citation: Citation) -> list[dict[str, str]]:
    metadata = citation.version.metadata
    where = page_name(citation.page, citation.page_label)
    tone = "red" if citation.status is Status.RETIRED else ""
    rows = [
        ("Section", section_name(_below_title(citation)), ""),
        ("Page", where.removeprefix("page ").capitalize() if where else "", ""),
        ("Dates", term_sentence(citation), tone),
        ("Number", plain(metadata.number or ""), ""),
        ("Words", whose_words(metadata), ""),
        ("Publisher", plain(metadata.publisher or ""), ""),
        ("Retrieved", written_day(metadata.retrieved) if metadata.retrieved else "", ""),
        ("Document", _document(citation), ""),
        ("Same words in", also_in(citation), ""),
    ]
    return [{"label": label, "text": text, "tone": tone} for label, text, tone in rows if text]


def _below_title(citation: Citation) -> tuple[str, ...]:
    """The headings above the passage, without a first one that only repeats the title."""
    section = citation.section
    repeats = section and section[0].strip() == citation.version.metadata.title.strip()
    return section[1:] if repeats and len(section) > 1 else section


def _document(citation: Citation) -> str:
    version = citation.version
    more = f", version {version.ordinal}" if version.ordinal > 1 else ""
    return f"{plain(version.document)}{more}"


def _why(citation: Citation) -> list[str]:
    why = citation.why
    said = []
    if why.codes:
        said.append(f"Names {_and(why.codes)}.")
    said += [f"Covers {plain(how)}." for how in why.covered]
    if why.words:
        said.append(f"Holds the words {_and(_as_written(why.words, citation.text))}.")
    found = citation.version.metadata.found
    said.append(f"Close in meaning: {why.dense:.2f} of 1; in words: {why.lexical:.2f} of 1.")
    if why.late is not None:
        said.append(f"Word by word: {why.late:.2f} of 1.")
    for date_found in found:
        where = f" (page {date_found.page})" if date_found.page else ""
        said.append(
            f"Its {date_found.field} date was found in the text, not confirmed by a person: "
            f"“{plain(date_found.sentence)}”{where}."
        )
    return said


def _as_written(stems: Sequence[str], text: str) -> list[str]:
    """The passage's words that the stems stand for: nobody wants to read `authoriz`."""
    written: dict[str, str] = {}
    for word in re.findall(r"\w+", text.lower()):
        for stem in _stems(word):
            written.setdefault(stem, word)
    return list(dict.fromkeys(written.get(stem, stem) for stem in stems))


@lru_cache(maxsize=10_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(analyze(word))


def _and(names: Sequence[str]) -> str:
    safe = [plain(name) for name in names]
    return safe[0] if len(safe) == 1 else f"{', '.join(safe[:-1])} and {safe[-1]}"


VERDICT_TITLES = {
    Verdict.ANSWERED: "Answered from the library",
    Verdict.WEAK: "Nothing answers this plainly",
    Verdict.NOT_FOUND: "Not found in the library",
}
