"""The dates of a document, read from its text: in force from, retired, reviewed, retrieved.

Only dates that the document states about itself count: a label at the start of a line or a cell
("Effective Date: October 16, 2025"), a label with a colon, or "this policy is effective ...".
A date in running prose about some other policy is left alone. The rules, where a choice was made:

* A month without a day means its first day, so "Last review: July 2018" is 2018-07-01.
* A revision date says when the words last changed, so it is `reviewed`, not `effective`; a
  "revision effective date" is `effective`.
* "Next review" is a plan and is never `reviewed`.
* An original effective date counts only where no other effective date is stated.
* A revision history counts only where no label gives the date; its latest row is taken.
* Of several candidates, in order: the stronger label, the one on the first page or near the
  beginning, the one that comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.document import FoundDate, Page, page_at
from corpus.text.dates import DATE, YEAR, read_date

_NEAR_BEGINNING = 3000  # characters
_THIS = (
    r"this\s+(?:medical\s+|coverage\s+|clinical\s+)?"
    r"(?:policy|document|guideline|article|bulletin|LCD|version|manual)"
)

# The first alternative that matches decides; strength 3 is a label that leaves no doubt, 1 is one
# that is used only when nothing better is there.
_LABELS = (
    (
        None,
        0,
        r"(?:next|future|upcoming|scheduled|annual|due\s+for)\s+(?:\w+\s+)?review(?:\s+date|\s+due)?",
    ),
    (
        None,
        0,
        r"(?:issue|birth|print(?:ed)?|publi(?:cation|shed?)|service|admission|approval)\s+date",
    ),
    ("effective", 1, r"(?:original(?:ly)?|initial(?:ly)?|first)\s+effective(?:\s+date)?"),
    ("effective", 1, r"(?:origination|inception|implementation)\s+date"),
    (
        "retired",
        3,
        r"(?:effective|valid)\s+(?:through|until|to)|(?:effective\s+)?end(?:ing)?\s+(?:effective\s+)?date",
    ),
    (
        "retired",
        3,
        r"(?:date\s+)?(?:retired|archived|withdrawn|terminated|superseded|expired|discontinued)"
        r"(?:\s+date|\s+effective|\s+on|\s+as\s+of|\s+since)?",
    ),
    (
        "retired",
        3,
        r"(?:retirement|archive|termination|expiration|expiry|sunset)\s+date|expires(?:\s+on)?",
    ),
    (
        "effective",
        3,
        r"(?:current|latest|policy|revision|revised|version|new)\s+(?:effective\s+date|effective|eff\.?\s+date)",
    ),
    (
        "effective",
        3,
        r"(?:effective\s+(?:date|on|as\s+of|from|since)|eff\.?\s+date|date\s+effective)",
    ),
    ("effective", 2, r"in\s+(?:effect|force)\s+(?:from|since|as\s+of)|effective|eff\."),
    (
        "reviewed",
        3,
        r"(?:(?:date\s+of\s+)?(?:last|latest|most\s+recent)\s+(?:\w+\s+)?review(?:ed)?(?:\s+date|\s+on)?)",
    ),
    ("reviewed", 2, r"(?:policy\s+)?review(?:ed)?(?:\s+date|\s+on)|(?:policy\s+)?reviewed"),
    (
        "reviewed",
        1,
        r"(?:last\s+|date\s+)?(?:revis(?:ed|ion)|updated?|modified|amended)(?:\s+date|\s+on|\s+as\s+of)?",
    ),
    (
        "retrieved",
        3,
        r"(?:date\s+)?(?:last\s+)?(?:retrieved|accessed|downloaded)(?:\s+on|\s+date)?",
    ),
)
_LABEL = re.compile(
    "(?<![A-Za-z])(?:"
    + "|".join(f"(?P<label{number}>{words})" for number, (_, _, words) in enumerate(_LABELS))
    + ")(?![A-Za-z])",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"(?:\s*\([A-Za-z][A-Za-z /&-]{1,30}\))?[ \t*_]*(?P<sign>[:|=–—-]|\.{3,}|…|\n)?[\s*_|:]{0,6}"
    r"(?:(?:for\s+)?(?:dates?\s+of\s+service|services|claims)[\w\s]{0,24}?\bon\s+(?:or|and)\s+after\s+)?"
    r"(?:(?:on|as\s+of|is|was|since|from|of|date|the)\s+){0,2}",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"(?:^|[\n|\t;•]|\bStatus:)[\s#>*_\-–(\[]*$|[.;]\s{2,}$")
_UNTIL = re.compile(r"\s*(?:to|through|thru|until|till|[-–—])\s+")  # "effective A to B"
_OF_OTHERS = re.compile(r"\b(?:next|its|their|was|were|codes?)\s+$", re.IGNORECASE)
_SUBJECT = re.compile(_THIS + r"[\w\s]{0,30}$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)]\.)\s+(?=[A-Z])")
# What may follow "Effective 10/16/2025" at the start of a line, when no colon marks it as a label:
# nothing, or words about this document. "Effective October 1, 2010, Medicare began ..." is prose.
_LABEL_ONLY = re.compile(r"[\s.,;)*_]*(?:$|[\n|\t(•;])|,?\s+" + _THIS, re.IGNORECASE)
# Every date holds one of these; labels are sought only in front of them.
_YEAR = re.compile(YEAR + r"|\d[-/.]\d{1,2}[-/.]\d\d")
_REACH = 160  # characters from a label to the end of its date, at most
_BAR = re.compile(r"[|\t]")
_HISTORY = re.compile(
    r"(?im)^[ \t#*|]*(?:revision|policy|version|document|change|review)\s+"
    r"(?:history|log|updates?)\b"
)


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    """A date with its label. Ordered so that the smallest is the best, see the module's rules."""

    weakness: int  # 0 for the strongest label
    later: bool  # not near the beginning
    start: int
    end: int
    field: str
    value: date


def find_dates(text: str, pages: Sequence[Page] = ()) -> tuple[FoundDate, ...]:
    """The best candidate for each field, in the order effective, retired, reviewed, retrieved."""
    best: dict[str, FoundDate] = {}
    for found in all_dates(text, pages):
        best.setdefault(found.field, found)
    order = ("effective", "retired", "reviewed", "retrieved")
    return tuple(best[field] for field in order if field in best)


def all_dates(text: str, pages: Sequence[Page] = ()) -> tuple[FoundDate, ...]:
    """Every dated label of the text, the best of each field first: what `doctor` compares."""
    beginning = pages[1].start if len(pages) > 1 else _NEAR_BEGINNING
    candidates = [*_labelled(text, beginning), *_columns(text, beginning), *_history(text)]
    return tuple(
        FoundDate(found.field, found.value, _sentence(text, found), _page(pages, found.start))
        for found in sorted(candidates)
    )


def _labelled(text: str, beginning: int) -> Iterator[_Candidate]:
    """Labels with a date right after them."""
    for label in _labels(text):
        field, strength, _ = _LABELS[int((label.lastgroup or "label0")[5:])]
        gap = _GAP.match(text, label.end())
        found = DATE.match(text, gap.end()) if gap else None
        if field is None or gap is None or found is None:
            continue
        in_row = "|" in _line(text, label.start())
        if "\n" in gap.group() and (in_row or text.count("\n", *gap.span()) > 2):
            continue
        value = read_date(found)
        sign = (gap.group("sign") or "").strip()
        until = _until(text, found.end()) if field == "effective" else None
        end = until.end() if until else found.end()
        if value is None or not _about_itself(text, label.start(), end, sign):
            continue
        later = label.start() >= beginning
        yield _Candidate(3 - strength, later, label.start(), found.end(), field, value)
        if until and (last := read_date(until)) and last > value:
            yield _Candidate(3 - strength, later, label.start(), end, "retired", last)


def _until(text: str, start: int) -> re.Match[str] | None:
    """The date that ends a span of dates whose first one ends at `start`."""
    joint = _UNTIL.match(text, start)
    return DATE.match(text, joint.end()) if joint else None


def _labels(text: str) -> Iterator[re.Match[str]]:
    """The labels that stand shortly before something like a date, each once and in order."""
    place = 0
    for year in _YEAR.finditer(text):
        start = max(place, year.start() - _REACH)
        while label := _LABEL.search(text, start, year.start()):
            yield label
            start = place = label.end()
        place = max(place, year.start())


def _about_itself(text: str, start: int, end: int, sign: str) -> bool:
    """Whether a label is about this document: it has a colon or a bar, is alone, or says "this"."""
    before = text[max(0, start - 64) : start]
    if sign:
        return _OF_OTHERS.search(before) is None
    if _SUBJECT.search(before):
        return True
    opens = not before or _LINE_START.search(before) is not None
    return opens and _LABEL_ONLY.match(text, end) is not None


def _columns(text: str, beginning: int) -> Iterator[_Candidate]:
    """Dates below their label in a table with bars or tabs: the first dated row of the column."""
    header: list[str] = []
    taken: set[int] = set()
    offset = 0
    for line in text.splitlines(keepends=True):
        cells = _BAR.split(line) if _BAR.search(line) else []
        if not cells:
            header, taken = [], set()
        elif not header and not DATE.search(line):
            header = cells
        place = offset
        for index, cell in enumerate(cells):
            label = _LABEL.search(header[index]) if index < len(header) else None
            found = DATE.fullmatch(cell.strip(" *_\r\n"))
            value = read_date(found) if found else None
            if label and value and index not in taken:
                field, strength, _ = _LABELS[int((label.lastgroup or "label0")[5:])]
                if field is not None:
                    taken.add(index)
                    later = offset >= beginning
                    yield _Candidate(3 - strength, later, place, place + len(cell), field, value)
            place += len(cell) + 1
        offset += len(line)


def _history(text: str) -> Iterator[_Candidate]:
    """The latest date that opens a row under a heading such as "Revision history"."""
    for heading in _HISTORY.finditer(text):
        latest: _Candidate | None = None
        offset = heading.end()
        for line in text[heading.end() : heading.end() + 4000].splitlines(keepends=True):
            found = DATE.match(line.lstrip(" |*-•\t"))
            value = read_date(found) if found else None
            start = offset + len(line) - len(line.lstrip(" |*-•\t"))
            if value and found and (latest is None or value > latest.value):
                latest = _Candidate(4, True, start, start + found.end(), "reviewed", value)
            offset += len(line)
        if latest is not None:
            yield latest


def _line(text: str, offset: int) -> str:
    """The line round an offset, as far as it matters: at most `_REACH` characters either way."""
    start = text.rfind("\n", max(0, offset - _REACH), offset) + 1 or max(0, offset - _REACH)
    end = text.find("\n", offset, offset + _REACH)
    return text[start : end if end >= 0 else offset + _REACH]


def _sentence(text: str, found: _Candidate) -> str:
    """The sentence, within its line, that holds the date; white space made single blanks.

    It is cut at `_REACH` characters before the label and after the date.
    """
    low, high = max(0, found.start - _REACH), min(len(text), found.end + _REACH)
    start = text.rfind("\n", low, found.start) + 1 or low
    stop = text.find("\n", found.end, high)
    stop = stop if stop >= 0 else high
    for end in _SENTENCE_END.finditer(text, start, found.start):
        start = end.end()
    after = _SENTENCE_END.search(text, found.end, stop)
    return " ".join(text[start : after.start() if after else stop].split())


def _page(pages: Sequence[Page], offset: int) -> int | None:
    page = page_at(pages, offset)
    return page.number if page else None
