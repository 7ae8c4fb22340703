"""Whether a gap document declares what a question asks for as unknown.

It declares it in its head, `unknown: {things: [...], codes: [...], payers: [...]}`; one that does
not is taken at its headings. On anything else a gap does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.question.names.naming import Naming
from assistant.question.words.phrases import holds, plain
from assistant.verdict.meeting import Looked, heading_of
from assistant.verdict.requirements import Kind, Need
from corpus.text.dates import names_period, periods

_THINGS, _CODES, _PAYERS = "things", "codes", "payers"


def declares(gap: Looked, needs: Sequence[Need], question: str, naming: Naming) -> bool:
    """Whether the gap is of what the question asks for."""
    declared = gap.citation.version.metadata.extra.get("unknown")
    if not isinstance(declared, dict):
        return _by_its_headings(gap, needs, question, naming)
    named = {need.name for need in needs if need.code is not None}
    codes = _list(declared, _CODES)
    if named and codes and named.isdisjoint(codes):
        return False
    if _is_of_another(gap, needs):
        return False
    if payers := _list(declared, _PAYERS):
        return any(need.name in payers for need in needs if need.payer is not None)
    things = _list(declared, _THINGS)
    if not things:
        return bool(named & set(codes))
    asked = {need.name for need in needs if need.thing is not None or need.kind is Kind.TOPIC}
    words = plain(question)
    return any(thing in asked or _speaks_of(words, thing) for thing in things)


def _speaks_of(words: str, thing: str) -> bool:
    """Whether a question has a thing's words, or the name that they begin with (NCCN, SIR)."""
    first, *rest = thing.split()
    return holds(words, plain(thing)) or (
        bool(rest) and first.isupper() and holds(words, plain(first))
    )


def _by_its_headings(gap: Looked, needs: Sequence[Need], question: str, naming: Naming) -> bool:
    metadata = gap.citation.version.metadata
    heading = heading_of(gap)
    if periods(heading) and any(need.kind is Kind.PERIOD for need in needs):
        return names_period(heading, next(n.name for n in needs if n.kind is Kind.PERIOD))
    named = {need.name for need in needs if need.code is not None}
    if named and metadata.codes and named.isdisjoint(metadata.codes):
        return False
    if _is_of_another(gap, needs):
        return False
    title = plain(f"{metadata.title} {heading}")
    asked = [need.thing for need in needs if need.thing is not None and not need.thing.marked]
    if asked:
        return any(holds(title, word) for thing in asked for word in thing.words)
    return not any(naming.things.named_in(f"{metadata.title} {heading}"))


def _is_of_another(gap: Looked, needs: Sequence[Need]) -> bool:
    """Whether the question names a payer, and the gap is of another one."""
    payers = {need.name for need in needs if need.payer is not None}
    return bool(payers) and gap.payer is not None and gap.payer.name not in payers


def _list(declared: dict[str, Any], key: str) -> tuple[str, ...]:
    values = declared.get(key, ())
    return tuple(map(str, values)) if isinstance(values, list) else ()
