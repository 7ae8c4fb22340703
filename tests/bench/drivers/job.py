"""What every driver shares: a job in, figures out, and what memory the process holds.

A driver is a script that measures the product from inside, in a process of its own. It is given the
path of a job (JSON) and prints its figures (JSON).
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from peers.measure import percentile

WARM_UP = 20
"""Questions that are asked before the clock runs, and never again."""

Job = Mapping[str, Any]
Figures = dict[str, Any]


def main(measure: Callable[[Job], Figures]) -> None:
    """Run a driver on the job that the command line names."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(measure(job)))


def spread(milliseconds: Sequence[float]) -> Figures:
    """Median and 95th percentile, in ms."""
    return {
        "p50_ms": round(percentile(milliseconds, 50), 3),
        "p95_ms": round(percentile(milliseconds, 95), 3),
    }


@contextmanager
def clocked(milliseconds: list[float]) -> Iterator[None]:
    """Add how long the block took, in ms."""
    started = perf_counter()
    yield
    milliseconds.append((perf_counter() - started) * 1000)


def memory() -> Figures:
    """Resident memory now, in MB of 10^6 bytes: what is the process's own, and what is mapped from
    files, which the system takes back when it needs the room. Empty where it does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return {}
    names = {"VmHWM": "peak_mb", "VmRSS": "now_mb", "RssAnon": "own_mb", "RssFile": "mapped_mb"}
    fields = (line.split() for line in status.read_text(encoding="ascii").splitlines())
    return {
        names[field[0][:-1]]: round(int(field[1]) * 1024 / 1e6, 1)
        for field in fields
        if field and field[0][:-1] in names
    }
