"""Names of bodies that nobody listed, told by their form: "... Health Plan", "... Hospital"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.metadata.identity.names import Body, Named

STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia"
    "|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts"
    "|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey"
    "|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania"
    "|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
    "|West Virginia|Wisconsin|Wyoming|Puerto Rico"
)
_W = r"(?:[A-ZÄÖÜ][\w’'.-]*|(?<=Local )\d{1,4})"
_BEFORE = rf"(?:{_W}(?:\s+(?:of|and|the|for|&))?\s+){{1,5}}"
_AFTER = rf"(?:\s+of(?:\s+the)?(?:\s+{_W}){{1,3}}(?:\s+and\s+{_W})?)"
# What a name goes on with: "Health Plan of Kansas", "State Health Plan for Public Employees".
_WHOSE = (
    rf"(?:\s+of\s+(?:(?:Greater|Northern|Southern|Eastern|Western|Central)\s+)?(?:{STATES})"
    rf"|\s+for\s+(?:{_W}\s+(?:and\s+)?){{0,3}}(?:Employees|Teachers|Retirees))?"
)
_BLUE = r"Blue\s?Cross(?:(?:\s+and|\s*&|\s*/)?\s+Blue\s?Shield)?|Blue\s?Shield"
# Each is tried in order; the first that matches at a place tells the role.
_FORMS = (
    ("payer", rf"(?:{_W}\s+)?(?:{_BLUE})\s+(?:of\s+)(?:the\s+)?{_W}(?:\s+{_W}){{0,3}}"),
    ("payer", rf"(?:(?:{STATES})\s+)(?:{_BLUE})"),
    (
        "payer",
        rf"(?:(?:{STATES})\s+)(?:State\s+)?Workers[’']?\s+Compensation"
        r"(?:\s+(?:Division|Board|Commission|Fund|Bureau))?",
    ),
    (
        "agency",
        rf"(?:{STATES})\s+(?:Department|department|Division|Office|Bureau)\s+(?:of|for)\s+[Mm]edicaid(?:\s+Services)?",
    ),
    (
        "agency",
        rf"(?:{STATES})\s+(?:State\s+)?(?:Medicaid|Medical Assistance)(?:\s+(?:Program|Agency))?",
    ),
    ("agency", rf"(?:{_W}\s+){{1,2}}State\s+Medicaid(?:\s+(?:Program|Agency))?"),
    ("agency", rf"(?:{STATES})\s+Health\s+Coverage\s+Programs?"),
    (
        "payer",
        _BEFORE + r"(?:(?:Health|Benefits?)\s+Plan\s+(?:Trust|Fund)"
        rf"|(?:(?:Health|Dental|Vision)\s+Plan|HealthPlan|HMO){_WHOSE}|Health\s?Plans?"
        rf"|Plan\s+of\s+(?:{STATES})"
        r"|Community\s+Plan(?:\s+of\s+[A-Z]\w+)?|Health\s+Care\s+Plan"
        r"|(?:Health\s+|Life\s+)?(?:Insurance|Assurance)\s+(?:Company|Corporation|Group|Trust|Fund"
        r"|Limited|Services(?:\s+Limited)?)"
        r"|Mutual\s+(?:Insurance|Benefit)(?:\s+(?:Company|Association))?"
        r"|Mutual(?!\s+(?!(?:Medical|Clinical|Coverage|Reimbursement|Payment|Provider|Polic|Inc\b))[A-Z])"
        r"|(?:(?:Benefits?|Plan|Claims?|Health)\s+)?Administrators"
        r"|(?:Employe(?:es?|rs?)|Teachers)[’']?\s+(?:(?:Health|Benefits?|Welfare)\s+)?(?:Trust|Fund)"
        r"|(?:Health|Benefits?)\s+(?:Trust|Fund|Cooperative|Alliance|Advantage|Insurance|Assurance)"
        r"|Welfare\s+Fund|(?:Dental|Vision)\s+(?:Insurance|Benefits?))",
    ),
    (
        "payer",
        r"(?:[A-ZÄÖÜ][\wäöüß-]+\s+){1,3}(?:Krankenversicherung|Versicherung(?:en)?)(?:\s+AG)?"
        r"|AOK(?:\s+[A-ZÄÖÜ][\wäöüß-]*)?|(?:[A-ZÄÖÜ][\wäöüß-]+\s+){1,3}(?:Krankenkasse|Ersatzkasse)",
    ),
    (
        "provider",
        _BEFORE + r"(?:Hospitals?|Medical\s+Center|Health\s+System|Healthcare\s+System|Clinic"
        r"|Medical\s+Group|Physicians\s+Group)",
    ),
    ("other", rf"(?:{STATES})\s+(?:Industrial|Labor|Workers[’']\s+Compensation)\s+Commission"),
    ("other", rf"(?:U\.S\.\s+|{_W}\s+)?(?:Department|Ministry|Commonwealth|Division){_AFTER}"),
    (
        "other",
        _BEFORE
        + rf"(?:School\s+District|(?:Institute|Association|Society|College|University){_AFTER}?)",
    ),
)
_ANY = re.compile(
    "(?:" + "|".join(f"(?P<f{at}>{form})" for at, (_, form) in enumerate(_FORMS)) + r")(?!\w)"
)
_AND = re.compile(r"\s+(?:and|&)\s+")  # "Lake Health Plan and Harbor Insurance Company" are two
# A line that ends so is a body's name, whatever stands before it.
_ENDS_AS_BODY = re.compile(
    r"\b(?:Health\s?Plans?|Insurance\s+Company|HMO|Administrators|Medical\s+Center|Health\s+System"
    r"|Health\s+(?:Network|Partners|Alliance|Cooperative)|(?:Medical|Physicians)\s+Group|Healthcare"
    r"|(?:Health|Welfare|Benefits?)\s+(?:Trust|Fund)|Mutual|Hospital|Division|,?\s(?:Inc|LLC|Corp|Ltd|AG)\.?)$",
    re.IGNORECASE,
)
# A word of every form: most pieces of a text hold none, and are not looked at.
_HINT = re.compile(
    r"Plan|HMO|Blue|Commission|Teachers|Employe|Insurance|Assurance|Mutual|Admin|Medicaid|Medical|Health|Trust|Fund|AOK|kasse"
    r"|Hospital|Clinic|Group|Department|Ministry|Commonwealth|Division|School|Institute|Assoc|Society"
    r"|Univers|Alliance|Compensation|versicherung",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[|•·;\t]\s*|\s+[–—-]\s+|\s*[:,()®™©]\s*|(?<!\bSt)\.\s+")
# Words that begin a sentence or a title, not a name.
_LEADING = re.compile(
    r"^(?:(?:The|This|These|That|If|For|Contact|When|In|All|Our|Your|Some|Most|Each|Certain|Other"
    r"|An?"
    r"|To|By|From|At|On|Of|And|Or|With|As|Is|Its|See|Call|Use|Any|No|Copyright|About|Welcome|Dear"
    r"|Member|Members|Provider|Providers|Medical|Clinical|Policy|Policies|Between|Under|Only"
    r"|Corporate|Reimbursement|Payment|Coverage|Published|Prepared|Notice|Source|Page|Administered"
    r"|Refer|Both|Every|Many|Not|Please|Because|While|Where|After|Before|Since|Effective|Beginning"
    r"|Subject|Title|Re|RE|Questions|Group|Commercial|Individual|Medicare|Medicaid"
    r"|(?:19|20)\d\d)\s+)+"
)
_TAIL = re.compile(
    r"(?:\s+(?:Medical|Clinical|Policy|Provider|Payment|Reimbursement|Corporate|Will"
    r"|Manual|Inc|LLC|An|A|The|Contains|Is|Utilization|Bulletin|Companion))+\b.*$"
)
_BARE = re.compile(
    r"(?:(?:Your|Their|The|Health|Benefit|Insurance|Group|Managed|Care|Commercial|Individual|State"
    r"|Family|Employee|Public|Private|Qualified|Affordable|National|Local|Medicare|Advantage"
    r"|Medicaid"
    r"|Inpatient|Outpatient|Participating|Contracted|Acute|Ambulatory|Critical|Access|Hospitals?"
    r"|Surgical|Clinic|Center|Specialty|Network|Rural|Psychiatric|Rehabilitation|Children[’']s"
    r"|Company|Plan|Plans|Member|Members|General|University|Community|and|of)\s*)+"
)


def begins_name(word: str) -> bool:
    """Whether a capitalised word may begin a name: it is none that begins sentences or titles."""
    return word[:1].isupper() and _LEADING.match(f"{word} ") is None


def ends_as_body(line: str) -> bool:
    """Whether a line of capitalised words ends as the name of a body does."""
    words = re.findall(r"[^\W\d_][\w’'.-]*", line)
    capitals = all(word[0].isupper() or word in ("of", "and", "the", "for") for word in words)
    return 1 < len(words) < 9 and capitals and _ENDS_AS_BODY.search(line.strip()) is not None


def find_forms(text: str) -> Iterator[Named]:
    """Names by their form, none across a bar, a colon, a comma or a sentence's end."""
    place = 0
    for part in [*_PARTS.finditer(text), None]:
        end = part.start() if part else len(text)
        yield from _in_part(text, place, end)
        place = part.end() if part else end


def in_words(shouted: str) -> str:
    """A name in capitals as it is written elsewhere; letter for letter as long."""
    name = re.sub(r"[’'](S)\b", lambda found: found.group().lower(), shouted.title())
    name = re.sub(r"\b(?:Of|And|The|For)\b", lambda found: found.group().lower(), name)
    name = re.sub(r"\b(?:Hmo|Ppo|Llc|Aok|Ag)\b", lambda found: found.group().upper(), name)
    return name[:1].upper() + name[1:]


def _in_part(text: str, start: int, end: int) -> Iterator[Named]:
    piece = text[start:end]
    if not _HINT.search(piece):
        return
    if piece.isupper():
        piece = in_words(piece)
    for found in _ANY.finditer(piece):
        joined = _AND.search(found.group())
        if joined and _ANY.fullmatch(found.group()[: joined.start()]):
            between = start + found.start() + joined.start()
            yield from _in_part(text, start + found.start(), between)
            yield from _in_part(text, start + found.start() + joined.end(), start + found.end())
            continue
        name = found.group()
        lead = _LEADING.match(name)
        begin = found.start() + (lead.end() if lead else 0)
        role = _FORMS[int((found.lastgroup or "f0")[1:])][0]
        name = name[lead.end() if lead else 0 :]
        name = " ".join((name if role == "provider" else _TAIL.sub("", name)).split()).rstrip(".")
        if len(name.split()) < 2 and not name.startswith(("AOK", "Blue")):
            continue
        if _BARE.fullmatch(name):
            continue
        place = re.match(STATES, name) if role == "agency" else None
        body = Body(name, role, listed=False, place=place.group() if place else None)
        yield Named(body, start + begin, start + found.end())
