"""Driver: one asker, one thread, one question after the other, over the product's own desk."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

from drivers.job import WARM_UP, Figures, Job, clocked, main, memory, spread

from assistant.desk import Desk
from assistant.question.understand import understand
from assistant.ranking.cite import cite
from assistant.ranking.rank import Question, rank
from assistant.verdict.decide import LOOKED_AT, decide
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.versions import today

DEPTH = 200
"""Passages that words and meaning each propose, as the product asks for."""


def measure(job: Job) -> Figures:
    """Ask `questions` of `home`, with or without late interaction; with `details` also its parts
    and the same under filters."""
    home = Home(Path(job["home"]))
    first, questions = job["questions"][:WARM_UP], job["questions"][WARM_UP:]
    started = perf_counter()
    desk = Desk(home, late=job["late"])
    opened = perf_counter() - started
    started = perf_counter()
    desk.ask(first[0])
    figures: Figures = {
        "open_seconds": round(opened, 3),
        "first_ms": round((perf_counter() - started) * 1000, 1),
        "questions": len(questions),
    }
    _ask(desk, first, None)
    figures |= spread(_ask(desk, questions, None))
    figures["memory"] = memory()
    if job["details"]:
        figures["parts"] = parts(desk, home, questions)
        figures["filters"] = {
            name: filtered(desk, questions, Filters(**_typed(wanted)))
            for name, wanted in job["filters"].items()
        }
    return figures


def filtered(desk: Desk, questions: Sequence[str], filters: Filters) -> Figures:
    """The same under filters; the first question of a desk also pays for choosing what is left."""
    (first,) = _ask(desk, questions[:1], filters)
    share = desk.library.select(filters).passages / desk.library.size
    return {"share": round(share, 3), "first_ms": round(first, 1)} | spread(
        _ask(desk, questions[1:], filters)
    )


def parts(desk: Desk, home: Home, questions: Sequence[str]) -> Figures:
    """Median ms of each step by itself, on the same questions; `rank` holds words, dense and late
    and what puts them in order, and is asked for more passages than an answer needs."""
    library, filters = desk.library, Filters(on=today())
    embedder = Embedder(converted_model(home.models), threads=1)
    embedder.query(questions[0])
    known = desk.serving().known
    names = ("understand", "embed", "rank", "words", "dense", "late", "cite", "verdict")
    times: dict[str, list[float]] = {name: [] for name in names}
    for text in questions:
        with clocked(times["understand"]):
            understood = understand(
                text, spelling=lambda typed: known.reading.repaired(typed, lambda: embedder.words)
            )
        with clocked(times["embed"]):
            embedding = embedder.query(understood.text)
        with clocked(times["words"]):
            library.by_words(understood.words, filters, k=DEPTH)
        with clocked(times["dense"]):
            library.by_meaning(embedding.vector, filters, k=DEPTH)
        asked = Question(understood, embedding)
        with clocked(times["rank"]):
            hits = rank(library, asked, filters, k=DEPTH)
        looked_at = [hit.passage for hit in hits if hit.late is not None]
        with clocked(times["late"]):
            library.late(embedding, looked_at)
        with clocked(times["cite"]):
            citations = cite(library, hits[:LOOKED_AT], understood, on=today())
        with clocked(times["verdict"]):
            decide(known, understood, citations, on=today())
    return {name: spread(found)["p50_ms"] for name, found in times.items()}


def _ask(desk: Desk, questions: Sequence[str], filters: Filters | None) -> list[float]:
    times: list[float] = []
    for question in questions:
        with clocked(times):
            desk.ask(question, filters)
    return times


def _typed(wanted: Job) -> dict[str, object]:
    on = date.fromisoformat(wanted["on"]) if "on" in wanted else today()
    return {"on": on} | {name: tuple(value) for name, value in wanted.items() if name != "on"}


if __name__ == "__main__":
    main(measure)
