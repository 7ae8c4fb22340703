"""Finds every code that a text names or covers, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.codes.finding.blanket import blankets
from corpus.codes.finding.columns import Columns
from corpus.codes.finding.cues import Cues
from corpus.codes.finding.judge import Judge
from corpus.codes.finding.listed import attached, bare_modifiers, bare_revenue, in_brackets, listed
from corpus.codes.finding.neighbours import linked
from corpus.codes.finding.policies import policies, sections_of_rules
from corpus.codes.finding.scanned import doubted, with_figures
from corpus.codes.finding.tokens import Candidate, candidates
from corpus.codes.shapes import is_cpt
from corpus.codes.systems import CodeMention, CodeSystem
from corpus.document import BlockKind, Document, Span
from corpus.text.clean import plain_characters
from corpus.text.marks import without_marks

# A dash at the start of a line is a bullet; "to" may stand there.
_TO = re.compile(r"(?:[ \t]*[-–—‑−]|\s*\b(?:to|through|thru)\b)\s*(?:CPT\s|HCPCS\s|codes?\s){0,2}")
_PARTED = re.compile(r"[.!?]\s|\n|\|")
_RANGED = frozenset(("number", "suffixed", "hcpcs", "icd", "plain", "pcs"))
_MODIFIABLE = frozenset((CodeSystem.CPT, CodeSystem.CATEGORY_III, CodeSystem.HCPCS))


def find_codes(text: str, rows: Iterable[tuple[Span, str]] = ()) -> tuple[CodeMention, ...]:
    """All mentions in the order of the text; none overlaps another.

    `rows` gives table rows whose header does not stand in the text above them, with that header.
    """
    text = plain_characters(without_marks(text))
    cues, columns = Cues(text), Columns(text, rows)
    wordy = [*policies(text, cues), *listed(text, cues, columns), *sections_of_rules(text)]
    wordy += bare_revenue(text, cues, wordy)
    taken = _without_overlap(sorted(wordy, key=lambda found: (found.start, -found.end)))
    accepted = _judged(text, Judge(text, cues, columns), _ranges(text, _free(text, taken)))
    modifiers = [made for code in accepted for made in _modifiers_of(text, code)]
    if accepted:
        modifiers += in_brackets(text)
    rest = [*modifiers, *bare_modifiers(text, cues), *blankets(text, cues)]
    found = sorted([*taken, *accepted, *rest], key=lambda one: (one.start, -one.end))
    return tuple(_mention(one) for one in _without_overlap(found))


def codes_in(document: Document) -> tuple[CodeMention, ...]:
    """All mentions in a document, its table rows read with their headers, its scans with doubt."""
    rows = ((b.span, b.header) for b in document.blocks if b.kind is BlockKind.ROW and b.header)
    if not document.scanned:
        return find_codes(document.text, rows)
    text, changed = with_figures(document.text, document.scanned)
    return tuple(doubted(find_codes(text, rows), changed, document.scanned))


def _modifiers_of(text: str, code: Candidate) -> Iterator[Candidate]:
    if code.system in _MODIFIABLE and code.last is None:
        yield from attached(text, code.end)


def _without_overlap(found: Iterable[Candidate]) -> list[Candidate]:
    """Of candidates in order, those that begin after the one before has ended."""
    kept: list[Candidate] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _free(text: str, taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """The candidates that do not lie where a number with its own cue word was found."""
    index = 0
    for candidate in candidates(text):
        while index < len(taken) and taken[index].end <= candidate.start:
            index += 1
        if index == len(taken) or taken[index].start >= candidate.end:
            yield candidate


def _ranges(text: str, found: Iterator[Candidate]) -> Iterator[Candidate]:
    """Join two codes of one system that a dash or "through" connects, the lower one first."""
    first = next(found, None)
    for second in found:
        if first is None:
            break
        if _is_range(text, first, second):
            first.last, first.end = second.code, second.end
            yield first
            first = next(found, None)
            continue
        yield first
        first = second
    if first is not None:
        yield first


def _is_range(text: str, first: Candidate, second: Candidate) -> bool:
    if first.kind not in _RANGED or second.kind not in _RANGED or first.system is not second.system:
        return False
    same_letter = first.code[-1:] == second.code[-1:] or not first.code[-1:].isalpha()
    ordered = first.code < second.code and len(first.code) <= 8
    if not ordered or (first.kind == "suffixed" and not same_letter):
        return False
    return second.start - first.end <= 24 and bool(_TO.fullmatch(text, first.end, second.start))


def _judged(text: str, judge: Judge, found: Iterable[Candidate]) -> list[Candidate]:
    """The accepted candidates: once forward, then back from each sure code, then by repetition."""
    kept: list[Candidate] = []
    doubtful: list[Candidate] = []
    unheard: list[Candidate] = []
    for one in found:
        if one.last is None and _is_limit(one):
            continue
        if not judge.accept(one):
            doubtful.append(one)
            continue
        judge.remember(one)
        following = one
        while doubtful and _joins(text, judge, doubtful[-1], following):
            following = doubtful.pop()
            kept.append(following)
        unheard += doubtful
        doubtful.clear()
        kept.append(one)
    kept += _repeated(judge, kept, [*unheard, *doubtful])
    return sorted(kept, key=lambda one: one.start)


def _repeated(
    judge: Judge, kept: Sequence[Candidate], doubtful: Iterable[Candidate]
) -> list[Candidate]:
    """The doubtful ones whose code the same text names beyond doubt elsewhere."""
    sure = {(one.system, one.code) for one in kept}
    return [
        one
        for one in doubtful
        if one.kind in ("number", "plain")
        and (one.system, one.code) in sure
        and one.start not in judge.excluded
    ]


def _is_limit(found: Candidate) -> bool:
    """Whether this is the limit of a chapter (`90000`, `A0000`), which alone is not a code."""
    if found.kind == "number":
        return not is_cpt(found.code)
    return found.kind == "hcpcs" and found.code.endswith("0000")


def _joins(text: str, judge: Judge, doubtful: Candidate, sure: Candidate) -> bool:
    """Whether a doubtful number is in one list with the sure code after it."""
    if doubtful.kind not in ("number", "plain") or doubtful.start in judge.excluded:
        return False
    same = doubtful.system is sure.system or {doubtful.system, sure.system} <= _MODIFIABLE
    if not same:
        return False
    if linked(text, doubtful.end, sure.start):
        return True
    between = text[doubtful.end : sure.start]
    return doubtful.kind == "number" and len(between) <= 60 and not _PARTED.search(between)


def _mention(found: Candidate) -> CodeMention:
    coverage: str = "exact"
    if found.kind == "blanket":
        coverage = "blanket"
    elif found.last is not None:
        coverage = "range"
    span = Span(found.start, found.end)
    return CodeMention(found.code, found.system, span, coverage, found.last, found.probable)  # type: ignore[arg-type]
