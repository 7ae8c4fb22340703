"""How a question is read with what an open library knows: its slips, asides, short forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from assistant.answer import Widening
from assistant.question.words.asides import without_asides
from assistant.question.words.explained import explained
from assistant.question.words.spelling import repaired
from assistant.question.words.vocabulary import standard_vocabulary
from assistant.verdict.here.named import READ, NamedHere
from assistant.verdict.here.payers import PayersHere
from assistant.verdict.here.unknown import UnknownWords
from index.filters import Filters
from index.library import Library
from index.shards.analysis import analyze
from index.versions import today


class Reading:
    """Reads questions as those who know the library mean them."""

    def __init__(
        self, library: Library, payers: PayersHere, named: NamedHere, unknown: UnknownWords
    ) -> None:
        self._library = library
        self._payers = payers
        self._named = named
        self._unknown = unknown

    def explained(self, question: str, english: Callable[[], Collection[str]]) -> list[Widening]:
        """What the documents say that short forms stand for; see `explained`."""
        return explained(question, self._library.short_forms, ordinary=english)

    def asked(self, question: str) -> str:
        """The question without asides at its edges: greetings, names, thanks; see `asides`."""
        self._named.frequencies(analyze(question))  # in one go
        return without_asides(question, self._tells)

    def _tells(self, word: str) -> bool:
        """Whether a word tells something here: a number, a name, a word that a document has."""
        if any(map(str.isdigit, word)) or self._payers.naming.names(word):
            return True
        stems = [
            stem for stem in analyze(word) if len(stem) > 1 and stem not in self._unknown.silent
        ]
        return any(self._named.frequencies(stems))

    def repaired(
        self, question: str, english: Callable[[], Collection[str]]
    ) -> tuple[str, tuple[Widening, ...]]:
        """The question without slips of the keyboard; see `spelling`."""
        return repaired(
            question,
            is_word=self._is_name,
            frequencies=self._named.frequencies,
            english=english,
            written=self._written,
        )

    def _written(self, left: str, right: str) -> str | None:
        """Two parts of a word as they stand side by side in a passage."""
        everything = Filters(on=today(), include_all=True)
        found = self._library.matching_words((), everything, phrases=(f"{left} {right}",))
        parts = (re.escape(part).replace(r"\ ", r"\W") for part in (left, right))
        together = re.compile(r"(?<!\w){}[ .–/-]?{}(?!\w)".format(*parts), re.IGNORECASE)
        texts = self._named.texts(found.tolist()[:READ])
        return next((said[0] for text in texts if (said := together.search(text))), None)

    def _is_name(self, word: str) -> bool:
        """Whether a word, rightly or wrongly spelled, is known from people's questions."""
        naming = self._payers.naming
        like = naming.payer_like(word)
        unknown_payer = like is not None and not self._named.has_words(like.name)
        return naming.knows(word) or unknown_payer or standard_vocabulary().has(word)
