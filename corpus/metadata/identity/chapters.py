"""A chapter of a manual says so at the top: the work, the chapter, its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.document import FoundText
from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.title_forms import LONGEST, SECTION, may_be

_SECTIONS = re.compile(r"^\W*\(Sections?\b[^)]*\)\s*", re.IGNORECASE)
_CHAPTER_OF = re.compile(  # "CHAPTER I GENERAL POLICIES FOR THE CODING POLICY MANUAL"
    r"^(?P<part>Chapter\s+(?:\d+|[IVXL]+))\W+(?P<name>.+?)\s+for\s+(?:the\s+)?(?P<work>.*\bManual\b.*)$",
    re.IGNORECASE,
)
_DATE_BEHIND = re.compile(r"\s+(?:revised|rev\.|updated|effective)\s+\d.*$", re.IGNORECASE)
MANUAL = re.compile(
    r"^(?P<work>(?:[A-Z][\w’'./&-]*\s+(?:of\s+|and\s+|the\s+)?){1,8}Manual)(?:\s+[\d.]+-[A-Z])?"
    r"(?:,\s+\w+\s+\d{1,2},\s+\d{4})?(?P<rest>.*)$"
)
_CHAPTER = re.compile(
    r"^\W*(?P<part>Chapter\s+(?:\d+[A-Z]?"
    r"|[IVXL]+)(?:,?\s+(?:Section|Part)\s+[\d.]+)?)\s*(?:[-–—:.]\s*)?(?P<name>.*)$",
    re.IGNORECASE,
)


def chaptered(face: Face) -> Iterator[FoundText]:
    """A chapter of a manual, that says so at the top: the work, the chapter, its name."""
    top = face.opening[:10]
    for line in top:
        of = _CHAPTER_OF.match(line.text) if line.level or line.text.isupper() else None
        if of is not None:
            title = f"{of['work']}, {of['part']} - {of['name']}"
            yield FoundText("title", title, line.text[:300], line.page, 0.95)
            yield FoundText("part", of["part"], line.text[:300], line.page, 0.95)
            return
    running = () if any(MANUAL.match(line.text) for line in top) else face.running
    for at, line in enumerate((*top, *map(Line, running))):
        work = MANUAL.match(line.text)
        if work is None or len(line.text) > LONGEST:
            continue
        rest = work["rest"].strip()
        near = [Line(rest, line.page)] if rest else []
        below = (*top[at + 1 : at + 4], *top[: min(at, 3)])
        for following in [*near, *below]:
            chapter = _CHAPTER.match(following.text)
            if chapter is None or len(following.text) > LONGEST:
                continue
            name = _DATE_BEHIND.sub("", _SECTIONS.sub("", chapter["name"])).strip() or _next(
                top, following
            )
            part = " ".join(chapter["part"].split())
            part = re.sub(r"(?<=\d) (?=Section|Part)", ", ", part)
            title = f"{work['work']}, {part}" + (f" - {name}" if name else "")
            said = f"{line.text} / {following.text}"[:300]
            yield FoundText("title", title, said, line.page, 0.97)
            yield FoundText("part", part, said, line.page, 0.97)
            return


def _next(lines: Sequence[Line], line: Line) -> str:
    """The name of a chapter that stands on a line of its own."""
    after = lines[lines.index(line) + 1 :] if line in lines else ()
    found = next((one.text for one in after if may_be(one.text)), "")
    return "" if SECTION.fullmatch(found) else found
