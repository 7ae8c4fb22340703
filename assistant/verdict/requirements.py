"""Collects what a question names: each of these an answer must meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.question.kinds import AskedKind, kinds_asked
from assistant.question.names.beside import stands_beside
from assistant.question.names.identifiers import Identifier, identifiers_in
from assistant.question.names.naming import Naming, Topic
from assistant.question.names.payers import Payer
from assistant.question.names.things import Thing
from assistant.question.understand import Code, Understood
from assistant.question.words.phrases import plain
from corpus.codes import CodeSystem, codes_in_question
from corpus.text.dates import periods


class Kind(StrEnum):
    """What kind of thing a question names."""

    PAYER = "payer"
    CODE = "code"
    IDENTIFIER = "identifier"
    TOPIC = "topic"
    THING = "thing"
    DECISION = "decision"
    ASKED = "asked"
    YEAR = "year"
    DAY = "day"
    NUMBER = "number"
    ROW = "row"
    LINE = "line"
    CONTENT = "content"
    MEANING = "meaning"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a question names. `typed` is how; at most one of the others says what.

    `hard`: a passage that does not meet it does not answer. Otherwise it is a weak answer.
    `nowhere`: an identifier that no document names.
    """

    kind: Kind
    name: str
    typed: str
    hard: bool = True
    payer: Payer | None = None
    topic: Topic | None = None
    code: Code | None = None
    thing: Thing | None = None
    asked: AskedKind | None = None
    identifier: Identifier | None = None
    nowhere: bool = False


def requirements(understood: Understood, naming: Naming) -> tuple[Need, ...]:
    """What a question names."""
    question = understood.query.free
    needs = [
        Need(Kind.CODE, code, code, code=(system, code))
        for system, code in understood.codes
        if system not in _SOFT_SYSTEMS
    ]
    identifiers = identifiers_in(question)
    needs = _other_than([*needs, *_bare_codes(question)], identifiers)
    needs += [Need(Kind.IDENTIFIER, one.name, one.typed, identifier=one) for one in identifiers]
    needs = _without_what_stands_beside(needs, question)
    payers = naming.payers_in(question, asked=True)
    needs += [Need(Kind.PAYER, payer.name, typed, payer=payer) for payer, typed in payers]
    needs = _named(question, naming, needs)
    needs += asked_for(understood, naming)
    needs += [Need(Kind.YEAR, year, year, hard=False) for year in _YEAR.findall(question)]
    needs += _other_numbers(question, needs)
    if spans := periods(question):
        name = " and ".join(f"{number} {unit}" for number, unit in sorted(spans))
        needs.append(Need(Kind.PERIOD, name, name))
    if understood.alone is not None:
        code = understood.alone
        needs.append(Need(Kind.MEANING, f"what {code} is", code, hard=False))
    if any(need.topic is not None for need in needs):
        needs = [of_anything(need) for need in needs]
    return tuple(dict.fromkeys(needs))


def of_anything(need: Need) -> Need:
    """A value asked of a trial or an organ, which is compared by itself, wherever it is named."""
    if need.asked is None or not need.asked.about:
        return need
    return replace(need, asked=replace(need.asked, about=frozenset()))


def _other_numbers(question: str, needs: Sequence[Need]) -> list[Need]:
    """The numbers that name something of no known kind: "the 787 battery", "438.608(a)(8)". A
    patient's own are no subject."""
    named = (need for need in needs if need.asked is None and need.thing is None)
    told = [_joined(need.typed) for need in named]
    typed = dict.fromkeys(
        found["number"]
        for found in _NUMBER.finditer(question)
        if not (_OF_A_PERSON.search(question, 0, found.start()) or _LONG.fullmatch(found["number"]))
    )
    return [
        Need(Kind.NUMBER, number, number, hard=False)
        for number in typed
        if not stands_beside(number, question)
        and not any(one in _joined(number) or _joined(number) in one for one in told)
    ]


def asked_for(understood: Understood, naming: Naming, *, of_code: bool = False) -> list[Need]:
    """The things and the general kinds of thing that a question asks for; with `of_code` of a code
    that stands elsewhere."""
    question = understood.query.free
    also = {widening.typed.lower(): widening.added for widening in understood.widened}
    kinds = tuple(kinds_asked(question, also))
    terms = (one.added[0] for one in understood.widened if not one.is_code)
    found = naming.things.asked_in(" | ".join((question, *terms)), kinds, of_code=of_code)
    # A decision is asked for by the question's own words: an NCD is a "coverage determination".
    things = [(thing, typed) for thing, typed in found if not thing.marked or typed in question]
    valued = [thing for thing, _ in things if not thing.marked]
    told = {thing.kind for thing in valued} | ({"code"} if valued else set())
    return [
        *(Need(_kind(t), t.name, typed, hard=not t.soft, thing=t) for t, typed in things),
        *(
            Need(Kind.ASKED, one.name, one.typed, hard=False, asked=one)
            for one in kinds
            if one.name not in told
        ),
    ]


def _kind(thing: Thing) -> Kind:
    return Kind.DECISION if thing.marked else Kind.THING


def _named(question: str, naming: Naming, needs: list[Need]) -> list[Need]:
    """The needs with the organs, societies, trials and places that a question names."""
    payers = [need for need in needs if need.payer is not None]
    generic = any(need.payer is not None and need.payer.generic for need in payers)
    inside = " ".join(plain(need.typed) for need in payers)
    topics = naming.topics_in(question)
    names = {plain(typed) for _, typed in topics}  # trial Z1072 is no diagnosis Z10.72
    needs = [need for need in needs if _joined(need.name) not in names]
    for topic, typed in topics:
        place = topic.kind == "place"
        if not place or plain(typed) not in inside:
            hard = generic or not place
            needs.append(Need(Kind.TOPIC, topic.name, typed, hard=hard, topic=topic))
    return needs


def _without_what_stands_beside(needs: list[Need], question: str) -> list[Need]:
    """The needs without the numbers that stand beside the question: "we billed 76642 last week,
    does Highmark cover 0581T?" """
    return [need for need in needs if not stands_beside(need.typed, question)]


def _other_than(codes: Sequence[Need], identifiers: Sequence[Identifier]) -> list[Need]:
    """The codes that are no identifier read anew: remark code N706 is no diagnosis N70.6."""
    typed = [_joined(identifier.typed) for identifier in identifiers]
    return [code for code in codes if not any(one.endswith(_joined(code.name)) for one in typed)]


def _joined(text: str) -> str:
    return plain(text).replace(" ", "")


def _bare_codes(question: str) -> list[Need]:
    """Five digits are a code in a question to a library of policies, even without a word for it."""
    if not _FIVE_DIGITS.search(question):
        return []
    return [
        Need(Kind.CODE, one.code, one.code, code=(one.system, one.code))
        for one in codes_in_question(question)
        if one.system is CodeSystem.CPT and not one.probable
    ]


def misspelled_payers(
    words: Iterable[str], naming: Naming, needs: Sequence[Need]
) -> tuple[Need, ...]:
    """Payers whose names are one slip away from words that the library does not know."""
    named = {need.name for need in needs}
    found = []
    for word in words:
        payer = naming.payer_like(word.casefold())
        if payer is not None and payer.name not in named:
            found.append(Need(Kind.PAYER, payer.name, word, payer=payer))
    return tuple(found)


_FIVE_DIGITS = re.compile(r"(?<!\w)\d{5}(?!\d)")
_NUMBER = re.compile(  # three digits and more that count nothing, and are no day
    r"(?<![\w$€£#.,/-])(?P<number>(?=(?:[\w.-]*\d){3})(?!(?:[cf]y)?(?:19|20)\d\d(?!\w|[.-]\d))"
    r"(?<!\babove )(?<!\bover )(?<!\bunder )(?<!\bbelow )(?<!\bthan )"
    r"(?<!\bon )(?<!\bof )(?<!\bsince )(?<!\bfrom )(?<!\bby )(?<!\buntil )(?<!\bdos )"
    r"[A-Z]{0,4}\d[\w.-]*\w(?:\(\w{1,3}\))*)(?!\w|[,.]\d|\s?%|\s(?:percent|dollars?|usd|mm|cm|mg|days?"
    r"|hours?|minutes?|weeks?|months?|years?|people|patients?|members?|beds?|miles?)\b)",
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(
    r"\b(?:mrn|acc(?:oun)?t|member|id|claim|dob|ssn|chart|encounter|visit|room|ext|tel|phone|fax|call|invoice)"
    r"\W*(?:(?:no|number|id|is)\b\W*)*$",
    re.IGNORECASE,
)
_LONG = re.compile(r"\d{6,}|\d{3}[.-]\d{3}[.-]\d{4}|\d{3}-\d{2}-\d{4}")
_YEAR = re.compile(r"(?<![\d/.-])(?:19[5-9]|20[0-3])\d(?![\d/.-])")
_SOFT_SYSTEMS = frozenset({CodeSystem.TRIAL, CodeSystem.FDA})  # trials are told by their names too
