"""Counts the steps of a backtracking matcher on Python's own parse of a pattern: how the work of a
pattern grows is known without a clock. What it finds is compared with what `re` finds."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_CLASSES: dict[Any, str] = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
_CLASS = {known: re.compile(pattern).match for known, pattern in _CLASSES.items()}
_SINGLE = (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY)
_Next = Callable[[int], int | None]


class Counted:
    """A pattern whose matching is counted: `steps` is how many characters were looked at."""

    def __init__(self, pattern: str) -> None:
        self._parsed = _parser.parse(pattern)
        self._flags: int = self._parsed.state.flags
        self.steps = 0

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """What `re.finditer` finds."""
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 50 * len(text)))  # a repeat is a call
        self._text = text
        at = 0
        while at <= len(text):
            end = self._items(list(self._parsed), 0, at, self._flags, lambda there: there)
            if end is None:
                at += 1
            else:
                yield at, end
                at = max(end, at + 1)

    def _items(self, items: list[Any], number: int, at: int, flags: int, then: _Next) -> int | None:
        if number == len(items):
            return then(at)
        op, value = items[number]

        def rest(there: int) -> int | None:
            return self._items(items, number + 1, there, flags, then)

        if op in _SINGLE:
            return rest(at + 1) if self._one(op, value, at, flags) else None
        return self._other(op, value, at, flags, rest)

    def _other(self, op: Any, value: Any, at: int, flags: int, rest: _Next) -> int | None:
        if op is sre.SUBPATTERN:
            _, added, removed, inside = value
            return self._items(list(inside), 0, at, (flags | added) & ~removed, rest)
        if op is sre.BRANCH:
            ends = (self._items(list(one), 0, at, flags, rest) for one in value[1])
            return next((end for end in ends if end is not None), None)
        if op is sre.MAX_REPEAT:
            return self._repeat(value, at, flags, rest)
        if op is sre.AT:
            return rest(at) if self._stands(value, at) else None
        assert op in (sre.ASSERT, sre.ASSERT_NOT), op
        direction, inside = value
        start = at if direction > 0 else at - inside.getwidth()[0]
        here = (
            start >= 0 and self._items(list(inside), 0, start, flags, lambda end: end) is not None
        )
        return rest(at) if here == (op is sre.ASSERT) else None

    def _repeat(self, value: Any, at: int, flags: int, rest: _Next) -> int | None:
        least, most, inside = value
        [(op, what)] = inside if len(inside) == 1 else [(None, None)]
        if op in _SINGLE:
            count = 0
            while count < most and self._one(op, what, at + count, flags):
                count += 1
            for taken in range(count, least - 1, -1):
                self.steps += 1
                if (end := rest(at + taken)) is not None:
                    return end
            return None

        def more(count: int) -> _Next:
            def go_on(there: int) -> int | None:
                if count < most and (there > at or not count):
                    end = self._items(list(inside), 0, there, flags, more(count + 1))
                    if end is not None:
                        return end
                return rest(there) if count >= least else None

            return go_on

        return more(0)(at)

    def _one(self, op: Any, value: Any, at: int, flags: int) -> bool:
        self.steps += 1
        if at >= len(self._text):
            return False
        char = self._text[at]
        if op is sre.ANY:
            return char != "\n"
        if op is sre.IN:
            return self._is_in(value, char, flags)
        return self._same(value, char, flags) == (op is sre.LITERAL)

    def _is_in(self, parts: Any, char: str, flags: int) -> bool:
        forms = {char, char.lower(), char.upper()} if flags & re.IGNORECASE else {char}
        found, negated = False, False
        for op, value in parts:
            if op is sre.NEGATE:
                negated = True
            elif op is sre.CATEGORY:
                found |= _CLASS[value](char) is not None
            elif op is sre.RANGE:
                found |= any(value[0] <= ord(form[0]) <= value[1] for form in forms)
            else:
                found |= self._same(value, char, flags)
        return found != negated

    def _same(self, value: int, char: str, flags: int) -> bool:
        same = chr(value) == char
        return same or (bool(flags & re.IGNORECASE) and chr(value).lower() == char.lower())

    def _stands(self, value: Any, at: int) -> bool:
        self.steps += 1
        text = self._text
        if value is sre.AT_END:
            return at == len(text)
        if value is sre.AT_BEGINNING:
            return at == 0
        sides = (text[at - 1 : at], text[at : at + 1])
        before, after = (
            bool(side) and _CLASS[sre.CATEGORY_WORD](side) is not None for side in sides
        )
        return (before != after) == (value is sre.AT_BOUNDARY)
