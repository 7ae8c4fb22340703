"""Driver: how many of the exact nearest passages the dense search finds, and how near they are."""

from pathlib import Path

import numpy as np
from drivers.job import Figures, Job, clocked, main, spread

from index.filters import Filters
from index.home import Home
from index.library import Library
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.opening import open_library
from index.versions import today

_AT_ONCE = 20_000  # vectors


def measure(job: Job) -> Figures:
    """recall@k of `Library.by_meaning` against every vector of what is in force, compared here with
    numpy.

    Passages as near as the k-th nearest count as found: a corpus with repetitions has ties. The
    cosines of the nearest say how the stand-in's vectors lie beside those of the real model.
    """
    home, k = Home(Path(job["home"])), job["k"]
    library = open_library(home)
    embedder = Embedder(converted_model(home.models), threads=1)
    questions = np.array([embedder.query(text).vector for text in job["questions"]])
    filters = Filters(on=today())
    nearest = best_cosines(library, library.allowed(filters)[0], questions, k=k)
    times: list[float] = []
    found = []
    for question, least in zip(questions, nearest[:, -1], strict=True):
        with clocked(times):
            ids = library.by_meaning(question, filters, k=k).ids
        cosines = library.vectors(list(ids)) @ question
        found.append(float((cosines >= least - 1e-6).sum()) / min(k, library.size))
    return {
        "k": k,
        "approximate": library.approximate,
        "searched": dict(library.about.searched),
        "nearest_cosine": round(float(np.median(nearest[:, 0])), 3),
        "kth_cosine": round(float(np.median(nearest[:, -1])), 3),
        "questions": len(found),
        "recall": round(float(np.mean(found)), 4),
        "recall_worst": round(float(np.min(found)), 4),
        "dense": spread(times),
    }


def best_cosines(library: Library, ids: np.ndarray, questions: np.ndarray, *, k: int) -> np.ndarray:
    """For each question the cosines of the `k` nearest of these passages, nearest first."""
    best = np.empty((len(questions), 0), np.float32)
    for start in range(0, len(ids), _AT_ONCE):
        cosines = questions @ library.vectors(ids[start : start + _AT_ONCE]).T
        best = np.hstack([best, cosines])
        keep = min(k, best.shape[1])
        best = -np.partition(-best, keep - 1, axis=1)[:, :keep]
    return -np.sort(-best, axis=1)


if __name__ == "__main__":
    main(measure)
