"""Words that the library writes another way: C50911 for C50.911, rev 361 for 0361, ELM0540 for
ELM-0540, precertification for pre-certification.

Told by form: a word that the library lacks as typed is one that it writes with a sign or a space
between its parts, without one, or with zeros in front.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.shards.analysis import analyze

Frequencies = Callable[[Sequence[str]], Sequence[int]]
Written = Callable[[str, str], str | None]
TOKEN = re.compile(r"(?<![\w$€£.,/'’-])[A-Za-z0-9]+(?:[-.–/][A-Za-z0-9]+)*(?![\w'’%])")
_SIGNS = re.compile(r"[-.–/]")
_SHORTEST, _LONGEST = 5, 24  # characters; shorter words are parted by chance
_LEAST = 2  # characters of a part, 3 of one that is letters alone
_COUNTED = re.compile(
    r"\s*-?(?:days?|weeks?|months?|years?|hours?|minutes?|percent|dollars?|mm|cm|m?g|patients?"
    r"|women|people|members?|claims?|visits?|units?|times|usd)\b",
    re.IGNORECASE,
)


def as_written(found: re.Match[str], *, frequencies: Frequencies, written: Written) -> str | None:
    """How the library writes a word of a question (a match of TOKEN) that it lacks as typed.

    `frequencies` tells in how many passages analysed words stand; `written` gives two parts as
    they stand side by side in a passage, None where they never do.
    """
    typed = found[0]
    if _SIGNS.search(typed):
        return _joined(typed, frequencies, written)
    if any(frequencies(analyze(typed))):
        return None
    if typed.isdigit():
        if not 3 <= len(typed) <= 4 or _COUNTED.match(found.string, found.end()):
            return None
        return next((one for one in _with_zeros(typed) if any(frequencies(analyze(one)))), None)
    if not _SHORTEST <= len(typed) <= _LONGEST:
        return None
    parts = list(_parts(typed))
    frequencies(analyze(" ".join(" ".join(both) for both in parts)))  # in one go
    known = ((left, right) for left, right in parts if _all(f"{left} {right}", frequencies))
    return next((said for left, right in known if (said := written(left, right))), None)


def _all(text: str, frequencies: Frequencies) -> bool:
    words = analyze(text)
    return bool(words) and all(frequencies(words))


def _joined(typed: str, frequencies: Frequencies, written: Written) -> str | None:
    """A word typed with a sign that the library writes without."""
    first, _, last = typed.rpartition(_SIGNS.findall(typed)[-1])
    whole = _SIGNS.sub("", typed)
    if not _SHORTEST <= len(whole) <= _LONGEST or not _all(whole, frequencies):
        return None
    stands = _all(typed, frequencies) and written(_SIGNS.sub(" ", first), last)
    return None if stands else whole


def _with_zeros(digits: str) -> Iterator[str]:
    for length in (4, 5):
        if len(digits) < length:
            yield digits.zfill(length)


def _parts(typed: str) -> Iterator[tuple[str, str]]:
    """Ways to part a word in two, first where letters meet figures."""
    places = sorted(
        range(_LEAST, len(typed) - _LEAST + 1),
        key=lambda at: typed[at - 1].isdigit() == typed[at].isdigit(),
    )
    for at in places:
        left, right = typed[:at], typed[at:]
        if not any(part.isalpha() and len(part) <= _LEAST for part in (left, right)):
            yield left, right
