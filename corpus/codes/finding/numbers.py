"""Whether a five-digit number is a CPT code.

A number that is plainly something else (money, a ZIP code, a count) is never one. A column header,
a cue word or a code beside it makes it one. Without those, the sentence decides: English counts
with a noun behind the number ("12044 embryos") and names a service without one ("19083 needs no
authorization"). A number that nothing speaks against is a code: one too many costs a passage too
many, one too few hides a passage from everybody.
"""

from __future__ import annotations

import re

from corpus.codes.finding.columns import Columns
from corpus.codes.finding.cues import Cue, Cues
from corpus.codes.finding.neighbours import in_address, is_modified, linked
from corpus.codes.finding.tokens import Candidate

# What a number is when it is not a code: money, a place, a page, a count, a version, an identifier.
# Each pattern is tried on the few characters before or after a number.
_STATES = (
    "A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|PR|RI|S[CD]"
    "|T[NX]|UT|V[TA]|W[AVIY]|Alabama|Arizona|Arkansas|California|Colorado|Connecticut|Florida"
    "|Georgia|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts"
    "|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey"
    "|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Tennessee|Texas|Utah|Vermont|Virginia|Washington|Wisconsin|Wyoming"
)
# Words whose number is never a code, with nothing but "no." or "is" between.
_IDENTIFIERS = (
    "FR|Fed\\. Reg\\.|Federal Register|Suite|Ste\\.?|Box|Room|Apt\\.?|pages?|pp?\\.|ext\\.?"
    "|extension|phone|fax|tel\\.?|invoice|account|acct\\.?|ticket|docket|transmittal|CR|PMID:?|NPI|TIN"
    "|EIN|taxonomy|lot|serial|catalog(?:ue)?|SKU|model|form|version|build|OMB|IRB|IDE|ID|MRN|ICN|DCN"
    "|CLIA|enrollment|protocol|plan|grant|patent|license|population|elevation|case|cohort|checks?"
    "|batch|voucher|receipt|tracking|confirmation|record|reference|auth(?:orization)?"
    "|(?<!line )item|cost cent(?:er|re)|location|mailstop|mail stop|section"
    "|sec\\.|§|route|highway|interstate|ISO|IEC|ATCC"
    "|of which|Pub(?:lic|\\.) ?L(?:aw|\\.)"
    "|zip(?: code)?|postal code|percent of|spent|earned|caps? at|capped at|approximately|nearly"
    "|roughly|almost|(?:more|less|fewer|greater) than|total(?: of)?|around|enrolled|averag\\w+"
)
# Words whose number is one of theirs only when they say so: "group is 71055", "member no. 44120".
_NUMBERED = (
    "policy|group|member|claim|order|contract|patient|provider|employee|employer|part|product|chart"
    "|subscriber|certificate|request|study|site|facility|file|tax|encounter|agreement|registration"
)
# What does not stand directly before or after a five-digit code.
_NOT_BEFORE = re.compile(
    r"(?:[$€£¥]\s?|USD ?|(?<!\d)\d{1,3},|\d\.|[A-Za-z]-|\d[-:]|[=_@?%~]|[?=]\S{0,30}&"
    r"|\bn\s?=\s?|(?-i:Order)\s"
    rf"|(?-i:(?:^|[,\s])(?:{_STATES})\.?,?\s{{1,3}})"
    # On the same line: a row that ends with "authorization" says nothing of the next row's code.
    rf"|\b(?:{_IDENTIFIERS})[^\S\n]*[:#]?[^\S\n]*(?:no\.?|number|ID)?[^\S\n]*"
    r"(?:(?:is|was)\s|[:#])?[^\S\n]*"
    rf"|\b(?:{_NUMBERED})\s+(?:(?:no\.?|number|num\.?|ID|#)\s*(?:is\s|was\s|:)?|is\s|#)\s*"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s\d{1,2},\s*"
    r"|[a-z]\.\s\d{1,4},\s|\bUSA\s\d{1,4},\s"  # the volume of a journal
    r"|(?<!code )(?<!codes )(?<!CPT )(?<!procedure )\bnumber\s*[:#]?\s*"
    # "No. 19105 is the other one" answers a question: a word must stand before.
    r"|(?:(?<=\w )|(?<=\())(?<!code )(?<!codes )(?<!CPT )no\.\s*"
    r"|\bISBN[\d\s-]*"
    r"|\b(?:lives?|living|resid\w+|located|based|members|patients|practic\w+|moved|travels?|offices?"
    r"|clinics?)\s(?:in|to|near|from)\s)\Z",
    re.IGNORECASE,
)
# An amount follows these, unless a price stands behind the number: "Allowed: 19000 $112".
_AMOUNT = re.compile(
    r"\b(?:charges?|prices?|paid|pays|costs?|fees?(?! schedule)|allowed)\b[^.;,\n]{0,20}"
    r"\b(?:is|was|of|at|=|:)\s*$"
    r"|\b(?:charges?|prices?|paid|pays|costs?|allowed)\s*[:=]\s*$"
    r"|\b(?:list|contract|unit|net|gross|average|median|mean|total|billed)\s"
    r"(?:price|charge|cost|rate|payment|fee)s?\s*$"
    r"|\b(?:prices?|freight|subtotal|balance|premiums?|salary|budget|payments?|deductible)\s*[:=]?\s*$",
    re.IGNORECASE,
)
_PRICED = re.compile(
    r"\s*[|:–-]?\s*(?:x\s?\d+\s+)?(?:paid\s)?\$\s?\d|[ \t|]+\d{1,3}(?:,\d{3})*\.\d\d\b"
)
# Between two amounts of one list: "11719 in Kent, 17000 in Ottawa", "85 FR 72754, 72774".
_SAME_LIST = re.compile(r"(?:\s(?P<as>on|in|at|for|a)\s[\w ]{1,20})?(?:,\s?|,?\s(?:and|or)\s)")
_NOT_AFTER = re.compile(
    r"(?:,\d{3}(?!\d)|\.\d|%|-\d{4}(?!\d)|-[A-Z](?![A-Za-z0-9])|[=_@]"
    r"|\s(?:k?g|mcg|m?L|[cmk]m|lbs?|oz|[KMG]B|k?Hz|rpm|ppm|kcal)\b"
    r"|\s+(?:(?:female|male|adult|new|total|unique|eligible|enrolled|covered|commercial|Medicare"
    r"|low-risk|older|postmenopausal|acute|licensed)\s)?"
    r"(?:patients?|women|men|people|persons?|members?|beneficiaries|claims?|cases|dollars?|"
    r"beds?|hospitals?|employees|lives|units?|samples|feet|miles|square|yards|mg|mL|copies"
    r"|words|pages|hours|days|times|participants|subjects|enrollees|records|facilities|providers"
    r"|physicians|lines|rows|screenings?|mammograms?|visits|admissions|characters|sq"
    r"|sites|columns|seconds|minutes|steps|charts|unique|duplicates?|screened|respondents|"
    r"adults|ft|LLC|Inc|Holdings|doses|controls|cells|genes|IU|euros|households|residents|nurses"
    r"|deaths|births|children|infants|students|infections|discharges|specimens|exams)\b"
    r"|\s(?:a|per|each)\s(?:day|case|month|year|week|person|member|stay|admission|diem)\b"
    r"|\s+(?:[NSEW]\.?\s+)?(?:[A-Z][a-z]+\s+){1,3}(?:St|Street|Ave|Avenue|Road|Rd|Blvd|Boulevard"
    r"|Drive|Dr|Lane|Ln|Way|Highway|Hwy|Parkway|Pkwy|Court|Ct|Circle|Plaza|Pike)\b)"
)
_SAYS_CODE = re.compile(r"(?<!zip )(?<!postal )\b(?:CPT|HCPCS)®?(?:\s+codes?)?\s*[:#]?\s*$", re.I)

# What follows a code and hardly ever another number: a second one, a descriptor, a coder's verb.
_SPOKEN_OF = re.compile(
    r"\s?(?:,|/|and|or)\s?\d{5}(?!\d)|\s+\([A-Z][a-z]"
    r"|\s+(?:includes?|describes?|represents?|is an? add-on|"
    r"(?:shall|should|may|must|can|cannot)(?: not)? be (?:reported|billed|used|coded))\b"
)
# Three numbers of this length in a row are codes, no matter what is before them.
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
# A name that is not a procedure, directly before: "CGS 26303", "from Plano 75024".
_NAMED = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]+\s$")
_PROCEDURES = re.compile(
    r"\b(?:MRI|CT|US|FNA|EKG|ECG|EEG|EMG|PET|DXA|DEXA|SLNB|EGD|NCS|PT|OT|ED|ER|OR|NOT|AND|FOR|THE"
    r"|BILL|DENIED|PAID|USE|ADD|WITH|RE|E/M|EM|AMA|Dr|Line|I|We)\s$"
)

_BILLING = ("code", "billing", "policy", "diagnosis", "modifier", "revenue", "payer")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")


class Numbers:
    """Accepts or refuses numbers in the order of the text, and remembers what it refused.

    `excluded` holds the offsets of numbers that are certainly not codes.
    """

    def __init__(self, text: str, cues: Cues, columns: Columns) -> None:
        self._text = text
        self._cues = cues
        self._columns = columns
        self._codes_spoken_of = bool(cues.of("code"))
        self._barred_end = -1
        self._amount_end = -1
        self.excluded: set[int] = set()

    def accept(self, candidate: Candidate, last_end: int) -> bool:
        """Whether the number is a code; the last code of a procedure ended at `last_end`, or -1."""
        if self._listed_with_barred(candidate) or self.barred(candidate):
            return self._bar(candidate)
        if self._columns.kind_at(candidate.start) == "code":
            return True
        if last_end >= 0 and linked(self._text, last_end, candidate.start):
            return True
        within = 2000 if candidate.last is not None else 220
        nearest = self._cues.before(candidate.start, "code", "other", within=within)
        if nearest is not None and nearest.kind == "code":
            return True
        if nearest is not None and self._speaks_for(nearest, candidate):
            return self._bar(candidate)
        if last_end >= 0 and candidate.start - last_end <= _reach(self._text, candidate):
            return True
        if _is_set_as_code(self._text, candidate, codes_spoken_of=self._codes_spoken_of):
            return True
        if self.is_about_billing(candidate, last_end) or not self._is_amount(candidate):
            return True
        self._amount_end = candidate.end
        self.excluded.add(candidate.start)
        return False

    def _bar(self, candidate: Candidate) -> bool:
        self._barred_end = candidate.end
        self.excluded.add(candidate.start)
        return False

    def barred(self, candidate: Candidate) -> bool:
        """Whether a number is certainly something else than a code."""
        before = self._text[max(0, candidate.start - 40) : candidate.start]
        if _SAYS_CODE.search(before):
            return False
        if self._columns.kind_at(candidate.start) not in (None, "code"):
            return True
        after = self._text[candidate.end : candidate.end + 44]
        if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
            return True
        if _AMOUNT.search(before) and not _PRICED.match(after):
            return True
        return "/" in before and in_address(self._text, candidate.start)

    def is_about_billing(self, candidate: Candidate, last_end: int) -> bool:
        """Whether the text round a number, or a code found before it, is about billing."""
        place = candidate.start, candidate.end
        return last_end >= 0 or self._cues.near(*place, *_BILLING, before=1500, after=300)

    def _speaks_for(self, cue: Cue, candidate: Candidate) -> bool:
        """Whether a word for other numbers stands directly before: "ZIP codes served: 45402"."""
        between = self._text[cue.end : candidate.start]
        return len(between) < 20 and not any(map(str.isdigit, between))

    def _is_amount(self, candidate: Candidate) -> bool:
        """Whether it may be one, or follows one in its sentence: "12500 letters; 10180 came"."""
        after_amount = self._amount_end >= 0 and not _SENTENCE_END.search(
            self._text, self._amount_end, candidate.start
        )
        return after_amount or _may_be_amount(self._text, candidate)

    def _listed_with_barred(self, candidate: Candidate) -> bool:
        """Whether it continues a list that is not of codes: "85 FR 72754, 72774" are pages."""
        if not 0 <= self._barred_end < candidate.start <= self._barred_end + 32:
            return False
        joint = _SAME_LIST.fullmatch(self._text, self._barred_end, candidate.start)
        if joint is None:
            return False
        return joint["as"] is None or self._text.startswith(f" {joint['as']} ", candidate.end)


def _reach(text: str, candidate: Candidate) -> int:
    """How far back, in characters, a code vouches for this number: further for a range, and
    for one that opens a line, as in a list with a sentence beside each code."""
    if candidate.last is not None:
        return 2000
    if _SPOKEN_OF.match(text, candidate.end):
        return 900
    before = text[max(0, candidate.start - 12) : candidate.start]
    return 600 if _ITEM.search(before) else 260


def _is_set_as_code(text: str, candidate: Candidate, *, codes_spoken_of: bool) -> bool:
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


def _may_be_amount(text: str, candidate: Candidate) -> bool:
    """Whether it is round, counts a noun, or has a name before it that is not a procedure."""
    before = text[max(0, candidate.start - 32) : candidate.start]
    if _SPOKEN_OF.match(text, candidate.end) or _PRICED.match(text, candidate.end):
        return False
    if candidate.code.endswith("000") or _COUNTED.match(text, candidate.end):
        return True
    if _COUNTING.search(before):
        return True
    return bool(_NAMED.search(before)) and not _PROCEDURES.search(before)
