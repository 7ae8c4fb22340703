"""The words of the passages, in a tantivy index, ranked by BM25.

A passage's words are those of its text and of the title, headings and column names in front of it:
one field, which ranked as well as several weighted ones on the tuning sets.

Only numbers and postings are kept there; texts stay in the store. Higher scores are better.

tantivy 0.27 adds up the words of a passage in the order of the question, whatever the segment in
which the passage lies; a test holds it to that.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy

from index.filters import Narrowed
from index.home.durable import link
from index.shards.analysis import analyze, english
from index.shards.exact import Scores
from index.shards.places import Ids
from index.shards.words import ANALYZER, FIELD, schema

# Each must occur; of several given as one, any of them.
Phrases = Sequence[str | Sequence[str]]
Runs = Sequence[tuple[int, int]]  # the ids of the first and the last passage of each
_SPARE = 56  # looked at beyond those wanted, at first: equal scores go to the lower id
_MOST_SPARE = 4096  # where as many passages share a score, the index chooses among them
_META = "meta.json"
_TRIES = 10  # to remove a folder


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passage ids with their scores, best first; higher is better."""

    ids: tuple[int, ...]
    scores: tuple[float, ...]


class LexicalIndex:
    """The words of a whole library, opened as one index over the parts of all its shards: what is
    rare is rare in all of it, however it is parted. Safe to share between threads."""

    def __init__(self, parts: Sequence[Path]) -> None:
        with _names() as names:
            index = _opened(parts, names)
            index.register_tokenizer(ANALYZER, english())
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
        return int(self._searcher.doc_freq(FIELD, word))

    def _query(
        self, weighted: Sequence[tuple[str, float]], phrases: Phrases, without: Sequence[str]
    ) -> tantivy.Query | None:
        clauses = []
        for word, weight in weighted:
            term = tantivy.Query.term_query(self._schema, FIELD, word, "freq")
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
            return tantivy.Query.term_query(self._schema, FIELD, words[0], "freq")
        return tantivy.Query.phrase_query(self._schema, FIELD, list(words))


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
        return tantivy.Index(schema())
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
