"""Dates with a label right in front of them, and what they say of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.metadata.dates.meaning import Meaning, is_last_day, meaning_of
from corpus.metadata.dates.place import Places
from corpus.metadata.dates.printed.behind import LINES, Behind, date_behind, in_another_row, labels
from corpus.metadata.dates.printed.itself import about_itself, says_this
from corpus.metadata.dates.printed.sentences import is_one_of_items
from corpus.metadata.dates.stated import Stated
from corpus.metadata.dates.written import UNTIL, Order, Written, written_at

_NEXT_IN_LIST = re.compile(r"\s*(?:[,;]|\band\b)\s*(?:and\s+)?")
_ASIDE = re.compile(
    r"\s*(?:\((?P<aside>[A-Za-z][A-Za-z /&-]{1,40})\)|,?\s+for\s+(?:all\s+|our\s+)?(?P<whom>"
    rf"{LINES.pattern}(?:\s+(?:plans?|members?|products?|enrollees|lines?)\b){{0,2}}))",
    re.IGNORECASE,
)


def labelled(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The dates behind labels, wherever they stand."""
    for label in labels(text):
        behind = date_behind(text, label, order)
        if behind is not None and not in_another_row(text, behind):
            yield from _read(text, behind, places, order)


def _read(text: str, behind: Behind, places: Places, order: Order) -> Iterator[Stated]:
    """The date behind a label, those that follow it in a list, and the end of a span of dates."""
    label, first = behind.label, behind.first
    meaning, strength = meaning_of(label)
    if meaning is Meaning.REVISED and behind.gap["change"]:
        meaning = Meaning.CHANGED
    if meaning is Meaning.EFFECTIVE and behind.gap["sign"] == ":":
        strength = 3  # a colon leaves no more doubt than the word "date"
    place = places.of_line(text, label.start())
    until = _until(text, first, meaning, order)
    dates = [first] if until else [first, *_listed(text, first, meaning, order)]
    end = until.end if until else dates[-1].end
    aside = _ASIDE.match(text, end)
    if not about_itself(text, behind, aside.end() if aside else end, places):
        return
    before = text[max(0, label.start() - 64) : label.start()]
    itself = says_this(before)
    if not behind.gap["sign"] and not itself and _is_of_one_thing(text, behind, places):
        return
    lines = [_line_of(text, behind, one) for one in dates]
    for one, line in zip(dates, lines, strict=True):
        if one.value is not None:
            yield Stated(
                meaning, one.value, label.start(), one.end, place, strength, one.precision,
                one.other, line=line, row=len(dates) > 1 and not any(lines),
                last=is_last_day(label),
            )  # fmt: skip
    if until is not None and until.value:
        yield Stated(
            Meaning.RETIRED, until.value, label.start(), until.end, place, strength, last=True
        )


def _until(text: str, first: Written, meaning: Meaning, order: Order) -> Written | None:
    """The date that ends a span of dates; only that of an effective date ends anything."""
    joint = UNTIL.match(text, first.end)
    last = written_at(text, joint.end(), order) if joint else None
    if meaning is not Meaning.EFFECTIVE or last is None or last.value is None or not first.value:
        return None
    return last if last.value > first.value else None


def _listed(text: str, first: Written, meaning: Meaning, order: Order) -> Iterator[Written]:
    """The further dates of "01/01/2023, 07/01/2024 (Commercial); 01/01/2026"."""
    end = first.end
    while meaning in (Meaning.EFFECTIVE, Meaning.REVISED, Meaning.REVIEWED):
        aside = _ASIDE.match(text, end)
        joint = _NEXT_IN_LIST.match(text, aside.end() if aside else end)
        found = written_at(text, joint.end(), order) if joint else None
        if found is None:
            return
        yield found
        end = found.end


def _line_of(text: str, behind: Behind, one: Written) -> str:
    """The line of business that a date is restricted to by the words round it."""
    after = _ASIDE.match(text, one.end)
    start = behind.label.start()
    before = text[max(text.rfind("\n", 0, start) + 1, start - 30) : start]
    for said in (
        (after["aside"] or after["whom"]) if after else "",
        behind.gap["aside"] or "",
        before,
    ):
        found = LINES.search(said)
        if found:
            return " ".join(found[1].lower().split())
    return ""


def _is_of_one_thing(text: str, behind: Behind, places: Places) -> bool:
    """Whether a date is said of one thing of several: in an item, or in the sentence of a section
    about something of its own."""
    start = behind.label.start()
    if is_one_of_items(text, start, places.face):
        return True
    return behind.gap["services"] is not None and places.is_of_one_thing(start)
