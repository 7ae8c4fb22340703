"""Whether a policy has the dates on the face of its own text, and owns up where that text is old.

`facts.toml` lists the policy texts that were read (`texts`), with the dates on each. A document
tells the text at its `source_url`. A text of a fact tagged OLD, or of more than two years before
the last look-up, is an old copy: whether it still holds is not known, so it needs `copy_of` or
`retired`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from corpus.document import BlockKind, Document
from corpus.text.dates import DATE, read_date
from corpus.text.sentences import sentences

_IS_OLD = timedelta(days=730)
_ON_ITS_FACE = ("first", "from", "review", "day", "until")
_IN_FORCE_SINCE = re.compile(r"\b(in force|effective) since\b", re.IGNORECASE)
_ENDED = re.compile(r"\b(retire[sd]?|ended|replaced|superseded|archived)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """A policy text that was read. `old` where it is no evidence of what holds today."""

    of: str
    number: str | None
    source: str
    dates: Mapping[str, date]
    old: bool

    @property
    def last(self) -> date:
        """The latest day that the text gives of itself, but for its end."""
        return max(day for name, day in self.dates.items() if name != "until")


def policy_texts(facts: Mapping[str, Any]) -> tuple[Text, ...]:
    """Every policy text whose dates the facts give."""
    newest = max(
        (fact["looked_up"] for fact in facts.values() if "looked_up" in fact), default=None
    )
    return tuple(
        _text(entry, tagged_old=fact["tag"] == "OLD", newest=newest)
        for fact in facts.values()
        for entry in fact.get("texts", ())
    )


def _text(entry: Mapping[str, Any], *, tagged_old: bool, newest: date | None) -> Text:
    dates = {name: entry[name] for name in _ON_ITS_FACE if name in entry}
    read = Text(entry["of"], entry.get("number"), entry["source"], dates, tagged_old)
    aged = newest is not None and newest - read.last > _IS_OLD
    return Text(read.of, read.number, read.source, dates, tagged_old or aged)


def wrong_dates(document: Document, texts: tuple[Text, ...]) -> Iterator[str]:
    """Complaints about the dates in the metadata of a policy, and in any document's rows."""
    yield from _rows(document, texts)
    yield from _since(document)
    metadata = document.metadata
    given = (metadata.effective, metadata.retired, metadata.copy_of)
    if metadata.kind != "policy" or not any(given):
        return
    own = next((text for text in texts if text.source == metadata.source_url), None)
    if own is None:
        yield "its dates stand in no fact: list the text at its `source_url` under `texts`"
        return
    if own.of != metadata.about:
        yield f"`about` is {metadata.about!r}, but the text at its `source_url` is of {own.of!r}"
    yield from _own_dates(document, own)
    yield from _end(document, own, texts)


def _own_dates(document: Document, own: Text) -> Iterator[str]:
    effective, copied = document.metadata.effective, document.metadata.copy_of
    if effective is not None and effective != own.dates.get("from"):
        yield f"`effective` is {effective}, which is not the first day in force of its text"
    if copied is not None and copied != own.last:
        yield f"`copy_of` is {copied}, but the last day that its text gives is {own.last}"
    if own.old and copied is None and document.metadata.retired is None:
        yield (
            f"an old text of {own.last} counts as in force: give `copy_of`, or `retired` where a "
            "source says that it ended"
        )


def _end(document: Document, own: Text, texts: tuple[Text, ...]) -> Iterator[str]:
    retired = document.metadata.retired
    if retired is None:
        return
    if retired <= own.last:
        yield f"`retired` is {retired}, though its own text is of {own.last}"
    later = {text.dates.get("from") for text in texts if text.of == own.of} - {None}
    if retired != own.dates.get("until") and retired not in later:
        yield f"`retired` is {retired}, which no text of {own.of} gives as an end or a next version"


def _since(document: Document) -> Iterator[str]:
    over = document.metadata.retired or document.metadata.copy_of
    for block in document.blocks:
        text = block.span.of(document.text)
        row = block.kind is BlockKind.ROW
        for said in [text] if row else [span.of(text) for span in sentences(text)]:
            if _IN_FORCE_SINCE.search(said) and (over or _ENDED.search(said)):
                yield f"says 'in force since' of what has ended or is an old copy: {said[:80]!r}"


def _rows(document: Document, texts: tuple[Text, ...]) -> Iterator[str]:
    """A row that names a policy by its number may give the dates of that policy alone."""
    for block in document.blocks:
        row = block.span.of(document.text)
        if block.kind is not BlockKind.ROW:
            continue
        named = _named(row, texts)
        known = {day for text in named for day in text.dates.values()}
        for text in named:  # 7.01.92 is written like a date
            row = row.replace(text.number or "", "")
        for found in DATE.finditer(row) if named else ():
            day = read_date(found)
            if day is not None and day not in known:
                yield f"{found[0]} is no date of the policy that the row names: {row[:80]!r}"


def _named(row: str, texts: tuple[Text, ...]) -> list[Text]:
    """The texts whose number stands in the row; of two companies with one number, the one named."""
    found = [text for text in texts if text.number and _stands(text.number, row)]
    return [text for text in found if _stands(text.of.split()[0], row)] or found


def _stands(words: str, row: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(words)}(?![\w-])", row, re.IGNORECASE) is not None
