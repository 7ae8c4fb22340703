"""Numbers that a question names by their kind: CO-256, modifier 22, 42 CFR 414.65, CMS-1763.

The kinds are data of the billing pack. A number is told by its form together with the mark or the
word that says its kind, so that one that the library lacks is known for what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.question.words.phrases import any_of
from corpus.codes import CodeSystem
from corpus.packs import billing
from index.shards.analysis import analyze, words_in

_MAY_BE = re.compile(r"\d|\b[A-Z]{1,2}\b")  # every form has a digit, or is of capitals alone
_GAP = r"(?:[ ](?:codes?|numbers?|no\.?|nr\.?))*[ ]?[:#(-]?[ ]?"
_DOTTED = re.compile(r"\d+(?:\.\d+)+")
_NEXT = r"[ ]?(?:,|/|&|\bor\b|\band\b)[ ]?-?"


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """A kind of number. `pattern` has a group `number` and, where it has one, a group `mark`."""

    labels: tuple[str, ...]
    shown: str
    pattern: re.Pattern[str]
    following: re.Pattern[str] | None  # the next number of a list
    hints: re.Pattern[str] | None
    zeros: bool
    also: tuple[str, ...]
    family: str
    system: CodeSystem | None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number of a kind, as people are told it and as it was typed. `spellings`: a text that names
    it holds all the analysed words of one of them."""

    kind: IdentifierKind
    name: str
    typed: str
    code: str
    spellings: tuple[frozenset[str], ...]


def identifiers_in(text: str) -> tuple[Identifier, ...]:
    """The numbers that a text names, each once, by kind and in the order of the text."""
    if not _MAY_BE.search(text):
        return ()
    found = (one for kind in _kinds() for one in _of_kind(kind, text))
    return tuple({one.name: one for one in found}.values())


def names(text: str, identifier: Identifier) -> bool:
    """Whether a text names an identifier: its words stand there, perhaps apart as in a table, and
    the number is not only that of another kind ("place of service 22" is no modifier 22)."""
    if not _has_words(text, identifier):
        return False
    for kind in _kinds():
        if kind.family != identifier.kind.family:
            text = kind.pattern.sub(" ", text)
    return _has_words(text, identifier)


def _has_words(text: str, identifier: Identifier) -> bool:
    if _DOTTED.fullmatch(identifier.code):  # the 3 of one version and the 5 of another are no 3.5
        whole = re.escape(identifier.code)
        if not re.search(rf"(?<![\d.]){whole}(?!\d)", text):
            return False
    words = words_in(text)
    return any(spelling <= words for spelling in identifier.spellings)


def _of_kind(kind: IdentifierKind, text: str) -> Iterator[Identifier]:
    if kind.hints is not None and not kind.hints.search(text):
        return
    for match in kind.pattern.finditer(text):
        mark = match.groupdict().get("mark") or ""
        number = match["number"] or match.groupdict().get("before") or ""
        yield _identifier(kind, mark, number, match.group())
        end = match.end()
        while kind.following and (more := kind.following.match(text, end)):
            yield _identifier(kind, mark, more["number"], more["number"])
            end = more.end()


def _identifier(kind: IdentifierKind, mark: str, number: str, typed: str) -> Identifier:
    numbers = [number]
    if kind.zeros:
        short = number.lstrip("0") or "0"
        numbers = [short, *(short.zfill(digits) for digits in (2, 3, 4))]
        number = number if kind.system is None else short.zfill(4)
    before = [*([mark] if mark else ()), *kind.labels, *kind.also]
    spellings = {frozenset(analyze(f"{word} {one}")) for one in numbers for word in before}
    spellings |= {frozenset(analyze(f"{mark}{one}")) for one in numbers if mark}
    shown = number if "(" in number else number.upper()
    name = kind.shown.format(mark=mark.upper(), number=shown)
    return Identifier(kind, name, typed.strip(), number.upper(), tuple(spellings))


@cache
def _kinds() -> tuple[IdentifierKind, ...]:
    return tuple(_kind(entry) for entry in billing.table("identifiers").get("kind", ()))


def _kind(entry: Mapping[str, Any]) -> IdentifierKind:
    labels: Sequence[str] = entry.get("labels", ())
    form = entry["form"]
    number = rf"(?P<number>{form})(?![\w%]|[.,]\d|-\d)"
    if labels:
        words = "|".join(re.escape(label) + "s?" for label in sorted(labels, key=len)[::-1])
        pattern = rf"(?<![\w-])(?:{words}){_GAP}{number}"
        if entry.get("after"):
            pattern += rf"|(?<![\w.$/])-?(?P<before>{form})[ -](?:{words})(?!\w)"
    else:
        pattern = rf"(?<![\w-])(?P<mark>{entry['mark']})[ -]?{number}"
    return IdentifierKind(
        labels=tuple(labels),
        shown=entry["shown"],
        pattern=re.compile(pattern, re.IGNORECASE),
        following=re.compile(_NEXT + number, re.IGNORECASE) if labels else None,
        hints=any_of(entry["hints"]) if "hints" in entry else None,
        zeros=bool(entry.get("zeros")),
        also=tuple(entry.get("also", ())),
        family=entry.get("family", entry["shown"]),
        system=CodeSystem(entry["system"]) if "system" in entry else None,
    )
