"""The same question said in other ways: every form asks for exactly what the plain one asks.

Each list has two halves. Rules may be made with the first in view. The second is there to tell
whether they hold on words that nobody made them for: whoever has mended something after reading
what the second half showed moves those words to the first and writes new ones.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Ways = Callable[[str], Iterator[str]]

_GREETINGS = (
    ("Hi, {}", "good morning, {}", "Hello team! {}", "hey there - {}"),
    ("Greetings, {}", "Happy Tuesday everyone. {}", "Howdy y'all, {}", "Good afternoon folks: {}"),
)
_THANKS = (
    ("{} thanks", "{} thank you so much!", "{} ty", "{} thanks in advance"),
    ("{} much obliged", "{} I appreciate your help", "{} thx a million", "{} Kind regards"),
)
_NAMES = (
    ("Mrs Alvarez: {}", "Dr. Chen, {}", "{} - Tom", "Hi Susan, {}"),
    ("Professor Adeyemi: {}", "Nurse Kowalski, {}", "{} signed, Beatriz", "Ms. O'Hara - {}"),
)
_HASTE = (
    ("urgent: {}", "quick question, {}", "{} asap please", "need this today: {}"),
    ("no time to lose, {}", "in a rush here: {}", "{} the sooner the better", "STAT {}"),
)
_REASONS = (
    (
        "my manager wants to know: {}",
        "{} asking for a colleague",
        "a patient's family asks: {}",
        "the doctor asked me, {}",
    ),
    (
        "our auditor keeps raising this: {}",
        "{} it came up in the staff meeting",
        "I am putting together a handout: {}",
        "her daughter phoned again, {}",
    ),
)
_POLITE = (
    ("please tell me: {}", "could you help me with this: {}", "I'd like to know, {}", "pls {}"),
    (
        "would you be so kind as to tell me: {}",
        "I was hoping you could say: {}",
        "if it's no trouble, {}",
        "might I ask: {}",
    ),
)


def _around(halves: Sequence[Sequence[str]]) -> Ways:
    """One form of each half, chosen by the question and always the same."""

    def said(question: str) -> Iterator[str]:
        chance = random.Random(question)
        for half in halves:
            yield chance.choice(half).format(question)

    return said


def _case(question: str) -> Iterator[str]:
    yield question.upper()
    yield question[:1].upper() + question[1:]
    if not re.search(r"\b[A-Z]{2,}\b", question):  # "US" and "us" are not the same word
        yield question.lower()


def _punctuation(question: str) -> Iterator[str]:
    bare = question.rstrip(" ?.!")
    yield bare
    yield f"{bare}???"
    yield f"{bare} ..."
    yield f"“{question}”"
    yield question.replace(" ", "  ")


def _typo(question: str) -> Iterator[str]:
    """One slip in the longest plain word: two letters swapped, one left out, one twice."""
    words = re.findall(r"\b[a-z]{6,}\b", question)
    if not words:
        return
    chance = random.Random(question)
    word = max(words, key=len)
    at = chance.randrange(1, len(word) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for slip in (swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]):
        if slip != word:
            yield question.replace(word, slip, 1)


_CODE = re.compile(r"\b(?:\d{4}[A-Z]|[A-Z]\d{4})\b", re.IGNORECASE)


def _code(question: str) -> Iterator[str]:
    """A code in other spellings; a question without one has none."""
    match = _CODE.search(question)
    if match is None:
        return
    code, before = match.group().upper(), question[: match.start()].rstrip().lower()
    spellings = [code.lower(), code]
    if code[-1].isalpha():
        spellings += [f"{code[:-1]} {code[-1]}", f"{code[:-1]}-{code[-1]}"]
        spellings += [] if before.endswith(("cpt", "code")) else [f"CPT {code}"]
    for spelling in spellings:
        if spelling != match.group():
            yield question[: match.start()] + spelling + question[match.end() :]


_LIST = re.compile(
    r"\b([\w.+-]+)((?:,| or| and| vs\.?| versus)\s)([\w.+-]+)(?=\W|$)", re.IGNORECASE
)


def _order(question: str) -> Iterator[str]:
    """The two members of a list, the other way round."""
    match = _LIST.search(question)
    if match and all(re.search(r"\d|^[A-Z]{2,}$", match[n]) for n in (1, 3)):
        swapped = f"{match[3]}{match[2]}{match[1]}"
        yield question[: match.start()] + swapped + question[match.end() :]


_SMALL = re.compile(r"\b(?:the|an?|is|are|do|does)\s", re.IGNORECASE)


def _telegraphic(question: str) -> Iterator[str]:
    short = _SMALL.sub("", question).rstrip("?")
    if short != question.rstrip("?") and len(short.split()) > 2:
        yield short


def synonyms_of(entries: Sequence[Mapping[str, object]]) -> Ways:
    """A word put for one that the vocabulary says means the same, both ways."""
    pairs = [
        (one, other)
        for entry in entries
        if entry.get("way") == "both" and not entry.get("only_with") and not entry.get("exact_case")
        for one, other in _both(str(entry["term"]), entry["typed"])
        if not set(one.lower().split()) & set(other.lower().split())
    ]

    def said(question: str) -> Iterator[str]:
        found = 0
        for one, other in pairs:
            changed = re.sub(
                rf"(?<![\w-]){re.escape(one)}(?![\w-])", other, question, count=1, flags=re.I
            )
            twice = re.search(r"\b(\w+) \1\b", changed)  # "auth" in "prior auth"
            if changed != question and not twice and found < 3:
                found += 1
                yield changed

    return said


def _both(term: str, typed: object) -> Iterator[tuple[str, str]]:
    for word in typed if isinstance(typed, list) else ():
        yield term, str(word)
        yield str(word), term


WAYS: Mapping[str, Ways] = {
    "greetings": _around(_GREETINGS),
    "thanks": _around(_THANKS),
    "names and titles": _around(_NAMES),
    "haste": _around(_HASTE),
    "reasons why": _around(_REASONS),
    "polite forms": _around(_POLITE),
    "case": _case,
    "punctuation": _punctuation,
    "typos": _typo,
    "code spellings": _code,
    "order of lists": _order,
    "telegraphic forms": _telegraphic,
}
