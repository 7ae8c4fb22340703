"""The desk: an open library and a model, ready to answer. What every face talks to."""

from __future__ import annotations

import threading
from dataclasses import replace
from time import perf_counter

from assistant.answer import Answer, Searched
from assistant.cite import cite
from assistant.rank import Question, rank
from assistant.understand import Understood, understand
from assistant.verdict import judge
from corpus.errors import CodedeskError
from index.build import today
from index.embedder import Embedder
from index.errors import IndexMismatch
from index.home import Home
from index.library import Filters, Library, open_library
from index.model import DEFAULT_MODEL, converted_model

LONGEST_QUESTION = 2000  # characters
MODES = ("hybrid", "lexical", "dense")


class Desk:
    """Answers questions from the current generation; a newer one is taken up by itself.

    Safe to share between threads. Raises NoIndex, DamagedIndex, IndexMismatch, ModelProblem.
    """

    def __init__(self, home: Home, *, model: str = DEFAULT_MODEL, threads: int = 1) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._library = open_library(home)
        self._embedder = Embedder(converted_model(home.models, name=model), threads=threads)
        self._check_model(self._library)

    @property
    def library(self) -> Library:
        """The current generation, opened anew when another one was published."""
        with self._lock:
            current = self._home.current()
            if current != self._library.generation:
                library = Library(self._home, current)
                self._check_model(library)
                self._library = library
            return self._library

    def ask(self, question: str, filters: Filters | None = None, *, k: int = 5) -> Answer:
        """The cited answer. Raises BadQuery, and CodedeskError for what is no question."""
        return self._answer(question, filters, k=k, mode="hybrid")

    def search(
        self, query: str, filters: Filters | None = None, *, k: int = 20, mode: str = "hybrid"
    ) -> Answer:
        """The best `k` passages, ranked by words, by meaning or by both; see MODES."""
        return self._answer(query, filters, k=k, mode=mode)

    def _answer(self, question: str, filters: Filters | None, *, k: int, mode: str) -> Answer:
        started = perf_counter()
        _check(question)
        library = self.library
        understood = understand(question)
        filters = _with_operators(filters or Filters(on=today()), understood)
        selection = library.select(filters)
        embedding = self._embedder.query(understood.text or question)
        asked = Question(understood, embedding, self._embedder.projection)
        hits = rank(library, asked, selection, k=k, mode=mode)
        citations = cite(library, hits, understood, on=filters.on)
        return Answer(
            question=question,
            verdict=judge(citations),
            as_of=filters.on,
            generation=library.generation,
            citations=citations,
            searched=_searched(library, filters, selection.versions),
            widened=understood.widened,
            seconds=perf_counter() - started,
        )

    def _check_model(self, library: Library) -> None:
        built = library.manifest.recipe.get("embedder")
        asked = self._embedder.recipe()
        if built != asked:
            raise IndexMismatch(
                "The index was made with another model than the one that is set "
                f"({_model(built)}, not {_model(asked)}). Run `codedesk sync` to make it anew."
            )


def _model(recipe: object) -> str:
    if not isinstance(recipe, dict):
        return "unknown"
    return f"{recipe.get('model')} {recipe.get('revision')} on {recipe.get('engine')}"


def _check(question: str) -> None:
    if not question.strip():
        raise CodedeskError("The question is empty. Type what you would ask a colleague.")
    if len(question) > LONGEST_QUESTION:
        raise CodedeskError(
            f"The question has {len(question):,} characters; the most is {LONGEST_QUESTION:,}. "
            "Ask a shorter one."
        )


def _with_operators(filters: Filters, understood: Understood) -> Filters:
    """Filters typed as operators narrow the ones that were given beside the question."""
    query = understood.query
    return replace(
        filters,
        on=query.on or filters.on,
        payers=query.payers or filters.payers,
        kinds=query.kinds or filters.kinds,
        documents=query.documents or filters.documents,
        include_all=query.include_all or filters.include_all,
    )


def _searched(library: Library, filters: Filters, versions: frozenset[int]) -> Searched:
    counts = library.passage_counts
    return Searched(
        documents=len({library.versions[version].document for version in versions}),
        passages=sum(counts[version] for version in versions),
        filters={
            "as_of": filters.on.isoformat(),
            "payers": list(filters.payers),
            "kinds": list(filters.kinds),
            "documents": list(filters.documents),
            "include_all": filters.include_all,
        },
    )
