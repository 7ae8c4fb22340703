"""What a title looks like, and what is never one: a type, a section's name, a label, an address."""

from __future__ import annotations

import re

from corpus.metadata.identity.forms import STATES, ends_as_body
from corpus.metadata.identity.whose.evidence import Speaker

LONGEST = 220
# What a document is called that is no title where something more exact stands beside it.
TYPE = re.compile(
    r"(?:(?:the|our|claims?(?=\s+polic)|corporate|medical|clinical|coverage|payment|reimbursement|pharmacy|commercial"
    r"|individual|exchange|and|medicare|advantage|medicaid|community|plan|policy|policies"
    r"|bulletins?"
    r"|statement|guidelines?|um|utilization|management|manual|position|appropriateness|criteria|document|official"
    r"|only"
    r"|provider|notice|update|print|local|national|determinations?|database|lcd|ncd|article|letter"
    r"|confidential|draft|proposed|commissioning|retired|cms|1500|ub|04|proprietary|internal|for"
    r"|information|infobulletin"
    r"|fact|sheet|technical|specifications?|attachments?|analysis|training)[\s|:,/&®™–—-]*)+",
    re.IGNORECASE,
)
SECTION = re.compile(
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
MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-zä]*\.?|(?:march|june|july|april)"
)
_LABEL_LINE = re.compile(
    r"^(?:[\w /]{0,30}\b)?(?:dates?|number|no\.?|id|version|page|phone|fax|tel|to|from|authors?"
    r"|business"
    r"|contractors?|owner|department|status|contact|published|issued?|effective|review(?:ed)?|category|revised"
    r"|section|applies to|e-?mail|stand|approval|due by|\(s\))\s*[:#]"
    r"|^(?:effective|review|policy|last|next|date)[\w ]*date\b.*\d",
    re.IGNORECASE,
)
CONTENTS = re.compile(
    r"^(?:\d{4}\s+)?(?:complete\s+)?table of contents\s+(?:for\s+)?", re.IGNORECASE
)
_DATE = rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|{MONTHS}\s+\d{{1,2}},\s+\d{{4}}"
_DAY = re.compile(
    r"\s+(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,\s+)(?=[A-Z][a-z]{2}).*$|\s+Séance\b.*$"
)
NUMBERED = re.compile(r"^(?:[IVX]{1,5}|\d{1,2}(?:\.\d+)*|[A-Z])[.)]\s|^\d{1,2}\s")
_FILE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\s*-|untitled|document\s?\d*$|powerpoint presentation$"
    r"|url$|crosswalk$|\S+\.\w{2,4}$|[\w-]*\d{4,}[\w-]*$|[\d\s.]+$|slide \d+$|title$"
    r"|presentation$)",
    re.IGNORECASE,
)
DATE_ONLY = re.compile(
    rf"^\W*(?:\d{{1,2}}\W+)?(?:{MONTHS})\W+(?:\d{{1,2}}\W+)?(?:19|20)\d\d\W*$|^(?:19|20)\d\d$",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(
    r"^(?:[A-Z]{2,5}[ -])?(?:CG-[A-Z]+-\d+|MP\s?[\d.]+|[A-Z]{2,4}\d{2,4}:)\s+(?=[A-Z])"
)
_TYPE_AND_MONTH = re.compile(rf"^[A-Z ]{{4,24}}\s+(?i:{MONTHS})\s+(?:19|20)\d\d:\s+")
_OWN_NUMBER = re.compile(r"\s+(?:No\.?\s*|#\s*)?[A-Z]{0,4}[ -]?[\w.-]*\d[\w.-]*$")


_SHORT_FORM = re.compile(r"\s*\([A-Z]{2,5}\)$")  # "Local Coverage Determination (LCD)"
_BANNER = re.compile(
    rf"^(?:RETIRED|ARCHIVED?|SUPERSEDED|WITHDRAWN|EXPIRED|OBSOLETE|DRAFT)\b[\s:|–—-]*"
    rf"(?:(?i:as of|on|effective)\s+)?(?:{_DATE})?[\s:|–—-]*(?=[A-Z])"
)
_REVISION = re.compile(
    rf"\s*[|,(–—-]*\s*\b(?:rev(?:ised|ision|\.)?|updated|effective|eff\.)\s*:?\s*(?:{_DATE})\)?$",
    re.IGNORECASE,
)


_OPEN_END = re.compile(
    r"(?:\b(?:for|of|by|with|and|the|to|from|in|at|a)|[-–—:,&|/(])$", re.IGNORECASE
)


def is_file_name(title: str) -> bool:
    """Whether a program wrote it where a person would write a title."""
    return _FILE.search(title) is not None


def is_sheet_name(title: str) -> bool:
    """Whether a program named a sheet so; the file's name tells more."""
    return re.fullmatch(r"sheet ?\d*", title.strip(), re.IGNORECASE) is not None


def is_title(text: str, speaker: Speaker | None) -> bool:
    return (
        may_be(text)
        and not TYPE.fullmatch(named_only(_without_name(text, speaker), speaker) or text)
        and not TYPE.fullmatch(_OWN_NUMBER.sub("", text))
        and not TYPE.fullmatch(_SHORT_FORM.sub("", text))
        and not SECTION.fullmatch(text.strip())
        and not is_name(text, speaker)
        and not ends_as_body(text)
        and not _LABEL_LINE.match(text)
        and not DATE_ONLY.match(text)
    )


def may_be(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return (
        letters >= 3
        and len(text) <= LONGEST
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


def is_name(text: str, speaker: Speaker | None) -> bool:
    if speaker is None:
        return False
    same = flat(text)
    return any(same == flat(name) for name in (speaker.body.name, *speaker.body.printed))


def named_only(text: str, speaker: Speaker | None) -> str:
    """A heading without the type in front of it and the number behind it."""
    text = re.sub(r"^(?:Title|Subject|SUBJECT|Re|RE)\s*:\s*", "", text.strip(" |*"))
    text = _BANNER.sub("", text)
    text = _REVISION.sub("", text) or text
    text = re.sub(r"\s+Version\s+\d+$", "", text)
    text = _TYPE_AND_MONTH.sub("", text)
    contents = CONTENTS.match(text)
    if contents:
        text = re.sub(r"\s+Introduction$", "", text[contents.end() :])
    text = _DAY.sub("", text)
    text = re.sub(
        r"^(?:clinical|medical|payment|coverage)\s+polic(?:y|ies)\s*[:|]\s*", "", text, flags=re.I
    )
    text = re.sub(r"^(?:Article\s+-|(?:LCD|NCD)\s+-|Local Coverage Article:)\s+", "", text)
    text = re.sub(r":?\s*\bPolicy No\.?\s*\S+$", "", text)
    text = re.sub(r"^(?:Proposed )?Local Coverage Determination \(LCD\):\s*", "", text)
    text = re.sub(r"\s*\((?:D?L|A)\d{5}\).*$", "", text)
    text = re.sub(r"^National Coverage Determination \(NCD\) for\s+", "", text)
    text = re.sub(r"\s*\((?:[LA]\d{5}|\d{1,3}\.\d{1,2}(?:\.\d)?)\)$", "", text)
    return without_name_behind(IDENTIFIER.sub("", text).strip(), speaker)


def without_name_behind(text: str, speaker: Speaker | None) -> str:
    """A title without the name that a page prints below it and a reader put behind it."""
    for name in (speaker.body.name, *speaker.body.printed) if speaker else ():
        rest = text.removesuffix(name).strip()
        if rest != text and len(rest.split()) > 2 and not _OPEN_END.search(rest):
            return rest
    return text


def flat(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
