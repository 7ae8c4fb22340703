"""How fast Codedesk is, from 1,000 passages up, each figure with its reference in the same run.

    python tests/bench/speed.py [--sizes N ...] [--large] [--json FILE] [--markdown FILE]

The corpora are made from a seed, the same for Codedesk and for the reference. Nothing here is a
test: a figure that was taken on a busy machine says so by its load.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

import product
from corpora import make_library, make_passages, make_questions, make_set
from environments import REFERENCES, Reference, default_folder, peer_variables, python_for
from machine import describe
from processes import NotRun, run_measured
from table import speed_document

SIZES = (1_000, 10_000)
LARGE_SIZES = (100_000, 1_000_000)

REFERENCE_LIMIT = 10_000
"""Above this the reference indexes this many passages: its rate does not depend on the size."""

COLD_TEXTS = 27
QUESTIONS = 200

Figures = dict[str, object]

Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True)
class Bench:
    """What every measurement needs: where to write, where the environments are, and the seed."""

    scratch: Path
    environments: Path
    seed: int


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    machine = describe()
    sizes = options.sizes or (SIZES + LARGE_SIZES if options.large else SIZES)
    with tempfile.TemporaryDirectory(prefix="codedesk-speed-", dir=options.scratch) as scratch:
        bench = Bench(Path(scratch), options.environments, options.seed)
        document = {
            "machine": machine,
            "seed": options.seed,
            "cold": cold_references(bench),
            "sizes": [figures_at(size, bench) for size in sizes],
        }
    text = speed_document(document)
    if options.json is not None:
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    if options.markdown is not None:
        options.markdown.write_text(text, encoding="utf-8")
    print(text)
    return 0


def figures_at(size: int, bench: Bench) -> Figures:
    """Everything at one size; what could not be measured holds `{"reason": ...}`."""
    print(f"{size:,} passages", file=sys.stderr)
    figures: Figures = {"passages": size, "reference": reference_at(size, bench)}
    texts = list(make_passages(min(size, REFERENCE_LIMIT), seed=bench.seed))
    figures["raw_model"] = _or_reason(product.raw_compiled_model, texts)
    figures |= codedesk_at(size, bench)
    return figures


def reference_at(size: int, bench: Bench) -> Figures:
    """sentence-transformers and FAISS on the same passages."""
    indexed = min(size, REFERENCE_LIMIT)
    set_dir = bench.scratch / f"set-{indexed}"
    make_set(set_dir, indexed, questions=QUESTIONS, seed=bench.seed)
    reference = next(each for each in REFERENCES if each.name == "minilm_faiss")
    return _or_reason(_reference_report, reference, set_dir, bench)


def codedesk_at(size: int, bench: Bench) -> Figures:
    """Codedesk through its command line: index, cold and warm questions, index again, one change.

    Without a first index there is nothing to ask, and the other figures are left out.
    """
    library = bench.scratch / f"library-{size}"
    make_library(library, size, seed=bench.seed)
    questions = make_questions(QUESTIONS, passages=size, seed=bench.seed)
    models = bench.environments / "codedesk-home"
    try:
        home = product.prepared_home(bench.scratch / f"home-{size}", models_from=models)
        first = product.sync(home, library)
    except NotRun as error:
        return {"sync": {"reason": str(error)}}
    figures: Figures = {
        "sync": first,
        "cold_ask": _or_reason(product.cold_questions, home, questions),
        "warm": _or_reason(product.warm_questions, home, questions),
        "unchanged": _or_reason(product.sync, home, library),
        "one_change": _or_reason(product.sync_one_change, home, library),
    }
    # The next size needs the room.
    shutil.rmtree(home.folder)
    shutil.rmtree(library)
    return figures


def cold_references(bench: Bench) -> Figures:
    """Each reference from the start of its process to the answer of one question, 27 texts."""
    set_dir = bench.scratch / "cold"
    make_set(set_dir, COLD_TEXTS, questions=1, seed=bench.seed)
    return {
        reference.name: _or_reason(_cold_report, reference, set_dir, bench)
        for reference in REFERENCES
    }


def _cold_report(reference: Reference, set_dir: Path, bench: Bench) -> Figures:
    """The faster of two runs: the first one also reads the libraries from the disk."""
    runs = [_run_reference(reference, set_dir, bench) for _ in range(2)]
    seconds, _ = min(runs, key=lambda run: run[0])
    return {"about": reference.about, "seconds": round(seconds, 3)}


def _reference_report(reference: Reference, set_dir: Path, bench: Bench) -> Figures:
    _, report = _run_reference(reference, set_dir, bench)
    return report


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


def _or_reason(
    measure: Callable[Arguments, Figures], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Figures:
    """The figures, or the reason that there are none: a failure is a row, never a stop."""
    try:
        return measure(*arguments, **named)
    except NotRun as error:
        return {"reason": str(error)}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N")
    parser.add_argument("--large", action="store_true", help="also 100,000 and 1,000,000 passages")
    parser.add_argument("--seed", type=int, default=581)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    parser.add_argument("--scratch", type=Path, metavar="DIR", help="where the corpora are written")
    parser.add_argument(
        "--environments", type=Path, default=default_folder(), help="default: %(default)s"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
