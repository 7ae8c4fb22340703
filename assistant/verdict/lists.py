"""A list of things asked in one breath: "dx code, modifier and revenue code for 0581T?"."""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.question.naming import Naming
from assistant.verdict.requirements import Kind, Need

_SEGMENT = re.compile(
    r"\b(?:for|on|with|when|if|of|to|in|at|do|does|is|are|goes?|should|we|i)\b|[?.;:\n]+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,&/+]|\b(?:and|plus|or)\b)\s*", re.IGNORECASE)
_BEFORE = re.compile(
    r"^\W*(?:(?:what|which|whats|what's|wat|need|give me|the|right|correct|also|pls|please)\b\W*)*",
    re.IGNORECASE,
)


def listed(question: str, naming: Naming) -> dict[str, tuple[Need, ...]]:
    """The parts of a list, as typed, with what each asks for; empty where nothing is listed. Each
    part must name a kind of thing or a value, so that "side and quadrant" is no list."""
    for segment in _SEGMENT.split(question):
        parts = [_BEFORE.sub("", part).strip() for part in _BETWEEN.split(segment)]
        asked = {part: _asked(f"which {part}", naming) for part in parts if part}
        if len(asked) > 1 and all(asked.values()):
            return asked
    return {}


def around(question: str, parts: Collection[str]) -> str:
    """The question without the parts of its list: the subject that they are asked of, if any."""
    return re.sub("|".join(map(re.escape, parts)), " ", question) if parts else question


def _asked(part: str, naming: Naming) -> tuple[Need, ...]:
    values = (
        Need(Kind.ATTRIBUTE, one.name, typed, attribute=one)
        for one, typed in naming.attributes_in(part)
    )
    things = (
        Need(Kind.THING, one.thing.name, one.typed, hard=False, thing=one)
        for one in naming.things.asked_in(part, {})
    )
    return (*values, *things)
