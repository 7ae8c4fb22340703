"""Fuzzes every reader until told to stop: `fuzzer.py MODELS FOLDER SEED SECONDS`.

What is being read lies in FOLDER, so that it is there when the process dies. Each line that it
prints is what was found: {"format", "end"}; ends that are no findings are counted in the last line.
"""

from __future__ import annotations

import json
import logging
import random
import resource
import signal
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]  # started as a file of its own

from mutations import mutated  # noqa: E402
from reading import outcome  # noqa: E402
from seeds import seeds  # noqa: E402

from corpus.text.pieces import Sizer  # noqa: E402
from index.model.embedder import Embedder  # noqa: E402
from index.model.source import converted_model  # noqa: E402

_SLOW = 20  # seconds of the processor; a sync's own limit would stop the file at 30
_MEMORY = 4 << 30


class Slow(BaseException):
    """A file took longer than a small file may."""


def main(models: Path, folder: Path, seed: int, seconds: float) -> None:
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(1_500)  # as the reading processes have it
    sizer = Embedder(converted_model(models), threads=1).sizer
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGVTALRM, _too_slow)
    files, counts = list(seeds().items()), Counter[str]()
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        name, data = files[turn % len(files)]
        chance = random.Random(f"{seed}/{turn}")
        found = fuzz_one(folder, name, mutated(data, chance), sizer)
        counts[f"{_kind(name)}|{found}"] += 1
        turn += 1
        if found.startswith(("error", "slow", "memory")):
            _say({"finding": found, "file": _kept(folder, name, f"{seed}-{turn}")})
    _say({"counts": counts})


def fuzz_one(folder: Path, name: str, data: bytes, sizer: Sizer) -> str:
    """What became of one broken file; "error ...", "slow" and "memory" are findings."""
    path = folder / name
    path.write_bytes(data)
    target = path
    if name.endswith(".meta.toml"):
        target = folder / name.removesuffix(".meta.toml")
        target.write_text("The text beside it, of 0581T.")
    signal.setitimer(signal.ITIMER_VIRTUAL, _SLOW)
    try:
        return outcome(target, sizer)
    except Slow:
        return "slow"
    except MemoryError:
        return "memory"
    except Exception as error:
        return f"error {type(error).__name__}: {str(error)[:300]}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_slow(*_: object) -> None:
    raise Slow


def _kind(name: str) -> str:
    return "sidecar" if name.endswith(".toml") else name.rpartition(".")[2]


def _kept(folder: Path, name: str, turn: str) -> str:
    kept = folder.parent / f"found-{turn}-{name}"
    kept.write_bytes((folder / name).read_bytes())
    return str(kept)


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - how it reports


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
