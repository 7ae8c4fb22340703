"""Collects what a question names: each of these an answer must meet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.question.identifiers import Identifier, identifiers_in
from assistant.question.naming import Attribute, Naming, Topic
from assistant.question.payers import Payer
from assistant.question.phrases import plain
from assistant.question.things import AskedThing
from assistant.question.understand import Code, Understood
from corpus.codes import CodeSystem, codes_in_question
from corpus.text.dates import periods


class Kind(StrEnum):
    """What kind of thing a question names."""

    PAYER = "payer"
    CODE = "code"
    IDENTIFIER = "identifier"
    TOPIC = "topic"
    ATTRIBUTE = "attribute"
    YEAR = "year"
    THING = "thing"
    MEANING = "meaning"
    PERIOD = "period"
    WORD = "word"


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
    attribute: Attribute | None = None
    code: Code | None = None
    thing: AskedThing | None = None
    identifier: Identifier | None = None
    nowhere: bool = False


def requirements(understood: Understood, naming: Naming | None) -> tuple[Need, ...]:
    """What a question names. Without `naming` (a library of other subjects) only its codes."""
    question = understood.query.free
    needs = [
        Need(Kind.CODE, code, code, code=(system, code))
        for system, code in understood.codes
        if system not in _SOFT_SYSTEMS
    ]
    if naming is None:
        return tuple(needs)
    identifiers = identifiers_in(question)
    needs = _other_than([*needs, *_bare_codes(question)], identifiers)
    needs += [Need(Kind.IDENTIFIER, one.name, one.typed, identifier=one) for one in identifiers]
    payers = naming.payers_in(question, asked=True)
    needs += [Need(Kind.PAYER, payer.name, typed, payer=payer) for payer, typed in payers]
    generic = any(payer.generic for payer, _ in payers)
    inside = " ".join(plain(typed) for _, typed in payers)
    topics = naming.topics_in(question)
    names = {plain(typed) for _, typed in topics}  # trial Z1072 is no diagnosis Z10.72
    needs = [need for need in needs if _joined(need.name) not in names]
    for topic, typed in topics:
        place = topic.kind == "place"
        if not place or plain(typed) not in inside:
            needs.append(
                Need(Kind.TOPIC, topic.name, typed, hard=generic or not place, topic=topic)
            )
    asked = naming.attributes_in(question)
    needs += [Need(Kind.ATTRIBUTE, one.name, typed, attribute=one) for one, typed in asked]
    needs += [Need(Kind.YEAR, year, year, hard=False) for year in _YEAR.findall(question)]
    if spans := periods(question):
        name = " and ".join(f"{number} {unit}" for number, unit in sorted(spans))
        needs.append(Need(Kind.PERIOD, name, name))
    also = {widening.typed.lower(): widening.added for widening in understood.widened}
    needs += [
        Need(Kind.THING, one.thing.name, one.typed, hard=False, thing=one)
        for one in naming.things.asked_in(question, also)
    ]
    if understood.alone is not None:
        code = understood.alone
        needs.append(Need(Kind.MEANING, f"what {code} is", code, hard=False))
    return tuple(dict.fromkeys(needs))


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
    words: Iterable[str], naming: Naming | None, needs: Sequence[Need]
) -> tuple[Need, ...]:
    """Payers whose names are one slip away from words that the library does not know."""
    if naming is None:
        return ()
    named = {need.name for need in needs}
    found = []
    for word in words:
        payer = naming.payer_like(word.casefold())
        if payer is not None and payer.name not in named:
            found.append(Need(Kind.PAYER, payer.name, word, payer=payer))
    return tuple(found)


_FIVE_DIGITS = re.compile(r"(?<!\d)\d{5}(?!\d)")
_YEAR = re.compile(r"\b20[0-3]\d\b")
_SOFT_SYSTEMS = frozenset({CodeSystem.TRIAL, CodeSystem.FDA})  # trials are told by their names too
