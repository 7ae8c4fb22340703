"""Runs a retrieval set through the product's own reading, splitting, embedding and ranking.

A set is a folder with `corpus.jsonl` (id, title, text), `queries.jsonl` (id, text) and `qrels.tsv`;
the result is a TREC run at document level, to be scored by whatever tool one trusts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from assistant.question.understand import understand
from assistant.ranking.rank import Question, rank
from corpus.document import Document, Metadata
from corpus.errors import CodedeskError
from corpus.readers.plain import read_plain
from corpus.reading.divide import divide
from corpus.text.clean import clean
from corpus.text.lengths import Lengths
from index.filters import Filters
from index.home import Home
from index.library import Library
from index.model.embedder import Embedder
from index.model.identity import probed
from index.opening import open_library
from index.shards.stored import Seen
from index.sync.build import Build
from index.sync.start import make_recipe
from index.sync.writing import Given, Progress, WritingHere, silent
from index.versions import today

_DEPTH = 100  # documents of a run
_PASSAGES = 400  # ranked for it


@dataclass(frozen=True, slots=True)
class BenchReport:
    """What a run cost. Times of queries include understanding and embedding, one after another."""

    documents: int
    passages: int
    queries: int
    index_seconds: float
    passages_per_second: float
    query_p50_ms: float
    query_p95_ms: float
    peak_memory_mb: float


def bench(
    folder: Path,
    run: Path,
    *,
    home: Home,
    embedder: Embedder,
    asker: Embedder,
    lengths: Lengths | None = None,
    progress: Progress = silent,
) -> BenchReport:
    """Index the set in `home`, ask every query, write the run. Raises CodedeskError.

    `embedder` indexes and may use every core; `asker` embeds the queries, as a desk does.
    """
    documents = list(_read(folder / "corpus.jsonl"))
    queries = list(_read(folder / "queries.jsonl"))
    started = perf_counter()
    library = _index(documents, home, embedder, lengths or Lengths(), progress)
    seconds = perf_counter() - started
    times: list[float] = []
    lines: list[str] = []
    with library:
        filters = Filters(on=today())
        for done, query in enumerate(queries, 1):
            begun = perf_counter()
            understood = understand(str(query["text"]), operators=False)
            question = Question(understood, asker.query(understood.text))
            hits = rank(library, question, filters, k=_PASSAGES)
            times.append((perf_counter() - begun) * 1000)
            ranked = _by_document(library, [(hit.passage, hit.score) for hit in hits])
            lines += [
                f"{query['id']} Q0 {document} {place} {_DEPTH - place + 1} codedesk"
                for place, document in enumerate(ranked[:_DEPTH], 1)
            ]
            progress("ask", done, len(queries))
    run.write_text("\n".join(lines) + "\n", "utf-8")
    return BenchReport(
        documents=len(documents),
        passages=library.size,
        queries=len(queries),
        index_seconds=round(seconds, 2),
        passages_per_second=round(library.size / seconds, 1),
        query_p50_ms=round(float(np.percentile(times, 50)), 2),
        query_p95_ms=round(float(np.percentile(times, 95)), 2),
        peak_memory_mb=round(peak_memory_mb(), 1),
    )


def index_set(folder: Path, home: Home, embedder: Embedder) -> Library:
    """Index a set in an empty home. Raises CodedeskError."""
    documents = list(_read(folder / "corpus.jsonl"))
    return _index(documents, home, embedder, Lengths(), silent)


def peak_memory_mb() -> float:
    """The most memory this process has had, in MB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1e6 if sys.platform == "darwin" else used / 1e3


def _index(
    documents: Sequence[Mapping[str, Any]],
    home: Home,
    embedder: Embedder,
    lengths: Lengths,
    progress: Progress,
) -> Library:
    home.make()
    generation = home.next_number()
    work = home.folder(generation).with_suffix(".tmp")
    build = Build(
        work,
        before=None,
        next_ids={},
        embedder=embedder,
        writing=lambda shards: WritingHere(Given(shards, embedder, None, progress)),
    )
    for document in documents:
        divided = divide(_document(document), embedder.sizer, lengths)
        build.add(divided, seen=Seen(1, today(), "", ""))
    build.finish(
        generation=generation,
        recipe=make_recipe(probed(embedder), lengths),
        setting=lambda catalogue: None,
    )
    home.publish(work, generation)
    return open_library(home)


def _document(raw: Mapping[str, Any]) -> Document:
    """A line of the set as the reader of plain text sees it."""
    text = str(raw.get("text") or "").strip() or str(raw.get("title") or "")
    draft = read_plain(text.encode("utf-8", "replace"))
    return Document(
        id=str(raw["id"]),
        sha256="",
        format="txt",
        text=draft.text,
        blocks=draft.blocks,
        pages=(),
        metadata=Metadata(title=clean(str(raw.get("title") or ""))),
    )


def _by_document(library: Library, hits: Sequence[tuple[int, float]]) -> list[str]:
    """Documents by their best passage, in order."""
    of_passage = library.version_of([passage for passage, _ in hits])
    found = (library.versions[version].document for version in of_passage)
    return list(dict.fromkeys(found))


def _read(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    entry = json.loads(line)
                    if "id" not in entry or "text" not in entry:
                        raise CodedeskError(f"{path}, line {number}: `id` or `text` is missing.")
                    yield entry
    except OSError as error:
        raise CodedeskError(
            f"{path} cannot be read ({error.strerror}). A set is a folder with corpus.jsonl, "
            "queries.jsonl and qrels.tsv."
        ) from error
    except ValueError as error:
        raise CodedeskError(f"{path}, line {number}: not JSON ({error}).") from error
