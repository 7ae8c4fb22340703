"""Two texts compared word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_MANY = 2000  # words; beyond, words that come often are not matched one by one
_WORDS = re.compile(r"\s*\S+|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is the same in both texts, or stands in one of them only."""

    what: Literal["same", "removed", "added"]
    text: str


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """The runs in order. What is the same and what was added make up `after`, character by
    character; what is the same and what was removed make up `before`, white space aside."""
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(
        None,
        [word.strip() for word in old],
        [word.strip() for word in new],
        autojunk=max(len(old), len(new)) > _MANY,
    )
    pieces: list[Piece] = []
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(new[new_start:new_end])))
            continue
        if old_end > old_start:
            # The first word of a text has no white space in front: two would run together.
            glued = new_start < len(new) and not new[new_start][0].isspace()
            between = " " if glued and not old[old_end - 1][-1].isspace() else ""
            pieces.append(Piece("removed", "".join(old[old_start:old_end]) + between))
        if new_end > new_start:
            pieces.append(Piece("added", "".join(new[new_start:new_end])))
    return tuple(pieces)


def _words(text: str) -> list[str]:
    """The words, each with the white space in front of it: together they are the text."""
    return _WORDS.findall(text)
