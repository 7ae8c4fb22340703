"""What an open library knows: its payers, and the words of a question that stand nowhere in it."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from assistant.answer import Citation, Widening
from assistant.question.names.identifiers import Identifier, names
from assistant.question.names.naming import Naming, standard_naming
from assistant.question.names.payers import PROGRAMS, Payer
from assistant.question.understand import Code, Understood
from assistant.question.words.asides import without_asides
from assistant.question.words.courtesy import FAMILY
from assistant.question.words.explained import explained
from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.phrases import holds, plain
from assistant.question.words.silent import SILENT
from assistant.question.words.spelling import repaired
from assistant.question.words.vocabulary import standard_vocabulary
from assistant.ranking.rank import Whose
from assistant.verdict.meeting import Looked, look
from assistant.verdict.requirements import Need
from index.filters import Filters
from index.library import Library
from index.recent import Recent
from index.shards.lexical import analyze
from index.versions import Version, today

_COUNTS = 4096  # words of which it is kept in how many passages they stand
_KEPT = 2000  # passages whose words are kept: about 2 MB
_READ = 500  # passages that are read for an identifier; in more, one may name it
_BEGINS = 1500  # characters of a document that say whose it is
_HEAD = 400  # of these, what stands at the very top: a name, a title
_RARE = 20  # a word that stands in fewer than one of so many passages tells a subject by itself
_SHORTEST = 3  # letters of a word that counts as unknown; shorter ones are short forms and slips


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words, as typed, that stand nowhere in the library, and their share of what the question's
    words weigh together, in 0..1."""

    words: tuple[str, ...]
    share: float
    known: int  # how many telling words the library does know
    rare: bool  # whether one of them stands in few of its passages
    strange: bool  # whether one is a name with a number, such as ISA27: nothing else stands for it


class Known:
    """What an open library knows. It never changes, so what was looked up once is kept.

    It holds the library, and the library knows nothing of it: both go together.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._naming = standard_naming()
        self._counts: Recent[str, int] = Recent(_COUNTS)
        self._looked: Recent[int, Looked] = Recent(_KEPT)
        self._payers_asked: Recent[str, list[tuple[Payer, str]]] = Recent(64)
        self._beginnings: Recent[int, str | None] = Recent(_KEPT)
        self._openings: Recent[int, str] = Recent(_KEPT)

    @cached_property
    def payers(self) -> frozenset[str]:
        """The canonical names of the payers of which the library has a document."""
        naming = self._own_naming
        return frozenset(
            payer.name
            for name in self.payer_names
            for payer in (naming.payer_of(name), *(p for p, _ in self._naming.payers_in(name)))
            if payer is not None and (not payer.generic or naming.payer_of(name) is payer)
        )

    @cached_property
    def payer_names(self) -> tuple[str, ...]:
        """The payers of the library's documents as they are written there, in order."""
        return tuple(sorted(name for name in self._begins if name))

    @cached_property
    def _own_naming(self) -> Naming:
        names = (*self.payer_names, *sorted(self._library.perhaps_payers()))
        return self._naming.with_payers(names, self._library.names)

    @property
    def naming(self) -> Naming:
        """The names by which questions are understood, the library's own payers among them."""
        return self._own_naming

    def look(self, citation: Citation, needs: Sequence[Need]) -> Looked:
        """A citation as the verdict looks at it; the words of many passages are kept."""
        found = self._looked.get(
            citation.passage, lambda: look(citation, self.naming, self._opening(citation))
        )
        named = any(need.payer is not None for need in needs)
        told_of = self._told_of(citation.version) if named and found.payer is None else None
        return replace(found, citation=citation, told_of=told_of)

    def _opening(self, citation: Citation) -> str:
        """What a document begins with, which says whose it is and what its tables are of."""
        version = citation.version.id
        begins = self._openings.get(version, lambda: self._library.text(version)[:_BEGINS])
        return begins if " | " in citation.text else begins[:_HEAD]

    def _told_of(self, version: Version) -> str | None:
        """The only payer that the title and the beginning of a document name."""
        return self._beginnings.get(version.id, lambda: self._payer_at_the_beginning(version))

    def _payer_at_the_beginning(self, version: Version) -> str | None:
        begins = self._library.text(version.id)[:_BEGINS]
        named = self.naming.payers_in(f"{version.metadata.title} {begins}")
        names = {payer.name for payer, _ in named}
        own = names - PROGRAMS or names
        return own.pop() if len(own) == 1 else None

    def has_document_of(self, payer: Payer) -> bool:
        return payer.name in self.payers

    def may_have_document_of(self, payer: Payer) -> bool:
        """Whether a document of no known payer may be this one's."""
        perhaps = map(self.naming.payer_of, self._library.perhaps_payers())
        return any(one is not None and payer.name in (one.name, one.within) for one in perhaps)

    def payer_names_code(self, payer: Payer, code: Code) -> bool:
        """Whether a document of a payer names or covers a code, in force or not."""
        everything = Filters(on=today(), include_all=True)
        naming = self._library.passages_naming(*code, everything).tolist()
        versions = (self._library.versions[one] for one in set(self._library.version_of(naming)))
        return any(
            (own := self.naming.payer_of(name)) is not None and payer.name in (own.name, own.within)
            for version in versions
            for name in version.metadata.payers
        )

    def begins_after(self, payer: Payer, on: date) -> date | None:
        """The day on which the first document of a payer comes into force, where that is after
        `on`; None where the library has none, or one that says no day or an earlier one."""
        naming = self._own_naming
        named = (days for name, days in self._begins.items() if naming.payer_of(name) == payer)
        days = set[date | None]().union(*named)
        known = [day for day in days if day is not None]
        first = min(known, default=None)
        return first if first is not None and None not in days and first > on else None

    def ended(self, payer: Payer, on: date) -> date | None:
        """The day from which no document of a payer holds any more, where all ended by `on`; None
        where the library has none, or one that holds or does not say when it ended."""
        ends = [self._library.terms[one].end for one in self._versions_of(payer)]
        known = [end for end in ends if end is not None and end <= on]
        return max(known) if known and len(known) == len(ends) else None

    def begins_revised(self, payer: Payer, day: date) -> bool:
        """Whether all that comes into force for a payer on a day was revised to do so."""
        terms, versions = self._library.terms, self._library.versions
        begun = [one for one in self._versions_of(payer) if terms[one].start == day]
        return bool(begun) and all(versions[one].metadata.begins_revised for one in begun)

    @cached_property
    def _begins(self) -> Mapping[str, frozenset[date | None]]:
        """The days on which documents come into force, by payer as it is written there."""
        return self._library.payers()

    def share_with(self, word: str) -> float:
        """In what share of the passages a word stands."""
        most = max(self._frequencies(analyze(word)), default=0)
        return most / max(self._library.size, 1)

    def has_words(self, text: str) -> bool:
        """Whether every word of a text stands somewhere in the library."""
        return all(self._frequencies(analyze(text)))

    def _frequencies(self, words: Sequence[str]) -> list[int]:
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
            if not all(self._frequencies(list(words))):
                continue
            found = self._library.matching_words((), everything, phrases=tuple(words)).tolist()
            if len(found) > _READ or any(names(text, identifier) for text in self._texts(found)):
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

    def _texts(self, passages: Sequence[int]) -> Iterator[str]:
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

    def unknown_words(self, understood: Understood, needs: Sequence[Need]) -> Unknown:
        """The question's telling words that the library does not know, nor by one slip."""
        typed = dict(understood.words)
        explained = set(analyze(" ".join(need.typed for need in needs)))
        for widening in understood.widened:
            explained |= set(analyze(widening.typed))
        persons = set(analyze(" ".join(_PERSON.findall(understood.query.free))))
        whole, lost, words, count_known = 0.0, 0.0, list[str](), 0
        rare = strange = False
        counts = self._frequencies(list(typed))
        for (word, weight), count in zip(typed.items(), counts, strict=True):
            if weight < 1:
                continue
            if word in self._silent:
                continue
            if count:
                count_known += 1
                rare = rare or count * _RARE < self._library.size
                whole += self._weight(count)
            elif _STRANGE.fullmatch(word) and word not in explained:
                strange = True
                words.append(word)
            elif word in persons or any(map(str.isdigit, word)):
                continue  # a patient's name or number is no subject, and is not repeated
            elif len(word) >= _SHORTEST and word not in explained and not self._is_slip(word):
                whole += self._weight(0)
                lost += self._weight(0)
                words.append(word)
        typed_words = _as_typed(understood.query.free, words)
        return Unknown(typed_words, lost / whole if whole else 0.0, count_known, rare, strange)

    def says_nothing(self, text: str) -> bool:
        """Whether a text holds no word that tells a subject."""
        return self._silent.issuperset(analyze(text))

    @cached_property
    def _silent(self) -> frozenset[str]:
        return NEUTRAL | SILENT | frozenset(analyze(" ".join(FAMILY)))

    def proper_names(self, question: str) -> list[Widening]:
        """The payers that a question calls by another name than their documents do."""
        return [
            Widening(typed, (payer.name,), _REASON)
            for payer, typed in self.naming.payers_in(question)
            if not holds(plain(payer.name), plain(typed)) and self.has_document_of(payer)
        ]

    def explained(self, question: str, english: Callable[[], Collection[str]]) -> list[Widening]:
        """What the documents say that short forms stand for; see `explained`."""
        return explained(question, self._library.short_forms, ordinary=english)

    def owners(self, question: str) -> list[str]:
        """The names in a question of payers that have documents of their own here."""
        return [typed for payer, typed in self._asked_of(question) if self._versions_of(payer)]

    def whose(self, question: str) -> Whose:
        """The versions of the documents of the payers that a question names, and of others. Of a
        plan and its program ("UHC Medicare Advantage") the plan's."""
        every = [payer for payer, _ in self._asked_of(question)]
        asked = [payer for payer in every if self._versions_of(payer)]
        named = [payer for payer in asked if payer.name not in PROGRAMS]
        own = frozenset[int]().union(*map(self._versions_of, named or asked))
        perhaps = frozenset[int]().union(*map(self._perhaps_of, every))
        if not named:
            return Whose(own, perhaps=perhaps)
        plans = (of for name, of in self._versions.items() if name not in PROGRAMS)
        return Whose(own, frozenset[int]().union(*plans) - own, perhaps)

    def _asked_of(self, question: str) -> list[tuple[Payer, str]]:
        """The payers that a question asks about; it is looked at twice."""
        return self._payers_asked.get(question, lambda: self.naming.payers_in(question, asked=True))

    def _versions_of(self, payer: Payer) -> frozenset[int]:
        """The versions of a payer's documents; none of one that stands for many."""
        return frozenset() if payer.generic else self._versions.get(payer.name, frozenset())

    def _perhaps_of(self, payer: Payer) -> frozenset[int]:
        """The versions of nobody known that may be a payer's."""
        names = self._library.perhaps_payers()
        own = {name for name in names if self.naming.payer_of(name) == payer}
        return self._library.of_payers(own, perhaps=True) if own else frozenset()

    @cached_property
    def _versions(self) -> Mapping[str, frozenset[int]]:
        """The versions of each payer's documents, by its canonical name."""
        written = defaultdict[str, set[str]](set)
        for name in self.payer_names:
            payer = self.naming.payer_of(name)
            for whom in (payer.name, payer.within) if payer else ():
                if whom:
                    written[whom].add(name)
        return {whom: self._library.of_payers(names) for whom, names in written.items()}

    def asked(self, question: str) -> str:
        """The question without asides at its edges: greetings, names, thanks; see `asides`."""
        self._frequencies(analyze(question))  # in one go
        return without_asides(question, self._tells)

    def _tells(self, word: str) -> bool:
        """Whether a word tells something here: a number, a name, a word that a document has."""
        if any(map(str.isdigit, word)) or self._own_naming.names(word):
            return True
        stems = [stem for stem in analyze(word) if len(stem) > 1 and stem not in self._silent]
        return any(self._frequencies(stems))

    def repaired(
        self, question: str, english: Callable[[], Collection[str]]
    ) -> tuple[str, tuple[Widening, ...]]:
        """The question without slips of the keyboard; see `spelling`."""
        return repaired(
            question,
            is_word=self._is_name,
            frequencies=self._frequencies,
            english=english,
            written=self._written,
        )

    def _written(self, left: str, right: str) -> str | None:
        """Two parts of a word as they stand side by side in a passage."""
        everything = Filters(on=today(), include_all=True)
        found = self._library.matching_words((), everything, phrases=(f"{left} {right}",))
        parts = (re.escape(part).replace(r"\ ", r"\W") for part in (left, right))
        together = re.compile(r"(?<!\w){}[ .–/-]?{}(?!\w)".format(*parts), re.IGNORECASE)
        texts = self._texts(found.tolist()[:_READ])
        return next((said[0] for text in texts if (said := together.search(text))), None)

    def _is_name(self, word: str) -> bool:
        """Whether a word, rightly or wrongly spelled, is known from people's questions."""
        naming = self._own_naming
        like = naming.payer_like(word)
        unknown_payer = like is not None and not self.has_words(like.name)
        return naming.knows(word) or unknown_payer or standard_vocabulary().has(word)

    def _weight(self, count: int) -> float:
        """What a word says: nothing where every passage has it."""
        return math.log((self._library.size + 1) / (count + 0.5))

    def _is_slip(self, word: str) -> bool:
        """Whether the library knows a word that differs by a letter too many, too few, another
        vowel or two that are swapped."""
        if word.isdigit() or len(word) < 5:
            return False
        return any(self._frequencies(list(_near(word))))


_REASON = "another name of the payer"
_STRANGE = re.compile(r"[a-z]{2,6}(?!(?:19|20)\d\d)\d{1,4}[a-z]?")
_PERSON = re.compile(  # who is named right after these words, in capitals
    r"\b(?:[Pp]atient|PATIENT|[Pp]t|PT|Mr|Mrs|Ms|[Mm]ember|[Nn]ame)\b\.?:?\s+((?:[A-Z][\w.'-]*\s*){1,3})"
)


def _near(word: str) -> Iterator[str]:
    """Words that a slip may have turned into this one."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        for letter in "aeiou" + word[at]:
            yield word[:at] + letter + word[at:]
        if word[at] in "aeiou":
            for vowel in "aeiou":
                yield word[:at] + vowel + word[at + 1 :]


def _as_typed(question: str, stems: Sequence[str]) -> tuple[str, ...]:
    """The words of the question behind analysed ones."""
    wanted = set(stems)
    found = [word for word in question.split() if wanted & set(analyze(word))]
    return tuple(dict.fromkeys(word.strip("?!.,;:()¿¡\"'") for word in found))
