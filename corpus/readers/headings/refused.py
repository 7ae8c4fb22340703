"""What looks like a heading and is none: marks of revision, fields with a value, sentences."""

from __future__ import annotations

import re

from corpus.readers.headings.number import numbers_of

_REVISION = re.compile(r"\(?\s*Rev(?:ision|\.)?\s*[.:#]?\s*\d+\s*[,;:.)]", re.IGNORECASE)
_IN_LINE = re.compile(r"\s*\(\s*Rev(?:ision|\.)?\s*[.:#]?\s*\d+\s*[,;:.)]", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = rf"(?:\d{{1,4}}[-/|.]\d{{1,2}}[-/|.]\d{{2,4}}|{_MONTH}\s+(?:\d{{1,2}},?\s+)?\d{{4}})"
_VALUE = re.compile(
    rf"(?:version\s+[\d.]+|{_DATE}|[\s,;|–-])+"
    r"|(?!(?:chapter|part|section|article|appendix)\b)"
    rf"[A-Z][^:]{{2,50}}:\s*(?:{_DATE}|[A-Z]{{0,5}}[\d.|/-]{{2,}}).{{0,40}}"
    rf"|[A-Z][\w ]{{2,30}}\bdate\b[^:\d]{{0,20}}:?\s*{_DATE}",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;]$|(?<![.\d\W])\.$")
_FEW_WORDS = 12  # a title may end with a full stop; a sentence has more words
_NOTES = re.compile(r"(?:\s*(?:[⁰¹²³⁴-⁹,*†‡]+|\[note \w+\]))+$")  # marks of notes at the end
LONGEST = 200  # characters
_LONGEST_BOLD = 120
BOLD_LOOK = 20  # of a heading that is only bold: below all that have a level


def is_revision(text: str) -> bool:
    """Whether a line tells when a section was revised: "(Rev. 12425; Issued: 12-21-23)"."""
    return _REVISION.match(text) is not None


def without_revision(text: str) -> tuple[str, str]:
    """A heading and the mark of revision that stands on its line."""
    mark = _IN_LINE.search(text)
    return (text[: mark.start()], text[mark.start() :]) if mark else (text, "")


def is_no_heading(text: str) -> bool:
    """Whether text cannot be a heading, however it is set."""
    line = _NOTES.sub("", " ".join(text.split()))
    if is_revision(line) or len(line) > LONGEST or _VALUE.fullmatch(line):
        return True
    if line.endswith(".--"):
        return True  # it opens the paragraph that stands behind it
    return bool(_CLAUSE_END.search(line)) and len(line.split()) > _FEW_WORDS


def may_be_title(text: str) -> bool:
    """Whether a line in plain letters reads as a numbered title: "60.2 General", no sentence."""
    readings = numbers_of(text)
    if not readings or is_no_heading(text):
        return False
    title = _NOTES.sub("", readings[0].title).strip()
    if not title:
        return bool(readings[0].label)
    words = title.split()
    if len(words) > _FEW_WORDS or title[-1] in ".,;:?!" or not title[0].isupper():
        return False
    return sum(map(str.isalpha, title)) >= 3


def may_be_bold_title(text: str) -> bool:
    """Whether a paragraph that is bold from end to end reads as a heading, and not as a remark."""
    line = " ".join(text.split())
    if len(line) > _LONGEST_BOLD or "\n" in text.strip() or is_no_heading(line):
        return False
    if sum(map(str.isalpha, line)) < 3 or not line[0].isalnum():
        return False
    return line[-1] not in ".,;:!" and line[0] == line[0].upper()
