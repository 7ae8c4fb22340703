"""The sentence or table row of a passage that answers, found by its words and its meaning."""

from __future__ import annotations

from collections.abc import Collection

from corpus.document import Span
from corpus.sentences import sentences
from index.lexical import analyze


def highlights(text: str, words: Collection[str]) -> tuple[Span, ...]:
    """The sentence that holds most of the question's words, the earliest of equals; or nothing."""
    best: tuple[float, Span] | None = None
    for span in sentences(text):
        held = set(analyze(span.of(text)))
        score = sum(1.0 for word in words if word in held)
        if score > 0 and (best is None or score > best[0]):
            best = (score, span)
    return (best[1],) if best else ()
