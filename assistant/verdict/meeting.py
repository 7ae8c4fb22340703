"""Checks whether a passage and its document meet what a question names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answer import Citation
from assistant.question.kinds import AskedKind
from assistant.question.names.code_meaning import says_what
from assistant.question.names.identifiers import Identifier, names
from assistant.question.names.naming import Naming
from assistant.question.names.payers import Payer
from assistant.question.names.things import Thing, is_said_above
from assistant.question.words.phrases import holds, plain
from assistant.verdict.requirements import Kind, Need
from assistant.verdict.stating import header_of, states, states_itself
from assistant.verdict.sums import columns_of_money, tells_sum
from corpus.text.dates import names_period, periods, without_days_after, year_ranges
from index.shards.analysis import analyze
from index.versions import Status


@dataclass(frozen=True, slots=True)
class Looked:
    """A citation as the verdict looks at it. `whole` is its text with title, number, payer and
    headings, in plain words; `head` is title and headings alone. `others` are payers whose document
    it is too. `told_of` is the only payer that the beginning of a document of no known payer names;
    `opening` is what the document begins with, which says whose it is and what its tables are
    of."""

    citation: Citation
    whole: str
    head: str
    payer: Payer | None
    others: tuple[Payer, ...] = ()
    told_of: str | None = None
    opening: str = ""

    @property
    def is_gap(self) -> bool:
        return self.citation.version.metadata.kind == "gap"


def look(citation: Citation, naming: Naming, opening: str = "") -> Looked:
    """A citation with its words made plain."""
    metadata = citation.version.metadata
    head = plain(" ".join((metadata.title, *citation.section)))
    rest = " ".join((metadata.number or "", metadata.payer or "", citation.header, citation.text))
    payer = naming.payer_of(metadata.payer) if metadata.payer else None
    others = tuple(filter(None, map(naming.payer_of, metadata.other_payers)))
    whole = f"{head} {plain(rest)}"
    return Looked(citation, whole, head, payer, others, opening=opening)


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
            return _states(passage, need.thing, () if need.thing.soft else codes)
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
        return _names_number(passage, need.identifier)
    if need.kind in (Kind.DAY, Kind.YEAR):
        return _is_of_then(passage, need, on)
    if need.kind is Kind.NUMBER:
        return _has_number(passage, need.name)
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


def _has_number(passage: Looked, number: str) -> bool:
    """Whether a number stands there however it is spelt; of two years only as a span: a list that
    has both is of no such edition."""
    if span := re.fullmatch(r"((?:19|20)\d\d)\W((?:19|20)?\d\d)", number):
        head = (passage.citation.version.metadata.title, *passage.citation.section)
        said = " ".join((*head, passage.citation.text, passage.opening))
        return re.search(rf"{span[1]}\s?[-–—/]\s?(?:\d\d)?{span[2][-2:]}\b", said) is not None
    return _joined(number) in _joined(f"{passage.whole} {plain(passage.opening)}")


def may_hold(citation: Citation) -> bool:
    """Whether a passage may hold: it is no draft, and does not begin later."""
    return citation.status not in (Status.FUTURE, Status.PROPOSED)


def _joined(text: str) -> str:
    return "".join(re.findall(r"\w", text.lower()))


def _is_of_then(passage: Looked, need: Need, on: date) -> bool:
    """Whether a passage speaks of a day or of a year that is asked about, or was in force then."""
    citation = passage.citation
    if need.kind is Kind.DAY:
        return may_hold(citation)
    if not need.typed:
        effective = citation.version.metadata.effective
        return effective is not None or citation.status is not Status.UNDATED
    return _speaks_of_year(passage, int(need.name), on)


def _names_number(passage: Looked, identifier: Identifier) -> bool:
    """Whether a passage, what stands above it, or what its document begins with names a number."""
    citation = passage.citation
    metadata = citation.version.metadata
    head = (metadata.title, metadata.number or "", *citation.section, citation.header)
    return names(" ".join((*head, citation.text, passage.opening)), identifier)


def states_name(passage: Looked, need: Need) -> bool:
    """Whether the marked words, or the heading above them, have a code or a number itself."""
    citation = passage.citation
    marked = " ".join(span.of(citation.text) for span in citation.highlights)
    said = " ".join((*citation.section[-1:], marked))
    if need.identifier is not None:
        return names(said, need.identifier)
    return holds(plain(said), plain(need.name))


def heading_of(passage: Looked) -> str:
    """The heading right above a passage: of a gap, what is not known."""
    return passage.citation.section[-1] if passage.citation.section else ""


def _leaves_open(gap: Looked, asked: str) -> bool:
    """Whether a gap may be of the spans of time that are asked about: what is not known "at ten
    years" says nothing of five. An ordinary passage answers "within 90 days?" by its 120."""
    heading = heading_of(gap)
    return not periods(heading) or names_period(heading, asked)


def _states(passage: Looked, thing: Thing, codes: Sequence[str]) -> bool:
    """Whether a passage states a thing or, of a gap, speaks of it: it says that it is not known."""
    if thing.marked:
        return passage.is_gap or thing.value is None or _is_marked(passage, thing)
    if not passage.is_gap:
        opening = passage.opening
        return states(passage.citation, passage.whole, thing, codes, opening=opening)
    return thing.soft or any(holds(passage.whole, word) for word in (*thing.words, *thing.near))


def proves_itself(passage: Looked, needs: Sequence[Need]) -> bool:
    """Whether a passage states the named thing asked for beside the code: the status indicator of
    0581T in its row, under its own column. That needs no trust in what the words come near to."""
    things = [need.thing for need in needs if need.thing is not None and need.thing.of_code]
    codes = tuple(plain(need.name) for need in needs if need.code is not None)
    above = f"{passage.whole} {passage.opening}"
    return bool(things and codes) and all(
        states_itself(passage.citation, thing, codes, opening=above) for thing in things
    )


def _is_marked(passage: Looked, thing: Thing) -> bool:
    """Whether the marked words have a thing's value, or the heading above has it for them. "Yes."
    answers the heading above it, and the names of its columns speak for a row."""
    citation = passage.citation
    marked = " ".join(span.of(citation.text) for span in citation.highlights)
    value = thing.value
    if value is None or is_said_above(thing, citation.section):
        return True
    if not marked or value.search(marked) or _YES_OR_NO.match(marked):
        return True
    above = (citation.header, *citation.section[-1:]) if " | " in marked else ()
    return value.search(" ".join(above)) is not None


_YES_OR_NO = re.compile(r"(?:yes|no)[.,:;]", re.IGNORECASE)


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
    if asked.about and _is_of_another(citation, asked):
        return False
    near = _near_the_mark(citation)
    if asked.name == "count" and " | " in near:  # a row tells under which column the number stands
        return re.search(r"\d", near) is not None
    if asked.name == "money" and " | " in near:  # an amount in the names of columns is no row's
        return tells_sums(passage, near) or asked.says.search(near) is not None
    return asked.says.search(f"{citation.header}\n{near}") is not None


def _is_of_another(citation: Citation, asked: AskedKind) -> bool:
    """Whether every marked sentence with a value of this kind names nothing that it is asked of: a
    coinsurance of 20 percent at a clinic is no nursing home's. A row stands under the names of its
    columns; a passage that names a code asked about tells of that."""
    if citation.why.codes:
        return False
    marked = [span.of(citation.text) for span in citation.highlights]
    told = [one for one in marked if " | " not in one and asked.says.search(one)]
    return bool(told) and all(asked.about.isdisjoint(analyze(one)) for one in told)


def tells_sums(passage: Looked, text: str) -> bool:
    """Whether rows in a passage's text have amounts of money under their columns."""
    opening = f"{passage.whole} {passage.opening}"
    money = columns_of_money(header_of(passage.citation), opening)
    rows = [line for line in text.splitlines() if " | " in line]
    return any(tells_sum(row, money) for row in rows)


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
    theirs = passage.payer
    if theirs is not None and not (theirs.generic or payer.generic):
        # Another plan's policy may name this one in passing: its marked words have to.
        spans = passage.citation.highlights
        beside = plain(" ".join(span.of(passage.citation.text) for span in spans))
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
    """Whether a passage names a year, alone or in a range of years, or its words were in force
    then; when somebody reviewed or copied them says nothing of it."""
    citation = passage.citation
    metadata = citation.version.metadata
    said = " ".join((metadata.title, *citation.section, citation.header, citation.text))
    said = _LOOKED_THROUGH.sub(" ", said)
    if str(year) in (without_days_after(on, said) if on.year == year else said):
        return True
    if any(first <= year <= last for first, last in year_ranges(citation.text)):
        return True
    term, own = citation.term, _own_years(metadata.title)
    if term.start is None or term.proposed or (own and not own[0] <= year <= own[-1]):
        return False
    ends = (term.end, term.known_until, term.over_by, on)
    return term.start.year <= year <= min(day for day in ends if day is not None).year


def _own_years(title: str) -> list[int]:
    """The years whose edition a document is by its title; one in brackets dates a revision."""
    return sorted(map(int, re.findall(r"\b(?:19|20)\d\d\b", re.sub(r"\([^)]*\)", " ", title))))


_LOOKED_THROUGH = re.compile(
    r"(?:\b(?:next|last|annual|date of) )?\b(?:re-?view(?:ed)?|copyright|\(c\)|retrieved|printed)\b"
    r"(?:\W+(?:date|is|was|on|of|due)\b)*\W{0,3}(?:\w+\W+){0,2}?(?:19|20)\d\d\b"
    r"|[\u00a9]\W*(?:19|20)\d\d\b",
    re.IGNORECASE,
)
