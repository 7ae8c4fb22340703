"""Driver: what this machine could do at best: the bytes it reads and the operations it counts, and
what of them one question and one token need."""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: here every thread counts for itself

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import numpy as np
from drivers.job import Figures, Job, main, spread

from index.model.embedder import Embedder
from index.model.source import converted_model

SIDE = 1536  # of the square matrices: three of them are 28 MB
READ = 50_000_000  # float32 numbers, 200 MB: more than any cache holds
ROUNDS = 7


def measure(job: Job) -> Figures:
    """The best of several rounds, since others only ever take away from it."""
    models = Path(job["models"])
    model = converted_model(models)
    words = model.card.vocabulary * model.card.dimension * 4  # looked up, not gone through
    weights = (model.folder / "model.bin").stat().st_size - words
    embedder = Embedder(model, threads=1, streams=1)
    questions = job["questions"]
    tokens = [len(embedder.query(question).ids) + 2 for question in questions]
    times = [1000 * _seconds(lambda text=text: embedder.query(text)) for text in questions]
    cores = os.cpu_count() or 1
    return {
        "weights_mb": round(weights / 1e6, 1),
        "gflop_a_token": round(2 * weights / 4 / 1e9, 4),
        "question_tokens": round(float(np.median(tokens)), 1),
        "question": spread(times),
        "read_gb_s_one_core": round(_bytes_read() / 1e9, 1),
        "gflop_s_one_core": round(_operations(1) / 1e9, 1),
        "gflop_s_all_cores": round(_operations(cores) / 1e9, 1),
    }


def _bytes_read() -> float:
    """Bytes a second that one core reads from memory: the sum of a long array."""
    numbers = np.ones(READ, np.float32)
    return max(numbers.nbytes / _seconds(lambda: numbers @ numbers) for _ in range(ROUNDS))


def _operations(threads: int) -> float:
    """Multiplications and additions a second of so many threads, each with its own matrices."""
    matrices = [np.random.default_rng(at).random((SIDE, SIDE), np.float32) for at in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        times = (
            _seconds(lambda: list(pool.map(lambda one: one @ one, matrices))) for _ in range(ROUNDS)
        )
        return max(2 * SIDE**3 * threads / seconds for seconds in times)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


if __name__ == "__main__":
    main(measure)
