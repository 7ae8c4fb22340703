"""The row of units under the names of a table's columns: it is a part of their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

_ONE = (
    r"mm|cm|m|in|inch(?:es)?|mm[²2]|cm[²2³3]|mg|g|kg|lbs?|ml|l|dl|mg/dl|gy|mci|ghz|mhz"
    r"|usd|us\s?\$|dollars?|\$|€|eur|£|%|percent|rvus?|points?"
    r"|min(?:utes?)?|h(?:ou)?rs?|hours?|days?|weeks?|months?|years?|yrs?"
    r"|units?|each|count|number|no\.|n|visits?|sessions?|members?|claims?|cases?"
)
_UNIT = re.compile(
    rf"[\[(]?(?:in\s+)?(?:{_ONE})(?:\s?(?:/|per)\s?(?:{_ONE}|day|week|month|year|breast))?[\])]?",
    re.I,
)


def are_units(names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row under names gives units: every cell of it that is not blank and is not the cell
    above reaching down, and two at least."""
    own = [
        cell for at, cell in enumerate(row) if cell and not (at < len(names) and cell == names[at])
    ]
    return len(own) > 1 and all(_UNIT.fullmatch(cell.strip()) for cell in own)
