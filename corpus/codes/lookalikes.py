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
# What does not stand directly before or after a five-digit code.
NOT_BEFORE = re.compile(
    r"(?:[$€£¥]\s?|USD ?|(?<!\d)\d{1,3},|\d\.|[A-Za-z]-|\d[-:]|[=_@&?%~]"
    rf"|(?-i:(?:^|[,\s])(?:{_STATES})\.?,?\s{{1,3}})"
    r"|\b(?:FR|Fed\. Reg\.|Suite|Ste\.?|Box|Room|pages?|pp?\.|ext\.?|extension|phone|fax"
    r"|invoice|account|acct\.?|ticket|docket|transmittal|CR|PMID:?|NPI|lot|serial|form|version|OMB"
    r"|member ID|ID|Apt\.?|population|elevation|tel\.?|IRB"
    r"|spent|earned|caps? at|capped at|enrollment|protocol|plan|grant|percent of|"
    r"zip(?: code)?|postal code|case|checks?|batch|approximately|nearly|roughly|"
    r"almost|(?:more|less|fewer|greater) than|total(?: of)?|around|record|reference"
    r"|mailstop|mail stop|section|"
    r"sec\.|§)"
    r"\s*[:#]?\s*(?:no\.?|number)?\s*"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s\d{1,2},\s*"
    r"|(?<!code )(?<!codes )(?<!CPT )(?<!procedure )\bnumber\s*[:#]?\s*"
    r"|\b(?:charges?|prices?|paid|pays|costs?|fees?(?! schedule)|allowed)\b[^.;,\n]{0,20}"
    r"\b(?:is|was|of|at|=|:)\s*)$",
    re.IGNORECASE,
)
PAGES = re.compile(r"\b(?:FR|Reg\.|[Pp]ages?|pp?\.)\s*$")
NOT_AFTER = re.compile(
    r"(?:,\d{3}(?!\d)|\.\d|%|-\d{4}(?!\d)|[=_@]"
    r"|\s+(?:(?:female|male|adult|new|total|unique|eligible|enrolled|covered|commercial|Medicare"
    r"|low-risk|older|postmenopausal|acute|licensed)\s)?"
    r"(?:patients?|women|men|people|persons?|members?|beneficiaries|claims?|cases|dollars?|"
    r"beds?|hospitals?|employees|lives|units?|samples|feet|miles|square|yards|mg|mL|copies"
    r"|words|pages|hours|days|times|participants|subjects|enrollees|records|facilities|providers"
    r"|physicians|lines|rows|screenings?|mammograms?|visits|admissions|characters|sq"
    r"|sites|columns|seconds|minutes|steps|charts|unique|duplicates?|screened|respondents|"
    r"adults|ft|LLC|Inc|Holdings)\b"
    r"|\s+(?:[NSEW]\.?\s+)?(?:[A-Z][a-z]+\s+){1,3}(?:St|Street|Ave|Avenue|Road|Rd|Blvd|Boulevard"
    r"|Drive|Dr|Lane|Ln|Way|Highway|Hwy|Parkway|Pkwy|Court|Ct|Circle|Plaza|Pike)\b)"
)
SAYS_CODE = re.compile(r"(?<!zip )(?<!postal )\b(?:CPT|HCPCS)®?(?:\s+codes?)?\s*[:#]?\s*$", re.I)
NOT_SECTION = re.compile(
    r"(?:version|ver\.?|\bv\.?|section|sec\.|§|chapter|table|figure|fig\.|appendix|exhibit|form"
    r"|model|part|item|room|suite|build|release)\s*$",
    re.IGNORECASE,
)
