"""Who reads documents and writes shards of them: this process, or others that stand in for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.divided import Divided, Dividing
from corpus.document import Passage
from corpus.errors import UnreadableFile
from corpus.files.limits import STANDARD, Limits
from corpus.metadata.identity.names import Body
from corpus.readers import Scan
from corpus.reading.pool import ReadJob, divide_all
from corpus.text.split import embedded_text
from index.audience.sight import Audience
from index.embedded.generation import Generation
from index.home.crash import crash_point
from index.model.embedder import Embedder
from index.shards.texts import Content
from index.shards.tokens import small
from index.shards.vectors import Entry
from index.sync.shards import NewShards, entries_of

LEFT = "cluster"  # in the home: what the workers of a cluster made for a sync that was stopped


class Progress(Protocol):
    """Is told how far the work is: the step (read, embed, write), done, of how many, and `what`
    file is in hand."""

    def __call__(self, step: str, done: int, total: int, what: str = "", /) -> None: ...


def silent(step: str, done: int, total: int, what: str = "", /) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read. `workers` at once; `names` are those that the library knows besides the
    pack's."""

    dividing: Dividing
    workers: int = 2
    limits: Limits = STANDARD
    names: tuple[Body, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What writing starts from: where shards go, what embeds, and the generation, if there is one,
    whose passages have the vectors that equal ones would get."""

    shards: NewShards
    embedder: Embedder
    donor: Generation | None
    progress: Progress


class Writing(Protocol):
    """Writes versions of documents into shards, with vectors for their passages."""

    @property
    def embedded(self) -> int:
        """How many texts went through the model."""

    def add(self, content: Content, passages: Sequence[Passage], audience: Audience) -> None: ...

    def finish(self) -> list[tuple[str, list[int]]]:
        """The names of all shards, which lie where they were to go, each with its versions."""


class Makers(Protocol):
    """Reads files and writes shards; where, is nobody's business above."""

    def divide(
        self,
        jobs: Sequence[ReadJob],
        reading: Reading,
        *,
        scanning: Callable[[str, Scan], None],
    ) -> Iterator[tuple[ReadJob, Divided | UnreadableFile]]:
        """See corpus.reading.pool.divide_all."""

    def writing(self, given: Given) -> Writing: ...


class ThisMachine:
    """The makers by default: reading processes, and the model in this one."""

    def divide(
        self,
        jobs: Sequence[ReadJob],
        reading: Reading,
        *,
        scanning: Callable[[str, Scan], None],
    ) -> Iterator[tuple[ReadJob, Divided | UnreadableFile]]:
        return divide_all(
            jobs,
            reading.dividing,
            workers=reading.workers,
            limits=reading.limits,
            names=reading.names,
            scanning=scanning,
        )

    def writing(self, given: Given) -> Writing:
        return WritingHere(given)


_EMBED_AT_ONCE = 4096  # passages; bounds what is held in memory as text and as vectors


@dataclass(frozen=True, slots=True)
class _New:
    """A version whose passages have no vectors in this generation yet, and whom it is for."""

    content: Content
    passages: Sequence[Passage]
    audience: Audience


class WritingHere:
    """A `Writing` by this process."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._shards = given.shards
        self._waiting: list[_New] = []
        self.embedded = 0

    def add(self, content: Content, passages: Sequence[Passage], audience: Audience) -> None:
        self._waiting.append(_New(content, passages, audience))
        if sum(len(new.passages) for new in self._waiting) >= _EMBED_AT_ONCE:
            self._embed()

    def finish(self) -> list[tuple[str, list[int]]]:
        self._embed()
        crash_point("passages-embedded")
        self._shards.close()
        crash_point("shard-written")
        return self._shards.written()

    def _embed(self) -> None:
        """Write the versions that wait, with vectors for their passages: from an equal passage
        where there is one."""
        waiting, self._waiting = self._waiting, []
        everything = [
            (new, ordinal) for new in waiting for ordinal in range(max(1, len(new.passages)))
        ]
        for start in range(0, len(everything), _EMBED_AT_ONCE):
            part = everything[start : start + _EMBED_AT_ONCE]
            entries = self._entries([(new, n) for new, n in part if new.passages])
            for new, ordinal in part:
                if not ordinal:
                    self._shards.begin(new.content, new.audience)
                if new.passages:
                    entry = entries.pop(new.content.first + ordinal)
                    self._shards.add(entry, new.content.keys[ordinal])

    def _entries(self, part: Sequence[tuple[_New, int]]) -> dict[int, Entry]:
        """The vectors of some passages, by id: from an equal passage of before or of this sync
        where there is one; equal ones are embedded once."""
        keys = {new.content.first + n: new.content.keys[n] for new, n in part}
        entries = self._shards.entries(keys)
        entries |= known(self._given.donor, keys, but=entries)
        passages = {new.content.first + n: new.passages[n] for new, n in part}
        lacking = {
            identity: passage for identity, passage in passages.items() if identity not in entries
        }
        texts = 0
        for found, done, texts in embedded(self._given.embedder, lacking):
            entries |= found
            self._given.progress("embed", self.embedded + done, self.embedded + texts)
        self.embedded += texts
        return entries


def known(
    donor: Generation | None, keys: Mapping[int, bytes], *, but: Mapping[int, Entry]
) -> dict[int, Entry]:
    """The vectors that equal passages have in a generation, by the ids of those that are new."""
    entries: dict[int, Entry] = {}
    for shard in donor.shards() if donor is not None else ():
        left = {i: key for i, key in keys.items() if i not in but and i not in entries}
        entries |= entries_of(shard, left)
    return entries


def embedded(
    embedder: Embedder, passages: Mapping[int, Passage]
) -> Iterator[tuple[dict[int, Entry], int, int]]:
    """The vectors of passages, by id, as they are ready; equal texts go through the model once.
    With them, how many texts are done and of how many."""
    equal: dict[str, list[int]] = defaultdict(list)  # passages by their text
    for identity, passage in passages.items():
        equal[embedded_text(passage)].append(identity)
    texts = list(equal)
    for done, (position, embedding) in enumerate(embedder.passages(texts), 1):
        identities = equal[texts[position]]
        tokens = small(embedding, passages[identities[0]], bits=embedder.token_bits)
        found = {i: Entry(i, embedding.vector, tokens) for i in identities}
        yield found, done, len(texts)
