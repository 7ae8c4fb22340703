"""A plan's lines of business: commercial, Medicare Advantage, Medicaid. What holds for one of them
holds for no other, though it is the same plan's.

A line that a document does not tell is unknown: it meets and contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from assistant.question.names.payers import PROGRAMS
from assistant.question.words.phrases import Phrases
from assistant.verdict.meeting import Looked
from assistant.verdict.requirements import Kind, Need
from corpus.packs import billing

_COMMERCIAL = "commercial"


def lines_in(text: str) -> dict[str, str]:
    """The lines of business that a text names, each with the words that name it."""
    return {one.value: one.typed for one in _phrases().find(text)}


def of_another_line(question: str, one: Looked, needs: Sequence[Need]) -> Iterator[Need]:
    """What of a line of business a passage is, where the question asks for another line of a plan,
    or for a plan as a whole and the marked words are of one line of it."""
    if not any(need.payer is not None and need.payer.name not in PROGRAMS for need in needs):
        return
    asked = lines_in(question)
    metadata = one.citation.version.metadata
    own = metadata.line_of_business or tuple(lines_in(metadata.title))
    if _COMMERCIAL in asked and own and _COMMERCIAL not in own:
        yield Need(Kind.LINE, " and ".join(own), asked[_COMMERCIAL])
    if asked or len(own) == 1 or one.is_gap:
        return
    marked = " ".join(span.of(one.citation.text) for span in one.citation.highlights)
    told = lines_in(marked)
    if len(told) == 1 and _COMMERCIAL not in told and not set(told) <= set(own):
        [typed] = told.values()
        yield Need(Kind.LINE, typed, "", hard=False)


@cache
def _phrases() -> Phrases[str]:
    entries = billing.table("naming").get("business", ())
    return Phrases([(word, entry["name"]) for entry in entries for word in entry["words"]])
