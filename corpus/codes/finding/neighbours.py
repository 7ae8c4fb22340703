"""What stands right beside a candidate: another code, a modifier, a web address, "section"."""

from __future__ import annotations

import re

NOT_SECTION = re.compile(
    r"(?:version|ver\.?|\bv\.?|section|sec\.|§|chapter|table|figure|fig\.|appendix|exhibit|form"
    r"|model|part|item|room|suite|build|release)\s*$",
    re.IGNORECASE,
)
_MODIFIED = re.compile(r"(?:[-/]|\s{1,2})(?:RT|LT|TC)\b|[-/]\d\d\b")
_LINK = re.compile(
    r"[\s,;/&|•·*()+–-]{0,8}(?:\b(?:and/or|and|or|but not|not|vs\.?|versus|plus|with|to"
    r"|through|rather than|instead of)\b)?"
    r"[\s,;/&|•·*(+]{0,6}(?:(?:CPT|HCPCS|codes?)\s){0,2}",
    re.IGNORECASE,
)
_WEB = re.compile(r"(?:https?://|www\.)\S*$")


def linked(text: str, end: int, start: int) -> bool:
    """Whether only the punctuation and the small words of a list lie between two codes."""
    return start - end <= 32 and _LINK.fullmatch(text, end, start) is not None


def in_address(text: str, start: int) -> bool:
    """Whether what starts there is part of a web address."""
    return _WEB.search(text[max(0, start - 160) : start]) is not None


def is_modified(text: str, end: int) -> bool:
    """Whether a side or a modifier is joined to the number that ends at `end`."""
    return _MODIFIED.match(text, end) is not None
