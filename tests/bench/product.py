"""Codedesk's side of the speed figures, through its command line alone.

Written against the contract of `codedesk sync --json` and `codedesk ask --json`; a process is
measured from outside, as a person at a terminal would feel it.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import percentile
from processes import Finished, NotRun, codedesk_command, run_measured

COLD_RUNS = 5
NO_ANSWER = 4
"""The exit code of `ask` that found nothing, which is an answer too."""


@dataclass(frozen=True, slots=True)
class Home:
    """One `$CODEDESK_HOME` of the benchmark's own."""

    folder: Path

    def run(self, *arguments: str, accept: Sequence[int] = (0,)) -> Finished:
        """Run `codedesk`; raises NotRun when it is missing or ends in another way."""
        command = codedesk_command()
        if command is None:
            raise NotRun("no `codedesk` command in this environment")
        variables = {**os.environ, "CODEDESK_HOME": str(self.folder), "HF_HUB_OFFLINE": "1"}
        finished = run_measured([str(command), *arguments], variables)
        if finished.exit_code not in accept:
            raise NotRun(
                f"codedesk {arguments[0]}: exit code {finished.exit_code}: {finished.complaint}"
            )
        return finished

    def megabytes(self) -> float:
        """What the home takes on disk; a file that is linked twice counts once."""
        files = [path.stat() for path in self.folder.rglob("*") if path.is_file()]
        sizes = {(each.st_dev, each.st_ino): each.st_size for each in files}
        return round(sum(sizes.values()) / 1e6, 1)


def prepared_home(folder: Path, *, models_from: Path) -> Home:
    """A new home that has the converted model already: converting it is done once a machine."""
    folder.mkdir(parents=True)
    if not (models_from / "models").exists():
        _convert_model(Home(models_from))
    if (models_from / "models").exists():
        shutil.copytree(models_from / "models", folder / "models")
    return Home(folder)


def sync(home: Home, library: Path) -> dict[str, object]:
    """Bring the index up to date: passages/s over the whole process, reading included."""
    finished = home.run("sync", str(library), "--json")
    report = json.loads(finished.output)
    embedded = report["embedded"]
    return {
        "passages": report["passages"],
        "embedded": embedded,
        "seconds": round(finished.seconds, 3),
        "passages_per_second": round(embedded / finished.seconds, 2),
        "peak_memory_mb": finished.peak_memory_mb,
        "home_mb": home.megabytes(),
    }


def sync_one_change(home: Home, library: Path) -> dict[str, object]:
    """Change one sentence of one file, then sync: what it costs and how much it embeds."""
    changed = min(library.rglob("*.md"))
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text + "\nThis sentence was added to the last section.\n", encoding="utf-8")
    try:
        return sync(home, library)
    finally:
        changed.write_text(text, encoding="utf-8")


def cold_questions(home: Home, questions: Sequence[str]) -> dict[str, object]:
    """A new process for each question, to the answer printed; seconds."""
    runs = [
        home.run("ask", question, "--json", accept=(0, NO_ANSWER))
        for question in questions[:COLD_RUNS]
    ]
    seconds = [run.seconds for run in runs]
    return {
        "median_seconds": round(statistics.median(seconds), 3),
        "slowest_seconds": round(max(seconds), 3),
        "peak_memory_mb": max((run.peak_memory_mb or 0.0) for run in runs),
    }


def warm_questions(home: Home, questions: Sequence[str]) -> dict[str, object]:
    """One process, one thread, one question after the other; milliseconds.

    Raises NotRun until there is a driver: `warm_driver.py`, run with the home and a file of
    questions, that opens the index, asks each once unmeasured, then asks them all again and
    prints `{"milliseconds": [...], "peak_memory_mb": ...}`.
    """
    driver = Path(__file__).with_name("warm_driver.py")
    if not driver.exists():
        raise NotRun("no warm driver yet")
    with tempfile.TemporaryDirectory() as scratch:
        asked = Path(scratch) / "questions.json"
        asked.write_text(json.dumps(list(questions)), encoding="utf-8")
        finished = _run_driver(driver, home, asked)
    report = json.loads(finished.output)
    return {
        "p50_ms": round(percentile(report["milliseconds"], 50), 3),
        "p95_ms": round(percentile(report["milliseconds"], 95), 3),
        "peak_memory_mb": report["peak_memory_mb"],
    }


def raw_compiled_model(texts: Sequence[str]) -> dict[str, object]:
    """Passages/s of the compiled model alone on the batches that Codedesk would make of `texts`.

    Raises NotRun until the embedder offers its batches and its compiled model to be driven.
    """
    raise NotRun(f"no compiled model to drive yet, for {len(texts)} texts")


def _run_driver(driver: Path, home: Home, asked: Path) -> Finished:
    variables = {**os.environ, "CODEDESK_HOME": str(home.folder), "HF_HUB_OFFLINE": "1"}
    finished = run_measured([sys.executable, str(driver), str(asked)], variables)
    if finished.exit_code != 0:
        raise NotRun(f"the warm driver failed: {finished.complaint}")
    return finished


def _convert_model(home: Home) -> None:
    """Sync one tiny file, only for the model that this leaves in the home."""
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch)
        (library / "first.md").write_text("# First\n\nOne sentence to embed.\n", encoding="utf-8")
        home.folder.mkdir(parents=True, exist_ok=True)
        home.run("sync", str(library), "--json")
