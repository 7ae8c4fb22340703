"""Whether a five-digit number is a CPT code.

A number that is plainly something else (money, a ZIP code, a count) is never one. A column, a cue
word or a code next to it makes it one; without those, how it stands in its sentence decides.
"""

from __future__ import annotations

import re

from corpus.codes.finding.columns import Columns
from corpus.codes.finding.cues import Cue, Cues
from corpus.codes.finding.lookalikes import (
    AMOUNT,
    NOT_AFTER,
    NOT_BEFORE,
    PRICED,
    SAME_LIST,
    SAYS_CODE,
)
from corpus.codes.finding.standing import in_address, is_set_as_code, linked, may_be_amount, reach
from corpus.codes.finding.tokens import Candidate

_BILLING = ("code", "billing", "policy", "diagnosis", "modifier", "revenue", "payer")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")


class Numbers:
    """Says yes or no to numbers in the order of the text, remembering what it refused.

    `excluded` holds where those start that are no codes whatever is said elsewhere.
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
        if last_end >= 0 and candidate.start - last_end <= reach(self._text, candidate):
            return True
        if is_set_as_code(self._text, candidate, codes_spoken_of=self._codes_spoken_of):
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
        """Whether a number is plainly something else, whatever is said elsewhere."""
        before = self._text[max(0, candidate.start - 40) : candidate.start]
        if SAYS_CODE.search(before):
            return False
        if self._columns.kind_at(candidate.start) not in (None, "code"):
            return True
        after = self._text[candidate.end : candidate.end + 44]
        if NOT_BEFORE.search(before) or NOT_AFTER.match(after):
            return True
        if AMOUNT.search(before) and not PRICED.match(after):
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
        return after_amount or may_be_amount(self._text, candidate)

    def _listed_with_barred(self, candidate: Candidate) -> bool:
        """Whether it continues a list of what is no code: "85 FR 72754, 72774" are both pages."""
        if not 0 <= self._barred_end < candidate.start <= self._barred_end + 32:
            return False
        joint = SAME_LIST.fullmatch(self._text, self._barred_end, candidate.start)
        if joint is None:
            return False
        return joint["as"] is None or self._text.startswith(f" {joint['as']} ", candidate.end)
