"""Whether what a gap document declares as unknown is really unknown in the rest of the library.

A gap declares it in its head: `unknown: {things: [...], codes: [...], payers: [...]}`. A thing is
the name of a thing of `packs/billing/things.toml`, or a phrase. A sentence or row of
another document contradicts the gap when it states a value of the thing for one of the codes, or a
payer's decision on the breast; what is itself worded as not known does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus.document import BlockKind, Document
from corpus.packs import billing
from corpus.text.sentences import sentences

_FIELDS = ("things", "codes", "payers")
_OPEN = re.compile(
    r"\b(not (been )?(found|confirmed|verified|known|seen|visible|expected|stated|read)"
    r"|no (source|page|figure|rate|pair|statement|decision|position|such|national|listing|claim)"
    r"|none found|nothing (was )?found|unknown|cut off|presumably|by inference|an inference|whether"
    r"|no [^.|]{0,60}\b(seen|found)|if |check|look up|cannot|nobody|fits )",
    re.IGNORECASE,
)
_VALUE = r"\b(19|20)\d\d\b|\$\s?\d|\d\s?(percent|%)"
_SERVICE = re.compile(r"\bbreast\b|\b0581T\b", re.IGNORECASE)
_SHORT = 2  # characters; a modifier is written like a number of something else


def unknowns(document: Document) -> Mapping[str, Any]:
    """What a gap document declares as unknown."""
    declared = document.metadata.extra.get("unknown")
    return declared if isinstance(declared, dict) else {}


def undeclared(document: Document) -> Iterator[str]:
    """Complaints about the declaration itself."""
    if document.metadata.kind != "gap":
        return
    declared = unknowns(document)
    if not any(declared.get(name) for name in _FIELDS):
        yield "a gap needs `unknown: {things: [], codes: [], payers: []}`, one of them not empty"
    for name, values in declared.items():
        if name not in _FIELDS or not isinstance(values, list):
            yield f"`unknown` has `{name}`; it may have lists of {', '.join(_FIELDS)}"


def contradictions(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """(document that says it, complaint) where the library knows what one of its gaps denies."""
    told = [
        (document, passage)
        for document in documents
        if document.metadata.kind != "gap"
        for passage in _statements(document)
    ]
    for gap in documents:
        declared = unknowns(gap)
        for what, matches in (*_things(declared), *_payers(declared)):
            for document, statement in told:
                if matches(document, statement) and not _OPEN.search(statement):
                    said = " ".join(statement.split())[:120]
                    yield document.id, f"{gap.id} declares {what} unknown, yet: {said!r}"


def _statements(document: Document) -> Iterator[str]:
    """Its sentences and table rows; no heading and no question."""
    for block in document.blocks:
        text = block.span.of(document.text)
        if block.kind is BlockKind.ROW:
            yield text
        elif block.kind is not BlockKind.HEADING:
            for span in sentences(text):
                if not span.of(text).rstrip().endswith("?"):
                    yield span.of(text)


def _things(declared: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    codes = declared.get("codes", [])
    named = {entry["name"]: entry for entry in billing.table("things")["thing"]}
    for thing in declared.get("things", []):
        entry = named.get(thing)
        words = _any_of((*entry["words"], *entry.get("near", ())) if entry else [thing])
        value = re.compile(entry.get("form", _VALUE) if entry else "", re.IGNORECASE)

        def states(
            _: Document, text: str, words: re.Pattern[str] = words, value: re.Pattern[str] = value
        ) -> bool:
            named = not codes or any(_names(text, code) for code in codes)
            return bool(named and words.search(text) and value.search(text))

        yield f"the {thing}", states
    if not declared.get("things"):
        for code in codes:
            yield (
                f"the code {code}",
                lambda _, text, code=code: "0581T" in text and _names(text, code),
            )


def _payers(declared: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    sides = [e["pattern"] for e in billing.table("matrix")["word"] if e["says"] in _SIDES]
    decision = re.compile(rf"(?<!\w)(?:{'|'.join(sides)})(?!\w)", re.IGNORECASE)
    for payer in declared.get("payers", []):
        name = _any_of([payer])

        def decides(document: Document, text: str, name: re.Pattern[str] = name) -> bool:
            own = name.fullmatch(document.metadata.payer or "")
            return bool((own or name.search(text)) and _SERVICE.search(text)) and bool(
                decision.search(text)
            )

        yield f"the decision of {payer}", decides


_SIDES = ("for", "against")


def _names(text: str, code: str) -> bool:
    if len(code) > _SHORT:
        return re.search(rf"\b{re.escape(code)}\b", text) is not None
    return re.search(rf"\bmodifiers?\b[^.|]*\b{re.escape(code)}\b", text, re.I) is not None


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})s?\b", re.IGNORECASE)
