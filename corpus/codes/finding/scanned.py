"""Codes in words that were recognised on a scan: letters that look like figures are read as them.

Beyond the slips that are known anywhere (O for 0, I and l for 1, S for 5, B for 8), a scan gives Z
for 2, G for 6 and a bar for 1. What is a code as it stands is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.codes.finding.tokens import candidates
from corpus.codes.shapes import bounds_cpt, is_hcpcs, suffixed_system
from corpus.codes.systems import CodeMention
from corpus.document import ScannedWord, Span

_FIGURES = str.maketrans("OoIl|SBZzG", "0011158226")
_WORD = re.compile(
    r"(?<![^\W_])(?P<letter>[ACEGHJKLQV]?)(?P<rest>[0-9OoIl|SBZzG]{4,5})(?P<t>[Tt]?)(?![^\W_])"
)
_UNSURE = 0.5  # a code with a letter that is less surely read is a doubtful one


def with_figures(text: str, words: Sequence[ScannedWord]) -> tuple[str, list[Span]]:
    """The text with figures for the letters that stand for them in scanned words, as long as it
    was; and where that was done."""
    changed: list[Span] = []
    parts: list[str] = []
    done = 0
    for word in words:
        for found in _WORD.finditer(text, word.start, word.end):
            meant = _meant(found)
            if meant is None or meant == found.group() or _is_known(found.group()):
                continue
            parts += [text[done : found.start()], meant]
            done = found.end()
            changed.append(Span(*found.span()))
    return "".join([*parts, text[done:]]), changed


def doubted(
    mentions: Sequence[CodeMention], changed: Sequence[Span], words: Sequence[ScannedWord]
) -> Iterator[CodeMention]:
    """The mentions, those marked as probable that lie on changed or unsure words."""
    doubtful = [*changed, *(Span(w.start, w.end) for w in words if w.sure < _UNSURE)]
    doubtful.sort()
    at = 0
    for mention in mentions:
        while at < len(doubtful) and doubtful[at].end <= mention.span.start:
            at += 1
        unsure = at < len(doubtful) and doubtful[at].start < mention.span.end
        yield replace(mention, probable=True) if unsure else mention


def _is_known(word: str) -> bool:
    return any(one.end == len(word) for one in candidates(word))


def _meant(found: re.Match[str]) -> str | None:
    """The code that a word may stand for: most of its signs must be figures already."""
    letter, rest, end = found["letter"], found["rest"], found["t"]
    figures = rest.translate(_FIGURES)
    known = sum(sign.isdigit() for sign in rest)
    if end and not letter and len(rest) == 4 and known >= 2:
        return f"{figures}{end}" if suffixed_system(f"{figures}T") else None
    if end:
        return None
    if letter and len(rest) == 4 and known >= 3:
        return letter + figures if is_hcpcs(letter + figures) else None
    if not letter and len(rest) == 5 and known >= 4:
        return figures if bounds_cpt(figures) else None
    return None
