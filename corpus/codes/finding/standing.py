"""How a five-digit number stands in its sentence: as the name of a service, or as an amount.

English counts with a noun behind the number ("12044 embryos") and names with none ("19083 needs no
authorization"), so a number that nothing speaks against is a code even where no word says so. A
number too many is a passage too many; one too few is a passage that nobody finds.
"""

from __future__ import annotations

import re

from corpus.codes.finding.lookalikes import PRICED
from corpus.codes.finding.tokens import Candidate

_MODIFIED = re.compile(r"(?:[-/]|\s{1,2})(?:RT|LT|TC)\b|[-/]\d\d\b")
# What follows a code and hardly ever another number: a second one, a descriptor, a coder's verb.
_SPOKEN_OF = re.compile(
    r"\s?(?:,|/|and|or)\s?\d{5}(?!\d)|\s+\([A-Z][a-z]"
    r"|\s+(?:includes?|describes?|represents?|is an? add-on|"
    r"(?:shall|should|may|must|can|cannot)(?: not)? be (?:reported|billed|used|coded))\b"
)
# Three numbers of this length in a row are codes whatever stands before them.
_LIST = re.compile(r"\d{5}(?:(?:,\s?|/|,?\s(?:and|or)\s)\d{5}(?!\d|,\d{3})){2}")
_LONG_RANGE = 2000
# A bullet, a number, a word: how lists of codes are set.
_BULLET = re.compile(r"(?:^|\n)\s*[•·*\-–]\s*$")
_WORD_AFTER = re.compile(r"[ \t]*(?:[:(–-]\s?)?[A-Za-z]|\s*\n")
_ITEM = re.compile(r"(?:^|\n)\s*[•·*\-–o]?\s*$")

_VERBS = (
    "is|was|has|does|goes|needs|pays|drops|holds|applies|requires|covers|means|describes|includes"
    "|bundles|gets|comes|takes|stays|remains|replaces|denies|rejects|excludes|crosses|maps|belongs"
    "|carries|allows|fits|says|reads|uses|lets|keeps|loses|wins|falls|rises|starts|ends|passes"
    "|fails|expires|posts|prices|reports|bills|as|plus|versus|vs|this|less|unless|across|always"
    "|sometimes|perhaps|thus|yes|counts|appears|looks|seems|moves|turns|sits|stands|follows|adds"
)
# A noun in the plural, with at most one word before it: what a number counts.
_COUNTED = re.compile(
    r"\s(?:(?!need|paid)[a-z-]+(?:al|ic|ed|ive|ous|ary|ble|ant|ent|ing|new|old)\s)?"
    rf"(?!(?:{_VERBS})\b)[a-z][a-z-]+(?<![su])s\b(?!\s+(?:code|claim|line))"
)
_COUNTING = re.compile(
    r"(?:^|[.;]\s)Of\s$|\b(?:received|included|comprised|recruited|counted|mailed)\s$"
    r"|(?<![/.-])\b(?:19|20)\d\d $"  # a year, then what it had
)
# A name that is no procedure, directly before: "CGS 26303", "from Plano 75024".
_NAMED = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]+\s$")
_PROCEDURES = re.compile(
    r"\b(?:MRI|CT|US|FNA|EKG|ECG|EEG|EMG|PET|DXA|DEXA|SLNB|EGD|NCS|PT|OT|ED|ER|OR|NOT|AND|FOR|THE"
    r"|BILL|DENIED|PAID|USE|ADD|WITH|RE|E/M|EM|AMA|Dr|Line|I|We)\s$"
)


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
    """Whether a side or a modifier hangs on the number that ends at `end`."""
    return _MODIFIED.match(text, end) is not None


def reach(text: str, candidate: Candidate) -> int:
    """How far back, in characters, a code vouches for this number: further for a range, and
    for one that opens a line, as in a list with a sentence beside each code."""
    if candidate.last is not None:
        return 2000
    if _SPOKEN_OF.match(text, candidate.end):
        return 900
    before = text[max(0, candidate.start - 12) : candidate.start]
    return 600 if _ITEM.search(before) else 260


def is_set_as_code(text: str, candidate: Candidate, *, codes_spoken_of: bool) -> bool:
    """Whether it is set as only codes are: with a side, in a list, as a bullet, as a range."""
    start, end = candidate.start, candidate.end
    before = text[max(0, start - 8) : start]
    if is_modified(text, end) or _LIST.match(text, start):
        return True
    if _BULLET.search(before) and _WORD_AFTER.match(text, end):
        return True
    if codes_spoken_of and before.endswith("(") and text[end : end + 1] == ")":
        return True
    return candidate.last is not None and int(candidate.last) - int(candidate.code) < _LONG_RANGE


def may_be_amount(text: str, candidate: Candidate) -> bool:
    """Whether it is round, counts a noun, or carries a name that is no procedure's."""
    before = text[max(0, candidate.start - 32) : candidate.start]
    if _SPOKEN_OF.match(text, candidate.end) or PRICED.match(text, candidate.end):
        return False
    if candidate.code.endswith("000") or _COUNTED.match(text, candidate.end):
        return True
    if _COUNTING.search(before):
        return True
    return bool(_NAMED.search(before)) and not _PROCEDURES.search(before)
