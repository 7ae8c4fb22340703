"""Fills what nobody has told about a document with what was found in it.

What a person told always stays. What was found with little to say for it is not used: it waits in
`doubtful` for a person to confirm it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from corpus.document import SURE, FoundDate, FoundText, Metadata

LISTS = ("other_payers", "line_of_business")  # fields that hold several values


def with_found_dates(metadata: Metadata, found: Iterable[FoundDate]) -> Metadata:
    """Fill missing dates with those found in the text; the first of each field counts.

    A found pair that would retire a document before it takes effect is a misreading: left out. What
    says the last day of all is retired from the next one on.
    """
    filled = metadata
    for date_found in map(_first_day_after, found):
        if getattr(filled, date_found.field) is not None:
            continue
        if date_found.sure < SURE:
            filled = replace(filled, doubtful=(*filled.doubtful, _as_text(date_found)))
            continue
        candidate = replace(
            filled,
            found=(*filled.found, date_found),
            **{date_found.field: date_found.value},
        )
        if not out_of_order(candidate):
            filled = candidate
    return filled


def with_found_texts(metadata: Metadata, found: Iterable[FoundText]) -> Metadata:
    """Fill missing texts, for each field with the first that is sure enough; those that say what
    a person told are kept as confirmed, and all others are doubtful.

    A field that holds several values takes each that is sure enough.
    """
    stated: list[FoundText] = []
    doubtful: list[FoundText] = []
    filled: dict[str, Any] = {}
    for text in found:
        given = getattr(metadata, text.field)
        if given and _says(given, text.value):
            stated.append(replace(text, confirmed=True))
        elif given:
            continue  # a person knows better
        elif text.sure >= SURE and (text.field in LISTS or text.field not in filled):
            stated.append(text)
            more = (*filled.get(text.field, ()), text.value)
            filled[text.field] = more if text.field in LISTS else text.value
        elif filled.get(text.field) != text.value:
            doubtful.append(text)
    return replace(
        metadata,
        stated=(*metadata.stated, *stated),
        doubtful=(*metadata.doubtful, *doubtful),
        **filled,
    )


def with_standing(metadata: Metadata, found: FoundText | None) -> Metadata:
    """Let a document be proposed, prior or retired where it says so itself, and no person told when
    it ended, of what day its text is, or how it stands."""
    told = metadata.standing or metadata.copy_of
    if found is None or told or metadata.retired:
        return metadata
    return with_found_texts(metadata, [found])


def out_of_order(metadata: Metadata) -> bool:
    """Whether a document would be retired before it takes effect."""
    effective, retired = metadata.effective, metadata.retired
    return effective is not None and retired is not None and effective > retired


def _first_day_after(found: FoundDate) -> FoundDate:
    return replace(found, value=found.value + timedelta(1), last=False) if found.last else found


def _as_text(found: FoundDate) -> FoundText:
    return FoundText(found.field, found.value.isoformat(), found.sentence, found.page, found.sure)


def _says(given: Any, value: str) -> bool:
    told = given if isinstance(given, tuple) else (given,)
    return value.casefold() in {str(one).casefold() for one in told}
