"""The title: what stands behind a label, heads the first page, or is the file's own property, each
judged by the others. Never an address, a contents page, a section's name or a file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.document import FoundText
from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.forms import STATES, ends_as_body
from corpus.metadata.identity.labelled import labelled
from corpus.metadata.identity.speakers import Speaker

_SECTIONS = re.compile(r"^\W*\(Sections?\b[^)]*\)\s*", re.IGNORECASE)
_CHAPTER_OF = re.compile(  # "CHAPTER I GENERAL POLICIES FOR THE CODING POLICY MANUAL"
    r"^(?P<part>Chapter\s+(?:\d+|[IVXL]+))\W+(?P<name>.+?)\s+for\s+(?:the\s+)?(?P<work>.*\bManual\b.*)$",
    re.IGNORECASE,
)
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
_LONGEST = 220
_LONG = 110  # a heading with more letters is more often a piece of text
# What a document is called that is no title where something more exact stands beside it.
TYPE = re.compile(
    r"(?:(?:the|our|corporate|medical|clinical|coverage|payment|reimbursement|pharmacy|commercial"
    r"|individual|exchange|and|medicare|advantage|medicaid|community|plan|policy|policies"
    r"|bulletins?"
    r"|statement|guidelines?|um|utilization|management|manual|position|appropriateness|criteria|document|official"
    r"|only"
    r"|provider|notice|update|print|local|national|determinations?|database|lcd|ncd|article|letter"
    r"|confidential|draft|proposed|commissioning|retired|cms|1500|ub|04|proprietary|internal|for"
    r"|information|infobulletin"
    r"|fact|sheet|technical|specifications?|attachments?)[\s|:,/&®™–—-]*)+",
    re.IGNORECASE,
)
# A document whose type, with what follows, is its title.
_WORK = re.compile(
    r"\b(?:companion guide|provider (?:manual|news|guide|handbook)|handbook|newsletter|toolkit"
    r"|update"
    r"|rate guide|fact sheet)\b",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:[\dIVX]{1,4}\.?(?:\d+\.?)*\s+|[A-Z]\.\s+)?(?:table of ?contents|contents|overview"
    r"|description|policy(?: statement| scope"
    r"| history.*)?|purpose|scope|introduction|disclaimers?|disclosure statement|background|preface"
    r"|important (?:note|reminder|information)\b.*|instructions? for use.*|coverage (?:rationale"
    r"|guidance"
    r"|policy|determination)|applicable codes.*|references|definitions?|notes?:?|abstract"
    r"|summary(?: &"
    r" overview)?|index.*|tracking information|description information|contractor information"
    r"|(?:lcd|article|general|document) information|related .*|application|what[’']s changed\??"
    r"|transmittals? for .*|prior authorization|effective date|members? :?|acknowledge?ments?"
    r"|remerciements.*|vorwort"
    r"|inhaltsverzeichnis|executive summary|frequently asked questions|provider bulletin|dear .*"
    r"|in this issue|(?:affected providers|provider types? affected|action needed|key points)\b.*"
    r"|clinical indications?|coding information|coding|history|criteria"
    r"|(?:indications and )?limitations.*)",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"https?://|www\.|@|^\(?rev\.|^page\b|^copyright|©|\ball rights reserved|^\W*$|^[\d\W]+$"
    r"|…\s*\d|\.{4,}|\bp\.?\s?o\.? box\b|\b(?:street|avenue|boulevard|suite)\b.*\d"
    r"|^\d{1,2}/\d{1,2}/\d{2,4}"
    rf"|^(?:{STATES}) medicaid$"
    r"|^sheet ?\d*$|^(?:edition|version|volume|revision|release)\s*[\d.]+$|^billing code"
    r"|^(?:chapter|section|part|unit|exhibit|appendix)\s+[\dIVXL.]+$"
    r"|^this document is scheduled|^department of health"
    r"|^effective\b|^last (?:updated|review)|^\(?for rating|^links in|^agency:|^rin \d|^\[|^42 cfr",
    re.IGNORECASE,
)
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-zä]*\.?|(?:march|june|july|april)"
)
_LABEL_LINE = re.compile(
    r"^(?:[\w /]{0,30}\b)?(?:dates?|number|no\.?|id|version|page|phone|fax|tel|to|from|authors?"
    r"|business"
    r"|department|status|contact|published|issued?|effective|review(?:ed)?|category|revised"
    r"|section|applies to|e-?mail|stand|approval|due by|\(s\))\s*[:#]"
    r"|^(?:effective|review|policy|last|next|date)[\w ]*date\b.*\d",
    re.IGNORECASE,
)
_DATED = re.compile(rf"\s+{_MONTHS}\s+\d{{1,2}},\s+(?:19|20)\d\d", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[\w)])\s(?=(?:The|This|Effective|We|Beginning|From)\s)")
_MANY_WORDS = 14
_CONTENTS = re.compile(
    r"^(?:\d{4}\s+)?(?:complete\s+)?table of contents\s+(?:for\s+)?", re.IGNORECASE
)
_DAY = re.compile(
    r"\s+(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,\s+)(?=[A-Z][a-z]{2}).*$|\s+Séance\b.*$"
)
_ITEM = re.compile(r"[-*•·]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
_NUMBERED = re.compile(r"^(?:[IVX]{1,5}|\d{1,2}(?:\.\d+)*|[A-Z])[.)]\s|^\d{1,2}\s")
_FILE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\s*-|untitled|document\s?\d*$|powerpoint presentation$"
    r"|url$|crosswalk$|\S+\.\w{2,4}$|[\w-]*\d{4,}[\w-]*$|[\d\s.]+$|slide \d+$|title$"
    r"|presentation$)",
    re.IGNORECASE,
)
_DATE_ONLY = re.compile(
    rf"^\W*(?:\d{{1,2}}\W+)?(?:{_MONTHS})\W+(?:\d{{1,2}}\W+)?(?:19|20)\d\d\W*$|^(?:19|20)\d\d$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*(?:\||\s[-–—])\s*([^|]*)$")
_IDENTIFIER = re.compile(
    r"^(?:[A-Z]{2,5}[ -])?(?:CG-[A-Z]+-\d+|MP\s?[\d.]+|[A-Z]{2,4}\d{2,4}:)\s+(?=[A-Z])"
)
_DATE_BEHIND = re.compile(r"\s+(?:revised|rev\.|updated|effective)\s+\d.*$", re.IGNORECASE)
_TYPE_AND_MONTH = re.compile(rf"^[A-Z ]{{4,24}}\s+(?i:{_MONTHS})\s+(?:19|20)\d\d:\s+")
_OWN_NUMBER = re.compile(r"\s+(?:No\.?\s*|#\s*)?[A-Z]{0,4}[ -]?[\w.-]*\d[\w.-]*$")
_PAGE = re.compile(r"\s+\(?page\s+\d", re.IGNORECASE)
_MANUAL = re.compile(
    r"^(?P<work>(?:[A-Z][\w’'./&-]*\s+(?:of\s+|and\s+|the\s+)?){1,8}Manual)(?:\s+[\d.]+-[A-Z])?"
    r"(?:,\s+\w+\s+\d{1,2},\s+\d{4})?(?P<rest>.*)$"
)
_CHAPTER = re.compile(
    r"^\W*(?P<part>Chapter\s+(?:\d+[A-Z]?"
    r"|[IVXL]+)(?:,?\s+(?:Section|Part)\s+[\d.]+)?)\s*(?:[-–—:.]\s*)?(?P<name>.*)$",
    re.IGNORECASE,
)


def titles(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    """Candidates, the likeliest first."""
    found = [
        *_chaptered(face),
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


def is_file_name(title: str) -> bool:
    """Whether a program wrote it where a person would write a title."""
    return _FILE.search(title) is not None


def _labelled(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    for value, line, rank in labelled(face, _LABELS):
        value = _until_speech(_without_number(value), speaker)
        inside = line.opens or line.page is None
        if inside and _may_be(value) and not TYPE.fullmatch(value) and len(value.split()) < 30:
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


def _chaptered(face: Face) -> Iterator[FoundText]:
    """A chapter of a manual, that says so at the top: the work, the chapter, its name."""
    top = face.opening[:10]
    for line in top:
        of = _CHAPTER_OF.match(line.text) if line.level or line.text.isupper() else None
        if of is not None:
            title = f"{of['work']}, {of['part']} - {of['name']}"
            yield FoundText("title", title, line.text[:300], line.page, 0.95)
            yield FoundText("part", of["part"], line.text[:300], line.page, 0.95)
            return
    running = () if any(_MANUAL.match(line.text) for line in top) else face.running
    for at, line in enumerate((*top, *map(Line, running))):
        work = _MANUAL.match(line.text)
        if work is None or len(line.text) > _LONGEST:
            continue
        rest = work["rest"].strip()
        near = [Line(rest, line.page)] if rest else []
        below = (*top[at + 1 : at + 4], *top[: min(at, 3)])
        for following in [*near, *below]:
            chapter = _CHAPTER.match(following.text)
            if chapter is None or len(following.text) > _LONGEST:
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
    found = next((one.text for one in after if _may_be(one.text)), "")
    return "" if _SECTION.fullmatch(found) else found


def _headed(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    """The highest headings of the first page, and its first lines where it has none.

    Of a workbook of several sheets the name of one is no title: the rows of the others would stand
    under it, those of Medicare under "Commercial". What heads the first sheet may be its own.
    """
    opening = [one for one in face.opening if len(one.cells) < 2 and not _names_sheet(one, face)]
    lines = list(_without_contents(opening[:25]))
    headings = [line for line in lines if line.level and _is_title(line.text, speaker)]
    highest = min((line.level for line in headings), default=0)
    best = list(_joined([line for line in headings if line.level == highest], lines))
    known = _flat(face.properties.get("title", ""))
    running = {_flat(text) for text in face.running}
    for at, line in enumerate(best[:3]):
        text = _named_only(line.text, speaker)
        flat = _flat(text)
        seconded = (flat and flat in known) or any(flat in one for one in running if flat)
        sure = 0.86 - 0.06 * at + (0.06 if seconded else 0)
        sure -= 0.2 if _NUMBERED.match(text) else 0
        sure -= 0.2 if len(text) > _LONG else 0
        yield FoundText("title", _with_more(text, line, lines), line.text, line.page, sure)
    headed = any(line.level and _may_be(line.text) for line in lines)
    for at, line in enumerate(lines[:8]):
        if face.repeats(line.text) and len(lines) > 1:
            continue
        if line.level and TYPE.fullmatch(line.text) and _may_be(line.text):
            yield FoundText("title", line.text, line.text, line.page, 0.62 - 0.02 * at)
        elif not line.level and _is_line_title(line.text, speaker):
            of_all = not face.sheets or _begins_with_name(line.text, speaker)
            sure = (0.5 if not of_all else 0.6 if headed else 0.76) - 0.02 * at
            sure += 0.1 if _flat(line.text) in known else 0
            text = _named_only(line.text, speaker)
            yield FoundText("title", text, line.text, line.page, sure)


def _begins_with_name(text: str, speaker: Speaker | None) -> bool:
    """Whether a line says whose it is: such a one heads a workbook, not a sheet."""
    return speaker is not None and text.startswith((speaker.body.name, *speaker.body.printed))


def _names_sheet(line: Line, face: Face) -> bool:
    return line.level == 1 and line.text in face.sheets


def _without_contents(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, that of which a contents page is the contents in the place of its own heading:
    "Table of Contents", "Plan Manual Introduction"."""
    level = 0
    for line in lines:
        found = _CONTENTS.match(f"{line.text} ") if line.level else None
        if found is not None and len(found[0]) > len(line.text):
            level = line.level
            continue
        if level and not line.level and len(line.text) < _LONG:
            work = _MANUAL.match(line.text)
            own = work is not None and _SECTION.fullmatch(work["rest"].strip()) is not None
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
    return not ends and len(text) < 140 and not _ITEM.match(text) and _is_title(text, speaker)


def _with_more(text: str, line: Line, lines: Sequence[Line]) -> str:
    """A work such as a companion guide, with the heading below that says of what."""
    if not _WORK.search(text) or len(text.split()) > 8:
        return text
    # A heading that was made whole of several lines ends where the last of them stands.
    last = max((at for at, one in enumerate(lines) if line.text.endswith(one.text)), default=-1)
    after = lines[last + 1 :][:1]
    more = [one.text for one in after if one.level and _may_be(one.text)]
    plain = (
        more
        and not more[0].endswith(".")
        and not _SECTION.fullmatch(more[0])
        and not _NUMBERED.match(more[0])
    )
    if plain and not _DATE_ONLY.match(more[0]):
        return f"{text}: {more[0]}"
    return text


def _property(face: Face, speaker: Speaker | None) -> Iterator[FoundText]:
    """The file's or page's own title, where a person wrote it and the first page bears it out."""
    raw = face.properties.get("title", "")
    text = _IDENTIFIER.sub("", _stripped(raw, speaker))
    text = re.sub(r"^(?:LCD|NCD|Article)\s+-\s+", "", text)
    if not text or is_file_name(text) or not _may_be(text) or TYPE.fullmatch(text):
        return
    borne_out = _flat(text) in _flat(face.said[:4000])
    yield FoundText(
        "title", text, f"Title of the file: {raw}"[:300], None, 0.88 if borne_out else 0.7
    )


def _stripped(raw: str, speaker: Speaker | None) -> str:
    """A page's title without the site's name and the type behind it."""
    text = re.sub(r"^[^:]{3,30} :: ", "", raw.strip())
    while (found := _SUFFIX.search(text)) and found.start() > 0:
        last = found[1].strip()
        if not (TYPE.fullmatch(last) or _is_name(last, speaker) or len(last.split()) <= 1):
            break
        text = text[: found.start()]
    return re.sub(r"^Overview \| ", "", text)


def _is_title(text: str, speaker: Speaker | None) -> bool:
    return (
        _may_be(text)
        and not TYPE.fullmatch(_named_only(_without_name(text, speaker), speaker) or text)
        and not TYPE.fullmatch(_OWN_NUMBER.sub("", text))
        and not _SECTION.fullmatch(text.strip())
        and not _is_name(text, speaker)
        and not ends_as_body(text)
        and not _LABEL_LINE.match(text)
        and not _DATE_ONLY.match(text)
    )


def _may_be(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return (
        letters >= 3
        and len(text) <= _LONGEST
        and letters * 2 > len(text.replace(" ", ""))
        and not _NO_TITLE.search(text)
        and text.count(". ") < 2
    )


def _without_name(text: str, speaker: Speaker | None) -> str:
    """A line without the name of whose it is, where more stands in it."""
    names = (speaker.body.name, *speaker.body.printed) if speaker else ()
    for name in sorted(names, key=len, reverse=True):
        if name in text and name != text:
            return text.replace(name, "").strip(" ®™|–-:") or text
    return text


def _is_name(text: str, speaker: Speaker | None) -> bool:
    if speaker is None:
        return False
    flat = _flat(text)
    return any(flat == _flat(name) for name in (speaker.body.name, *speaker.body.printed))


def _named_only(text: str, speaker: Speaker | None) -> str:
    """A heading without the type in front of it and the number behind it."""
    text = re.sub(r"^(?:Title|Subject|SUBJECT|Re|RE)\s*:\s*", "", text.strip(" |*"))
    text = re.sub(r"^RETIRED\s+", "", text)
    text = re.sub(r"\s+Version\s+\d+$", "", text)
    text = _TYPE_AND_MONTH.sub("", text)
    contents = _CONTENTS.match(text)
    if contents:
        text = re.sub(r"\s+Introduction$", "", text[contents.end() :])
    text = _DAY.sub("", text)
    text = re.sub(
        r"^(?:clinical|medical|payment|coverage)\s+polic(?:y|ies)\s*[:|]\s*", "", text, flags=re.I
    )
    text = re.sub(r"^(?:Article|LCD|NCD)\s+-\s+", "", text)
    text = re.sub(r":?\s*\bPolicy No\.?\s*\S+$", "", text)
    text = re.sub(r"^(?:Proposed )?Local Coverage Determination \(LCD\):\s*", "", text)
    text = re.sub(r"\s*\((?:D?L|A)\d{5}\).*$", "", text)
    text = re.sub(r"^National Coverage Determination \(NCD\) for\s+", "", text)
    text = re.sub(r"\s*\((?:[LA]\d{5}|\d{1,3}\.\d{1,2}(?:\.\d)?)\)$", "", text)
    return _IDENTIFIER.sub("", text).strip()


def _flat(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
