"""The sentence or table row of a passage that answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from corpus.document import Span
from corpus.sentences import sentences
from index.lexical import analyze

_WORDS = 0.3  # weight of the share of the question's words beside the score of the sentence


def highlights(text: str, words: Collection[str], scores: Sequence[float]) -> tuple[Span, ...]:
    """The best sentence by its words and, where it has one, its late-interaction score.

    `scores` are those of the passage's sentences, in order; `words` are analysed. The earliest of
    equals; nothing where no sentence has a word or a score.
    """
    best: tuple[float, Span] | None = None
    for number, span in enumerate(sentences(text)):
        held = set(analyze(span.of(text)))
        share = sum(1 for word in words if word in held) / max(len(words), 1)
        score = _WORDS * share + (scores[number] if number < len(scores) else 0.0)
        if score > 0 and (best is None or score > best[0]):
            best = (score, span)
    return (best[1],) if best else ()
