"""Driver: many askers at one desk, and one asker on a machine whose cores are all taken."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from drivers.job import WARM_UP, Figures, Job, clocked, main, memory, spread

from assistant.desk import Desk
from index.home import Home


def measure(job: Job) -> Figures:
    """One asker, then `askers` at once, then one while every core is busy with something else."""
    desk = Desk(Home(Path(job["home"])))
    for question in job["questions"][:WARM_UP]:
        desk.ask(question)
    questions = job["questions"][WARM_UP:]
    alone = asked_by(1, desk, questions)
    crowd = asked_by(job["askers"], desk, questions)
    with busy_cores():
        busy = asked_by(1, desk, questions)
    return {
        "askers": job["askers"],
        "alone": alone,
        "crowd": crowd,
        "busy": busy,
        "throughput_ratio": round(crowd["per_second"] / alone["per_second"], 3),
        "memory": memory(),
    }


def asked_by(askers: int, desk: Desk, questions: Sequence[str]) -> Figures:
    """All questions shared out among threads that each ask one after the other."""
    times: list[float] = []
    errors: list[str] = []

    def ask(question: str) -> None:
        try:
            with clocked(times):
                desk.ask(question)
        except Exception as error:  # whatever goes wrong is what is counted here
            errors.append(repr(error))

    started = perf_counter()
    with ThreadPoolExecutor(askers) as threads:
        list(threads.map(ask, questions))
    seconds = perf_counter() - started
    figures: Figures = {"errors": len(errors), "per_second": round(len(questions) / seconds, 1)}
    if errors:
        figures["first_error"] = errors[0]
    return figures | (spread(times) if times else {})


@contextmanager
def busy_cores() -> Iterator[None]:
    """A process that does nothing but count, for every core."""
    spin = [sys.executable, "-S", "-c", "while True: pass"]
    processes = [subprocess.Popen(spin) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main(measure)
