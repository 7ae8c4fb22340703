"""Codedesk and its references on the same sets, in one go, on one machine.

    python tests/bench/compare.py SET_DIR... [--only NAME] [--json FILE] [--markdown FILE]

Every system indexes and answers in a process of its own, one after the other, so that none borrows
another's memory or warm model. The metrics are computed here, from the runs.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpora.sets import RetrievalSet, read_run, read_set
from measuring.machine import describe
from measuring.processes import NotRun, codedesk_command, run_measured
from peers.environments import REFERENCES, Reference, default_folder, peer_variables, python_for
from tables.comparison import comparison_document
from tables.metrics import Scores, means, paired_bootstrap, score_run

OURS = "codedesk"


@dataclass(frozen=True, slots=True)
class Result:
    """One system on one set; `report` and `scores` are None when it did not run."""

    system: str
    set_name: str
    report: dict[str, object] | None
    scores: Scores | None
    reason: str | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    machine = describe()
    with tempfile.TemporaryDirectory(prefix="codedesk-bench-") as scratch:
        runs = options.runs or Path(scratch)
        results = [
            result
            for set_dir in options.set_dirs
            for result in compare_on(set_dir.resolve(), runs=runs.resolve(), options=options)
        ]
    document = summary(results, machine)
    text = comparison_document(document)
    if options.json is not None:
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    if options.markdown is not None:
        options.markdown.write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(result.reason and result.system != OURS for result in results) else 0


def compare_on(set_dir: Path, *, runs: Path, options: argparse.Namespace) -> list[Result]:
    """Run every system that was asked for on one set; a failure is a row, never a stop."""
    retrieval_set = read_set(set_dir)
    out_dir = runs / retrieval_set.name
    out_dir.mkdir(parents=True, exist_ok=True)
    results = []
    for system in _wanted(options.only):
        done = (out_dir / f"{system}.run").exists() and (out_dir / f"{system}.json").exists()
        if options.reuse and done and system != OURS:
            reason = None
        elif system == OURS:
            reason = run_codedesk(set_dir, out_dir, home=options.environments / "codedesk-home")
        else:
            reason = run_reference(_named(system), set_dir, out_dir, folder=options.environments)
        results.append(_result(system, retrieval_set, out_dir, reason=reason))
    return results


def run_reference(
    reference: Reference, set_dir: Path, out_dir: Path, *, folder: Path
) -> str | None:
    """Run one reference in its environment; the reason when it failed, else None."""
    try:
        python = python_for(reference, folder=folder)
    except NotRun as error:
        return str(error)
    script = Path(__file__).parent / "peers" / reference.script
    return _run([str(python), str(script), str(set_dir), str(out_dir)], peer_variables())


def run_codedesk(set_dir: Path, out_dir: Path, *, home: Path) -> str | None:
    """Run `codedesk bench` from this environment; the reason when it failed, else None.

    `home` keeps the converted model between runs, since no reference's loading time counts either.
    """
    command = codedesk_command()
    if command is None:
        return "no `codedesk` command in this environment"
    home.mkdir(parents=True, exist_ok=True)
    variables = {**os.environ, "CODEDESK_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    run, report = out_dir / f"{OURS}.run", out_dir / f"{OURS}.json"
    for stale in (run, report):
        stale.unlink(missing_ok=True)
    return _run(
        [str(command), "bench", str(set_dir), "--run", str(run), "--json"],
        variables,
        output=report,
    )


def summary(results: Sequence[Result], machine: dict[str, object]) -> dict[str, object]:
    """Everything that was measured, ready for JSON."""
    return {
        "machine": machine,
        "systems": {OURS: "Codedesk"} | {each.name: each.about for each in REFERENCES},
        "rows": [_row(result) for result in results],
        "differences": differences(results),
    }


def differences(results: Sequence[Result]) -> list[dict[str, object]]:
    """Codedesk minus each reference, question by question, in nDCG@10."""
    ours = {
        result.set_name: result.scores["nDCG@10"]
        for result in results
        if result.system == OURS and result.scores is not None
    }
    rows: list[dict[str, object]] = []
    for result in results:
        if result.system == OURS or result.scores is None or result.set_name not in ours:
            continue
        found = paired_bootstrap(ours[result.set_name], result.scores["nDCG@10"])
        rows.append(
            {
                "set": result.set_name,
                "system": result.system,
                "mean": round(found.mean, 4),
                "low": round(found.low, 4),
                "high": round(found.high, 4),
                "p": round(found.p, 4),
                "real": found.real,
            }
        )
    return rows


def _row(result: Result) -> dict[str, object]:
    row: dict[str, object] = {"set": result.set_name, "system": result.system}
    if result.scores is None:
        return row | {"reason": result.reason}
    questions = len(result.scores["nDCG@10"])
    figures = {name: round(value, 4) for name, value in means(result.scores).items()}
    return row | {"questions": questions} | figures | {"report": result.report}


def _result(
    system: str, retrieval_set: RetrievalSet, out_dir: Path, *, reason: str | None
) -> Result:
    if reason is not None:
        return Result(system, retrieval_set.name, None, None, reason)
    report = json.loads((out_dir / f"{system}.json").read_text(encoding="utf-8"))
    run = read_run(out_dir / f"{system}.run")
    scores = score_run(run, retrieval_set.qrels, queries=retrieval_set.judged_queries())
    return Result(system, retrieval_set.name, report, scores)


def _run(
    command: Sequence[str], variables: dict[str, str], *, output: Path | None = None
) -> str | None:
    """Run a command to its end; the last line it complained with when it failed, else None."""
    print("running", " ".join(command), file=sys.stderr)
    finished = run_measured(command, variables)
    if finished.exit_code != 0:
        return f"exit code {finished.exit_code}: {finished.complaint}"
    if output is not None:
        output.write_text(finished.output, encoding="utf-8")
    return None


def _wanted(only: Sequence[str] | None) -> list[str]:
    every = [OURS, *(reference.name for reference in REFERENCES)]
    return [name for name in every if not only or name in only]


def _named(name: str) -> Reference:
    return next(reference for reference in REFERENCES if reference.name == name)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("set_dirs", nargs="+", type=Path, metavar="SET_DIR")
    parser.add_argument("--only", action="append", choices=_wanted(None), help="may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    parser.add_argument("--runs", type=Path, metavar="DIR", help="keep the runs and reports here")
    parser.add_argument(
        "--reuse", action="store_true", help="take references already in --runs as they are"
    )
    parser.add_argument(
        "--environments", type=Path, default=default_folder(), help="default: %(default)s"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
