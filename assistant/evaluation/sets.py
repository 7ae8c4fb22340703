"""Reads the sets of questions to be measured, each by itself: they are never mixed.

A set is a file of golden questions or a retrieval set: a folder with `corpus.jsonl`,
`queries.jsonl` and `qrels.tsv`, whose documents lie in the library as `ID.txt`. A folder of files
of questions is as many sets.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.evaluation.golden import Golden, Truth, read_golden
from corpus.errors import CodedeskError

_QUOTED = 15  # words of an answer that a passage has to hold


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that belong together, by the name of their file or folder."""

    name: str
    questions: tuple[Golden, ...]


def read_sets(
    paths: Sequence[Path], *, held: Collection[str] = (), half: str | None = None
) -> list[QuestionSet]:
    """The sets of files and folders, in order; without any the golden questions. Raises
    CodedeskError.

    `held`: the ids of the library's documents. A question of a retrieval set none of whose
    documents is there is to be declined. `half` leaves out the questions of the other half.
    """
    sets = [one for path in paths for one in _sets_of(path, held)] if paths else [_file(None)]
    if half is None:
        return sets
    return [QuestionSet(s.name, tuple(q for q in s.questions if q.half == half)) for s in sets]


def _sets_of(path: Path, held: Collection[str]) -> Iterator[QuestionSet]:
    if not path.is_dir():
        yield _file(path)
    elif (path / "queries.jsonl").is_file():
        yield QuestionSet(path.name, tuple(_retrieval(path, held)))
    else:
        files = sorted(path.glob("*.jsonl"))
        if not files:
            raise CodedeskError(
                f"{path} holds no questions: neither files called .jsonl nor a retrieval set with "
                "corpus.jsonl, queries.jsonl and qrels.tsv."
            )
        yield from map(_file, files)


def _file(path: Path | None) -> QuestionSet:
    return QuestionSet(path.stem if path else "golden", tuple(read_golden(path)))


def _retrieval(folder: Path, held: Collection[str]) -> Iterator[Golden]:
    truths = _truths(folder)
    there = {document.rsplit("/", 1)[-1] for document in held}
    for query in _rows(folder / "queries.jsonl"):
        mine = [one for one in truths[str(query["id"])] if one.document in there]
        decline = query.get("answerable") is False or not mine
        yield Golden(
            id=str(query["id"]),
            question=str(query["text"]),
            kind="decline" if decline else "answerable",
            truths=() if decline else tuple(mine),
            decline=decline,
            as_of=None,
        )


def _truths(folder: Path) -> Mapping[str, Sequence[Truth]]:
    """The documents that answer each question and, where the set tells them, the words."""
    found: defaultdict[str, list[Truth]] = defaultdict(list)
    if (folder / "answers.jsonl").is_file():
        for row in _rows(folder / "answers.jsonl"):
            if row.get("start") is not None:
                quote = " ".join(str(row["answer_text"]).split()[:_QUOTED])
                found[str(row["query_id"])].append(Truth(f"{row['doc_id']}.txt", quote))
    for query, document in _judged(folder / "qrels.tsv"):
        if query not in found:
            found[query].append(Truth(f"{document}.txt", ""))
    return found


def _judged(path: Path) -> Iterable[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines, delimiter="\t"))[1:]
        return [(query, document) for query, document, grade in rows if int(grade) > 0]
    except (OSError, ValueError) as error:
        raise CodedeskError(f"The judgements in {path} cannot be read: {error}.") from error


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)
    except (OSError, ValueError) as error:
        raise CodedeskError(f"The questions in {path} cannot be read: {error}.") from error
