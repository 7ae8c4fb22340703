"""The title: what stands behind a label, heads the first page, or is the file's own property, each
judged by the others. Never an address, a contents page, a section's name or a file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.document import FoundText
from corpus.metadata.identity.chapters import MANUAL, chaptered
from corpus.metadata.identity.face import Face, Line, is_workbook, parts_of
from corpus.metadata.identity.forms import ends_as_body
from corpus.metadata.identity.labelled import labelled
from corpus.metadata.identity.title_forms import (
    CONTENTS,
    DATE_ONLY,
    IDENTIFIER,
    MONTHS,
    NUMBERED,
    SECTION,
    TYPE,
    flat,
    is_file_name,
    is_name,
    is_title,
    may_be,
    named_only,
    without_name_behind,
)
from corpus.metadata.identity.whose.evidence import Speaker
from corpus.text.dates import DATE

_LABELS = (
    r"polic(?:y|ies)\s*(?:title|name|name (?:&|and) number)",
    r"(?:LCD|NCD|article|document|manual section|guideline|bulletin) title",
    r"title",
    r"subject",
    r"re|betreff|betrifft|asunto|objet",
    r"(?:payment|clinical|medical|reimbursement|coverage) policy",
    r"policy",
)
_SURE = (0.93, 0.93, 0.92, 0.92, 0.9, 0.87, 0.8)
_NEARLY = 0.8
_LONG = 110  # a heading with more letters is more often a piece of text
# A document whose type, with what follows, is its title.
_WORK = re.compile(
    r"\b(?:companion guide|provider (?:manual|news|guide|handbook)|handbook|newsletter|toolkit"
    r"|update"
    r"|rate guide|fact sheet)\b",
    re.IGNORECASE,
)
_DATED = re.compile(rf"\s+{MONTHS}\s+\d{{1,2}},\s+(?:19|20)\d\d", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[\w)])\s(?=(?:The|This|Effective|We|Beginning|From)\s)")
_MANY_WORDS = 14
_ITEM = re.compile(r"[-*•·]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
_SUFFIX = re.compile(r"\s*(?:\||\s[-–—])\s*([^|]*)$")
_PERIODICAL = re.compile(
    r"(?:[A-Z][\w&’'-]+\s+){0,5}(?:bulletins?|newsletter|news|updates?|digest|connection|notes"
    r"|insider|report|alert|notice)",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"\b(?:issue|bulletin|no\.?|number)\s*(?:no\.?|#)?\s*(\d[\w/-]*)", re.IGNORECASE
)
_ISSUE_WITHIN, _ARTICLES, _CAPTIONS = 4, 3, 3  # lines, headings, lines
_PAGE = re.compile(r"\s+\(?page\s+\d", re.IGNORECASE)


def titles(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    """Candidates, the likeliest first."""
    found = [
        *chaptered(face),
        *_issue(face, speaker),
        *_labelled(face, speaker),
        *_headed(face, speaker),
        *_property(face, speaker),
    ]
    found.sort(key=lambda one: -one.sure)
    yield from sorted(found, key=lambda one: -_whole(one, found))


def _whole(one: FoundText, found: Sequence[FoundText]) -> float:
    """How sure a title is; one that another title only goes on from was cut short."""
    longer = (
        other.sure
        for other in found
        if other.field == one.field and other.sure >= _NEARLY and _was_cut(one.value, other.value)
    )
    return min(one.sure, max(longer, default=1.0) - 0.01)


def _was_cut(title: str, longer: str) -> bool:
    """Whether a title is the beginning of a longer one, without a number or a date behind it."""
    rest = longer[len(title) :]
    return (
        longer.casefold().startswith(title.casefold())
        and re.match(r"\s[A-Za-z]", rest) is not None
        and not re.search(r"\d{4}|\beffective\b", rest, re.IGNORECASE)
    )


def _labelled(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    for value, line, rank in labelled(face, _LABELS):
        value = without_name_behind(_until_speech(_without_number(value), speaker), speaker)
        inside = line.opens or line.page is None
        if inside and may_be(value) and not TYPE.fullmatch(value) and len(value.split()) < 30:
            yield FoundText("title", value, line.text[:300], line.page, _SURE[rank])


def _until_speech(value: str, speaker: Speaker | None) -> str:
    """A title without the sentence behind it, which begins with whose document it is."""
    at = value.find(f" {speaker.body.name} ") if speaker else -1
    return value[:at] if at > 0 and len(value[:at].split()) > 1 else value


def _without_number(value: str) -> str:
    """A name without the number that is printed behind it: "Nasal Surgery-OH MCD-MM-0777"."""
    value = re.sub(r"-[A-Z]{2} [A-Z]{3,4}-[A-Z]{2}-\d+$", "", value)
    value = _PAGE.split(_DATED.split(value)[0])[0]
    if len(value.split()) > _MANY_WORDS:
        value = _SENTENCE.split(value)[0]
    return re.sub(r"\s*\((?:[LA]\d{5})\)$", "", value).strip()


def _headed(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    """The highest headings of the first page, and its first lines where it has none.

    Of a workbook of several sheets the name of one is no title: the rows of the others would stand
    under it, those of Medicare under "Commercial". What heads the first sheet may be its own.
    """
    opening = [one for one in _with_captions(face) if not _names_sheet(one, face)]
    if is_workbook(face) and opening and _is_captioned(opening, speaker):
        opening = opening[1:]
    lines = list(_without_contents(opening[:25]))
    headings = [line for line in lines if line.level and is_title(line.text, speaker)]
    highest = min((line.level for line in headings), default=0)
    best = list(_joined([line for line in headings if line.level == highest], lines))
    known = flat(face.properties.get("title", ""))
    running = {flat(text) for text in face.running}
    for at, line in enumerate(best[:3]):
        text = named_only(line.text, speaker)
        same = flat(text)
        seconded = (same and same in known) or any(same in one for one in running if same)
        sure = 0.86 - 0.06 * at + (0.06 if seconded else 0)
        sure -= 0.2 if NUMBERED.match(text) else 0
        sure -= 0.2 if len(text) > _LONG else 0
        yield FoundText("title", _with_more(text, line, lines), line.text, line.page, sure)
    headed = any(line.level and may_be(line.text) for line in lines)
    passed = 0  # lines that only say whose it is or its type
    for place, line in enumerate(lines[:8]):
        if face.repeats(line.text) and len(lines) > 1:
            continue
        at = place - passed
        passed += not is_title(line.text, speaker) and len(line.text) < _LONG
        if line.level and TYPE.fullmatch(line.text) and may_be(line.text):
            yield FoundText("title", line.text, line.text, line.page, 0.62 - 0.02 * at)
        elif not line.level and _is_line_title(line.text, speaker):
            of_all = (
                not face.sheets
                or _begins_with_name(line.text, speaker)
                or _heads_every_sheet(line.text, face)
            )
            sure = (0.5 if not of_all else 0.6 if headed else 0.76) - 0.02 * at
            sure += 0.1 if flat(line.text) in known else 0
            text = named_only(line.text, speaker)
            yield FoundText("title", text, line.text, line.page, sure)


def _with_captions(face: Face) -> Iterator[Line]:
    """The lines of the first page that are no rows of a table; of a table in a file of its own,
    also what stands above its columns, whose commas parted it into cells."""
    opening = face.opening
    for at, line in enumerate(opening):
        if len(line.cells) < 2:
            yield line
        elif at < _CAPTIONS and face.path.lower().endswith((".csv", ".tsv")):
            widest = max((len(one.cells) for one in opening[at + 1 : at + 5]), default=0)
            if widest >= 2 * len(line.cells) and all(map(str.strip, line.cells)):
                yield replace(line, text=", ".join(line.cells), cells=())


def _issue(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    """A bulletin or newsletter of several articles is called by its type and its issue: "Provider
    Bulletin" over "Issue 2026-14"."""
    top = face.opening[:_ISSUE_WITHIN]
    head = next((at for at, one in enumerate(top) if _PERIODICAL.fullmatch(one.text)), None)
    if head is None or len([one for one in face.lines if one.level]) < _ARTICLES:
        return
    for line in top[head + 1 :]:
        found = _ISSUE.search(line.text)
        others = [part for part in parts_of(line.text) if not _ISSUE.fullmatch(part)]
        if found and all(DATE.fullmatch(part) or is_name(part, speaker) for part in others):
            said = f"{top[head].text} / {line.text}"[:300]
            title = f"{top[head].text} {found[1]}"
            yield FoundText("title", title, said, line.page, 0.94)
            return


def _begins_with_name(text: str, speaker: Speaker | None) -> bool:
    """Whether a line says whose it is: such a one heads a workbook, not a sheet."""
    return speaker is not None and text.startswith((speaker.body.name, *speaker.body.printed))


def _heads_every_sheet(text: str, face: Face) -> bool:
    lines = [one.text for one in face.lines if len(one.cells) < 2]
    return 1 < len(face.sheets) <= lines.count(text)


def _names_sheet(line: Line, face: Face) -> bool:
    return line.level == 1 and line.text in face.sheets


def _is_captioned(lines: Sequence[Line], speaker: Speaker | None) -> bool:
    """Whether the only sheet has a short name, and a row above its table that may be a title."""
    rows = (one for one in lines[1:_CAPTIONS] if not one.level)
    short = lines[0].level == 1 and len(lines[0].text.split()) < _CAPTIONS
    return short and any(_is_line_title(one.text, speaker) for one in rows)


def _without_contents(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, that of which a contents page is the contents in the place of its own heading:
    "Table of Contents", "Plan Manual Introduction"."""
    level = 0
    for line in lines:
        found = CONTENTS.match(f"{line.text} ") if line.level else None
        if found is not None and len(found[0]) > len(line.text):
            level = line.level
            continue
        if level and not line.level and len(line.text) < _LONG:
            work = MANUAL.match(line.text)
            own = work is not None and SECTION.fullmatch(work["rest"].strip()) is not None
            line = replace(line, level=level, text=work["work"] if work and own else line.text)
        level = 0
        yield line


def _joined(headings: Sequence[Line], lines: Sequence[Line]) -> Iterator[Line]:
    """Headings, with those that were broken into lines made whole: "Shift work interventions for"
    and "reduced conflict"; "Medicaid Managed Care" and "Program Integrity Toolkit"."""
    taken: set[int] = set()
    for at, line in enumerate(headings):
        if at in taken:
            continue
        after = headings[at + 1] if at + 1 < len(headings) else None
        gap = lines.index(after) - lines.index(line) if after is not None else 9
        if after is not None and gap <= 2 and _goes_on(line.text, after.text, near=gap == 1):
            taken.add(at + 1)
            yield replace(line, text=f"{line.text} {after.text}")
        else:
            yield line


def _goes_on(text: str, after: str, *, near: bool) -> bool:
    open_end = re.search(r"\b(?:for|of|and|to|the|in|on|with|by|a|&)$|[-–—,/]$", text) is not None
    lower = after[:1].islower()
    work = _WORK.search(after) is not None and _WORK.search(text) is None
    return (
        open_end
        or (near and lower)
        or (near and work and len(text.split()) + len(after.split()) < 12)
    )


def _is_line_title(text: str, speaker: Speaker | None) -> bool:
    """Whether a line that is no heading may be a title: no item, no sentence."""
    ends = text.endswith((".", ";", ",", ":"))
    return not ends and len(text) < 140 and not _ITEM.match(text) and is_title(text, speaker)


def _with_more(text: str, line: Line, lines: Sequence[Line]) -> str:
    """A work such as a companion guide, with the heading below that says of what."""
    if not _WORK.search(text) or len(text.split()) > 8:
        return text
    # A heading that was made whole of several lines ends where the last of them stands.
    last = max((at for at, one in enumerate(lines) if line.text.endswith(one.text)), default=-1)
    after = lines[last + 1 :][:1]
    more = [one.text for one in after if one.level and may_be(one.text)]
    plain = (
        more
        and not more[0].endswith(".")
        and not SECTION.fullmatch(more[0])
        and not NUMBERED.match(more[0])
    )
    if plain and not DATE_ONLY.match(more[0]):
        return f"{text}: {more[0]}"
    return text


def _property(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    """The file's or page's own title, where a person wrote it and the first page bears it out."""
    raw = face.properties.get("title", "")
    text = IDENTIFIER.sub("", _stripped(raw, speaker))
    text = re.sub(r"^(?:LCD|NCD|Article)\s+-\s+", "", text)
    if not text or is_file_name(text) or not may_be(text) or TYPE.fullmatch(text):
        return
    if is_name(text, speaker) or ends_as_body(text):
        return
    borne_out = flat(text) in flat(face.said[:4000])
    yield FoundText(
        "title", text, f"Title of the file: {raw}"[:300], None, 0.88 if borne_out else 0.7
    )


def _stripped(raw: str, speaker: Speaker | None) -> str:
    """A page's title without the site's name and the type behind it."""
    text = re.sub(r"^[^:]{3,30} :: ", "", raw.strip())
    while (found := _SUFFIX.search(text)) and found.start() > 0:
        last = found[1].strip()
        if not (TYPE.fullmatch(last) or is_name(last, speaker) or len(last.split()) <= 1):
            break
        text = text[: found.start()]
    return re.sub(r"^Overview \| ", "", text)
