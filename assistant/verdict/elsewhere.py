"""Whether the marked words answer nothing whatever is asked: they say where to look, whose the text
is, what the parts of a document are called, or when it was changed."""

from __future__ import annotations

import re

from assistant.verdict.meeting import Looked

_ABOUT_THE_TEXT = re.compile(  # a question that such words may answer
    r"\b(?:where|website|web ?page|link|url|find|titled?|copyright|licen[sc]e|contents|chapters?"
    r"|sections?|chang(?:es?|ed)|revis\w*|updat\w*|transmittals?|version|history|references?|sources?"
    r"|which (?:document|policy|manual|guide|criteria|guidelines?)|refer|contact|call|phone|who"
    r"|effective|(?:take|took|into) effect|in force|start|begin)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"^\W*(?:[ivx\d.]+\W+)?(?:table of contents|contents|references|bibliography|revision history"
    r"|(?:policy )?history|change (?:summary|log|history)|transmittals issued\b.*)\W*$",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"\bcopyright\s+(?:\d{4}|©|\(c\))|©|\ball rights reserved\b|\bproprietary information\b"
    r"|\bindependent licensee\b|\breserves the right\b|\bmay be copied only\b"
    r"|\bdistribution limited\b",
    re.IGNORECASE,
)
_LOOK = re.compile(
    r"^\W*(?:please )?(?:see|refer to)\b"
    r"|^\W*(?:please,? )?for\b[^.]*\b(?:refer to|see|access|visit|consult)\b"
    r"|\b(?:is|are|was) (?:discussed|described|addressed|explained|found|listed) (?:in|at|on)\b"
    r"[^.]*\b(?:section|chapter|manual|policy|page|table|website)\b"
    r"|\bnot cite any sources\b|\badding citations\b",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^[^.!?|]{3,90}[\s.]\d{1,3}$")  # of a table of contents
_A_SENTENCE = 5  # words


def only_points(passage: Looked, question: str) -> bool:
    """Whether everything marked in a passage is of that kind."""
    citation = passage.citation
    if passage.is_gap or _ABOUT_THE_TEXT.search(question):
        return False
    if citation.section and _PARTS.match(citation.section[-1]):
        return True
    marked = [" ".join(span.of(citation.text).split()) for span in citation.highlights]
    told = [one for one in marked if len(one.split()) >= _A_SENTENCE or _ENTRY.match(one)]
    return bool(told) and all(_points(one) for one in told)


def _points(sentence: str) -> bool:
    return any(form.search(sentence) for form in (_WHOSE, _LOOK, _ENTRY))
