"""Spans of time that a text names: "5 yrs" and "five-year" are one."""

from __future__ import annotations

import re

_NUMBERS = dict(
    one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10, twelve=12
)
_UNITS = {"yr": "year", "y": "year", "mo": "month", "wk": "week", "hr": "hour"}
_PERIOD = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})[ -]?(year|yr|y|month|mo|week|wk|day|hour|hr)s?\b(?! old)",
    re.IGNORECASE,
)


def periods(text: str) -> frozenset[tuple[int, str]]:
    """Each span of time as its number and its unit in full."""
    found = ((match[1].lower(), match[2].lower()) for match in _PERIOD.finditer(text))
    return frozenset(
        (_NUMBERS.get(number) or int(number), _UNITS.get(unit, unit)) for number, unit in found
    )


def names_period(text: str, asked: str) -> bool:
    """Whether a text names one of the spans of time that another one does."""
    return not periods(text).isdisjoint(periods(asked))
