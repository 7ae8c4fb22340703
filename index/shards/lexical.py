"""The words of the passages, in a tantivy index, ranked by BM25.

A passage's words are those of its text and of the title, headings and column names in front of it:
one field, which ranked as well as several weighted ones on the tuning sets.

Only numbers and postings are kept there; texts stay in the store. Higher scores are better.

tantivy 0.27 adds up the words of a passage in the order of the question, whatever the segment in
which the passage lies; a test holds it to that.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import tantivy

from corpus.text.marks import without_marks
from index.filters import Narrowed
from index.home.durable import link
from index.shards.exact import Scores
from index.shards.places import Ids

# Each must occur; of several given as one, any of them.
Phrases = Sequence[str | Sequence[str]]
Runs = Sequence[tuple[int, int]]  # the ids of the first and the last passage of each
_ANALYZER = "english"
_FIELD = "text"
_LONGEST = 64  # characters of a word; longer ones are no words
_SPARE = 56  # looked at beyond those wanted, at first: equal scores go to the lower id
_MOST_SPARE = 4096  # where as many passages share a score, the index chooses among them
_HEAP = 128_000_000  # bytes of postings that a writer holds before it writes a segment
MOST_WORDS = 32_768  # passages of a part: written anew in seconds, and few parts are searched fast
_META = "meta.json"
_TRIES = 10  # to remove a folder


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passage ids with their scores, best first; higher is better."""

    ids: tuple[int, ...]
    scores: tuple[float, ...]


def analyze(text: str) -> list[str]:
    """The stemmed, lower-case words of a text, as the index holds them."""
    analyzer = getattr(_own, "analyzer", None)
    if analyzer is None:
        analyzer = _own.analyzer = _analyzer()
    return list(analyzer.analyze(without_marks(text)))


def words_in(text: str) -> set[str]:
    """The distinct words that `analyze` gives, several times as fast: a spelling is analysed once.

    Texts are parted at spaces and signs of ASCII, as the analyser does; the rest is left to it.
    """
    spellings = set(_SPELLING.findall(text))
    return {word for spelling in spellings for word in analyzed(spelling)}


_SPELLING = re.compile(r"[A-Za-z0-9\u0080-\U0010ffff]+")


@lru_cache(maxsize=50_000)  # 10 MB; English prose has fewer in use
def analyzed(spelling: str) -> tuple[str, ...]:
    """The words of one spelling; what was analysed lately is kept."""
    return tuple(analyze(spelling))


# One analyser for each thread: making one costs as much as analysing fifty words.
_own = threading.local()


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_unsigned_field("version", indexed=True, fast=True)
    builder.add_text_field(_FIELD, tokenizer_name=_ANALYZER, index_option="position")
    return builder.build()


@dataclass(frozen=True, slots=True)
class Words:
    """What the lexical index is given of one passage."""

    passage: int
    version: int
    text: str


class WordsWriter:
    """Writes the words of passages below `folder`, in parts: each a whole index of its own, which
    is written anew when something of it is removed.

    One thread by default: the same passages in the same order then give the same segments.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        folder.mkdir()
        self._folder = folder
        self._threads = threads
        self._writer: tantivy.IndexWriter | None = None
        self._count = 0
        self.part = 0  # in which the next words go

    def begin(self, passages: int) -> None:
        """So many passages that belong together come now."""
        if self._count and self._count + passages > MOST_WORDS:
            self.finish()

    def add(self, entry: Words) -> None:
        if self._writer is None:
            self._writer = self._open()
        document = tantivy.Document()
        document.add_unsigned("id", entry.passage)
        document.add_unsigned("version", entry.version)
        document.add_text(_FIELD, without_marks(entry.text))
        self._writer.add_document(document)
        self._count += 1

    def finish(self) -> None:
        """Commit; every part is a whole index then."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            for leftover in part_of(self._folder, self.part).glob(".tantivy-*.lock"):
                leftover.unlink()
            self._writer = None
            self.part += 1
        self._count = 0

    def _open(self) -> tantivy.IndexWriter:
        folder = part_of(self._folder, self.part)
        folder.mkdir()
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(_ANALYZER, _analyzer())
        return index.writer(heap_size=_HEAP, num_threads=self._threads)


def part_of(folder: Path, number: int) -> Path:
    """Where a part of a shard's words lies."""
    return folder / f"{number:02d}"


def write_part(folder: Path, number: int, entries: Iterable[Words]) -> None:
    """Write one part anew; one without words leaves no folder."""
    making = folder / ".anew"
    writer = WordsWriter(making)
    for entry in entries:
        writer.add(entry)
    writer.finish()
    if writer.part:
        part_of(making, 0).rename(part_of(folder, number))
    making.rmdir()


class LexicalIndex:
    """The words of a whole library, opened as one index over the parts of all its shards: what is
    rare is rare in all of it, however it is parted. Safe to share between threads."""

    def __init__(self, parts: Sequence[Path]) -> None:
        with _names() as names:
            index = _opened(parts, names)
            index.register_tokenizer(_ANALYZER, _analyzer())
            index.config_reader(reload_policy="manual")
            self._searcher = index.searcher()
        self._schema = index.schema

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def ids(self) -> list[int]:
        """The passage ids of all entries."""
        count = len(self)
        if not count:
            return []
        hits = self._searcher.search(tantivy.Query.all_query(), limit=count, count=False).hits
        addresses = [address for _, address in hits]
        return [int(i) for i in self._searcher.fast_field_values("id", addresses)]

    def search(
        self,
        weighted: Sequence[tuple[str, float]],
        *,
        k: int,
        selection: Narrowed | None = None,
        phrases: Phrases = (),
        without: Sequence[str] = (),
        runs: Runs | None = None,
    ) -> Ranked:
        """The best `k` passages for weighted words (already analysed), any of which may match.

        `selection` narrows before the ranking (None: all). `phrases` must each occur, of several
        given as one any of them, words of `without` must not; all are given as typed.
        No words and no phrases: nothing is found. Only what is in `runs` is looked at (None: all);
        what is rare is what is rare in everything.
        """
        query = _inside(runs, self._narrowed(weighted, selection, phrases, without), self._schema)
        if query is None or k < 1:
            return Ranked((), ())
        scores, addresses = self._proposed(query, k=k)
        ids = np.array(self._searcher.fast_field_values("id", addresses), np.int64)
        best = np.lexsort((ids, -scores))[:k]
        return Ranked(tuple(ids[best].tolist()), tuple(scores[best].tolist()))

    def matching(
        self,
        weighted: Sequence[tuple[str, float]],
        *,
        selection: Narrowed | None = None,
        phrases: Phrases = (),
        without: Sequence[str] = (),
        runs: Runs | None = None,
    ) -> Ids:
        """Every passage that `search` can find, in no order."""
        query = _inside(runs, self._narrowed(weighted, selection, phrases, without), self._schema)
        if query is None or not len(self):
            return np.empty(0, np.int64)
        hits = self._searcher.search(query, limit=len(self), count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        return np.array(ids, np.int64)

    def _proposed(self, query: tantivy.Query, *, k: int) -> tuple[Scores, list[tantivy.DocAddress]]:
        """Scores and passages among which the best `k` are. Those with the score of the last of
        them are all there: which of them tantivy keeps hangs on where they lie."""
        most = k + _SPARE
        while True:
            hits = self._searcher.search(query, limit=most, count=False).hits
            scores = np.array([score for score, _ in hits], np.float64)
            if len(hits) < most or scores[-1] < scores[k - 1] or most >= k + _MOST_SPARE:
                return scores, [address for _, address in hits]
            most = min(4 * most, k + _MOST_SPARE)

    def _narrowed(
        self,
        weighted: Sequence[tuple[str, float]],
        selection: Narrowed | None,
        phrases: Phrases,
        without: Sequence[str],
    ) -> tantivy.Query | None:
        """The query, of what is selected only; None where it can find nothing."""
        query = self._query(weighted, phrases, without)
        if query is None or (selection is not None and not selection.versions):
            return None
        if selection is not None and selection.allowed is not None:
            return self._within(query, selection)
        return query

    def _within(self, query: tantivy.Query, selection: Narrowed) -> tantivy.Query:
        """The same, of what is selected only; the score stays what it is. Versions are named one by
        one: those that are in or, where they are fewer, those that are out."""
        occur, field, values = tantivy.Occur.Must, "version", selection.versions
        if selection.some and selection.allowed is not None:
            field, values = "id", frozenset(selection.allowed.ids.tolist())
        elif len(selection.left_out) < len(values):
            occur, values = tantivy.Occur.MustNot, selection.left_out
        if not values:
            return query if occur is tantivy.Occur.MustNot else tantivy.Query.empty_query()
        named = tantivy.Query.term_set_query(self._schema, field, sorted(values))
        narrowed = tantivy.Query.const_score_query(named, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (occur, narrowed)])

    def document_frequency(self, word: str) -> int:
        """How many passages hold an analysed word."""
        return int(self._searcher.doc_freq(_FIELD, word))

    def _query(
        self, weighted: Sequence[tuple[str, float]], phrases: Phrases, without: Sequence[str]
    ) -> tantivy.Query | None:
        clauses = []
        for word, weight in weighted:
            term = tantivy.Query.term_query(self._schema, _FIELD, word, "freq")
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, weight)))
        must = [self._any(phrase) for phrase in phrases]
        if not clauses and not must:
            return None
        if clauses:
            free = tantivy.Query.boolean_query(clauses)
            # With phrases present, further words only help the ranking.
            occur = tantivy.Occur.Should if must else tantivy.Occur.Must
            parts = [(occur, free)]
        else:
            parts = []
        parts += [(tantivy.Occur.Must, phrase) for phrase in must]
        parts += [(tantivy.Occur.MustNot, self._phrase(word)) for word in without]
        return tantivy.Query.boolean_query(parts)

    def _any(self, phrase: str | Sequence[str]) -> tantivy.Query:
        if isinstance(phrase, str):
            return self._phrase(phrase)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._phrase(one)) for one in phrase]
        )

    def _phrase(self, phrase: str) -> tantivy.Query:
        """A passage that holds these words one after another."""
        words = analyze(phrase)
        if not words:
            return tantivy.Query.empty_query()
        if len(words) == 1:
            return tantivy.Query.term_query(self._schema, _FIELD, words[0], "freq")
        return tantivy.Query.phrase_query(self._schema, _FIELD, list(words))


def _inside(
    runs: Runs | None, query: tantivy.Query | None, schema: tantivy.Schema
) -> tantivy.Query | None:
    """The query, of the passages in some runs; the score stays what it is. A column of the ids is
    looked at: a segment without such ids costs nothing."""
    if query is None or runs is None:
        return query
    unsigned = tantivy.FieldType.Unsigned
    ranges = [tantivy.Query.range_query(schema, "id", unsigned, *run) for run in runs]
    any_of = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in ranges])
    inside = tantivy.Query.const_score_query(any_of, 0.0)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, inside)])


@contextmanager
def _names() -> Iterator[Path]:
    """A folder for names of files; once they are open, tantivy needs no names."""
    folder = Path(tempfile.mkdtemp(prefix="codedesk-words-"))
    try:
        yield folder
    finally:
        # A thread of tantivy's own may make a lock there at any moment, once.
        for _ in range(_TRIES):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break


def _opened(parts: Sequence[Path], folder: Path) -> tantivy.Index:
    """One index of all parts' segments, which never change: links to them in a folder, and one list
    of all."""
    if not parts:
        return tantivy.Index(_schema())
    lists = [json.loads((part / _META).read_text("utf-8")) for part in parts]
    for part in parts:
        for path in part.iterdir():
            if path.suffix not in (".json", ".lock"):
                _name(path.resolve(), folder / path.name)
    segments = [segment for listed in lists for segment in listed["segments"]]
    whole = {**lists[0], "segments": segments, "opstamp": 0}
    (folder / _META).write_text(json.dumps(whole), "utf-8")
    return tantivy.Index.open(str(folder))


def _name(path: Path, target: Path) -> None:
    try:
        target.symlink_to(path)
    except OSError:  # Windows lets not everyone do so
        link(path, target)
