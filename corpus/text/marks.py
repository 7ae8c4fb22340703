"""Signs that are raised or lowered: how the mark of a note is written, and texts without marks.

A note's mark stands apart from what it limits and is raised, as on the page: "within 90 ² days".
A raised figure is no figure of the text: a search for "90 days" passes over it.
"""

from __future__ import annotations

import re

_PLAIN = "0123456789+-()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW"
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ"
_LOW = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎"
_RAISED = str.maketrans(_PLAIN + "−–", _HIGH + "⁻⁻")
_LOWERED = str.maketrans(_PLAIN[: len(_LOW)] + "−–", _LOW + "₋₋")
_BETWEEN = frozenset(" ,;")
_SIGN = f"[{_HIGH}{_LOW}]"
_MARK = re.compile(f"{_SIGN}+(?:[,;]\\s?{_SIGN}+)*")
_UNIT = 3  # letters at most: mm³, but not "policy¹"


def raised(text: str) -> str:
    """The text in raised signs."""
    return text.translate(_RAISED)


def lowered(text: str) -> str:
    """The text in lowered signs."""
    return text.translate(_LOWERED)


def note(mark: str) -> str:
    """How the mark of a note is written, in its place and before the note itself."""
    high = raised(mark)
    if all(one != other or one in _BETWEEN for one, other in zip(mark, high, strict=True)):
        return high
    return f"[note {mark}]"


def without_marks(text: str) -> str:
    """The text with a space for each sign of a mark, so that places stay: "0581T¹" is 0581T, and
    90² is 90. What belongs to a unit or a formula stays: mm³, H₂O."""
    if text.isascii() or not _MARK.search(text):
        return text
    return _MARK.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    start = found.start()
    word = re.search(r"[^\W_]*$", found.string[max(start - _UNIT - 1, 0) : start])
    if word and 0 < len(word[0]) <= _UNIT and word[0].isalpha():
        return found[0]
    return " " * len(found[0])
