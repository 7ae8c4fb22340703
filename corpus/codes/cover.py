"""Whether a mention covers a code: named, inside a range, or under a blanket rule.

Every code has a key that compares as text; a mention covers the keys between two bounds. An index
may store the bounds and find covering mentions with one comparison each.
"""

from __future__ import annotations

from corpus.codes.shapes import UNLISTED
from corpus.codes.systems import CodeMention, CodeSystem, Coverage

_AFTER_ALL = "~"  # sorts after every letter and digit


def sort_key(system: CodeSystem, code: str) -> str:
    """The text by which codes of one system are ordered.

    A CPT code with a letter sorts by the letter first, so that no range of plain numbers runs into
    it; parts of a policy or NCD number are filled with zeros, so that 20.7 comes before 20.19.
    """
    if system in (CodeSystem.CPT, CodeSystem.CATEGORY_III) and code[-1:].isalpha():
        return code[-1] + code[:-1]
    if system is CodeSystem.NCD:
        return ".".join(part.zfill(4) for part in code.split("."))
    return code


def bounds(mention: CodeMention) -> tuple[str, str] | None:
    """The lowest and the highest key that the mention covers; None for the rule on unlisted codes.

    An ICD-10-CM category stands for everything below it, so `C50` covers `C50.411`, and a range
    that ends in `C50.9` covers `C50.911`.
    """
    if mention.code == "unlisted":
        return None
    if mention.coverage == "blanket":
        stem = mention.code.strip("*")
        return stem, stem + _AFTER_ALL
    low = sort_key(mention.system, mention.code)
    high = sort_key(mention.system, mention.last or mention.code)
    if mention.system is CodeSystem.ICD10CM:
        high += _AFTER_ALL
    return low, high


def how_covers(mention: CodeMention, system: CodeSystem, code: str) -> Coverage | None:
    """How the mention covers a normalised code; None when it does not.

    An exact mention of an ICD-10-CM category covers the codes below it as a range does.
    """
    if mention.system is not system:
        return None
    if mention.coverage == "exact" and mention.code == code:
        return "exact"
    limits = bounds(mention)
    if limits is None:
        return "blanket" if code in UNLISTED else None
    if not limits[0] <= sort_key(system, code) <= limits[1]:
        return None
    return "range" if mention.coverage == "exact" else mention.coverage


def covers(mention: CodeMention, system: CodeSystem, code: str) -> bool:
    """Whether the mention names the normalised code or covers it by a range or a blanket rule."""
    return how_covers(mention, system, code) is not None
