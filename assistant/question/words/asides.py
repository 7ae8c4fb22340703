"""Takes off what stands at the edges of a question and is no part of what is asked.

Who is addressed, greetings, wishes, thanks, haste, and for whom one asks: "Mrs Lopez:", "hi team
happy Friday", "for my grandma". People's names are told by where they stand: the library does not
know them. An aside never holds a number or a word that tells something in the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.question.words.courtesy import (
    ASKS,
    BINDS,
    CLOSES,
    COURTESY,
    GREETINGS,
    HASTE,
    HOW_MUCH,
    KINDRED,
    MARKS,
    OPEN_WITH,
    OPENS,
    SMALL,
    TITLES,
    VOCATIVES,
    WISHES,
)

Tells = Callable[[str], bool]  # whether a word tells something in the library

_ENOUGH = 4  # telling words
_A_CLAUSE = 4  # words
_WORD = re.compile(r"[^\W_](?:[\w'’]*\w)?")
_BREAK = re.compile(r"[:,;!?.\n–—]|\s-\s|$")
_BACK = re.compile(r"\b(?:it|its|this|that|these|those|them|there)\b", re.IGNORECASE)
_WHOSE = r"(?:my|our|his|her|their|your|a|an|the|this|that|one of (?:my|our|the))"
_KIN = "|".join(sorted(KINDRED, key=len, reverse=True))
_FOR_WHOM = re.compile(
    rf"[\s,(.!?-]+(?P<aside>(?:(?:i'?m |i am |we'?re )?(?:asking|asked|checking|this is|it'?s)"
    rf" (?:this |it )?)?(?:for|on behalf of) {_WHOSE}"
    rf" (?P<like>(?:[\w'’-]+ ){{0,2}}?)(?:{_KIN})s?(?:-in-law)?"
    rf"(?P<more>(?: (?:on|in|at|from|of|who|named)(?: [\w'’-]+){{1,3}})?))\W*$",
    re.IGNORECASE,
)
_WHO_ASKS = re.compile(
    rf"^\W*(?P<aside>(?:(?:and|so|but|well) )?(?:{_WHOSE} )?(?:[\w'’.-]+ ){{1,4}}?"
    r"(?:(?:just |really )?(?:wants?|wanted|needs?|would like|would love|likes?|is dying) to"
    r" (?:know|ask|hear|understand)|(?:is |was |keeps )?(?:asks|asked|asking|wonders|wondering))"
    r"(?: (?:me|us|you))?)\b(?:\s+about\b)?[\s:,-]*",
    re.IGNORECASE,
)

_OTHERS = (
    "patient|family|auditor|reviewer|caller|lawyer|doctor|nurse|surgeon|office|department"
    "|patient'?s family"
)
_LEADS = tuple(
    re.compile(rf"\W*(?:{pattern})[\s,:-]+", re.IGNORECASE)
    for pattern in (
        # Somebody said, asks or wants something, before a comma or a colon.
        rf"(?:(?:{_WHOSE}) )?(?:[\w'’-]+ ){{0,2}}?(?:{_KIN}|{_OTHERS})s?"
        r" (?:(?:just|keeps?|kept|has|is|was) )?(?:phoned|called|emailed|wrote|asks|asked|asking"
        r"|raising|wonders|wants to know)(?: (?:again|about|this|me|us|back|in))*(?=[:,])",
        r"(?:i am|i'm|we are|we're) (?:putting together|writing|preparing|making|working on)"
        r" [^,:?\d]{1,40}(?=:)",
        r"(?:(?:would|could|can|will) you (?:please )?(?:be so kind as to )?(?:tell|help) me"
        r"(?: with (?:this|that))?|might i ask|may i ask|if it'?s no trouble|if you don'?t mind"
        r"|no time to lose|this can'?t wait|sorry to bother(?: you)?)(?=[:,])",
    )
)
_SIGNED = re.compile(
    r"[\s,.]*(?:\b(?:signed|yours|best|from)\b,? |\s[-–—]\s?)(?P<name>[A-Z][a-z]+)\W*$"
)


@dataclass(frozen=True, slots=True)
class _Word:
    typed: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        lower = self.typed.lower().replace("’", "'")
        shouted = self.typed.isupper() and lower in TITLES  # SIR is a society, MS a state
        return self.typed if shouted else lower

    @property
    def is_capital(self) -> bool:
        return self.typed[0].isupper() and not self.typed.isupper()


def without_asides(question: str, tells: Tells) -> str:
    """The question without the asides at its edges; as it is where nothing else would be left."""
    left = question
    while True:
        shorter = _without_signature(_without_lead(left, tells), tells)
        shorter = _without_first(_without_last(shorter, tells), tells)
        if shorter == left:
            return left
        if not any(tells(word.plain) for word in _words(shorter)):
            return left
        left = shorter


def _without_lead(text: str, tells: Tells) -> str:
    """Without what leads to the question: "her daughter phoned again,", "I am putting together a
    handout:"; it holds no number, and what follows stands by itself."""
    for lead in _LEADS:
        found = lead.match(text)
        if found and not re.search(r"\d", found.group()):
            rest = text[found.end() :]
            if _telling(rest, tells):
                return rest
    return text


def _without_signature(text: str, tells: Tells) -> str:
    """Without a name at the end, after "signed" or a dash, that nothing in the library knows."""
    found = _SIGNED.search(text)
    return text[: found.start()] if found and not tells(found["name"].lower()) else text


def _without_first(text: str, tells: Tells) -> str:
    who = _WHO_ASKS.match(text)
    if who and not _says_something(_words(who["aside"]), tells):
        return text[who.end() :]
    words = _words(text)
    end = _end_of_first(text)
    first = [word for word in words if word.end <= end]
    rest = text[end:].lstrip(" :,;!.\n–—-")
    if first and rest and not text[end:].lstrip().startswith("?"):
        marked = any(word.plain in MARKS for word in first)
        called = text[end] == "," and all(word.is_capital for word in first)
        called = called and _says_enough(rest, tells)
        lax = _asks(rest) or (len(first) >= _A_CLAUSE and _telling(rest, tells) > 1)
        if (marked and _is_aside(first, tells, lax=lax)) or (
            called and _is_aside(first, tells, lax=True)
        ):
            return rest
    at = _run(first, tells)
    return text[words[at - 1].end :].lstrip(" :,;!.\n–—-") if 0 < at < len(words) else text


def _run(words: Sequence[_Word], tells: Tells) -> int:
    """How many words at the start, which no sign parts from the question, are an aside."""
    if not words or not _opens(words):
        return 0
    end = 0
    for at, word in enumerate(words):
        before = words[at - 1].plain if at else ""
        named = before in TITLES - VOCATIVES or before in GREETINGS
        if word.plain in ASKS and at:
            break
        called = word.plain in VOCATIVES and _starts_asking(words[at + 1 :])
        name = named and not tells(word.plain) and _is_name(words, at)
        if word.plain in MARKS - TITLES or called or name:
            end = at + 1
        elif word.plain not in SMALL | TITLES:
            break
    bound = end == 1 and len(words) > 1 and words[1].plain in BINDS - ASKS
    return 0 if bound else end


def _opens(words: Sequence[_Word]) -> bool:
    first, second = words[0].plain, words[1].plain if len(words) > 1 else ""
    return first in OPENS or second in OPEN_WITH.get(first, ())


def _is_name(words: Sequence[_Word], at: int) -> bool:
    """Whether a word after a title or a greeting is somebody's name and no part of the question."""
    return words[at].is_capital or _starts_asking(words[at + 1 :])


def _starts_asking(words: Sequence[_Word]) -> bool:
    return bool(words) and (words[0].plain in ASKS or words[0].plain in SMALL)


def _without_last(text: str, tells: Tells) -> str:
    whom = _FOR_WHOM.search(text)
    if whom and not _says_something(_words(whom["like"] + whom["more"]), tells):
        return text[: whom.start("aside")].rstrip(" ,(-") + _mark_after(text, whom.end("aside"))
    words = _words(text)
    for at in range(1, len(words)):
        last = words[at:]
        if "?" in text[last[0].start :].rstrip("? "):
            continue
        if _closes(text, last[0]) and _is_aside(last, tells, lax=True):
            before = words[at - 1]  # "many thanks"
            start = before.start if before.plain in HOW_MUCH and at > 1 else last[0].start
            kept = text[:start].rstrip(" ,;-–—(")
            return kept + _mark_after(text, last[-1].end)
    return text


def _closes(text: str, word: _Word) -> bool:
    """Whether a word may begin an aside at the end; one of haste only after a sign."""
    parted = text[: word.start].rstrip()[-1:] in ".,!?;-–—("
    farewell = text[word.start : word.start + 7].lower().startswith(("have a ", "have an"))
    return farewell or word.plain in CLOSES or (parted and word.plain in HASTE | WISHES | GREETINGS)


def _mark_after(text: str, end: int) -> str:
    return "?" if "?" in text[end:] else ""


def _end_of_first(text: str) -> int:
    """Where the first sign stands that parts what is before it; a title's full stop is none."""
    for sign in _BREAK.finditer(text):
        before = _words(text[: sign.start()])
        if before and not (sign.group() == "." and before[-1].plain in TITLES):
            return sign.start()
    return len(text)


def _is_aside(words: Sequence[_Word], tells: Tells, *, lax: bool) -> bool:
    """Whether words say nothing of a subject. `lax`: names may be written in small letters."""
    if any(word.plain in ASKS - SMALL for word in words):
        return False
    for at, word in enumerate(words):
        titled = at > 0 and words[at - 1].plain in TITLES and (word.is_capital or len(words) < 4)
        if word.plain in COURTESY or word.plain in SMALL or titled:
            continue
        after_title = at > 0 and words[at - 1].plain in TITLES  # "Dr numbed the patient"
        if after_title or tells(word.plain) or not (lax or word.is_capital):
            return False
    return True


def _says_enough(text: str, tells: Tells) -> bool:
    """Whether a question stands by itself, so that a name before it is somebody who is called; it
    may be the subject of "is prior authorization needed?" """
    words = _words(text)
    asks = any(word.plain in ASKS for word in words) and not _BACK.search(text)
    return asks and _telling(text, tells) >= _ENOUGH


def _telling(text: str, tells: Tells) -> int:
    return sum(tells(word.plain) for word in _words(text))


def _says_something(words: Sequence[_Word], tells: Tells) -> bool:
    return any(tells(word.plain) for word in words if word.plain not in COURTESY | SMALL)


def _asks(text: str) -> bool:
    return "?" in text or any(word.plain in ASKS for word in _words(text))


def _words(text: str) -> list[_Word]:
    return [_Word(one.group(), one.start(), one.end()) for one in _WORD.finditer(text)]
