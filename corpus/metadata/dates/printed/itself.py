"""Whether a label with its date is about this document, not about one of the things in it.

It is where it has a colon or a bar, stands alone, opens a line, or says "this policy".
"""

from __future__ import annotations

import re

from corpus.metadata.dates.meaning import LABEL, POLICY, Meaning, meaning_of
from corpus.metadata.dates.place import Place, Places, is_row, line_at
from corpus.metadata.dates.printed.behind import DATED, LINES, THIS, Behind
from corpus.metadata.dates.written import UNTIL

LINE_START = re.compile(r"(?:^|[\n|\t;•]|\bStatus:)[\s#>*_\-–(\[]*$|[.;]\s{2,}$|\bDATES:\s*$")
_OF_OTHERS = re.compile(
    r"\b(?:next|its|their|was|were|codes?|member|coverage|group|enrol?lment|contract|employee"
    r"|patient|eligibility|term|license|award)(?:['’]s)?\s+$|[\"“”]$",
    re.IGNORECASE,
)
# A line of business has the label behind its name: "Commercial plans: effective March 1, 2026."
_OF_LINE = re.compile(
    rf"{LINES.pattern}(?:\s+(?:plans?|members|products?|lines?))?\s*[:–—-]\s*$", re.IGNORECASE
)
_TERM = re.compile(  # a contract's exhibit says so in one of its items
    r"\b(?:rates|fees|terms|compensation)\s+in\s+this\s+"
    + POLICY
    + r"\s+(?:are|is|shall\s+be)\s+$",
    re.IGNORECASE,
)
# "This Exhibit is part of the agreement between ... and applies to services on or after ...".
_APPLIES = re.compile(
    rf"^\W*{THIS}\s+(?!to\b)(?:.*\band\s+)?(?:(?:shall|will)\s+)?(?:(?:is|are|be|becomes?)\s+)?$",
    re.IGNORECASE,
)
# "This Agreement is made between Harbor Insurance and Elm Hospital, effective June 1, 2026."
_CONTRACT = re.compile(
    r"^\W*this\s+(?:\w+\s+){0,2}(?:agreement|contract|amendment|addendum|exhibit)\b.*,\s*(?:and\s+is\s+)?$",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\W*(?:(?:page|pg\.?)\s*\d|\d+\s*(?:of|/)\s*\d+\W*$)", re.IGNORECASE)
# What may stand before and behind a date that a header or footer gives with its version and page.
_VERSION = re.compile(
    r"\W*(?:(?:version|revision|rev\.?|edition|v\.?)\s*[\w.]+\W*)?", re.IGNORECASE
)
_VERSION_ONLY = re.compile(r"\W*(?:version|revision|rev\.?|edition)\s*[\w.]+\W*", re.IGNORECASE)
_PAIR = 2
_FORM = re.compile(r"\W*(?:form|policy|guideline|notice|version|rev)\b.{0,40},\s", re.IGNORECASE)
_PAGE_ONLY = re.compile(
    r"\W*(?:(?:page|pg\.?)\s*)?(?:\d+(?:\s*(?:of|/)\s*\d+)?)?\W*", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[a-z\d)][a-z\d)][a-z\d)]\.)\s+(?=[A-Z])")  # not behind "St."
_FOOTER = 200  # characters of a header or footer
_SENTENCE = 400  # characters before a label
_SUBJECT = re.compile(
    rf"(?<!version of )(?<!update to )(?<!changes to )\b(?:{THIS}|these\s+{POLICY})\b"
    r"(?:\s+(?:is|are|will|be|shall|becomes?|has|been|was|were|no|longer)){0,4}\s+$",
    re.IGNORECASE,
)
# What may follow "Effective 10/16/2025" at the start of a line, when no colon marks it as a label:
# nothing, or words about this document. "Effective October 1, 2010, Medicare began ..." is prose.
_LABEL_ONLY = re.compile(r"[\s.,;)*_]*(?:$|[\n|\t(•;])|\s+page\s+\d|,?\s+" + THIS, re.IGNORECASE)
_OF_ALL = re.compile(r"(?:^|[\n.;:]\s*)(?:the|these|this|all)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"\s*(?:[.;](?:\s|$)|\n|$)")
_ENDS_LINE = re.compile(r"[\s*_]*(?:\n|$)")
_ENDS_TITLE = re.compile(r"\)[\s#*_]*(?:\n|$)")
_CLOSE = 24  # characters from a label to the date right behind it
_POLICY = re.compile(r"policy\b", re.IGNORECASE)
_A_DATE = re.compile(r"\bdate\b", re.IGNORECASE)
_FIRST_LINES = 4
TITLE = 400  # characters: where a title and what it says in brackets stand


def says_this(before: str) -> bool:
    """Whether the words before a label are "this policy is" or the like."""
    return _SUBJECT.search(before) is not None or _TERM.search(before) is not None


def about_itself(text: str, behind: Behind, end: int, places: Places) -> bool:
    """Whether a label is about this document: it has a colon or a bar, is alone, or says "this"."""
    start = behind.label.start()
    place = places.of_line(text, start)
    before = text[max(0, start - 64) : start]
    sign = (behind.gap["sign"] or "").strip()
    if behind.stray:
        return place is Place.FACE and _is_among_labels(text, start, end)
    of_others = _OF_OTHERS.search(before) is not None and not _POLICY.match(text, start)
    runs = places.runs(text, start) and not of_others and "\n" not in behind.gap[0]
    is_span = UNTIL.match(text, behind.first.end) is not None and before.endswith(": ")
    footer = place is Place.FACE and _is_footer(text, start, end)
    opens = runs or is_span or footer or not before or LINE_START.search(before) is not None
    if _is_banner(text, behind, place):
        return True
    if is_row(line_at(text, start)) and not _is_masthead(text, start, end):
        is_own = sign != "" and _is_of_its_row(text, start, sign)
        return is_own and opens and _LABEL_ONLY.match(text, end) is not None
    if sign:
        named = text[start : start + 5].lower() != "date:"  # "Signed: J. Smith, CFO  Date: ..."
        return (named or opens) and not of_others
    if says_this(before) or _applies(text, behind):
        return True
    if runs and not is_row(line_at(text, start)):
        return True  # no sentence runs on the pages
    on_face = place is Place.FACE and not of_others
    if on_face and _OF_LINE.search(before):
        return True
    if not opens:
        return on_face and _is_own_within(text, behind, end, before)
    told = (
        footer
        or _is_span_of_title(text, behind)
        or behind.gap["services"]
        or _is_among_labels(text, start, end)
    )
    return (on_face and bool(told)) or _LABEL_ONLY.match(text, end) is not None


def _is_span_of_title(text: str, behind: Behind) -> bool:
    """Whether a span of dates stands near the title, whatever sentence was put behind it."""
    return behind.label.start() < TITLE and UNTIL.match(text, behind.first.end) is not None


def _is_banner(text: str, behind: Behind, place: Place) -> bool:
    """Whether a line begins with "RETIRED 06/30/2025", whatever title was put behind it."""
    said, start = behind.label.group(), behind.label.start()
    opens = not text[text.rfind("\n", 0, start) + 1 : start].strip(" #*>_-|")
    at_top = start < TITLE or place is Place.RUNNING
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
    if whole and len(parts) == _PAIR and any(map(_VERSION_ONLY.fullmatch, parts)):
        return True  # "Version 4 | Effective 01/01/2026", a row above the table
    above = line_at(text, max(0, text.rfind("\n", 0, max(0, first - 1)) + 1)) if first else ""
    below = line_at(text, min(len(text), first + len(line) + 1))
    return whole and (any(map(_PAGE.match, parts)) or not (is_row(above) or is_row(below)))


def _applies(text: str, behind: Behind) -> bool:
    """Whether a label says from which services on the whole document holds."""
    said = behind.label.group().lower()
    before = _sentence_to(text, behind.label.start())
    if said.startswith("effective") and _CONTRACT.search(before):
        return True
    return said.startswith(("appl", "effective")) and _APPLIES.search(before) is not None


def _sentence_to(text: str, start: int) -> str:
    """The sentence up to a place within its line."""
    before = text[max(text.rfind("\n", 0, start) + 1, start - _SENTENCE) : start]
    return _SENTENCE_END.split(before)[-1]


def _is_own_within(text: str, behind: Behind, end: int, before: str) -> bool:
    """The same for a label within a line of the face, with nothing between it and its date."""
    start = behind.label.start()
    # A capital within a sentence is the beginning of a line that was put behind another.
    begins = behind.label[0][0].isupper()
    if begins and before.endswith(". ") and _ENDS_SENTENCE.match(text, end):
        # "Approved May 5, 2026. Next review May 2028."; or the sentence is nothing but this.
        alone = start < TITLE and behind.label[0].lower().startswith("effective")
        return alone or _is_among_labels(text, start, end)
    if behind.gap["services"]:
        return begins or _OF_ALL.search(before) is not None
    if begins and start < TITLE and _ENDS_LINE.match(text, end):
        return True
    dated = _A_DATE.search(behind.label[0]) is not None or behind.label[0].isupper()
    if begins and dated and _is_among_labels(text, start, end):
        return True
    if before.endswith(", ") and (_is_among_first_lines(text, start) or _is_foot(text, end)):
        return _ENDS_LINE.match(text, end) is not None  # "Code list, effective July 1, 2026"
    return before.endswith("(") and end < TITLE and _ENDS_TITLE.match(text, end) is not None


def _is_among_first_lines(text: str, start: int) -> bool:
    above = [line for line in text[:start].split("\n")[:-1] if line.strip()]
    return len(above) < _FIRST_LINES and start < TITLE


def _is_foot(text: str, end: int) -> bool:
    """Whether a date ends a short line that is the last one, as a form's footer is."""
    last = not text[end:].strip(" *_|.\n")
    return last and _FORM.match(line_at(text, end - 1)) is not None


def _is_among_labels(text: str, start: int, end: int) -> bool:
    """Whether another label with its date stands on the line: it is a head in one line."""
    line = line_at(text, start)
    first = text.rfind("\n", 0, start) + 1
    return any(
        DATED.search(line, label.end(), label.end() + _CLOSE)
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
    if before.count("|") % 2 == 0:
        return False
    values = line_at(text, start).strip(" |").split("|")[1::2]
    called = re.match(r"[\w\s]{3,24}?\bdate\s*\|", text[start : start + 40], re.IGNORECASE)
    return called is not None or all(map(DATED.search, values))
