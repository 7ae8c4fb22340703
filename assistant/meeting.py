"""Whether a passage, with what is known of its document, meets what a question names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.naming import Attribute, Naming, Payer
from assistant.phrases import holds, plain
from assistant.requirements import Kind, Need


@dataclass(frozen=True, slots=True)
class Looked:
    """A citation as the verdict looks at it. `whole` is its text with title, number, payer and
    headings, in plain words; `head` is title and headings alone."""

    citation: Citation
    whole: str
    head: str
    payer: Payer | None

    @property
    def is_gap(self) -> bool:
        return self.citation.version.metadata.kind == "gap"


def look(citation: Citation, naming: Naming | None) -> Looked:
    """A citation with its words made plain."""
    metadata = citation.version.metadata
    head = plain(" ".join((metadata.title, *citation.section)))
    rest = " ".join((metadata.number or "", metadata.payer or "", citation.header, citation.text))
    payer = naming.payer_of(metadata.payer) if naming and metadata.payer else None
    return Looked(citation, f"{head} {plain(rest)}", head, payer)


def unmet(passage: Looked, needs: Sequence[Need]) -> tuple[Need, ...]:
    """What the passage does not meet, in the order named."""
    by_rule = any(need.payer is not None for need in needs)
    itself = not passage.is_gap and any(need.attribute is not None for need in needs)
    return tuple(
        need for need in needs if not _meets(passage, need, by_rule=by_rule, itself=itself)
    )


def _meets(passage: Looked, need: Need, *, by_rule: bool, itself: bool) -> bool:
    if need.payer is not None:
        return _is_about(passage, need.payer)
    if need.topic is not None:
        return any(holds(passage.whole, word) for word in need.topic.words)
    if need.attribute is not None:
        return has(passage, need.attribute)
    if need.code is not None:
        return _names(passage, need.code[1], by_rule=by_rule, itself=itself)
    if need.kind is Kind.YEAR:
        return need.name in passage.whole or _holds_in(passage, int(need.name))
    return holds(passage.whole, plain(need.name))


def has(passage: Looked, attribute: Attribute) -> bool:
    """Whether a passage has an attribute: its words and, unless a gap says that it is not known,
    the form of a value."""
    if not any(holds(passage.whole, word) for word in attribute.holds):
        return False
    if passage.is_gap or attribute.holds_pattern is None:
        return True
    text = passage.citation.text
    return any(not _is_denied(text, m.start()) for m in attribute.holds_pattern.finditer(text))


_DENIED = re.compile(
    r"\b(no source|not confirmed|not known|was not found|were not found|no longer found|not stated"
    r"|nobody has confirmed|is not listed|outside this library)\b",
    re.IGNORECASE,
)


def _is_denied(text: str, at: int) -> bool:
    """Whether the sentence around a value says that it is not known."""
    start = max(text.rfind(". ", 0, at), text.rfind("\n", 0, at)) + 1
    ends = [end for end in (text.find(". ", at), text.find("\n", at)) if end >= 0]
    return _DENIED.search(text, start, min(ends, default=len(text))) is not None


def _is_about(passage: Looked, payer: Payer) -> bool:
    own = passage.payer
    if own is not None and payer.name in (own.name, own.within):
        return True
    if own is not None and payer.generic and own.line == payer.line:
        return True
    return any(holds(passage.whole, alias) for alias in payer.aliases)


def _names(passage: Looked, code: str, *, by_rule: bool, itself: bool) -> bool:
    """Whether a passage names a code or covers it. The document's own codes count, unless a value
    is asked for (`itself`): that must stand beside the code. A rule on all codes of a kind says
    what a payer does with a code; it does not say what the code is."""
    citation = passage.citation
    metadata = citation.version.metadata
    return (
        code in citation.why.codes
        or any(
            covered.startswith(f"{code} by {'the ' if by_rule else 'the range'}")
            for covered in citation.why.covered
        )
        or (not itself and code in metadata.codes)
        or code == metadata.number
        or holds(passage.whole, plain(code))
    )


def _holds_in(passage: Looked, year: int) -> bool:
    """Whether the document's dates say that it was in force in a year."""
    version = passage.citation.version
    effective, retired = version.metadata.effective, version.metadata.retired
    return effective is not None and effective.year <= year <= (retired or effective).year
