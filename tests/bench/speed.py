"""How fast Codedesk is, from 1,000 to 1,000,000 passages, with references in the same run.

    python tests/bench/speed.py [--sizes N ...] [--large] [--only PART ...] [--scratch DIR]

Parts are measured one after the other and put into one JSON file, from which the table is made; a
part that is measured again replaces itself alone. The corpora are made from a seed, the same for
Codedesk and for the reference. Nothing here is a test: a figure that was taken on a busy machine
says so by its load.
"""

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora.made import AS_OF, KINDS, PAYERS, make_library, make_questions, make_set
from drivers.job import WARM_UP
from measuring import product
from measuring.machine import describe, state
from measuring.processes import NotRun, run_measured
from measuring.results import by_size, put, read_results, write_results
from peers.environments import REFERENCES, Reference, default_folder, peer_variables, python_for
from tables.growth import growth, on_paper
from tables.speed import speed_document

SIZES = (1_000, 10_000)
LARGE_SIZES = (100_000, 1_000_000)

REFERENCE_LIMIT = 3_000
"""Passages that the reference and the model alone embed: their rates do not depend on the size."""

COLD_TEXTS = 27
QUESTIONS = 200
ASKERS = 16
PAGE_QUESTIONS = 45
PDF_PAGES = 200
NEIGHBOURS = 50

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """What every measurement needs: where to write, where the environments are, and the seed."""

    scratch: Path
    environments: Path
    seed: int


@dataclass(frozen=True, slots=True)
class Place:
    """One size: its library of files, its home and its questions."""

    bench: Bench
    size: int

    @property
    def source(self) -> product.Source:
        geometry = self.bench.environments / "geometry"
        library = self.bench.scratch / f"library-{self.size}"
        return product.Source(library, geometry, self.bench.seed, self.size)

    @property
    def home(self) -> product.Home:
        folder = self.bench.scratch / f"home-{self.size}"
        return product.prepared_home(folder, models_from=_models(self.bench))

    def questions(self) -> list[str]:
        """The first WARM_UP are asked before the clock runs."""
        return make_questions(WARM_UP + QUESTIONS, passages=self.size, seed=self.bench.seed)

    def indexed(self) -> product.Home:
        """The home with its index, which is made when there is none yet."""
        home = self.home
        if not home.has_index():
            index(self)
        return home

    def remove(self) -> None:
        """The next size needs the room."""
        shutil.rmtree(self.bench.scratch / f"home-{self.size}", ignore_errors=True)
        shutil.rmtree(self.source.library, ignore_errors=True)


def _models(bench: Bench) -> Path:
    """A home whose converted model the others copy."""
    return bench.environments / "codedesk-home"


def index(place: Place) -> Figures:
    library = place.source.library
    if not library.exists():
        make_library(library, place.size, seed=place.bench.seed)
    return product.index(place.home, place.source)


def reference(place: Place) -> Figures:
    """sentence-transformers and FAISS on the same passages."""
    bench, indexed = place.bench, min(place.size, REFERENCE_LIMIT)
    set_dir = bench.scratch / f"set-{indexed}"
    make_set(set_dir, indexed, questions=QUESTIONS, seed=bench.seed)
    named = next(each for each in REFERENCES if each.name == "minilm_faiss")
    return _run_reference(named, set_dir, bench)[1]


def raw_model(place: Place) -> Figures:
    return place.indexed().drive("raw", passages=REFERENCE_LIMIT)


def warm(place: Place) -> Figures:
    filters = {
        "payer": {"payers": [PAYERS[0]]},
        "kind": {"kinds": [KINDS[0]]},
        "as of an earlier day": {"on": AS_OF},
    }
    return product.warm(place.indexed(), place.questions(), filters)


def cold(place: Place) -> Figures:
    return product.cold(place.indexed(), place.questions())


def crowd(place: Place) -> Figures:
    questions = place.questions()
    return place.indexed().drive("crowd", questions=questions, askers=ASKERS)


def recall(place: Place) -> Figures:
    questions = place.questions()[:QUESTIONS]
    return place.indexed().drive("recall", questions=questions, k=NEIGHBOURS)


def page(place: Place) -> Figures:
    return place.indexed().drive("page", questions=place.questions()[:PAGE_QUESTIONS])


def change(place: Place) -> Figures:
    return product.change(place.indexed(), place.source)


def cold_references(bench: Bench) -> Figures:
    """Each reference from the start of its process to the answer of one question, 27 texts; the
    faster of two runs: the first one also reads the libraries from the disk."""
    set_dir = bench.scratch / "cold"
    make_set(set_dir, COLD_TEXTS, questions=1, seed=bench.seed)
    found: Figures = {}
    for each in REFERENCES:
        try:
            seconds = min(_run_reference(each, set_dir, bench)[0] for _ in range(2))
            found[each.name] = {"about": each.about, "seconds": round(seconds, 3)}
        except NotRun as error:
            found[each.name] = {"about": each.about, "reason": str(error)}
    return {"systems": found}


def reading(bench: Bench) -> Figures:
    """Pages a second of a PDF made here."""
    home = product.Home(_models(bench))
    folder = bench.scratch / "pdf"
    folder.mkdir(exist_ok=True)
    return home.drive("reading", folder=str(folder), pages=PDF_PAGES, seed=bench.seed)


def limits(bench: Bench) -> Figures:
    """What the machine's memory and arithmetic allow at best."""
    home = product.prepared_home(bench.scratch / "home-limits", models_from=_models(bench))
    questions = make_questions(QUESTIONS, passages=SIZES[-1], seed=bench.seed)
    return home.drive("limits", models=str(home.folder / "models"), questions=questions)


AT_EACH_SIZE: dict[str, Callable[[Place], Figures]] = {
    "reference": reference,
    "index": index,
    "raw_model": raw_model,
    "cold": cold,
    "warm": warm,
    "recall": recall,
    "crowd": crowd,
    "page": page,
    "change": change,  # last: it leaves further generations behind
}
ONCE: dict[str, Callable[[Bench], Figures]] = {
    "cold_references": cold_references,
    "reading": reading,
    "limits": limits,
}
ONLY_SMALL = ("reference", "raw_model")
"""Parts that say at large sizes what they said at small ones."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.cluster:
        import cluster  # Ray

        docs = Path(__file__).resolve().parents[2] / "docs"
        return cluster.main(
            passages=(options.sizes or [10_000])[0],
            seed=options.seed,
            output=docs / "cluster.json",
            markdown=docs / "cluster-speed.md",
        )
    document = read_results(options.json)
    document |= {"machine": describe(), "seed": options.seed}
    with _scratch(options.scratch) as folder:
        bench = Bench(Path(folder), options.environments, options.seed)
        for name in _wanted(ONCE, options.only):
            _measure(document, name, ONCE[name], bench, size=None, options=options)
        for size in options.sizes or (SIZES + LARGE_SIZES if options.large else SIZES):
            place = Place(bench, size)
            for name in _wanted(AT_EACH_SIZE, options.only):
                if size <= product.REAL_LIMIT or name not in ONLY_SMALL:
                    _measure(document, name, AT_EACH_SIZE[name], place, size=size, options=options)
            if options.scratch is None:
                place.remove()
    print(speed_document(document))
    return 0


def _measure(
    document: Figures,
    name: str,
    measure: Callable[[Any], Figures],
    subject: object,
    *,
    size: int | None,
    options: argparse.Namespace,
) -> None:
    """Measure one part and write everything known: a run that is stopped loses only the rest."""
    at = "" if size is None else f" at {size:,} passages"
    print(f"{name}{at}", file=sys.stderr)
    taken = state()
    try:
        figures = measure(subject)
    except NotRun as error:
        figures = {"reason": str(error)}
        print(f"not run: {error}", file=sys.stderr)
    put(document, name, figures, size=size, taken=taken)
    rows = by_size(document)
    document |= {"growth": growth(rows), "on_paper": on_paper(rows)}
    if options.json is not None:
        write_results(options.json, document)
    if options.markdown is not None:
        options.markdown.write_text(speed_document(document), encoding="utf-8")


def _run_reference(reference: Reference, set_dir: Path, bench: Bench) -> tuple[float, Figures]:
    """Seconds of the whole process and what it reported; raises NotRun."""
    python = python_for(reference, folder=bench.environments)
    script = Path(__file__).parent / "peers" / reference.script
    out_dir = bench.scratch / "out"
    command = [str(python), str(script), str(set_dir), str(out_dir)]
    finished = run_measured(command, peer_variables())
    if finished.exit_code != 0:
        raise NotRun(f"exit code {finished.exit_code}: {finished.complaint}")
    report: Figures = json.loads((out_dir / f"{reference.name}.json").read_text(encoding="utf-8"))
    return finished.seconds, report


def _wanted(parts: dict[str, Any], only: Sequence[str] | None) -> list[str]:
    return [name for name in parts if not only or name in only]


def _scratch(kept: Path | None) -> Any:
    """A folder that is removed at the end, or the one named, whose indexes serve the next run."""
    if kept is None:
        return tempfile.TemporaryDirectory(prefix="codedesk-speed-")
    kept.mkdir(parents=True, exist_ok=True)
    return contextlib.nullcontext(kept)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N")
    parser.add_argument("--large", action="store_true", help="also 100,000 and 1,000,000 passages")
    parser.add_argument("--only", nargs="+", metavar="PART", choices=[*ONCE, *AT_EACH_SIZE])
    parser.add_argument("--cluster", action="store_true", help="only a cluster, see cluster.py")
    parser.add_argument("--seed", type=int, default=581)
    parser.add_argument("--json", type=Path, metavar="FILE", help="merged with what it holds")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    parser.add_argument(
        "--scratch", type=Path, metavar="DIR", help="keep libraries and indexes here, and use them"
    )
    parser.add_argument(
        "--environments", type=Path, default=default_folder(), help="default: %(default)s"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
