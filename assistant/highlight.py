"""The sentence or table row of a passage that answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from corpus.document import Span
from corpus.sentences import sentences
from index.lexical import analyze

_WORDS = 0.3  # weight of the question's words in a sentence beside its late-interaction score
_SHORT = 25  # words; a shorter sentence is marked together with the better one beside it
_HEADING = 8  # words at most
_NEXT = 0.05  # in favour of the one that follows: answers go on more often than they come late


def highlights(
    text: str,
    words: Mapping[str, float],
    scores: Sequence[float],
    *,
    headings: Collection[str] = (),
) -> tuple[Span, ...]:
    """The best sentence, and the better of its neighbours where it is short.

    `words` are the question's analysed words with their weights, `scores` the late-interaction
    scores of the passage's sentences, in order, as far as there are any. Nothing is marked where no
    sentence holds a word or has a score. A heading asks, it does not answer: lines that are one of
    `headings` are never marked.
    """
    spans = sentences(text)
    if not spans:
        return ()
    whole = sum(words.values()) or 1.0
    values = []
    for number, span in enumerate(spans):
        if " ".join(span.of(text).split()) in headings:
            values.append(-1.0)
            continue
        held = set(analyze(span.of(text)))
        share = sum(weight for word, weight in words.items() if word in held) / whole
        values.append(_WORDS * share + (scores[number] if number < len(scores) else 0.0))
    best = max(range(len(spans)), key=lambda number: (values[number], -number))
    if values[best] <= 0:
        return ()
    marked = {best}
    if len(spans[best].of(text).split()) < _SHORT and not _is_row(text, spans[best]):
        beside = [at for at in (best - 1, best + 1) if 0 <= at < len(spans)]
        beside = [at for at in beside if values[at] >= 0 and not _is_heading(text, spans[at])]
        if beside:
            marked.add(max(beside, key=lambda at: values[at] + (_NEXT if at > best else 0.0)))
    return tuple(spans[at] for at in sorted(marked))


def _is_row(text: str, span: Span) -> bool:
    """A table row answers by itself."""
    return " | " in span.of(text)


def _is_heading(text: str, span: Span) -> bool:
    """A few words without an end, and a blank line after: not marked with what stands under it."""
    few = len(span.of(text).split()) <= _HEADING
    return few and text[span.end - 1] not in ".!?:;," and text[span.end : span.end + 2] == "\n\n"
