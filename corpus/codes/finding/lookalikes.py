"""What a number is when it is no code: money, a place, a page, a count, a version, an identifier.

Patterns only; each is tried on the few characters before or after a number.
"""

from __future__ import annotations

import re

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
NOT_BEFORE = re.compile(
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
AMOUNT = re.compile(
    r"\b(?:charges?|prices?|paid|pays|costs?|fees?(?! schedule)|allowed)\b[^.;,\n]{0,20}"
    r"\b(?:is|was|of|at|=|:)\s*$"
    r"|\b(?:charges?|prices?|paid|pays|costs?|allowed)\s*[:=]\s*$"
    r"|\b(?:list|contract|unit|net|gross|average|median|mean|total|billed)\s"
    r"(?:price|charge|cost|rate|payment|fee)s?\s*$"
    r"|\b(?:prices?|freight|subtotal|balance|premiums?|salary|budget|payments?|deductible)\s*[:=]?\s*$",
    re.IGNORECASE,
)
PRICED = re.compile(
    r"\s*[|:–-]?\s*(?:x\s?\d+\s+)?(?:paid\s)?\$\s?\d|[ \t|]+\d{1,3}(?:,\d{3})*\.\d\d\b"
)
# Between two amounts of one list: "11719 in Kent, 17000 in Ottawa", "85 FR 72754, 72774".
SAME_LIST = re.compile(r"(?:\s(?P<as>on|in|at|for|a)\s[\w ]{1,20})?(?:,\s?|,?\s(?:and|or)\s)")
NOT_AFTER = re.compile(
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
SAYS_CODE = re.compile(r"(?<!zip )(?<!postal )\b(?:CPT|HCPCS)®?(?:\s+codes?)?\s*[:#]?\s*$", re.I)
NOT_SECTION = re.compile(
    r"(?:version|ver\.?|\bv\.?|section|sec\.|§|chapter|table|figure|fig\.|appendix|exhibit|form"
    r"|model|part|item|room|suite|build|release)\s*$",
    re.IGNORECASE,
)
