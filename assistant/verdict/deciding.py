"""The passage in which a payer decides, where a question asks whether it covers something.

A long policy tells of a hundred studies of the thing, each in more of the question's words than the
list that says "experimental", and what a study found is no decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.question.names.naming import Naming
from assistant.question.names.things import Thing, is_said_above
from assistant.question.understand import Understood
from assistant.question.words.telling import Ways, says, telling
from assistant.ranking.rank import Hit, Question, rank
from assistant.verdict.meeting import Looked
from assistant.verdict.put_in import put_in
from assistant.verdict.requirements import Kind, Need, requirements
from assistant.verdict.stating import Text as Said
from corpus.text.sentences import sentences
from index.filters import Filters
from index.library import Library
from index.shards.analysis import analyze, words_in

_RANKED = 100  # passages of the document


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be decided, by its telling words, and how a decision is said."""

    words: tuple[Ways, ...]
    thing: Thing

    def is_decided(self, said: Said, above: str) -> bool:
        """Whether a passage decides it, below the words `above` it."""
        told = (span.of(said.text) for span in sentences(said.text))
        if not (
            is_said_above(self.thing, said.section) or any(map(self.thing.is_decided_by, told))
        ):
            return False
        held = words_in(f"{above} {said.text}")
        return all(says(held, word) for word in self.words)


def to_be_decided(
    question: str, needs: Sequence[Need], also: Mapping[str, Sequence[str]]
) -> Asked | None:
    """What a question asks a payer's decision on; None where it asks for none, or names no more
    than a code, which the ranking puts first by itself."""
    asked = next((need for need in needs if need.thing is not None and need.thing.marked), None)
    if asked is None or asked.thing is None or not any(need.payer for need in needs):
        return None
    if any(need.kind is Kind.CODE for need in needs):
        return None
    named = " ".join((asked.typed, *(need.typed for need in needs if need.payer is not None)))
    stems = frozenset(analyze(named))
    words = tuple(word for word in telling(question, also) if not word[0] <= stems)
    return Asked(words, asked.thing) if words else None


def with_deciding(
    library: Library,
    naming: Naming,
    question: Question,
    filters: Filters,
    hits: Sequence[Hit],
    *,
    within: int,
) -> list[Hit]:
    """The hits, among the first `within` of which stand passages of the payer's document that comes
    first in which it decides."""
    if not hits or not question.whose.own:
        return list(hits)
    first = library.version_of([hits[0].passage])[0]
    understood = question.understood
    also = {one.typed.lower(): one.added for one in understood.widened}
    needs = requirements(understood, naming)
    asked = to_be_decided(understood.query.free, needs, also)
    if asked is None or first not in question.whose.own:
        return list(hits)
    theirs = Filters(
        on=filters.on,
        documents=(library.versions[first].document,),
        include_all=filters.include_all,
    )
    found = [hit.passage for hit in rank(library, question, theirs, k=_RANKED)]
    found += _in_words_of_a_decision(library, understood, asked.thing, theirs)
    decided = [
        one.id
        for one in library.passages(list(dict.fromkeys(found)))
        if asked.is_decided(one.content, one.content.context)
    ]
    return put_in(library, question, filters, hits, decided, within=within)


def _in_words_of_a_decision(
    library: Library, understood: Understood, thing: Thing, filters: Filters
) -> tuple[int, ...]:
    """The passages that have the question's words beside those of a decision: a list of what is
    experimental has few of the question's."""
    decisive = dict.fromkeys(analyze(" ".join(thing.words)), 1.0) | dict(understood.words)
    return library.by_words(tuple(decisive.items()), filters, k=_RANKED).ids


def deciding(
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
    asked: Asked,
    first: int,
) -> int:
    """The passage by which to judge, by its position: of the same document as the first one that in
    which it decides, where the first does not."""
    best = looked[first]
    whole = [at for at, one in enumerate(looked) if not lacking[one.citation.passage]]
    same = [at for at in whole if looked[at].citation.version.id == best.citation.version.id]
    decided = [at for at in same if asked.is_decided(looked[at].citation, looked[at].head)]
    return decided[0] if decided and first not in decided else first
