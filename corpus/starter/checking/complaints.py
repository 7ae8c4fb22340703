"""The rules for documents of the starter library. Each complaint is a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.document import Document
from corpus.starter.checking.origin import origin_complaints
from corpus.starter.checking.policy_dates import policy_texts, wrong_dates
from corpus.starter.checking.standing_alone import dependent
from corpus.starter.checking.unknowns import undeclared

REQUIRED = ("title", "publisher", "written_by", "kind")
# What a document rests on, leaves open or cannot give; for this check and people.
_EXTRA = {"facts", "unknown", "not_given"}
_DATES = ("effective", "retired", "reviewed", "retrieved", "copy_of", "checked")
_YEARS = range(1990, 2041)  # a date outside them is a slip of the finger
_FACT_ID = re.compile(r"F\d{3}\Z")
_LINK = re.compile(r"https?:[^\s)\]>\"|]*")
_MARKDOWN_LINK = re.compile(r"\]\(([^)\s]*)\)")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+\Z", re.I)

# Phrases of the CPT book that nobody writes by chance. This finds carelessness, not every
# copy: the book itself may not be shipped, so there is nothing to compare with.
_DESCRIPTOR = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"imaging guidance,? when performed",
        r"\bwhen performed\b[,;]? (and|unilateral|bilateral|percutaneous|imaging)",
        r"\(list separately in addition to",
        r"radiological supervision and interpretation",
        r"\bpercutaneous[,;] (cryo|laser|first|each)",
        r"\b(first|each additional) (lesion|fibroadenoma)[,;] (including|with)",
        r"\btumors?(\(s\))?[,;][^.|]{0,60}[,;] (unilateral|percutaneous)\b",
        r"\bwith image documentation\b",
    )
)
# How a document may own up to what is reasoned or unknown.
_WORDED = {
    "INFERENCE": re.compile(r"\binfer|\bpresumably\b|\breasoned\b", re.I),
    "SECOND-HAND": re.compile(r"\bsecond[- ]hand\b", re.I),
    "UNVERIFIED": re.compile(
        r"\bnot (been )?(found|confirmed|verified|seen|read|visible|known|stated)\b|"
        r"\bno (source|page|figure|rate|amount|decision|statement|wording|result)s?\b|"
        r"\bno [^.|]{0,60}\bfound\b|"
        r"\bunverified\b|\bunknown\b|\bunconfirmed\b",
        re.I,
    ),
}


def complaints(
    document: Document, *, written: Mapping[str, Any], facts: Mapping[str, Any], path: Path
) -> Iterator[str]:
    """All complaints about one document; none when it is in order.

    `written` is what a person wrote as its metadata, `facts` the known fact ids with their tags.
    """
    yield from _metadata(document, written)
    yield from _facts(document, facts)
    yield from undeclared(document)
    yield from origin_complaints(document, written=written, cited=fact_ids(document), facts=facts)
    yield from wrong_dates(document, policy_texts(facts))
    yield from dependent(document)
    yield from _links(document, path)
    if document.needs_ocr:
        yield f"pages without text: {', '.join(map(str, document.needs_ocr))}"
    for phrase in _DESCRIPTOR:
        if found := phrase.search(document.text):
            yield f"reads like a CPT descriptor: {found[0]!r}"


def _metadata(document: Document, written: Mapping[str, Any]) -> Iterator[str]:
    for name in REQUIRED:
        if not written.get(name):
            yield f"`{name}` is missing"
    if not written.get("source_url") and not written.get("facts"):
        yield "`source_url` and `facts` are both missing; give one"
    for name in document.metadata.extra.keys() - _EXTRA:
        yield f"`{name}` is no field of the metadata"
    for name in _DATES:
        day = getattr(document.metadata, name)
        if day is not None and day.year not in _YEARS:
            yield f"`{name}` is {day}, hardly a date of a policy"


def _facts(document: Document, facts: Mapping[str, Any]) -> Iterator[str]:
    cited = fact_ids(document)
    for fact in cited:
        if not _FACT_ID.match(fact) or fact not in facts:
            yield f"fact {fact} is not in facts.toml"
    if document.metadata.kind == "glossary":  # defines words, makes no claims of its own
        return
    for tag, words in _WORDED.items():
        tagged = [fact for fact in cited if facts.get(fact, {}).get("tag") == tag]
        if tagged and not words.search(document.text):
            yield f"cites {', '.join(tagged)} ({tag}) and never words it as such"


def fact_ids(document: Document) -> tuple[str, ...]:
    """The facts a document says it rests on."""
    listed = document.metadata.extra.get("facts", ())
    return tuple(map(str, listed)) if isinstance(listed, list | tuple) else (str(listed),)


def _links(document: Document, path: Path) -> Iterator[str]:
    links = _LINK.findall(document.text)
    if document.metadata.source_url:
        links.append(document.metadata.source_url)
    for link in links:
        if not well_formed(link.rstrip(".,;")):
            yield f"the link {link!r} is not well formed"
    if path.suffix == ".md":
        for target in _MARKDOWN_LINK.findall(path.read_text(encoding="utf-8")):
            local = target.partition("#")[0]
            if local and ":" not in local and not (path.parent / local).exists():
                yield f"the link to {target!r} leads nowhere"


def well_formed(link: str) -> bool:
    """An http or https address of a named host, without blanks or backslashes."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = not re.search(r"[\s\\<>\"]", link)
    return parts.scheme in ("http", "https") and bool(_HOST.match(host)) and plain
