"""The general kinds of thing that a question asks for: how much, how many, how long, when, whom.

Each is told by the question's words, in any subject, and recognised in a text by its form. What a
subject calls its own things (RVU, APC) stands in its data pack; see `things`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.phrases import plain
from assistant.question.words.silent import SILENT
from index.shards.analysis import analyze


@dataclass(frozen=True, slots=True)
class AskedKind:
    """A kind of thing that a question asks for. `shown` is how it is told to be missing, `says`
    finds it in a text; `typed` are the words that asked for it. `about`: what it is asked of,
    analysed; a value beside none of these words is of something else."""

    name: str
    shown: str
    typed: str
    says: re.Pattern[str]
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    shown: str
    asks: re.Pattern[str]
    says: re.Pattern[str] | None  # None: made of the word that is asked about


def kinds_asked(question: str, also: Mapping[str, Sequence[str]]) -> Iterator[AskedKind]:
    """What kinds of thing a question asks for. `also` gives what short forms stand for ("pts":
    patients). One for yes or no asks for none."""
    if is_yes_or_no(question):
        return
    told = False  # the day from which something holds is asked for, which is a date
    for kind in _KINDS:
        match = kind.asks.search(question)
        if match is None or (kind.name == "who" and _OF_WHOM.search(question, 0, match.start())):
            continue
        if kind.name == "date" and told:
            continue
        typed = match.group().strip()
        about = _about(question, typed, also) if kind.name in _VALUES else frozenset()
        told = told or kind.name == "start"
        if kind.says is not None:
            yield AskedKind(kind.name, kind.shown, typed, kind.says, about)
        else:
            word = match["word"].lower()
            if kind.name == "who" and NEUTRAL.issuperset(analyze(word)):
                continue
            shown = kind.shown.format(word=match["word"])
            says = _said(word, also, counted=kind.name == "count")
            yield AskedKind(kind.name, shown, typed, says, about)


def _about(question: str, typed: str, also: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The telling words of a question beside those that ask for the value, and their like."""
    said = question.lower()
    words = (question, *(one for word, added in also.items() if word in said for one in added))
    return frozenset(analyze(" ".join(words))) - SILENT - NEUTRAL - _MEASURES - set(analyze(typed))


_VALUES = ("money", "percentage", "count", "duration", "hours")
_MEASURES = frozenset(
    analyze(
        "percent percentage share number amount many much long time times day days hour hours week"
        " weeks month months year years deadline limit rate cost costs price pay pays paid fee"
        " dollars"
    )
)


def is_yes_or_no(question: str) -> bool:
    """Whether a question asks for yes or no: "does Cigna cover the cost?" asks for no amount."""
    return _YES_OR_NO.match(question) is not None and not _WH.search(question)


def _said(word: str, also: Mapping[str, Sequence[str]], *, counted: bool) -> re.Pattern[str]:
    """A word in any of its forms; where it is counted, after a number and up to three words."""
    words = (word, *also.get(word, ()))
    stems = sorted({stem for one in words for stem in analyze(plain(one))[:1]})
    forms = "|".join(re.escape(re.sub(r"i$", "", stem)) for stem in stems)
    before = _COUNT if counted else ""
    also_said = r"|\b(?:once|twice|thrice)\b" if counted and word in ("time", "times") else ""
    return re.compile(rf"{before}\b(?:{forms}){_ENDINGS}\b{also_said}", re.IGNORECASE)


_YES_OR_NO = re.compile(
    r"\W*(?:(?:so|and|but|ok(?:ay)?|also|then|well)\W+)*(?:is|are|was|were|do|does|did"
    r"|can|could|may"
    r"|must|should|shall|will|would|has|have|had|am)\b",
    re.IGNORECASE,
)
_WH = re.compile(r"\b(?:what|which|who|whom|when|where|why|how)\b", re.IGNORECASE)
_IN_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    "|fifty|sixty|ninety|hundred|once|twice|first"
)
_COUNT = (
    rf"\b(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|no|none|{_IN_WORDS}|single|each"
    r"|per|both|many|several|all|only|more than|dozens|hundreds|thousands"
    r"|millions|billions)\b(?:\W+[\w'-]+){0,4}?\W+"
)
_ENDINGS = "(?:e|s|es|d|ed|er|ers|ings?|or|ors|y|ies|i|ments?|ations?|ions?|e?es)?"
_MARK = r"(?:\s?[¹²³⁰⁴-⁹†‡*]+(?:[,;]\s?[¹²³⁰⁴-⁹]+)*)?"  # of a note: "90 ² days"
_NUMBER = rf"(?:\d[\d,.]*|{_IN_WORDS}|several|a few)" + _MARK
_UNIT = r"(?:calendar |business |working )?(?:second|minute|hour|day|week|month|quarter|year)"
_UNITS = r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?|mos?)"
_TELEPHONE = r"\(?\b\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b"
_OF_WHOM = re.compile(  # "who" after these asks nothing: "for patients who have no part A"
    r"\b(?:\w{3,}s|those|people|persons?|someone|somebody|anyone|anybody|everyone|one|staff|women|woman"
    r"|men|man|children|child|patient|pt|member|enrollee|beneficiary|individual|inpatient|outpatient"
    r"|resident|provider|physician|doctor|surgeon|nurse|practitioner|employee|spouse|parent)\s+$",
    re.IGNORECASE,
)
_DAY = (
    r"(?:\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b|\b(?:19|20)\d\d-\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|June?|July?"
    r"|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? (?:\d{1,2},? )?(?:19|20)\d\d|\b(?:19|20)\d\d\b)"
)
_HOLDS = (
    r"\b(?:effective|in (?:effect|force)|(?:took|takes?|into) effect|begin\w*|began|start\w*|since"
    r"|from|as of|after|implement\w*|appl(?:y|ies|ied)|required?|new for|live)\b"
)
_AMOUNT = r"[$€£]\s?\d|\b\d[\d,.]*\s?(?:dollars?|euros?|pounds|cents?|USD|%|percent\b)"


def _kind(name: str, shown: str, asks: str, says: str | None) -> _Kind:
    pattern = re.compile(says, re.IGNORECASE) if says else None
    return _Kind(name, shown, re.compile(asks, re.IGNORECASE), pattern)


_KINDS = (
    _kind(
        "money",
        "amount of money",
        r"\bhow much\b.{0,60}\b(?:cost|costs|pay|pays|paid|charged?|charges|price|worth|owed?|fee"
        r"|reimbursed?|reimburses|earn|earns)\b|\bhow much (?:is|are) (?:a|an|the|one)\b"
        r"|\bwhat (?:do|does|did|will|would)\b.{0,60}\b(?:cost|charge|pay)\b(?! for it to)"
        r"|^(?!.*\b(?:do|does|did|is|are|was|can|who|when|why|how)\b).*\b(?:price|cost|fee|salary"
        r"|cash price|charge|fine|penalty|wage|copay|co-?insurance|deductible|premium)s?\b"
        r"(?: (?:of|for|per|to|if|when)\b|\W*$)"
        r"|\bdollar (?:amount|figure|penalt|fine|value|limit)"
        r"|\bwhat(?:'s| is| was| are)? (?:the |our |their |your )?(?:\w+ ){0,3}(?:price|cost|fee"
        r"|salary|amount|fine|penalty|copay)\b",
        _AMOUNT + r"|\b\d{1,3}(?:,\d{3})*\.\d\d\b",
    ),
    _kind(
        "percentage",
        "percentage",
        r"\b(?:what|which)\s+(?:is the\s+)?(?:percent(?:age)?|share|fraction|proportion)\b"
        r"|\bwhat\s*%|\bpercentage of\b|\bhow (?:much|many) percent\b|\bpercent\b\W*$",
        r"\d\s*(?:%|percent)|\bpercentage points\b|\d (?:of|in|out of) \d|\bhalf\b|\bthird\b",
    ),
    _kind(
        "count",
        "number of {word}",
        rf"\bhow many\s+(?:(?!{_UNITS}\b)[\w.%-]+\s+){{0,3}}?(?P<word>(?!{_UNITS}\b)[a-z]{{3,}})"
        r"(?=\s+(?:did|do|does|are|is|were|was|can|could|will|would|have|has|had|to|for|in|at|after"
        r"|before|from|per|of|on|may|should|must|need|needed|required|allowed|when|if|and|we|i|you"
        r"|they|the|a|count|go|went|get|got|there|with|each|enrolled)\b|\s*[?.,]|\s*$)",
        None,
    ),
    _kind(
        "count",
        "number of {word}",
        r"\bnumber of (?!the\b|an?\b|our\b)(?:[\w-]+ ){0,2}?(?P<word>[a-z]{3,}s)\b"
        r"(?! (?:[\w-]+ ){0,2}(?:policy|bulletin|guideline|form|article|transmittal|rule)\b)",
        None,
    ),
    _kind(
        "hours",
        "number of hours",
        r"\bhow many (?:\w+ )?(?:hours?|hrs?)\b|\b(?:work|labou?r|man)[ -]?hours\b",
        rf"\b{_NUMBER}[ -]?(?:to \d+ |\(\d+\) |\w+[ -])?(?:hours?|hrs?|minutes?)\b",
    ),
    _kind(
        "duration",
        "span of time",
        rf"\bhow (?:long|quickly|fast|soon)\b|\bhow many (?:\w+ )?{_UNITS}\b|\bturnaround\b"
        r"|\bdeadline\b|\btime limit\b|\bhow often\b|\bhow far (?:ahead|in advance)\b"
        r"|\blength of (?:the |an? |your )?(?:[\w-]+ ){0,2}(?:period|stay|time|term|contract|notice"
        r"|leave|treatment|therapy)\b",
        rf"\b{_NUMBER}[ -]?(?:to \d+ |\(\d+\) )?{_UNIT}|\b{_UNITS}\b[^.|]{{0,40}}\|[^.]*\d"
        r"|\b(?:annual|daily|week|month|quarter|year)ly\b|\b(?:once|twice)\b|\bannual\b|\b(?:19|20)\d\d\b"
        r"|\bno (?:later|(?:specific |set |fixed |time )?(?:limit|deadline)s?)\b"
        r"|\bper (?:day|week|month|year)\b",
    ),
    _kind(
        "start",
        "day from which it holds",
        r"\bwhen\b.{0,90}?\b(?:effective|in force|(?:take|took|taken) effect|takes effect"
        r"|in(?:to)? (?:effect|force)|go(?:es)? live|went live|kicks? in)\b"
        r"|\bwhen (?:did|do|does|will|is|was) (?:[\w'’.-]+ ){0,8}?(?:policy|bulletin|guide"
        r"|guideline|manual|version|edition|rule|regulations?|document|determination|requirements?|program|lcd"
        r"|ncd|article) (?:[\w.]+ )?(?:to )?(?:begin|start|apply)\b"
        r"|\b(?:effective|start(?:ing)?|begin(?:ning)?|go-live|implementation) (?:date|day)\b"
        r"|\bdate (?:it|this|that) (?:took|takes?) effect\b",
        rf"(?s:{_HOLDS}.{{0,100}}?{_DAY}|{_DAY}.{{0,60}}?{_HOLDS}|\bdate\b[^\n]*\n[^\n]*{_DAY})",
    ),
    _kind(
        "date",
        "date",
        r"\bwhen (?:did|was|were)\b|\b(?:what|which) (?:date|day|month|year)\b|\bsince when\b"
        r"|\b(?:effective|start|end|review|retirement|approval|publication) date\b"
        r"|\bwhen (?:is|does) (?:it|this|the \w+(?: \w+)?) (?:effective|start|end|expire|begin)",
        r"\b(?:1[89]|20)\d\d\b|\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b|\b(?:January|February"
        r"|March|April|May"
        r"|June|July|August|September|October|November|December) \d",
    ),
    _kind(
        "contact",
        "fax number",
        r"\bfax(?:es)?\b(?! (?:a|an|the|it|them|us|our|your|in|requests?|forms?|records?|notes?)\b)"
        r"|\bwhere (?:do|should|can) (?:we|i) fax\b",
        rf"\bfax\b[^.|]{{0,60}}{_TELEPHONE}|\bfax\b[^|\n]*\|[^\n]*{_TELEPHONE}|\bfax\b[^\n]*\n[^\n]*{_TELEPHONE}",
    ),
    _kind(
        "contact",
        "e-mail address",
        r"\be-?mail\b(?! (?:a|an|the|it|them|us|our|your)\b)",
        r"\S@\S+\.\w",
    ),
    _kind(
        "contact",
        "telephone number, address or opening hours",
        r"(?<!\bby )(?<!\bvia )(?<!\bover )(?<!\bon the )(?<!\bover the )\b(?:tele)?phone\b"
        r"(?! (?:call|visit|consult|encounter|app)s?\b)|\b(?:mailing|postal|street|web) address"
        r"\b|\b(?:what|which) address\b|\bopening hours\b|\b(?:line|office) open\b"
        r"|(?:^\W*|\b(?:what|which)(?:'s| is| are)? )(?:the )?(?:[\w-]+ ){0,2}web ?site\b"
        r"|\bwhere (?:do|should|can) (?:we|i) (?:mail|send)\b",
        rf"{_TELEPHONE}|\S@\S+\.\w|\b\d{{1,2}}(?::\d\d)?\s?(?:am|pm|a\.m\.|p\.m\.)"
        r"|\bP\.?O\.? Box\b|https?://|www\.|\b[A-Z]{2} \d{5}\b",
    ),
    _kind(
        "code",
        "code or number",
        r"\b(?:what|which|whats|what's)\s+(?:is\s+|are\s+)?(?:the\s+)?(?:[\w-]+\s+){0,2}"
        r"(?:codes?|version|(?:policy|form|phone|plan) number)\b",
        r"\d|\b[A-Z]{2}\b",
    ),
    _kind(
        "person",
        "person's name",
        r"\bname of (?:the|our|their) (?:[\w-]+ ){0,2}(?:director|person|reviewer|doctor"
        r"|surgeon|officer|actuary|chair\w*"
        r"|president|manager|author)\b|\bwho (?:is|was) the (?:\w+ ){0,2}(?:director|ceo"
        r"|cfo|president"
        r"|rep|representative|officer|manager|chair\w*|author|head)\b|\bwhose signature\b",
        r"(?-i:\b(?:Dr|Mr|Ms|Mrs|Prof)\.? [A-Z]|\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+,? (?:MD"
        r"|DO|PhD|JD)\b)",
    ),
    _kind(
        "who",
        "word on who does that",
        r"\bwho(?:m|se)?\s+(?:(?:may|can|could|must|should|shall|will|would|has|have"
        r"|needs?|does|do|did"
        r"|gets?)\s+)?(?:(?:to|supposed|allowed|required|going|have|be|get)\s+)*(?P<word>(?!is\b"
        r"|have\b|be\b|get\b|are\b|was\b|were\b"
        r"|has\b|had\b|the\b|can\b|may\b|do\b|does\b|did\b|else\b|not\b|all\b|you\b|we\b"
        r"|they\b|she\b"
        r"|it\b|our\b|your\b|their\b|outside\b|out\b|eligible\b|fits?\b|qualifies\b|in\b"
        r"|on\b|at\b|for\b"
        r"|with\b|to\b|from\b|under\b|over\b)[a-z]{3,})",
        None,
    ),
    _kind(
        "reason",
        "reason",
        r"^\W*(?:(?:so|and|but)\s+)?why\b|\b(?:what|which) (?:is|was|are|were)? ?the reasons?\b"
        r"|\bfor what reason\b",
        r"\A[^|]*\Z|\b(?:because|since|due to|reasons?|so that|in order to|therefore"
        r"|caus(?:e[sd]?|ing))\b",  # a bare row of a table tells none
    ),
    _kind(
        "who",
        "word on who is in charge",
        r"\bwho(?:'s| is| are)? (?:the one )?(?:in charge|responsible|accountable"
        r"|to (?:call|ask))\b",
        r"\b(?:responsib\w+|in charge|charge of|handles?|handled by|assigned|designated?|oversees?"
        r"|manages?|managed by|headed by|led by|must be done by|is done by|contact)\b",
    ),
    _kind(
        "age",
        "age",
        r"\b(?:age|ages|aged|how old|min(?:imum)? age|max(?:imum)? age)\b"
        r"(?! of (?:the )?(?:policy|copy|document|claim))",
        r"\bage[ds]?\b|\byears? (?:old|of age)\b|-year-old|\byears?\b|\bolder\b|\byounger\b",
    ),
    _kind(
        "size",
        "size",
        r"\b(?:tumou?r|lesion|mass) sizes?\b|\bsizes? (?:limit|cut ?off|max\w*|requirement)\b"
        r"|\bhow (?:big|large|small|wide|tall|deep|heavy)\b|\b(?:biggest|largest"
        r"|max(?:imum)?) size\b",
        r"\b\d+(?:\.\d+)? ?(?:cm|mm|m|km|ft|feet|foot|inch\w*|in|lbs?|kg|g|miles?|acres?"
        r"|square|percent|%)\b"
        r"|\d",
    ),
    _kind(
        "dose",
        "dose",
        r"\b(?:what|which|whats|what's|right|usual|max\w*|recommended|the"
        r"|how big a) (?:\w+ ){0,2}?dos(?:e|age)"
        r"s?\b(?! ct)|\bdos(?:e|age) of\b|\bdos(?:age|ing)\b|\bhow many (?:mg|ml|mcg|cc"
        r"|milligrams?)\b",
        r"\b\d+(?:\.\d+)?\s*(?:mg|mcg|ml|cc|g|units|milligrams?|milliliters?)\b",
    ),
)
