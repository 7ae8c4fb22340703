"""Decides by the surrounding text whether something shaped like a code is a code."""

from __future__ import annotations

import re

from corpus.codes.finding.columns import Columns
from corpus.codes.finding.cues import Cues
from corpus.codes.finding.neighbours import NOT_SECTION, in_address, is_modified, linked
from corpus.codes.finding.numbers import Numbers
from corpus.codes.finding.tokens import Candidate
from corpus.codes.systems import CodeSystem

_CATEGORY = re.compile(r"[A-Z]\d\d")
_BARE_HYPHEN = re.compile(r"-\d")
_PROCEDURES = (CodeSystem.CPT, CodeSystem.CATEGORY_III, CodeSystem.HCPCS)


class Judge:
    """Accepts or refuses candidates in the order of the text, and remembers what it accepted."""

    def __init__(self, text: str, cues: Cues, columns: Columns) -> None:
        self._text = text
        self._cues = cues
        self._columns = columns
        self._numbers = Numbers(text, cues, columns)
        self._accepted: dict[CodeSystem, int] = {}
        self._printed_below: dict[str, bool] = {}

    @property
    def excluded(self) -> set[int]:
        """Where the numbers start that are plainly something else."""
        return self._numbers.excluded

    @property
    def _last_end(self) -> int:
        """Where the last procedure code ended; -1 before the first."""
        return max(self._accepted.get(system, -1) for system in _PROCEDURES)

    def accept(self, candidate: Candidate) -> bool:
        """Whether the candidate is a code, by what stands before and shortly after it."""
        if candidate.kind == "number":
            return self._numbers.accept(candidate, self._last_end)
        check = {
            "hcpcs": self._hcpcs,
            "icd": self._dotted,
            "plain": self._plain,
            "slip": self._slip,
            "short": self._short,
            "spaced": self._spaced,
            "pcs": self._pcs,
            "lcd": self._contractor,
            "article": self._contractor,
            "fda": self._fda,
        }.get(candidate.kind)
        return check is None or check(candidate)

    def remember(self, candidate: Candidate) -> None:
        self._accepted[candidate.system] = candidate.end

    def _hcpcs(self, candidate: Candidate) -> bool:
        text, start, end = self._text, candidate.start, candidate.end
        nearest = self._cues.before(start, "code", "diagnosis", "policy", within=90)
        if candidate.system is CodeSystem.ICD10CM:
            return nearest is not None and nearest.kind == "diagnosis"
        if nearest is not None and nearest.kind == "diagnosis" and self._continues_icd(start):
            candidate.system = CodeSystem.ICD10CM
            candidate.code = f"{candidate.code[:3]}.{candidate.code[3:]}"
            return True
        if _BARE_HYPHEN.match(text, end) and not is_modified(text, end):
            return False
        if NOT_SECTION.search(text[max(0, start - 12) : start]) or in_address(text, start):
            return False
        if text[start].islower():
            return nearest is not None and start - nearest.end < 60
        return text[start - 1 : start] not in ("-", ".", "$") or self._cues.near(
            candidate.start, candidate.end, "code", before=60, after=0
        )

    def _continues_icd(self, start: int) -> bool:
        """Whether the word for a diagnosis, or a diagnosis code, opens the list that this is in."""
        cue = self._cues.before(start, "diagnosis", within=32)
        ends = (cue.end if cue else -1, self._accepted.get(CodeSystem.ICD10CM, -1))
        return any(end >= 0 and linked(self._text, end, start) for end in ends)

    def _dotted(self, candidate: Candidate) -> bool:
        text, start = self._text, candidate.start
        if NOT_SECTION.search(text[max(0, start - 12) : start]) or in_address(text, start):
            return False
        if text[start - 1 : start] in ("-", "$", "."):
            return False
        surface = text[start : candidate.end]
        if surface.upper() == surface or self._diagnosis_near(candidate):
            return True
        return (
            len(surface) >= 6
            and surface[0] in "cdnz"
            and self._numbers.is_about_billing(candidate, self._last_end)
        )

    def _plain(self, candidate: Candidate) -> bool:
        if (
            candidate.code in ("A1C", "B12")
            or self._text[candidate.end : candidate.end + 2] == "-0"
        ):
            return False
        if self._columns.kind_at(candidate.start) == "diagnosis":
            return True
        if _CATEGORY.fullmatch(candidate.code) and self._speaks_of(candidate):
            return True
        return self._diagnosis_near(candidate)

    def _speaks_of(self, candidate: Candidate) -> bool:
        """Whether a category (`C50`) is a diagnosis here: the text also prints a code below it, or
        a procedure code or a column of codes stands next to it."""
        if self._columns.kind_at(candidate.start) == "code":
            return True
        code = candidate.code
        if code not in self._printed_below:
            self._printed_below[code] = any(f"{code}.{digit}" in self._text for digit in range(10))
        if self._printed_below[code] and self._text[candidate.end : candidate.end + 1] != "-":
            return True
        return self._last_end >= 0 and candidate.start - self._last_end <= 40

    def _diagnosis_near(self, candidate: Candidate) -> bool:
        last = self._accepted.get(CodeSystem.ICD10CM, -1)
        if last >= 0 and linked(self._text, last, candidate.start):
            return True
        if last >= 0 and candidate.start - last <= 90:
            return True
        return self._cues.near(candidate.start, candidate.end, "diagnosis", before=100, after=24)

    def _slip(self, candidate: Candidate) -> bool:
        if candidate.system is CodeSystem.CATEGORY_III:
            return True
        return self._cues.near(
            candidate.start, candidate.end, "code", before=30, after=12
        ) and not self._numbers.barred(candidate)

    def _spaced(self, candidate: Candidate) -> bool:
        """`0581 T` on one line; broken over two lines only where the text is about billing."""
        surface = self._text[candidate.start : candidate.end]
        if "\n" not in surface and "." not in surface:
            return True
        return self._cues.near(
            candidate.start, candidate.end, "code", "billing", before=80, after=60
        )

    def _short(self, candidate: Candidate) -> bool:
        return self._cues.before(candidate.start, "code", within=3) is not None

    def _pcs(self, candidate: Candidate) -> bool:
        if candidate.system is CodeSystem.ICD10CM:
            return self._plain(candidate)
        return candidate.code.endswith(("Z", "ZX")) or self._cues.near(
            candidate.start, candidate.end, "code", "diagnosis", before=80, after=0
        )

    def _contractor(self, candidate: Candidate) -> bool:
        """LCD and article numbers: by their first digits alone, else by what is said before."""
        number = candidate.code.lstrip("D")
        usual = ("L3", "L4") if candidate.kind == "lcd" else ("A4", "A5", "A6")
        if number.startswith(usual):
            return (
                not in_address(self._text, candidate.start)
                or "-" not in self._text[candidate.start - 1 : candidate.start]
            )
        before = self._text[max(0, candidate.start - 48) : candidate.start]
        return re.search(r"\b(?:LCDs?|LCAs?|articles?|determinations?)\b", before, re.I) is not None

    def _fda(self, candidate: Candidate) -> bool:
        if candidate.code[0] in "KPD":
            return True
        before = self._text[max(0, candidate.start - 40) : candidate.start]
        return re.search(r"\b(?:IDE|HDE|FDA|exemption)\b", before) is not None
