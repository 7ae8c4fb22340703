"""Whether the best passages answer the question, or only come near."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer import Citation, Verdict

_ANSWERED = 0.45  # of the ranking's score
_WEAK = 0.25


def judge(citations: Sequence[Citation]) -> Verdict:
    """The verdict on citations, best first."""
    if not citations or citations[0].score < _WEAK:
        return Verdict.NOT_FOUND
    if citations[0].version.metadata.kind == "gap":
        return Verdict.NOT_FOUND
    return Verdict.ANSWERED if citations[0].score >= _ANSWERED else Verdict.WEAK
