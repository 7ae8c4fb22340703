"""Finds codes as people type them: in a question, or alone after `codedesk code`.

A question is short and about codes, so five digits are a code there without a word that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.codes.finding.finder import find_codes
from corpus.codes.shapes import MODIFIERS, is_cpt
from corpus.codes.systems import CodeMention, CodeSystem
from corpus.document import Span
from corpus.text.clean import plain_characters

_PREFIX = re.compile(
    r"^(?:(?P<word>(?:CPT|HCPCS|ICD(?:-?10)?(?:-?(?:CM|PCS))?|dx|diagnosis|rev(?:enue)?|APC|LCD|LCA"
    r"|NCD|article|policy|CPB|modifier|mod|code)s?®?(?:[ -]+codes?)?)(?!\w)\.?\s*)?[#:(\s*_`®-]*",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^(CPT|HCPCS)(?=[A-V]?\d{4})", re.IGNORECASE)
_WORDS = {
    "rev": CodeSystem.REVENUE,
    "apc": CodeSystem.APC,
    "ncd": CodeSystem.NCD,
    "pol": CodeSystem.POLICY,
    "cpb": CodeSystem.POLICY,
    "mod": CodeSystem.MODIFIER,
}
_NUMBER = re.compile(
    r"(?<![\d.,$/-])(?<!\b[LlAa])\d{5}(?![\d%]|,\d{3}|\.\d|/\d|\s?(?:patients|women|dollars|people|bucks|sq))"
)
_ZIP = re.compile(r"\bzip(?: code)?\s*$", re.IGNORECASE)
_LOST_LETTER = re.compile(
    r"(?:\bCPT(?: code)?|\bT[ -]code|\bcat(?:egory)?\.? ?(?:3|III)(?: code)?|\bcode)"
    r"\s+#?(0[0-9]{3})(?![\w.])",
    re.IGNORECASE,
)
_SUBJECT = "\n\nmodifiers"
_WORD = re.compile(r"(?<![\w.-])[A-Za-z]\w{2,6}(?:\.\w{1,4})?(?![\w-])")
_SMALL_WORDS = frozenset(("as", "am", "ad", "et", "la", "ma", "pa", "ms", "st", "ca", "er", "ed"))
_LOST_ZERO = re.compile(r"(?<![\w.])(\d{3}[Tt])(?!\w)")


def normalise(code: str) -> tuple[CodeSystem, str] | None:
    """The system and the normal form of one code that a person typed; None when it is none.

    A four-digit number alone is not read: it may be a revenue code, a policy or half a code, so
    it needs the word ("rev 0360"). Slips with one meaning (`O581T`, `581t`) are read as meant;
    `codes_in_question` says which were.
    """
    code = _GLUED.sub(r"\1 ", plain_characters(code).strip())
    match = _PREFIX.match(code)
    word = (match.group("word") or "").lower() if match else ""
    bare = code[match.end() if match else 0 :].strip(" .,;:?!()[]\"'“”*_`®")
    if not bare:
        return None
    labelled = _labelled(word, bare)
    if labelled is not None:
        return labelled
    if len(bare) == 2 and bare.upper() in MODIFIERS:
        return CodeSystem.MODIFIER, bare.upper()
    if re.fullmatch(r"\d{5}", bare):
        return (CodeSystem.CPT, bare) if is_cpt(bare) else None
    return _alone(bare, diagnosis=word.startswith(("icd", "dx", "diag")))


def _labelled(word: str, bare: str) -> tuple[CodeSystem, str] | None:
    """A number whose system the person named; None when the word or the number does not tell."""
    system = _WORDS.get(word[:3])
    if system is CodeSystem.REVENUE and re.fullmatch(r"\d{3,4}", bare):
        return system, bare.zfill(4)
    if system is CodeSystem.APC and re.fullmatch(r"\d{4}", bare):
        return system, bare
    if system is CodeSystem.NCD and re.fullmatch(r"\d{1,3}(?:\.\d{1,2}){1,2}", bare):
        return system, bare
    if system is CodeSystem.MODIFIER and bare.lstrip("-").upper() in MODIFIERS:
        return system, bare.lstrip("-").upper()
    if system is CodeSystem.POLICY and re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.-]{2,14}", bare):
        return system, bare.upper()
    return None


def _alone(bare: str, *, diagnosis: bool) -> tuple[CodeSystem, str] | None:
    """A code that fills the whole text, possibly with a modifier after it."""
    upper = bare.upper() if not re.search(r"[Ol|]", bare) else bare
    for spelling in dict.fromkeys((upper, bare, bare.upper())):
        for prefix in ("ICD-10 " if diagnosis else "", "code ", "LCD ", "ICD-10 "):
            found = find_codes(prefix + spelling)
            first = next((one for one in found if one.span.start == len(prefix)), None)
            if (
                first
                and first.coverage == "exact"
                and _is_whole(first, found, len(prefix + spelling))
            ):
                return first.system, first.code
    return None


def _is_whole(first: CodeMention, found: tuple[CodeMention, ...], end: int) -> bool:
    """Whether a mention, with the modifiers joined to it, reaches the end of what was typed."""
    rest = found[found.index(first) + 1 :]
    joined = all(one.system is CodeSystem.MODIFIER for one in rest)
    return joined and (rest[-1] if rest else first).span.end == end


def codes_in_question(question: str) -> tuple[CodeMention, ...]:
    """All codes that a question names, in order; what was read through a slip is `probable`."""
    question = plain_characters(question)
    # Naming the subject lets GA and GZ count without the word "modifier".
    found = [one for one in find_codes(question + _SUBJECT) if one.span.end <= len(question)]
    for one in (*_shouted(question), *_numbers(question), *_lost(question), *_shaped(question)):
        if all(one.span.end <= two.span.start or two.span.end <= one.span.start for two in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.span))


def _shouted(question: str) -> Iterator[CodeMention]:
    """Modifiers and blanket rules typed in small letters: `modifier rt`, `all t codes`."""
    capitals = question.upper()
    if len(capitals) != len(question):
        return
    for one in find_codes(capitals):
        word = one.system is CodeSystem.MODIFIER and one.span.of(question) in _SMALL_WORDS
        if one.coverage == "blanket" or (one.system is CodeSystem.MODIFIER and not word):
            yield one


def _numbers(question: str) -> Iterator[CodeMention]:
    """Five digits that can be a code, and are no ZIP code nor the number of a determination (L) or
    an article (A)."""
    for number in _NUMBER.finditer(question):
        if is_cpt(number.group()) and not _ZIP.search(question[: number.start()]):
            yield CodeMention(number.group(), CodeSystem.CPT, Span(*number.span()))


def _lost(question: str) -> Iterator[CodeMention]:
    """Category III codes that lost their letter or their zero on the way: `CPT 0581`, `581t`."""
    system = CodeSystem.CATEGORY_III
    for lost in _LOST_LETTER.finditer(question):
        yield CodeMention(lost.group(1) + "T", system, Span(*lost.span(1)), probable=True)
    for lost in _LOST_ZERO.finditer(question):
        code = "0" + lost.group(1).upper()
        yield CodeMention(code, system, Span(*lost.span(1)), probable=True)


def _shaped(question: str) -> Iterator[CodeMention]:
    """Codes that only their shape tells: `c2618`, `c50.411`, `C50411`."""
    for word in _WORD.finditer(question):
        surface = word.group()
        if sum(character.isdigit() for character in surface) < 3:
            continue
        read = normalise(surface)
        if read is not None and read[0] is not CodeSystem.MODIFIER:
            slip = re.sub(r"\W", "", read[1]) != re.sub(r"\W", "", surface.upper())
            yield CodeMention(read[1], read[0], Span(*word.span()), probable=slip)
