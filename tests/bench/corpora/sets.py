"""A retrieval set on disk, and the runs made from it.

Only the standard library: the peers' scripts read sets in environments of their own, where nothing
of Codedesk is installed.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Qrels = Mapping[str, Mapping[str, int]]
"""Query id -> document id -> grade; a document that is not there was never judged."""

Run = Mapping[str, Sequence[str]]
"""Query id -> document ids, best first."""


class BadSet(Exception):
    """A set or a run cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class SetDocument:
    """One document of a set, as the set gives it."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text, what every reference indexes."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class SetQuery:
    """One question; `split` is the part of the set it belongs to, where the set names parts."""

    id: str
    text: str
    split: str | None = None


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Everything that a set holds. Truth names documents, never passages."""

    name: str
    documents: tuple[SetDocument, ...]
    queries: tuple[SetQuery, ...]
    qrels: Qrels

    def judged_queries(self) -> tuple[str, ...]:
        """The ids that the figures are taken over: questions with a relevant document.

        Where a set marks a test part (SciFact: 300 of 1,109 claims), only that part, because
        published figures are of that part alone.
        """
        has_test_part = any(query.split == "test" for query in self.queries)
        return tuple(
            query.id
            for query in self.queries
            if any(grade > 0 for grade in self.qrels.get(query.id, {}).values())
            and (not has_test_part or query.split == "test")
        )


def read_set(folder: Path) -> RetrievalSet:
    """Read `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`; raises BadSet."""
    return RetrievalSet(
        name=folder.name,
        documents=tuple(read_documents(folder / "corpus.jsonl")),
        queries=tuple(read_queries(folder / "queries.jsonl")),
        qrels=read_qrels(folder / "qrels.tsv"),
    )


def read_documents(path: Path) -> Iterator[SetDocument]:
    """One document a line: `id`, `title` (may be missing or empty) and `text`."""
    for row in _json_lines(path, needed=("id", "text")):
        yield SetDocument(str(row["id"]), str(row.get("title") or ""), str(row["text"]))


def read_queries(path: Path) -> Iterator[SetQuery]:
    """One question a line: `id`, `text` and, in some sets, `split`."""
    for row in _json_lines(path, needed=("id", "text")):
        split = row.get("split")
        yield SetQuery(str(row["id"]), str(row["text"]), None if split is None else str(split))


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Tab-separated `query, document, grade`, under a heading line."""
    qrels: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows, None)
        for number, row in enumerate(rows, start=2):
            try:
                query, document, grade = row
                qrels.setdefault(query, {})[document] = int(grade)
            except ValueError as error:
                raise BadSet(f"{path}, line {number}: not query, document, grade: {row}") from error
    return qrels


def write_run(
    path: Path, rankings: Iterable[tuple[str, Sequence[tuple[str, float]]]], *, system: str
) -> None:
    """Write a TREC run: `query Q0 document rank score system`, best first.

    `rankings` holds (query id, [(document id, score), ...]).
    """
    with path.open("w", encoding="utf-8") as lines:
        for query, ranking in rankings:
            for rank, (document, score) in enumerate(ranking, start=1):
                lines.write(f"{query} Q0 {document} {rank} {score:.6f} {system}\n")


def read_run(path: Path) -> dict[str, list[str]]:
    """Document ids by rank for each question; raises BadSet.

    The rank decides, not the score: programs that compute metrics from scores break ties by
    document id, which is not the order that the system showed.
    """
    ranked: dict[str, list[tuple[int, str]]] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                query, _, document, rank, _, _ = line.split()
                ranked.setdefault(query, []).append((int(rank), document))
            except ValueError as error:
                raise BadSet(f"{path}, line {number}: not a line of a TREC run") from error
    return {query: [document for _, document in sorted(pairs)] for query, pairs in ranked.items()}


def _json_lines(path: Path, *, needed: Sequence[str]) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise BadSet(f"{path}, line {number}: not JSON: {error}") from error
            if not isinstance(row, dict) or any(key not in row for key in needed):
                raise BadSet(f"{path}, line {number}: needs {', '.join(needed)}")
            yield row
