"""How far a passage is trusted to answer a question, by what the question tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answer import Citation
from assistant.question.understand import Understood
from assistant.verdict.coverage import Coverage, TellingWord, coverage, telling_words
from assistant.verdict.here.unknown import Unknown
from assistant.verdict.meeting import Looked, states_name
from assistant.verdict.requirements import Kind, Need
from assistant.verdict.trust import features, model
from index.model.embedder import Embedding, Floats
from index.shards.analysis import analyze

_TRUSTED = 3  # passages of which one must be trusted
_MARKED = 200  # characters of marked words that are embedded by themselves
_COMPARED = (Kind.PAYER, Kind.CODE, Kind.IDENTIFIER)


@dataclass(frozen=True, slots=True)
class Matches:
    """The question as it was embedded and, by passage, the best cosines of its tokens there;
    `alone` gives the cosine of any text by itself with the question."""

    embedding: Embedding
    of: Mapping[int, Floats]
    alone: Callable[[str], float] | None = None


@dataclass(frozen=True, slots=True)
class Trusting:
    """How the trust in passages is found: the question's telling words and their matches."""

    words: tuple[TellingWord, ...]
    matches: Matches | None
    knows_all: bool  # the library knows every word
    names: tuple[Need, ...]  # codes and numbers that the question names
    beside: tuple[Citation, ...]  # the passages looked at
    passed: frozenset[int]  # those of them that are not of the payer named
    covers: dict[int, Coverage | None] = field(default_factory=dict)  # those known, by passage

    def made_of(self, passage: Looked) -> dict[str, float]:
        named = sum(states_name(passage, need) for need in self.names)
        share = named / (1 + len(self.names))
        cover = self.cover(passage)
        return features(
            passage.citation, cover, named=share, beside=self.beside, passed=self.passed
        )

    def trust(self, passage: Looked) -> float:
        return model().trust(self.made_of(passage))

    def alone(self, passage: Looked) -> float | None:
        """The cosine of a passage's marked words by themselves with the question."""
        citation = passage.citation
        marked = " ".join(span.of(citation.text) for span in citation.highlights)
        if self.matches is None or self.matches.alone is None or not marked:
            return None
        return self.matches.alone(marked[:_MARKED])

    def cover(self, passage: Looked) -> Coverage | None:
        number = passage.citation.passage
        if number not in self.covers:
            cosines = self.matches.of.get(number) if self.matches else None
            self.covers[number] = coverage(passage, cosines, self.words)
        return self.covers[number]


def trusting_in(
    understood: Understood,
    needs: Sequence[Need],
    matches: Matches | None,
    unknown: Unknown,
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
) -> Trusting:
    """Names that are compared by themselves do not count again among the words."""
    names = (need.typed for need in needs if need.kind in _COMPARED or _has_form(need))
    named = frozenset(analyze(" ".join(names)))
    words = telling_words(understood, matches.embedding, named) if matches else ()
    numbers = tuple(need for need in needs if need.kind in (Kind.CODE, Kind.IDENTIFIER))
    beside = tuple(one.citation for one in looked)
    passed = (one.passage for one in beside if any(need.payer for need in lacking[one.passage]))
    return Trusting(words, matches, not unknown.share, numbers, beside, frozenset(passed))


def _has_form(need: Need) -> bool:
    """Whether a need is a thing that is found by the form of its value."""
    return need.thing is not None and need.thing.form is not None and not need.thing.soft


def trust_of(
    trusting: Trusting,
    chosen: Looked,
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
) -> tuple[float, float | None]:
    """The trust in the passage to judge by or, where the library knows every word, in the best of
    the first few: one that is about the same and says it in other words. In doubt, with how near
    its marked words are to the question by themselves."""
    judged = [chosen]
    if trusting.knows_all:
        few = looked[:_TRUSTED]
        judged += [one for one in few if not one.is_gap and not lacking[one.citation.passage]]
    trust, _, best = max((trusting.trust(one), -at, one) for at, one in enumerate(judged))
    # A question that only names a number has no words that the marked ones could be near to.
    alone = trusting.alone(best) if trusting.words and model().doubts(trust) else None
    return (trust, None) if alone is None else (model().corrected(trust, alone), alone)
