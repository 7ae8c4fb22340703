"""Codedesk's side of the speed figures: its commands from outside, as a person at a terminal feels
them, and drivers that use its desk from inside, each in a process of its own."""

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring.processes import Finished, NotRun, codedesk_command, run_measured

HARNESS = Path(__file__).resolve().parents[1]
"""The folder that the harness's modules are found in."""

REAL_LIMIT = 10_000
"""Up to this many passages the real model embeds; above it, the stand-in."""

COLD_RUNS = 9
CHANGES = 3
NO_ANSWER = 4
"""The exit code of `ask` that found nothing, which is an answer too."""

WORKERS = 2
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Home:
    """One `$CODEDESK_HOME` of the benchmark's own."""

    folder: Path

    def run(self, *arguments: str, accept: Sequence[int] = (0,)) -> Finished:
        """Run `codedesk`; raises NotRun when it is missing or ends in another way."""
        command = codedesk_command()
        if command is None:
            raise NotRun("no `codedesk` command in this environment")
        finished = run_measured([str(command), *arguments], self.variables())
        if finished.exit_code not in accept:
            raise NotRun(
                f"codedesk {arguments[0]}: exit code {finished.exit_code}: {finished.complaint}"
            )
        return finished

    def drive(self, driver: str, **job: object) -> Figures:
        """Run `drivers/DRIVER.py` with a job; raises NotRun when it fails."""
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "job.json"
            path.write_text(json.dumps({"home": str(self.folder), **job}), encoding="utf-8")
            started = time.perf_counter()
            command = [sys.executable, "-P", "-m", f"drivers.{driver}", str(path)]
            finished = run_measured(command, self.variables() | {"PYTHONPATH": str(HARNESS)})
            seconds = time.perf_counter() - started
        if finished.exit_code != 0:
            raise NotRun(f"{driver} failed: {finished.complaint}")
        figures: Figures = json.loads(finished.output.splitlines()[-1])
        return figures | {"process_seconds": round(seconds, 3)}

    def has_index(self) -> bool:
        return (self.folder / "CURRENT").exists()

    def generation(self) -> Path:
        """The folder of the current generation."""
        number = (self.folder / "CURRENT").read_text(encoding="ascii").split()[0]
        return self.folder / "generations" / number

    def variables(self) -> dict[str, str]:
        """Python keeps what it compiled, as it does for people; some build machines forbid it. And
        numpy starts no threads, which the product sees to before it imports numpy: a driver is too
        late for that, and such a thread spins on a core of its own."""
        kept = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
        ours = {"CODEDESK_HOME": str(self.folder), "HF_HUB_OFFLINE": "1"}
        return {**kept, **ours, "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Source:
    """A library of files that the benchmark made, and where the stand-in's geometry is kept."""

    library: Path
    geometry: Path
    seed: int
    size: int

    @property
    def real(self) -> bool:
        return self.size <= REAL_LIMIT


def prepared_home(folder: Path, *, models_from: Path) -> Home:
    """A home that has the converted model already: converting it is done once a machine."""
    if not (models_from / "models").exists():
        _convert_model(Home(models_from))
    if not (folder / "models").exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(models_from / "models", folder / "models")
    return Home(folder)


def index(home: Home, source: Source) -> Figures:
    """Index the library from nothing: rate over the whole process, memory, and the disk by part."""
    shutil.rmtree(home.folder / "generations", ignore_errors=True)
    (home.folder / "CURRENT").unlink(missing_ok=True)
    return sync(home, source) | {"disk": disk(home.generation())}


def sync(home: Home, source: Source) -> Figures:
    """Bring the index up to date. Up to REAL_LIMIT passages `codedesk sync` does it; above, the
    product's `sync()` with the stand-in embedder, and then `seconds` are of that call alone."""
    if source.real:
        finished = home.run("sync", str(source.library), "--json")
        report = json.loads(finished.output)
        figures = {
            "passages": report["passages"],
            "documents": report["documents"],
            "embedded": report["embedded"],
            "seconds": round(finished.seconds, 3),
            "inside_seconds": report["seconds"],
            "peak_memory_mb": finished.peak_memory_mb,
        }
    else:
        job = {"library": str(source.library), "geometry": str(source.geometry)}
        figures = home.drive("sync", seed=source.seed, workers=WORKERS, **job)
        figures["peak_memory_mb"] = figures.pop("peak_mb", None)
    rate = round(figures["embedded"] / figures["seconds"], 2)
    return figures | {"model": "real" if source.real else "stand-in", "passages_per_second": rate}


def change(home: Home, source: Source) -> Figures:
    """Sync with nothing changed, then with one sentence added to one document, then with one taken
    away: what it costs, what it embeds, what it writes anew and what it only links. The sentence is
    new to an index that was kept from an earlier run, too; the median of three such changes."""
    sync(home, source)  # takes back what that run added
    unchanged = sync(home, source)
    documents = sorted(source.library.rglob("*.md"))
    removed = _removed(home, source, documents[len(documents) // 2])
    sync(home, source)  # and it is there again
    changed = documents[0]
    text = changed.read_text(encoding="utf-8")
    try:
        runs = [_changed(home, source, changed, text) for _ in range(CHANGES)]
    finally:
        changed.write_text(text, encoding="utf-8")
    seconds = [run["seconds"] for run in runs]
    return runs[-1] | {
        "unchanged_seconds": unchanged["seconds"],
        "seconds": statistics.median(seconds),
        "slowest_seconds": max(seconds),
        **removed,
    }


def _removed(home: Home, source: Source, path: Path) -> Figures:
    """One document less, which lies in a shard with many others."""
    before, text = home.generation(), path.read_text(encoding="utf-8")
    path.unlink()
    try:
        figures = sync(home, source)
    finally:
        path.write_text(text, encoding="utf-8")
    anew = written(before, home.generation())
    return {
        "removed_seconds": figures["seconds"],
        "removed_written_mb": anew["written_mb"],
        "removed_written": anew["written"],
    }


def _changed(home: Home, source: Source, path: Path, text: str) -> Figures:
    before = home.generation()
    sentence = f"This sentence was added to the last section after generation {before.name}."
    path.write_text(f"{text}\n{sentence}\n", encoding="utf-8")
    figures = sync(home, source)
    kept = ("seconds", "embedded", "model", "peak_memory_mb")
    return {name: figures[name] for name in kept} | written(before, home.generation())


def written(before: Path, after: Path) -> Figures:
    """MB (10^6 bytes) of a generation that are its own, by file, and that it shares with the one
    before it through hard links."""
    known = {(stat.st_dev, stat.st_ino) for stat in map(os.stat, _files(before))}
    fresh: Figures = {}
    linked = 0.0
    for path in _files(after):
        stat = path.stat()
        if (stat.st_dev, stat.st_ino) in known:
            linked += stat.st_size
        else:
            part = _part(path, after)
            fresh[part] = fresh.get(part, 0.0) + stat.st_size
    return {
        "written_mb": round(sum(fresh.values()) / 1e6, 2),
        "linked_mb": round(linked / 1e6, 2),
        "written": {part: round(size / 1e6, 2) for part, size in sorted(fresh.items())},
    }


def disk(generation: Path) -> Figures:
    """MB of a generation, together and by part: the catalogue, and each kind of file of shards."""
    sizes: dict[str, int] = {}
    for path in _files(generation):
        part = _part(path, generation)
        sizes[part] = sizes.get(part, 0) + path.stat().st_size
    parts = {part: round(size / 1e6, 1) for part, size in sorted(sizes.items())}
    return {"total_mb": round(sum(sizes.values()) / 1e6, 1), "parts": parts}


def cold(home: Home, questions: Sequence[str]) -> Figures:
    """A new process for each question, to the answer printed; seconds."""
    runs = [
        home.run("ask", question, "--json", accept=(0, NO_ANSWER))
        for question in questions[:COLD_RUNS]
    ]
    seconds = [run.seconds for run in runs]
    helps = [home.run("--help").seconds for _ in range(COLD_RUNS)]
    return {
        "help_seconds": round(statistics.median(helps), 3),
        "median_seconds": round(statistics.median(seconds), 3),
        "slowest_seconds": round(max(seconds), 3),
        "peak_memory_mb": max((run.peak_memory_mb or 0.0) for run in runs),
    }


def warm(home: Home, questions: Sequence[str], filters: Figures) -> Figures:
    """One asker with late interaction, its parts and filters; and one without it."""
    job = {"questions": list(questions), "filters": filters}
    late = home.drive("warm", late=True, details=True, **job)
    quick = home.drive("warm", late=False, details=False, **job)
    return {"late": late, "quick": quick}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _part(path: Path, generation: Path) -> str:
    """`catalogue.sqlite3`, or of a shard's files `words` and the name of each other one."""
    first, *rest = path.relative_to(generation).parts
    return rest[1] if first == "shards" and len(rest) > 1 else first


def _convert_model(home: Home) -> None:
    """Sync one tiny file, only for the model that this leaves in the home."""
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch)
        (library / "first.md").write_text("# First\n\nOne sentence to embed.\n", encoding="utf-8")
        home.folder.mkdir(parents=True, exist_ok=True)
        home.run("sync", str(library), "--json")
