"""The words of a text that tell something, each with what may stand for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from assistant.question.words.grammar import without_grammar
from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.silent import SILENT
from assistant.question.words.vocabulary import standard_vocabulary
from index.shards.analysis import analyze

Ways = tuple[frozenset[str], ...]  # of saying a word, analysed: a text that says it holds one whole


def telling(text: str, also: Mapping[str, Sequence[str]]) -> Iterator[Ways]:
    """Each telling word of a text. `also` gives what was found to stand for some, as typed."""
    for word in dict.fromkeys(without_grammar(text).split()):
        stems = frozenset(analyze(word)) - SILENT - NEUTRAL
        if stems:
            plain = word.strip(".,;:?!").lower()
            said = (*also.get(plain, ()), *standard_vocabulary().also_said(plain))
            yield (stems, *(frozenset(analyze(one)) for one in said))


def says(held: Collection[str], word: Ways) -> bool:
    """Whether a text with these analysed words says a word."""
    return any(one and one <= frozenset(held) for one in word)
