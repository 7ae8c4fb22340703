"""Short forms that a text explains: "Deep Brain Stimulation (DBS)", "MLR (medical loss ratio)".

After Schwartz and Hearst (2003): the letters of the short form are found in the words before it,
from its end to its beginning, and its first letter begins a word. Only capitals are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MOST = 8  # letters of a short form
_BRACKETS = re.compile(r"[(\[]([^()\[\]\n]{2,80})[)\]]")
_SHORT = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Z][A-Za-z0-9&/-]{1,7}")
_SENTENCE = re.compile(r"[.;:!?]\s|\n\s*\n|[|()\[\]]")
_WORD = re.compile(r"[\w&'’/-]+")


def short_forms(text: str) -> Iterator[tuple[str, str]]:
    """Each short form that is explained, with what it stands for, as they are written; in the order
    of the text, and as often as they stand there."""
    for found in _BRACKETS.finditer(text):
        inside = found[1].strip(" “”\"'‘’")
        before = text[max(0, found.start() - 200) : found.start()]
        short = inside[:-1] if inside.endswith("s") and inside[:-1].isupper() else inside
        if _SHORT.fullmatch(short):
            long = _explained(short, _SENTENCE.split(before)[-1])
            if long:
                yield short, long
            continue
        words = before.split()
        if words and _SHORT.fullmatch(words[-1]) and len(inside.split()) > 1:
            long = _explained(words[-1], inside)
            if long and long == inside:
                yield words[-1], long


def _explained(short: str, before: str) -> str | None:
    """The words at the end of what stands before a short form for which it stands."""
    letters = [letter.lower() for letter in short if letter.isalnum()]
    words = list(_WORD.finditer(before))[-min(len(letters) + 5, 2 * len(letters)) :]
    if not words:
        return None
    at = words[-1].end() - 1
    first = words[0].start()
    for number in range(len(letters) - 1, -1, -1):
        while at >= first and (
            before[at].lower() != letters[number] or (not number and _inside_word(before, at))
        ):
            at -= 1
        if at < first:
            return None
        at -= 1
    long = " ".join(before[at + 1 :].split())
    told = len(_WORD.findall(long)) > 1 and len(long) > len(short) + 2
    return long if told and not re.search(rf"\b{re.escape(short)}\b", long) else None


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and text[at - 1].isalnum()
