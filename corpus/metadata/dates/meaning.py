"""What a date says of a document, and the labels in front of it that tell.

The first alternative that matches decides. Strength 3 is a label that leaves no doubt, 1 is one
that counts only where nothing better is there. A label of `OTHER` takes its date away from every
other reading: a birth, a signature, the version before this one.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Meaning(StrEnum):
    """What a date says of the document that prints it."""

    EFFECTIVE = "effective"
    ORIGINAL = "original"  # when the first version came into force
    ISSUED = "issued"
    REVISED = "revised"
    CHANGED = "changed"  # by a change with a number of its own; nobody looked through the whole
    REVIEWED = "reviewed"
    NEXT_REVIEW = "next_review"
    IMPLEMENTED = "implemented"  # by when contractors had to do it; not when it is in force
    PROPOSED = "proposed"  # from when it may be in force, should it be adopted
    COMMENT = "comment"
    APPROVED = "approved"
    RETIRED = "retired"
    RETRIEVED = "retrieved"
    OTHER = "other"


POLICY = (
    r"(?:(?:medical|coverage|clinical|payment|reimbursement|billing|corporate|interim)\s+){0,3}"
    r"(?:policy|document|guideline|article|bulletin|LCD|NCD|version|manual|rule|notice|chapter"
    r"|determination|edition|regulations?|requirements?|changes?|exhibit|amendment|addendum|memo"
    r"|schedule|agreement|attachment|appendix)"
)
_DATE = r"(?:\s+dates?)?"
_ON = r"(?:\s+(?:on|as\s+of|since|from|effective))?"

_LABELS: tuple[tuple[Meaning, int, str], ...] = (
    # Plans, and what is not of this version.
    (
        Meaning.NEXT_REVIEW,
        3,
        r"(?:next|future|upcoming|scheduled|next\s+scheduled|due\s+for)\s+(?:\w+\s+)?review"
        r"(?:\s+date|\s+due)?(?:\s+by)?|review\s+due(?:\s+by|\s+date)?|to\s+be\s+reviewed\s+by",
    ),
    (
        Meaning.COMMENT,
        3,
        r"(?:public\s+)?comments?\s+(?:period(?:\s+(?:start|end|begin|open|close)s?)?|start|end"
        r"|due|deadline|closes?)"
        + _DATE
        + r"|comments\s+must\s+be\s+received\s+(?:by|no\s+later\s+than)",
    ),
    (Meaning.OTHER, 0, r"related\s+\w+\s+(?:release|transmittal)" + _DATE),
    (Meaning.OTHER, 0, r"notice\s+period\s+(?:start|end)" + _DATE),
    (
        Meaning.PROPOSED,
        3,
        r"(?:proposed|tentative|anticipated|expected|planned|projected|target(?:ed)?|draft)\s+"
        r"(?:effective|implementation|start|adoption)" + _DATE,
    ),
    (
        Meaning.OTHER,
        0,
        r"(?:prior|previous|former|old|last|earlier)(?:\s+(?:policy|version|revision))?\s+effective"
        + _DATE
        + r"|(?:replace[sd]?|supersede[sd]?)\s+(?:version\s+)?(?:effective|dated)"
        + _DATE,
    ),
    (
        Meaning.OTHER,
        0,
        r"annual\s+review" + _DATE + r"|(?:birth|print(?:ed)?|service|admission|discharge"
        r"|signature|signed|claims?|received|paid|payment|check|run|due|hire)\s+date"
        r"|date\s+(?:of\s+(?:birth|service|admission|discharge|signature)|printed|signed|received)"
        r"|retroactive(?:\s+to)?|copyright|signed",
    ),
    (
        Meaning.OTHER,
        0,
        r"(?:(?:last|latest)\s+)?(?:\w+\s+)?(?:committee|board|medical\s+director)"
        r"(?:\s+(?:approval|approved|adoption|adopted|review(?:ed)?))"
        + _DATE
        + _ON
        + r"|(?:adopt(?:ion|ed)|ratified)(?:\s+by\s+\w+)?"
        + _DATE
        + _ON,
    ),
    (Meaning.APPROVED, 0, r"approv(?:al|ed)(?:\s+by\s+\w+)?" + _DATE + _ON),
    # When it began.
    (
        Meaning.ORIGINAL,
        1,
        r"(?:original(?:ly)?|initial(?:ly)?|first)\s+(?:" + POLICY + r"\s+)?effective" + _DATE,
    ),
    (
        Meaning.OTHER,
        0,
        r"(?:original(?:ly)?|initial(?:ly)?|first)\s+"
        r"(?:issued?|publi(?:shed|cation)|approv(?:al|ed)|creat(?:ion|ed)|adopt(?:ion|ed))" + _DATE,
    ),
    (
        Meaning.OTHER,
        0,
        r"(?:origination|inception)" + _DATE + r"|date\s+of\s+origin|policy\s+created",
    ),
    (Meaning.IMPLEMENTED, 3, r"implementation" + _DATE + r"|implemented(?:\s+on)?"),
    (
        Meaning.EFFECTIVE,
        3,
        r"not\s+(?:be\s+)?(?:effective|in\s+(?:effect|force))\s+(?:until|before|prior\s+to)",
    ),
    (
        Meaning.OTHER,  # "revision effective ..." below is of this version; its end is not a label
        0,
        r"revision\s+ending" + _DATE,
    ),
    (
        Meaning.RETIRED,
        3,
        r"(?:effective|valid)\s+(?:through|thru|until|to)"
        r"|(?:effective\s+)?end(?:ing|s)?\s+(?:effective\s+)?date(?:\s+of\s+this\s+version)?",
    ),
    (
        Meaning.RETIRED,
        3,
        r"(?:date\s+)?(?:retired|archived|withdrawn|terminated|superseded|expired|discontinued)"
        r"(?:\s+date|\s+effective|\s+on|\s+as\s+of|\s+since)?",
    ),
    (
        Meaning.RETIRED,
        3,
        r"(?:retirement|archive|termination|term|expiration|expiry|sunset)\s+date"
        r"|(?:expires|sunsets|no\s+longer\s+(?:effective|in\s+(?:effect|force)))" + _ON,
    ),
    (
        Meaning.EFFECTIVE,
        3,
        r"(?:current|latest|policy|revision|revised|version|new|updated|restated|amended)\s+"
        r"(?:effective\s+date|effective|eff\.?\s+date)",
    ),
    (
        Meaning.EFFECTIVE,
        3,
        r"(?:effective\s+(?:date|on|as\s+of|from|since|starting|beginning)|eff\.?\s+date"
        r"|date\s+effective)(?:\s+of\s+(?:this\s+)?" + POLICY + r")?",
    ),
    (
        Meaning.EFFECTIVE,
        2,
        r"(?:(?:fee\s+)?schedules?|rates?|fees|pricing|prices|limits?|changes?|updates?|edits?|revisions|amendments)\s+"
        r"(?:(?:are|is|will\s+be)\s+)?effective(?:\s+date|\s+on|\s+as\s+of)?"
        r"|(?:valid|applies|apply|applicable)\s+(?:from|since|as\s+of)|eff(?=\s*:|\s+\d)"
        r"|g(?:ü|ue)ltig\s+(?:ab|seit)|in\s+kraft\s+(?:ab|seit)"
        r"|en\s+vigueur\s+(?:le|depuis(?:\s+le)?|à\s+compter\s+du)|vigente\s+desde",
    ),
    (
        Meaning.EFFECTIVE,
        2,
        # The span that a schedule is for: "Rates for the period October 1, 2026 to ...".
        r"(?:rates|fees|prices|schedule)\s+for\s+the\s+(?:\w+\s+)?period(?:\s+of)?"
        r"|(?:rate|contract|fee|effective|validity)\s+period|(?:plan|benefit|contract)\s+year(?=\s+[A-Z])"
        r"|term(?=\s*:)|term\s+of\s+(?:this|the)\s+" + POLICY + r"|in\s+use\s+(?:from|since)"
        r"|(?:policy|schedule|rate)\s+start\s+date|first\s+day\s+in\s+force"
        r"|in\s+(?:effect|force)(?:\s+(?:from|since|as\s+of)|(?=\s+\d))"
        r"|(?:takes?|goes|go)\s+(?:in(?:to)?\s+)?effect(?:\s+on)?|effective|eff\.",
    ),
    (
        Meaning.REVIEWED,
        3,
        r"(?:date\s+of\s+)?(?:last|latest|most\s+recent)\s+(?:\w+\s+)?review(?:ed)?"
        r"(?:\s+date|\s+on)?",
    ),
    (Meaning.REVIEWED, 2, r"(?:policy\s+)?review(?:ed)?(?:\s+date|\s+on)|(?:policy\s+)?reviewed"),
    (
        Meaning.REVISED,
        1,
        r"(?:last\s+|latest\s+|date\s+)?(?:revis(?:ed|ions?)|updated?|modified|amended)"
        r"(?:\s+dates?|\s+on|\s+as\s+of)?|rev\.?(?=\s+\d)",
    ),
    (
        Meaning.RETRIEVED,
        3,
        r"(?:date\s+)?(?:last\s+)?(?:retrieved|accessed|downloaded)(?:\s+on|\s+date)?",
    ),
    (
        Meaning.ISSUED,
        2,
        r"(?:date\s+(?:of\s+)?)?(?:issued?|publi(?:cation|sh(?:ed)?)|released?|posted|sent)"
        r"(?:\s+date|\s+on)?|date\s+of\s+(?:issue|publication)",
    ),
    (
        Meaning.EFFECTIVE,
        1,
        r"for(?=\s+(?:dates?\s+of\s+service|services|claims)\b[^.\n]{0,40}"
        r"\b(?:on\s+(?:or|and)\s+after|beginning|starting))",
    ),
    (
        Meaning.EFFECTIVE,
        1,
        r"(?:applies|apply)(?=\s+to\s+(?:all\s+)?(?:dates?\s+of\s+service|services|claims"
        r"|discharges|admissions)\b[^.\n]{0,40}\bon\s+(?:or|and)\s+after)",
    ),
    (Meaning.ISSUED, 2, r"transmittal\s+\d+\s+date"),
    (Meaning.ISSUED, 1, r"date(?=[ \t]*:)"),
)

_IN_ITS_LINE = r"[^\S\n]"  # "Payment Policy" over "Effective ..." is no label "policy effective"
LABEL = re.compile(
    "(?<![A-Za-z])(?:"
    + "|".join(
        f"(?P<label{number}>{words.replace(chr(92) + 's', _IN_ITS_LINE)})"
        for number, (_, _, words) in enumerate(_LABELS)
    )
    + ")(?![A-Za-z])",
    re.IGNORECASE,
)
"""Any label; `meaning_of` says what it means."""


_LAST_DAY = re.compile(
    r"\b(?:through|thru|until|to)$|\bterm\s|\bend(?:ing|s)?\s+(?:effective\s+)?date|\bexpir",
    re.IGNORECASE,
)


def is_last_day(label: re.Match[str]) -> bool:
    """Whether what stands behind a label is the last day in force: "effective through ..."."""
    return meaning_of(label)[0] is Meaning.RETIRED and _LAST_DAY.search(label.group()) is not None


def meaning_of(label: re.Match[str]) -> tuple[Meaning, int]:
    """The meaning and the strength of a match of LABEL."""
    meaning, strength, _ = _LABELS[int((label.lastgroup or "label0")[5:])]
    return meaning, strength
