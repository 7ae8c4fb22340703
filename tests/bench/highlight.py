"""How often the marked text overlaps the true answer, on sets that know it (`answers.jsonl`).

    python tests/bench/highlight.py SET_DIR [--home FOLDER]

Counted are the questions with a passage among the first three that holds words of the truth. The
marked text overlaps the truth when both share a run of five words, or the whole of the shorter one.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.bench import index_set
from assistant.question.understand import understand
from assistant.ranking.cite import cite
from assistant.ranking.rank import Question, rank
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.opening import open_library
from index.versions import today
from ui.state.settings import read_settings

RUN = 5  # words


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def overlap(one: str, other: str) -> bool:
    """Whether two texts share a run of five words, or all words of the shorter one."""
    first, second = words(one), words(other)
    run = min(RUN, len(first), len(second))
    if not run:
        return False
    runs = {tuple(first[at : at + run]) for at in range(len(first) - run + 1)}
    return any(tuple(second[at : at + run]) in runs for at in range(len(second) - run + 1))


@dataclass(frozen=True, slots=True)
class Marked:
    """Questions counted, those whose mark overlaps the truth, and how much is marked: sentences a
    question, and characters of the passage's, in 0..1. Marking everything would overlap always."""

    counted: int
    right: int
    sentences: float
    share: float


def measure(folder: Path, home: Home, embedder: Embedder) -> Marked:
    """Ask every question whose answer is known. The set is indexed in `home`."""
    library = open_library(home)
    filters = Filters(on=today())
    truths: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in (folder / "answers.jsonl").read_text("utf-8").splitlines():
        answer = json.loads(line)
        if answer.get("kind", "evidence") == "evidence":
            truths[answer["query_id"]].append((answer["doc_id"], answer["answer_text"]))
    counted = right = marked = 0
    share = 0.0
    for line in (folder / "queries.jsonl").read_text("utf-8").splitlines():
        query = json.loads(line)
        understood = understand(query["text"], operators=False)
        question = Question(understood, embedder.query(understood.text))
        hits = rank(library, question, filters, k=3)
        for citation in cite(library, hits, understood, on=today()):
            true = [
                text
                for document, text in truths.get(query["id"], ())
                if document == citation.version.document and overlap(text, citation.text)
            ]
            if true:
                marks = [span.of(citation.text) for span in citation.highlights]
                counted += 1
                right += any(overlap(mark, text) for mark in marks for text in true)
                marked += len(marks)
                share += sum(map(len, marks)) / len(citation.text)
                break
    asked = max(counted, 1)
    return Marked(counted, right, marked / asked, share / asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set_dir", type=Path)
    parser.add_argument("--home", type=Path, help="where the set is indexed already")
    arguments = parser.parse_args()
    model = converted_model(Home(read_settings().home).models)
    with tempfile.TemporaryDirectory() as temporary:
        home = Home(arguments.home or Path(temporary))
        if arguments.home is None:
            index_set(arguments.set_dir, home, Embedder(model))
        found = measure(arguments.set_dir, home, Embedder(model))
    print(
        f"{arguments.set_dir.name}: {found.right} of {found.counted} marks overlap the answer "
        f"({found.right / max(found.counted, 1):.3f}); {found.sentences:.2f} sentences are marked "
        f"a question, {found.share:.0%} of the passage"
    )


if __name__ == "__main__":
    main()
