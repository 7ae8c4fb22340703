"""What an open library names anywhere: words, phrases, codes, numbers, looked up in all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from assistant.question.names.identifiers import Identifier, names
from assistant.question.understand import Code
from assistant.question.words.phrases import holds, plain
from assistant.verdict.requirements import Need
from index.filters import Filters
from index.library import Library
from index.recent import Recent
from index.shards.analysis import analyze
from index.versions import today

_COUNTS = 4096  # words of which it is kept in how many passages they stand
READ = 500  # passages that are read for an identifier; in more, one may name it


class NamedHere:
    """Looks names up in a library that never changes, so that what was looked up once is kept.

    `size` is how many passages there are.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._counts: Recent[str, int] = Recent(_COUNTS)
        self.size = library.size

    def share_with(self, word: str) -> float:
        """In what share of the passages a word stands."""
        most = max(self.frequencies(analyze(word)), default=0)
        return most / max(self.size, 1)

    def has_words(self, text: str) -> bool:
        """Whether every word of a text stands somewhere in the library."""
        return all(self.frequencies(analyze(text)))

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """In how many passages analysed words stand; what was not looked up lately is so in one
        go, since the library may be far away."""
        return self._counts.all(words, self._library.word_frequencies)

    def has_phrase(self, text: str) -> bool:
        """Whether the words of a text stand side by side somewhere, or joined as one."""
        everything = Filters(on=today(), include_all=True)
        joined = re.sub(r"\W", "", text)
        if text.upper() in self._numbers or self.has_words(joined):
            return True
        return bool(len(self._library.matching_words((), everything, phrases=(text,))))

    def looked_up(self, needs: Sequence[Need]) -> tuple[Need, ...]:
        """The needs, with every identifier that no document names marked as such."""
        return tuple(
            replace(need, nowhere=not self.names(need.identifier)) if need.identifier else need
            for need in needs
            if need.code is None or not self._is_another_kind_of(need.code)
        )

    def _is_another_kind_of(self, code: Code) -> bool:
        """Whether a diagnosis that no document names was typed without its dot, and stands in the
        library so, as something else: N706 is a remark code as well."""
        bare = code[1].replace(".", "")
        return bare != code[1] and not self.names_code(code) and self.has_words(bare)

    def names(self, identifier: Identifier) -> bool:
        """Whether a document may name an identifier, in force or not."""
        everything = Filters(on=today(), include_all=True)
        if identifier.code in self._numbers:
            return True
        for words in identifier.spellings:
            if not all(self.frequencies(list(words))):
                continue
            found = self._library.matching_words((), everything, phrases=tuple(words)).tolist()
            if len(found) > READ or any(names(text, identifier) for text in self.texts(found)):
                return True
        system = identifier.kind.system
        if system is None:
            return False
        return len(self._library.passages_naming(system, identifier.code, everything)) > 0

    def names_code(self, code: Code) -> bool:
        """Whether a document names or covers a code, in force or not."""
        everything = Filters(on=today(), include_all=True)
        named = code[1] in self._numbers or self.has_words(code[1])
        return named or len(self._library.passages_naming(*code, everything)) > 0

    def texts(self, passages: Sequence[int]) -> Iterator[str]:
        """Passages with their titles, headings and column names."""
        for passage in self._library.passages(passages):
            content = passage.content
            title = self._library.versions[passage.version].metadata.title
            yield " ".join((title, *content.section, content.header, content.text))

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """The documents' own numbers and codes."""
        versions = [version.metadata for version in self._library.versions.values()]
        numbers = {one.number for one in versions if one.number}
        return frozenset(one.upper() for one in numbers.union(*(one.codes for one in versions)))

    def titles_naming(self, words: Sequence[str]) -> tuple[str, ...]:
        """Titles of documents that name one of these plain phrases, in order of their ids."""
        return tuple(
            title for title, simple in self._titles if any(holds(simple, word) for word in words)
        )

    @cached_property
    def _titles(self) -> tuple[tuple[str, str], ...]:
        return tuple((title, plain(title)) for _, title in sorted(self._library.titles().items()))
