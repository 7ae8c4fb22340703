"""What payers are called, and whether a sentence speaks of another one than its document does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

# Programs that a payer runs for others: a sentence on its Medicare plan is on the payer itself.
_PROGRAMS = frozenset(
    ("Medicare", "Medicare Advantage", "Medicaid", "TRICARE", "VA", "Federal Employee Program")
)
_SHORT = 6  # letters of a name that is a word as well: "united", "dean", "oscar"


@cache
def attributes() -> dict[str, Any]:
    return tomllib.loads(
        files("corpus.packs.billing").joinpath("attributes.toml").read_text("utf-8")
    )


def canonical(payer: str) -> str:
    """One name for a payer, whatever it is called: "uhc" is UnitedHealthcare."""
    return _names().get(payer.casefold(), payer)


def speaks_of_another(text: str, own: str | None) -> bool:
    """Whether a sentence names another payer, and not the one whose document it stands in."""
    if own is None or own.casefold() in text.casefold():
        return False
    named = {canonical(found.group()) for found in _pattern().finditer(text)}
    return bool(named - _PROGRAMS) and canonical(own) not in named


def any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words or phrases, whole and in either case; nothing when there are none."""
    if not words:
        return re.compile(r"(?!)")
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


@cache
def _names() -> dict[str, str]:
    return {
        called.casefold(): entry["name"]
        for entry in attributes()["payer"]
        for called in (*entry["aliases"], entry["name"])
    }


@cache
def _pattern() -> re.Pattern[str]:
    return any_of([name for name in _names() if len(name) >= _SHORT and name != "united"])
