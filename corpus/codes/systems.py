"""Code systems, and the mention of a code in a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from corpus.document import Span

Coverage = Literal["exact", "range", "blanket"]


class CodeSystem(StrEnum):
    """The system of a code. Two systems may use the same characters, so a code needs its system."""

    CPT = "cpt"  # five digits, and the lettered categories F, U and M
    CATEGORY_III = "category_iii"  # four digits and T
    HCPCS = "hcpcs"  # level II: a letter and four digits
    ICD10CM = "icd10cm"
    ICD10PCS = "icd10pcs"
    REVENUE = "revenue"
    MODIFIER = "modifier"
    APC = "apc"
    LCD = "lcd"
    NCD = "ncd"
    ARTICLE = "article"
    POLICY = "policy"  # a payer's own number
    TRIAL = "trial"
    FDA = "fda"  # De Novo, 510(k), PMA and HDE numbers
    RULE = "rule"  # a section of the Code of Federal Regulations


@dataclass(frozen=True, slots=True)
class CodeMention:
    """One place where a text names a code, a range of codes, or a whole class of them.

    `code` is normalised (`0581T`, `C50.411`, `L35094`). A range runs from `code` to `last`, both
    included; `last` is None otherwise. A blanket rule puts a pattern in `code`: `*` (the whole
    system), `C*` (all that begin so), `*F` (all that end so) or `unlisted`.
    `probable` marks a slip of the keyboard or of a scanner (`O581T`) that was read as the code, and
    a code on a scan with a letter that was hardly told.
    """

    code: str
    system: CodeSystem
    span: Span
    coverage: Coverage = "exact"
    last: str | None = None
    probable: bool = False
