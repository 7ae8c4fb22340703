"""Reads a code that a person typed, and says in words how a mention names a code."""

from __future__ import annotations

import re

from corpus.codes import CodeMention, CodeSystem, Coverage, codes_in_question, normalise
from corpus.errors import CodedeskError

SYSTEM_NAMES = {
    CodeSystem.CPT: "CPT",
    CodeSystem.CATEGORY_III: "Category III",
    CodeSystem.HCPCS: "HCPCS",
    CodeSystem.ICD10CM: "ICD-10-CM",
    CodeSystem.ICD10PCS: "ICD-10-PCS",
    CodeSystem.REVENUE: "revenue",
    CodeSystem.MODIFIER: "modifier",
    CodeSystem.APC: "APC",
    CodeSystem.LCD: "LCD",
    CodeSystem.NCD: "NCD",
    CodeSystem.ARTICLE: "article",
    CodeSystem.POLICY: "policy",
    CodeSystem.TRIAL: "trial",
    CodeSystem.FDA: "FDA",
    CodeSystem.RULE: "rule",
}
COVERAGES: tuple[Coverage, ...] = ("exact", "range", "blanket")  # best first


_BARE = frozenset({CodeSystem.REVENUE, CodeSystem.MODIFIER, CodeSystem.APC, CodeSystem.NCD})


def told(system: CodeSystem, code: str) -> str:
    """A code as people are told it: with its system where it is a bare number, `APC 5115`."""
    return f"{SYSTEM_NAMES[system]} {code}" if system in _BARE else code


def read_code(typed: str) -> tuple[CodeSystem, str]:
    """The code that was meant, slips of the keyboard included. Raises CodedeskError."""
    read = normalise(typed)
    if read is not None:
        return read
    meant = {(m.system, m.code) for m in codes_in_question(typed) if m.coverage == "exact"}
    meant = {one for one in meant if one[0] is not CodeSystem.MODIFIER} or meant
    if len(meant) == 1:
        return meant.pop()
    if meant:
        some = " and ".join(sorted(code for _, code in meant))
        raise CodedeskError(f"“{typed}” names {some}. Ask for one code at a time.")
    raise CodedeskError(
        f"“{typed}” is no code that Codedesk knows. Write it as 0581T, 19105, C2618, C50.411, "
        "L35094, “modifier RT” or “rev 0360”."
    )


def is_slip(typed: str, code: str) -> bool:
    """Whether the code is not what was typed, blanks, signs, case and words in front aside."""
    return not _bare(typed).endswith(_bare(code)) and not _bare(typed).startswith(_bare(code))


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text.upper())


def shown(mention: CodeMention) -> str:
    """What a mention names, in short: `0581T`, `0500T-0599T`, `all Category III codes`."""
    if mention.coverage == "blanket":
        return _rule(mention)
    return f"{mention.code}-{mention.last}" if mention.last else mention.code


def how_named(mention: CodeMention, how: Coverage) -> str:
    """How a mention names a code that it covers: "exact", "by the range 0500T-0599T", ..."""
    if how == "exact":
        return "exact"
    if mention.coverage == "blanket":
        return f"by the rule on {_rule(mention)}"
    if mention.last:
        return f"by the range {shown(mention)}"
    return f"by the category {mention.code}"


def _rule(mention: CodeMention) -> str:
    name = SYSTEM_NAMES[mention.system]
    if mention.code == "unlisted":
        return f"unlisted {name} codes"
    stem = mention.code.strip("*")
    if not stem:
        return f"all {name} codes"
    where = "end in" if mention.code.startswith("*") else "begin with"
    return f"all {name} codes that {where} {stem}"
