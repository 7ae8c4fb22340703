"""What is asked of the nodes that hold a library, and what they answer: bytes, checked against
their types. Every question names the state of the library that is meant, and the shards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.msgpack import Decoder, encode
from numpy.typing import NDArray

from index.audience.audiences import Hidden
from index.cluster.wire import message_in
from index.filters import Filters, Named
from index.shards.lexical import Ranked
from index.shards.stored import StoredMention, StoredPassage
from index.shards.texts import Known


class Array(Struct, frozen=True, array_like=True):
    """An array of numbers or of short texts, as its bytes."""

    kind: str
    shape: tuple[int, ...]
    content: bytes

    @staticmethod
    def of(array: NDArray[Any]) -> Array:
        whole = np.ascontiguousarray(array)
        return Array(whole.dtype.str, whole.shape, whole.tobytes())

    def array(self) -> NDArray[Any]:
        kind = np.dtype(self.kind)
        if kind.hasobject:
            raise ValueError("no array of objects")
        return np.frombuffer(self.content, kind).reshape(self.shape)


class Words(Struct, frozen=True):
    weighted: tuple[tuple[str, float], ...]
    filters: Filters
    phrases: tuple[str | tuple[str, ...], ...]
    without: tuple[str, ...]


class ByWords(Struct, frozen=True, tag="by-words"):
    words: Words
    k: int


class MatchingWords(Struct, frozen=True, tag="matching-words"):
    words: Words


class ByMeaning(Struct, frozen=True, tag="by-meaning"):
    """`exact`: every vector is looked at as it was embedded."""

    vector: Array
    filters: Filters
    k: int
    named: Named | None
    exact: bool


class Vectors(Struct, frozen=True, tag="vectors"):
    ids: Array


class Cosines(Struct, frozen=True, tag="cosines"):
    ids: Array
    vector: Array


class Interaction(Struct, frozen=True, tag="late"):
    tokens: Array
    weights: Array
    ids: Array


class Counts(Struct, frozen=True, tag="counts"):
    """How many passages there are, and in how many each kind of token stands."""


class Frequencies(Struct, frozen=True, tag="frequencies"):
    """In how many passages each of these words stands."""

    words: tuple[str, ...]


class NamedPassages(Struct, frozen=True, tag="passages-naming"):
    system: str
    code: str


class Naming(Struct, frozen=True, tag="naming"):
    system: str
    code: str
    filters: Filters


class Printing(Struct, frozen=True, tag="printing"):
    codes: tuple[str, ...]


class Printed(Struct, frozen=True, tag="printed"):
    """Every passage and code that it prints."""


class Mentions(Struct, frozen=True, tag="mentions"):
    ids: tuple[int, ...]


class VersionMentions(Struct, frozen=True, tag="version-mentions"):
    version: int


class Passages(Struct, frozen=True, tag="passages"):
    ids: tuple[int, ...]


class VersionPassages(Struct, frozen=True, tag="version-passages"):
    version: int


class Text(Struct, frozen=True, tag="text"):
    version: int


class Whole(Struct, frozen=True, tag="document"):
    version: int


class Abouts(Struct, frozen=True, tag="abouts"):
    versions: tuple[int, ...]


Question = (
    ByWords
    | MatchingWords
    | ByMeaning
    | Vectors
    | Cosines
    | Interaction
    | Counts
    | Frequencies
    | NamedPassages
    | Naming
    | Printing
    | Printed
    | Mentions
    | VersionMentions
    | Passages
    | VersionPassages
    | Text
    | Whole
    | Abouts
)


class Source(Struct, frozen=True):
    """Where a state of the library is published, and what of it is asked for: the state's file and
    its sum, the generation, and what people decided beside it."""

    url: str
    state: str
    sha256: str
    generation: int
    beside: dict[str, bytes]


class Hold(Struct, frozen=True, tag="hold"):
    """Hold these shards of a state, by name, and no others of it."""

    key: str
    source: Source
    shards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A state as somebody sees it: its key, and what he may not see. `sum` is a short name of
    that, "" where he sees everything."""

    key: str
    sum: str
    hidden: Hidden

    @classmethod
    def of(cls, key: str, hidden: Hidden) -> View:
        return cls(key, sum_of(hidden), hidden)

    def asks(self, shards: Iterable[int], question: Question, *, known: bool) -> bytes:
        """A request, as bytes; where the view is not known yet, with what is hidden."""
        hidden = None if known or not self.sum else self.hidden
        return packed(Ask(self.key, tuple(sorted(shards)), question, self.sum, hidden))


def sum_of(hidden: Hidden) -> str:
    if not hidden:
        return ""
    named = [sorted(some) for some in (hidden.names, hidden.told, hidden.folders)]
    return sha256(encode(named)).hexdigest()


class Ask(Struct, frozen=True, tag="ask"):
    """A question about some shards, by number, of the state with this key, as a view shows it: its
    short name and, where the node may not know it, what it leaves out."""

    key: str
    shards: tuple[int, ...]
    question: Question
    view: str
    hidden: Hidden | None = None


class Release(Struct, frozen=True, tag="release"):
    """Nobody here asks a state any more."""

    key: str


class What(Struct, frozen=True, tag="what"):
    """Say what you hold."""


class Holding(Struct, frozen=True, tag="holding"):
    """The names of the shards that are held, by the key of their state; bytes of memory and of
    disk that it takes."""

    host: str
    shards: dict[str, tuple[str, ...]]
    generations: dict[str, int]
    memory: int
    disk: int


class Missing(Struct, frozen=True, tag="missing"):
    """The node does not hold what is asked about."""


class Unseen(Struct, frozen=True, tag="unseen"):
    """The node does not know this view: it is to be told what is hidden."""


class Damaged(Struct, frozen=True, tag="damaged"):
    """A file of the node is not what was written."""

    generation: int
    file: str


class Unknown(Struct, frozen=True, tag="unknown"):
    """There is no such passage or version."""

    key: int


class Broken(Struct, frozen=True, tag="broken"):
    """What cannot be done, in a sentence that holds nothing of a document."""

    problem: str


class Lates(Struct, frozen=True, tag="lates"):
    """See index.shards.tokens.Late."""

    scores: Array
    owner: Array
    number: Array
    alone: Array
    matches: Array


class Hits(Struct, frozen=True, tag="hits"):
    ranked: Ranked


class Arrays(Struct, frozen=True, tag="arrays"):
    arrays: tuple[Array, ...]


class FoundMentions(Struct, frozen=True, tag="found-mentions"):
    mentions: tuple[StoredMention, ...]


class FoundPassages(Struct, frozen=True, tag="found-passages"):
    passages: tuple[StoredPassage, ...]


class Written(Struct, frozen=True, tag="written"):
    text: str


class Line(Struct, frozen=True, tag="line"):
    """A document, as a reading process says it: see corpus.reading.messages."""

    content: bytes


class Told(Struct, frozen=True, tag="told"):
    about: tuple[Known, ...]


Request = Hold | Ask | Release | What
Answer = (
    Holding
    | Missing
    | Unseen
    | Damaged
    | Unknown
    | Broken
    | Lates
    | Hits
    | Arrays
    | FoundMentions
    | FoundPassages
    | Written
    | Line
    | Told
)
_REQUESTS: Decoder[Request] = Decoder(Request)
_ANSWERS: Decoder[Answer] = Decoder(Answer)


def packed(message: Request | Answer) -> bytes:
    return encode(message)


def request_in(content: bytes) -> Request:
    """Raises ValueError."""
    return message_in(_REQUESTS, content, "a request")


def answer_in(content: bytes) -> Answer:
    """Raises ValueError."""
    return message_in(_ANSWERS, content, "an answer")
