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
from pathlib import Path

from assistant.bench import index_set
from assistant.cite import cite
from assistant.rank import Question, rank
from assistant.understand import understand
from index.embedder import Embedder
from index.filters import Filters
from index.home import Home
from index.model import converted_model
from index.opening import open_library
from index.versions import today
from ui.settings import read_settings

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


def measure(folder: Path, home: Home, embedder: Embedder) -> tuple[int, int, float]:
    """Questions counted, questions whose mark overlaps, marked sentences a question."""
    library = open_library(home)
    selection = library.select(Filters(on=today()))
    truths: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in (folder / "answers.jsonl").read_text("utf-8").splitlines():
        answer = json.loads(line)
        if answer.get("kind", "evidence") == "evidence":
            truths[answer["query_id"]].append((answer["doc_id"], answer["answer_text"]))
    counted = right = marked = 0
    for line in (folder / "queries.jsonl").read_text("utf-8").splitlines():
        query = json.loads(line)
        understood = understand(query["text"], operators=False)
        question = Question(understood, embedder.query(understood.text), embedder.projection)
        hits = rank(library, question, selection, k=3)
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
                break
    return counted, right, marked / max(counted, 1)


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
        counted, right, marked = measure(arguments.set_dir, home, Embedder(model))
    print(
        f"{arguments.set_dir.name}: {right} of {counted} marks overlap the answer "
        f"({right / max(counted, 1):.3f}), {marked:.2f} sentences marked a question"
    )


if __name__ == "__main__":
    main()
