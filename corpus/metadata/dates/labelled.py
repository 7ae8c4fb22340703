"""Dates with a label right in front of them: "Effective Date: October 16, 2025"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.metadata.dates.meaning import LABEL, POLICY, Meaning, is_last_day, meaning_of
from corpus.metadata.dates.place import Place, Places, is_row, line_at
from corpus.metadata.dates.stated import Stated
from corpus.metadata.dates.written import UNTIL, Order, Written, written_at
from corpus.text.dates import YEAR

_THIS = r"this\s+" + POLICY
_SERVICES = (
    r"(?:(?:for|with|to)\s+)?(?:(?:all|any)\s+)?(?:dates?\s+of\s+(?:service|admission|discharge)s?"
    r"|services|claims|discharges|admissions)"
    r"(?:[\w\s]{0,40}?\b(?:on|beginning|starting|effective)(?:\s+(?:or|and)\s+after)?)?\s+"
)
_GAP = re.compile(
    r"\*?(?:\s*\((?P<aside>[A-Za-z][A-Za-z /&-]{1,40})\))?\*?[ \t*_]*"
    r"(?P<sign>[:;|=–—-]|\.{3,}|…|\n)?[\s*_|:.…]{0,6}"
    r"(?P<change>[A-Z]-?\d{1,3},[ \t]+)?"
    rf"(?P<services>{_SERVICES})?(?:(?:on|as\s+of|is|was|since|from|of|date|the|by)\s+){{0,2}}",
    re.IGNORECASE,
)
# Two columns of a page read as one put the next column's word between a label and its date.
_STRAY = re.compile(r"\s+[A-Z][a-z]+\s+(?=\d)")
_LINE_START = re.compile(r"(?:^|[\n|\t;•]|\bStatus:)[\s#>*_\-–(\[]*$|[.;]\s{2,}$|\bDATES:\s*$")
_NEXT_IN_LIST = re.compile(r"\s*(?:[,;]|\band\b)\s*(?:and\s+)?")
_ASIDE = re.compile(r"\s*\((?P<aside>[A-Za-z][A-Za-z /&-]{1,40})\)")
_LINES = re.compile(
    r"\b(commercial|medicare(?:\s+advantage)?|medicaid|marketplace|exchange|individual|chip|dual"
    r"|federal\s+employee|self[- ]funded)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:next|its|their|was|were|codes?|member|coverage|group|enrol?lment|contract|employee"
    r"|patient|eligibility|term|license|award)(?:['’]s)?\s+$|[\"“”]$",
    re.IGNORECASE,
)
_TERM = re.compile(  # a contract's exhibit says so in one of its items
    r"\b(?:rates|fees|terms|compensation)\s+in\s+this\s+"
    + POLICY
    + r"\s+(?:are|is|shall\s+be)\s+$",
    re.IGNORECASE,
)
# "This Exhibit is part of the agreement between ... and applies to services on or after ...".
_APPLIES = re.compile(
    rf"^\W*{_THIS}\s+(?!to\b)(?:.*\band\s+)?(?:(?:shall|will)\s+)?(?:(?:is|are|be|becomes?)\s+)?$",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\W*(?:(?:page|pg\.?)\s*\d|\d+\s*(?:of|/)\s*\d+\W*$)", re.IGNORECASE)
# What may stand before and behind a date that a header or footer gives with its version and page.
_VERSION = re.compile(
    r"\W*(?:(?:version|revision|rev\.?|edition|v\.?)\s*[\w.]+\W*)?", re.IGNORECASE
)
_PAGE_ONLY = re.compile(
    r"\W*(?:(?:page|pg\.?)\s*)?(?:\d+(?:\s*(?:of|/)\s*\d+)?)?\W*", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[a-z\d)][a-z\d)][a-z\d)]\.)\s+(?=[A-Z])")  # not behind "St."
_FOOTER = 200  # characters of a header or footer
_SENTENCE = 400  # characters before a label
_SUBJECT = re.compile(
    rf"(?<!version of )(?<!update to )(?<!changes to )\b(?:{_THIS}|these\s+{POLICY})\b"
    r"(?:\s+(?:is|are|will|be|shall|becomes?|has|been|was|were|no|longer)){0,4}\s+$",
    re.IGNORECASE,
)
# What may follow "Effective 10/16/2025" at the start of a line, when no colon marks it as a label:
# nothing, or words about this document. "Effective October 1, 2010, Medicare began ..." is prose.
_LABEL_ONLY = re.compile(r"[\s.,;)*_]*(?:$|[\n|\t(•;])|\s+page\s+\d|,?\s+" + _THIS, re.IGNORECASE)
_OF_ALL = re.compile(r"(?:^|[\n.;:]\s*)(?:the|these|this|all)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ITEM = re.compile(r"(?m)^[ \t#*]*\d{1,2}[.)]?[ \t]+[A-Z][^\n]{3,80}$")
_ENDS_SENTENCE = re.compile(r"\s*(?:[.;](?:\s|$)|\n|$)")
_ENDS_LINE = re.compile(r"[\s*_]*(?:\n|$)")
_ENDS_TITLE = re.compile(r"\)[\s#*_]*(?:\n|$)")
_ENTERS = re.compile(r"(?:tritt|treten)\s+(?:rückwirkend\s+)?(?:am|zum)\s+", re.IGNORECASE)
_IN_KRAFT = re.compile(r"\s+in\s+Kraft\b", re.IGNORECASE)
_NEWS = re.compile(
    r"\b(?:bulletins?|infobulletin|notices?|alerts?|letter|memo(?:randum)?|notification|news"
    r"|announcement)\b|^(?:dear|re:|subject:|posted:)",
    re.IGNORECASE | re.MULTILINE,
)
_ANNOUNCES = re.compile(
    rf"(?:(?:^|(?<=\n)|(?<=[.:]\s))(?:[Ee]ffective(?:\s+(?:on|as\s+of|from))?|[Bb]eginning"
    rf"|[Ss]tarting|[Aa]s\s+of)\s+(?:{_SERVICES})?"
    # Within a sentence what a plan will do says from when: "will pay ... beginning July 1, 2025".
    r"|(?<=\s)(?:beginning|starting|(?:becomes?|is|are|will\s+be)\s+effective"
    r"|takes?\s+effect)(?:\s+(?:on|from))?\s+)"
)
# When something begins, wherever it stands in a sentence.
_BEGINS = re.compile(r"\b(?:from|beginning|starting|effective)\s+(?:on\s+)?", re.IGNORECASE)
_REPLACED = re.compile(
    rf"(?:(?P<itself>{_THIS}|this)\s+(?:is|was|has\s+been|will\s+be)\s+)?"
    r"(?:replaced|superseded)\s+by\s+[^\n]{1,80}?[\s,]+(?:as\s+of|on|effective|since|from)\s+",
    re.IGNORECASE,
)
# Every date holds one of these; labels are sought only in front of them.
_YEAR = re.compile(rf"(?<!\d){YEAR}|\d[-/.]\d{{1,2}}[-/.]\d\d")
_REACH = 160  # characters from a label to the end of its date, at most
_CLOSE = 24  # characters from a label to the date right behind it
_POLICY = re.compile(r"policy\b", re.IGNORECASE)
_DATED = re.compile(r"\bdate\b", re.IGNORECASE)
_TITLE = 400  # characters: where a title and what it says in brackets stand


@dataclass(frozen=True, slots=True)
class _Behind:
    """A label, what parts it from its date, and the date. `stray`: a word of another column."""

    label: re.Match[str]
    gap: re.Match[str]
    first: Written
    stray: bool = False


def labelled(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The dates behind labels, wherever they stand."""
    for label in _labels(text):
        behind = _behind(text, label, order)
        if behind is not None and not _in_another_row(text, behind):
            yield from _read(text, behind, places, order)
    yield from _replaced(text, places, order)
    yield from _entering(text, places, order)
    yield from _announced(text, places, order)


def _behind(text: str, label: re.Match[str], order: Order) -> _Behind | None:
    gap = _GAP.match(text, label.end())
    if gap is None:
        return None
    bare = gap["sign"] is not None and "\n" not in gap.group()
    found = written_at(text, gap.end(), order, year_alone=bare)
    if found is not None:
        return _Behind(label, gap, found)
    stray = _STRAY.match(text, label.end())
    if stray is None or LABEL.search(stray.group()):
        return None
    found = written_at(text, stray.end(), order)
    return _Behind(label, gap, found, stray=True) if found else None


def _in_another_row(text: str, behind: _Behind) -> bool:
    gap = behind.gap
    if "\n" not in gap.group():
        return False
    return is_row(line_at(text, gap.start())) or text.count("\n", *gap.span()) > 2


def _read(text: str, behind: _Behind, places: Places, order: Order) -> Iterator[Stated]:
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
    if not _about_itself(text, behind, aside.end() if aside else end, place):
        return
    before = text[max(0, label.start() - 64) : label.start()]
    itself = _TERM.search(before) or _SUBJECT.search(before)
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


def _line_of(text: str, behind: _Behind, one: Written) -> str:
    """The line of business that a date is restricted to by the words round it."""
    after = _ASIDE.match(text, one.end)
    start = behind.label.start()
    before = text[max(text.rfind("\n", 0, start) + 1, start - 30) : start]
    for said in (after["aside"] if after else "", behind.gap["aside"] or "", before):
        found = _LINES.search(said)
        if found:
            return " ".join(found[1].lower().split())
    return ""


def _labels(text: str) -> Iterator[re.Match[str]]:
    """The labels that stand shortly before something like a date, each once and in order."""
    place = 0
    for year in _YEAR.finditer(text):
        start = max(place, year.start() - _REACH)
        while label := LABEL.search(text, start, year.start()):
            yield label
            start = place = label.end()
        place = max(place, year.start())


def _is_of_one_thing(text: str, behind: _Behind, places: Places) -> bool:
    """Whether a date is said of one thing of several: in an item, or in the sentence of a section
    about something of its own."""
    start = behind.label.start()
    if _is_one_of_items(text, start, places.face):
        return True
    return behind.gap["services"] is not None and places.is_of_one_thing(start)


def _is_one_of_items(text: str, start: int, face: int) -> bool:
    """Whether a place on the face is within one of several numbered items: it speaks of that."""
    items = [found.start() for found in _ITEM.finditer(text[:face])]
    return len(items) > 1 and items[0] < start


def _about_itself(text: str, behind: _Behind, end: int, place: Place) -> bool:
    """Whether a label is about this document: it has a colon or a bar, is alone, or says "this"."""
    start = behind.label.start()
    before = text[max(0, start - 64) : start]
    sign = (behind.gap["sign"] or "").strip()
    if behind.stray:
        return place is Place.FACE and _is_among_labels(text, start, end)
    of_others = _OF_OTHERS.search(before) is not None and not _POLICY.match(text, start)
    runs = place is Place.RUNNING and not of_others
    is_span = UNTIL.match(text, behind.first.end) is not None and before.endswith(": ")
    footer = place is Place.FACE and _is_footer(text, start, end)
    opens = runs or is_span or footer or not before or _LINE_START.search(before) is not None
    if _is_banner(text, behind, place):
        return True
    if is_row(line_at(text, start)) and not _is_masthead(text, start, end):
        is_own = sign != "" and _is_of_its_row(text, start, sign)
        return is_own and opens and _LABEL_ONLY.match(text, end) is not None
    if sign:
        named = text[start : start + 5].lower() != "date:"  # "Signed: J. Smith, CFO  Date: ..."
        return (named or opens) and not of_others
    if _SUBJECT.search(before) or _TERM.search(before) or _applies(text, behind):
        return True
    on_face = place is Place.FACE and not of_others
    if not opens:
        return on_face and _is_own_within(text, behind, end, before)
    told = footer or behind.gap["services"] or _is_among_labels(text, start, end)
    return (on_face and bool(told)) or _LABEL_ONLY.match(text, end) is not None


def _is_banner(text: str, behind: _Behind, place: Place) -> bool:
    """Whether a line begins with "RETIRED 06/30/2025", whatever title was put behind it."""
    said, start = behind.label.group(), behind.label.start()
    opens = not text[text.rfind("\n", 0, start) + 1 : start].strip(" #*>_-|")
    at_top = start < _TITLE or place is Place.RUNNING
    return said.isupper() and opens and at_top and meaning_of(behind.label)[0] is Meaning.RETIRED


def _is_footer(text: str, start: int, end: int) -> bool:
    """Whether a line is a version, the label with its date, and a page: "Version 5 Effective
    06/01/2026 1"."""
    first = text.rfind("\n", 0, start) + 1
    line = line_at(text, start)
    if len(line) > _FOOTER:
        return False
    before, after = text[first:start], line[end - first :]
    versioned = _VERSION.fullmatch(before) is not None and any(map(str.isdigit, before))
    return versioned and _PAGE_ONLY.fullmatch(after) is not None


def _is_masthead(text: str, start: int, end: int) -> bool:
    """Whether a line with bars is a header or footer, one part of which is the label with its date:
    "Version 7 | Effective 04/01/2026 | Page 1"."""
    line = line_at(text, start)
    if len(line) > _FOOTER:
        return False
    first = text.rfind("\n", 0, start) + 1
    parts = line.split(" | ")
    whole = any(part.strip(" *_.") == text[start:end].strip(" *_.") for part in parts)
    above = line_at(text, max(0, text.rfind("\n", 0, max(0, first - 1)) + 1)) if first else ""
    below = line_at(text, min(len(text), first + len(line) + 1))
    return whole and (any(map(_PAGE.match, parts)) or not (is_row(above) or is_row(below)))


def _applies(text: str, behind: _Behind) -> bool:
    """Whether a label says from which services on the whole document holds."""
    said = behind.label.group().lower()
    return (
        said.startswith(("appl", "effective"))
        and _APPLIES.search(_sentence_to(text, behind.label.start())) is not None
    )


def _sentence_to(text: str, start: int) -> str:
    """The sentence up to a place within its line."""
    before = text[max(text.rfind("\n", 0, start) + 1, start - _SENTENCE) : start]
    return _SENTENCE_END.split(before)[-1]


def _is_own_within(text: str, behind: _Behind, end: int, before: str) -> bool:
    """The same for a label within a line of the face, with nothing between it and its date."""
    start = behind.label.start()
    # A capital within a sentence is the beginning of a line that was put behind another.
    begins = behind.label[0][0].isupper()
    if begins and before.endswith(". ") and _ENDS_SENTENCE.match(text, end):
        # "Approved May 5, 2026. Next review May 2028."; or the sentence is nothing but this.
        alone = start < _TITLE and behind.label[0].lower().startswith("effective")
        return alone or _is_among_labels(text, start, end)
    if behind.gap["services"]:
        return begins or _OF_ALL.search(before) is not None
    if begins and start < _TITLE and _ENDS_LINE.match(text, end):
        return True
    if begins and _DATED.search(behind.label[0]) and _is_among_labels(text, start, end):
        return True
    return before.endswith("(") and end < _TITLE and _ENDS_TITLE.match(text, end) is not None


def _is_among_labels(text: str, start: int, end: int) -> bool:
    """Whether another label with its date stands on the line: it is a head in one line."""
    line = line_at(text, start)
    first = text.rfind("\n", 0, start) + 1
    return any(
        _YEAR.search(line, label.end(), label.end() + _CLOSE)
        for label in LABEL.finditer(line)
        if not start <= first + label.start() < end
    )


def _is_of_its_row(text: str, start: int, sign: str) -> bool:
    """Whether a label in a table's row has its date beside it: with a colon, or as the first cell,
    or as one that is called a date among pairs of names and values."""
    if sign == ":":
        return True
    before = text[text.rfind("\n", 0, start) + 1 : start].strip().strip("|").strip()
    if not before:
        return True
    called = re.match(r"[\w\s]{3,24}?\bdate\s*\|", text[start : start + 40], re.IGNORECASE)
    return called is not None and before.count("|") % 2 == 1


def _entering(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """German contracts and directives: "tritt am 05.09.2024 in Kraft"."""
    for found in _ENTERS.finditer(text):
        day = written_at(text, found.end(), order)
        if day and day.value and _IN_KRAFT.match(text, day.end):
            place = places.of_line(text, found.start())
            yield Stated(
                Meaning.EFFECTIVE, day.value, found.start(), day.end, place, 2, other=day.other
            )


def _announced(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """What a letter or bulletin announces for a day: "Effective April 1, 2025, the plan ..."; only
    where it announces one day, and not in a section about one thing of several."""
    if not _NEWS.search(text[:_TITLE]):
        return
    found = [
        (start, day)
        for start in _ANNOUNCES.finditer(text[: places.face])
        if not _is_one_of_items(text, start.start(), places.face)
        and (day := written_at(text, start.end(), order))
        and day.value
    ]
    if any(places.is_of_one_thing(start.start()) for start, _ in found):
        return
    if len({day.value for _, day in found}) == 1 and not _announces_more(
        text, found[0], places, order
    ):
        start, day = found[0]
        if day.value is not None:
            yield Stated(
                Meaning.EFFECTIVE, day.value, start.start(), day.end, Place.FACE, 1, day.precision,
                day.other,
            )  # fmt: skip


def _announces_more(
    text: str, first: tuple[re.Match[str], Written], places: Places, order: Order
) -> bool:
    """Whether other sentences say of other things that they begin on other days."""
    start, day = first
    for found in _BEGINS.finditer(text, 0, places.face):
        other = written_at(text, found.end(), order)
        if other is None or other.value is None or day.value is None or other.value <= day.value:
            continue
        if not _same_sentence(text, start.start(), found.start()):
            return True
    return False


def _same_sentence(text: str, one: int, other: int) -> bool:
    return re.search(r"[.\n]", text[min(one, other) : max(one, other)]) is None


def _replaced(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The day from which another document stands in this one's place."""
    for found in _REPLACED.finditer(text):
        day = written_at(text, found.end(), order)
        opens = _LINE_START.search(text[max(0, found.start() - 64) : found.start()] or "\n")
        if day and day.value and (found["itself"] or opens):
            place = places.of_line(text, found.start())
            yield Stated(Meaning.RETIRED, day.value, found.start(), day.end, place, 3)
