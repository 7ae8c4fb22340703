"""Checks whether a passage and its document meet what a question names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import Citation
from assistant.question.kinds import AskedKind
from assistant.question.names.code_meaning import says_what
from assistant.question.names.identifiers import Identifier, names, names_another
from assistant.question.names.naming import Naming
from assistant.question.names.payers import Payer
from assistant.question.names.things import Thing
from assistant.question.words.phrases import holds, plain
from assistant.verdict.requirements import Kind, Need
from corpus.text.dates import names_period, periods, without_days_after, year_ranges
from index.versions import Status


@dataclass(frozen=True, slots=True)
class Looked:
    """A citation as the verdict looks at it. `whole` is its text with title, number, payer and
    headings, in plain words; `head` is title and headings alone. `others` are payers whose document
    it is too. `told_of` is the only payer that
    the beginning of a document of no known payer names."""

    citation: Citation
    whole: str
    head: str
    payer: Payer | None
    others: tuple[Payer, ...] = ()
    told_of: str | None = None

    @property
    def is_gap(self) -> bool:
        return self.citation.version.metadata.kind == "gap"


def look(citation: Citation, naming: Naming) -> Looked:
    """A citation with its words made plain."""
    metadata = citation.version.metadata
    head = plain(" ".join((metadata.title, *citation.section)))
    rest = " ".join((metadata.number or "", metadata.payer or "", citation.header, citation.text))
    payer = naming.payer_of(metadata.payer) if metadata.payer else None
    others = tuple(filter(None, map(naming.payer_of, metadata.other_payers)))
    return Looked(citation, f"{head} {plain(rest)}", head, payer, others)


def unmet(passage: Looked, needs: Sequence[Need], *, on: date) -> tuple[Need, ...]:
    """What the passage does not meet on a day, in the order named."""
    by_rule = any(need.payer is not None for need in needs)
    values = [need.thing for need in needs if need.thing is not None and need.thing.form]
    itself = not passage.is_gap and any(not thing.soft for thing in values)
    codes = tuple(plain(need.name) for need in needs if need.code is not None)
    of_plans = sum(need.payer is not None for need in needs) > 1
    lines = passage.citation.version.metadata.line_of_business if of_plans else ()

    def meets(need: Need) -> bool:
        if need.payer is not None and need.payer.name in lines:  # "UHC Medicare Advantage"
            return True
        if need.thing is not None:
            return states(passage, need.thing, () if need.thing.soft else codes)
        return _meets(passage, need, by_rule=by_rule, itself=itself, on=on)

    return tuple(need for need in needs if not meets(need))


def _meets(passage: Looked, need: Need, *, by_rule: bool, itself: bool, on: date) -> bool:
    if need.payer is not None:
        return _is_about(passage, need.payer)
    if need.topic is not None:
        return any(holds(passage.whole, word) for word in need.topic.words)
    if need.code is not None:
        return _names(passage, need.code[1], by_rule=by_rule, itself=itself)
    if need.identifier is not None:
        return _agrees_with(passage, need.identifier, nowhere=need.nowhere)
    if need.kind is Kind.YEAR and not need.typed:
        effective = passage.citation.version.metadata.effective
        return effective is not None or passage.citation.status is not Status.UNDATED
    if need.kind is Kind.YEAR:
        return _speaks_of_year(passage, int(need.name), on)
    if need.kind is Kind.PERIOD:
        return not passage.is_gap or _leaves_open(passage, need.name)
    if need.kind is Kind.MEANING:
        citation = passage.citation
        return not passage.is_gap and says_what(
            need.typed, text=citation.text, header=citation.header
        )
    if need.asked is not None:
        return says_kind(passage, need.asked)
    return holds(passage.whole, plain(need.name))


def _agrees_with(passage: Looked, identifier: Identifier, *, nowhere: bool) -> bool:
    """Whether a passage names an identifier or, where some document does, no other of its kind."""
    citation = passage.citation
    metadata = citation.version.metadata
    head = (metadata.title, metadata.number or "", *citation.section, citation.header)
    if names(" ".join((*head, citation.text)), identifier):
        return True
    return not nowhere and not names_another(citation.text, identifier)


def states_name(passage: Looked, need: Need) -> bool:
    """Whether the marked words, or the heading above them, have a code or a number itself."""
    citation = passage.citation
    marked = " ".join(span.of(citation.text) for span in citation.highlights)
    return holds(plain(" ".join((*citation.section[-1:], marked))), plain(need.name))


def heading_of(passage: Looked) -> str:
    """The heading right above a passage: of a gap, what is not known."""
    return passage.citation.section[-1] if passage.citation.section else ""


def _leaves_open(gap: Looked, asked: str) -> bool:
    """Whether a gap may be of the spans of time that are asked about: what is not known "at ten
    years" says nothing of five. An ordinary passage answers "within 90 days?" by its 120."""
    heading = heading_of(gap)
    return not periods(heading) or names_period(heading, asked)


def states(passage: Looked, thing: Thing, codes: Sequence[str] = ()) -> bool:
    """Whether a passage states a thing: its words and, unless a gap says that it is not known, the
    form of its value, in a sentence or row that names one of the codes or under a heading that
    does."""
    said = (*thing.words, *thing.near)
    if not thing.soft and not any(holds(passage.whole, word) for word in said):
        return False
    if passage.is_gap or thing.value is None:
        return True
    citation = passage.citation
    heading = plain(" ".join((citation.header, *citation.section[-1:])))
    named = not codes or any(holds(heading, code) for code in codes)
    told = any(holds(heading, word) for word in said)
    for match in thing.value.finditer(citation.text):
        sentence = _sentence_at(citation.text, match.start())
        if _DENIED.search(sentence):
            continue
        words = plain(sentence)
        if (named or any(holds(words, code) for code in codes)) and (
            told or thing.soft or any(holds(words, word) for word in said)
        ):
            return True
    return False


_DENIED = re.compile(
    r"\b(no source|not confirmed|not known|was not found|were not found|no longer found|not stated"
    r"|nobody has confirmed|is not listed|outside this library|would|presumably"
    r"|means?|where the (?:\w+ )?(?:indicator|status)|if (?:it|the))\b",
    re.IGNORECASE,
)


def _sentence_at(text: str, at: int) -> str:
    """The sentence or row around a place."""
    start = max(text.rfind(". ", 0, at), text.rfind("\n", 0, at)) + 1
    ends = [end for end in (text.find(". ", at), text.find("\n", at)) if end >= 0]
    return text[start : min(ends, default=len(text))]


def says_unknown(passage: Looked) -> bool:
    """Whether the sentence marked as the answer says that the answer is not known."""
    text = passage.citation.text
    marked = [span.of(text) for span in passage.citation.highlights]
    if any(" | " in one for one in marked):
        return any(_OPEN_CELL.search(one) for one in marked)
    told = [one for one in marked if len(one.split()) >= _A_SENTENCE]
    return bool(told) and _UNKNOWN.search(told[0]) is not None


_A_SENTENCE = 5  # words; "Not confirmed." alone may stand before what is
_UNKNOWN = re.compile(
    r"\b(does not know|do not know|not known|(was|were|is) not (visible|confirmed|seen|found)"
    r"|cut off|library holds no|no source read (?:states|says|gives|addresses|lists|tells))\b",
    re.IGNORECASE,
)
_OPEN_CELL = re.compile(r"\| ?(?:not (?:found|confirmed|known)|unknown)\b(?: \||$)", re.IGNORECASE)


def says_kind(passage: Looked, asked: AskedKind) -> bool:
    """Whether a passage says a thing of the general kind asked for, near its marked sentence."""
    citation = passage.citation
    if asked.name == "who":
        return asked.says.search(f"{citation.header}\n{citation.text}") is not None
    near = _near_the_mark(citation)
    if asked.name == "count" and " | " in near:  # a row tells under which column the number stands
        return re.search(r"\d", near) is not None
    return asked.says.search(f"{citation.header}\n{near}") is not None


def _near_the_mark(citation: Citation) -> str:
    """The text around what is marked; for a table row, the row alone."""
    spans, text = citation.highlights, citation.text
    if not spans:
        return text
    marked = text[spans[0].start : spans[-1].end]
    if " | " in marked:
        return marked
    return text[max(0, spans[0].start - _NEARBY) : spans[-1].end + _NEARBY]


_NEARBY = 250  # characters around the marked sentence in which a thing may stand


def _is_about(passage: Looked, payer: Payer) -> bool:
    for own in (passage.payer, *passage.others):
        if own is not None and payer.name in (own.name, own.within):
            return True
        if own is not None and payer.generic and own.line == payer.line:
            return True
    if passage.payer is None and passage.told_of == payer.name:
        return True
    if any(holds(passage.head, alias) for alias in payer.aliases):
        return True
    marked = _near_the_mark(passage.citation) if passage.citation.highlights else ""
    beside = plain(marked) if " | " in marked else passage.whole  # another row is another payer's
    return any(holds(beside, alias) for alias in payer.aliases)


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


def _speaks_of_year(passage: Looked, year: int, on: date) -> bool:
    """Whether a passage names a year, alone or in a range of years, or its document was in force
    then; one without a date holds for this year."""
    citation = passage.citation
    metadata = citation.version.metadata
    said = " ".join((metadata.title, *citation.section, citation.header, citation.text))
    if str(year) in (without_days_after(on, said) if on.year == year else said):
        return True
    if any(first <= year <= last for first, last in year_ranges(citation.text)):
        return True
    if metadata.effective is None:
        return False
    last = min(day for day in (metadata.retired, metadata.copy_of, on) if day is not None)
    return metadata.effective.year <= year <= last.year
