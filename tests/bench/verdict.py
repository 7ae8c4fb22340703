"""Measures the verdict on several libraries and sets, each by itself, and writes a table.

`python tests/bench/verdict.py --sets FOLDER --json FILE [--half tune] [--markdown FILE]`

FOLDER holds the sets that are not ours (see `PLANS`). What is missing there is left out and said.
Libraries are indexed once below `--homes` and kept: an index costs minutes, the questions seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STARTER = ROOT / "corpus" / "documents"
QUESTIONS = HERE / "questions"


@dataclass(frozen=True, slots=True)
class Plan:
    """A set and the library that it is asked of. Paths are below the folder of sets, but for those
    that are whole. `texts`: a retrieval set of which so many of two documents are in the library.
    """

    name: str
    folders: tuple[str, ...]
    questions: str
    texts: str = ""
    every: int = 1  # 2: every second document is taken away, and its questions are to be declined
    filtered: bool = False
    papers: bool = False


OURS, MANUALS = str(STARTER), ("documents", "library2/documents")
PLANS = (
    Plan("golden", (OURS,), ""),
    Plan("starter, new", (OURS,), str(QUESTIONS / "starter.jsonl")),
    Plan("0581T, audited", (OURS,), "questions/more_0581T.jsonl"),
    Plan("0581T, first", (OURS,), "questions/questions.jsonl"),
    Plan("hospital documents alone", MANUALS, "library2/questions.jsonl"),
    Plan("the same beside the starter library", (OURS, *MANUALS), "library2/questions.jsonl"),
    Plan(
        "the same with their filters", (OURS, *MANUALS), "library2/questions.jsonl", filtered=True
    ),
    Plan(
        "new questions on them and on papers, beside the starter library",
        (OURS, *MANUALS),
        str(QUESTIONS / "documents.jsonl"),
        papers=True,
    ),
    Plan("ClapNQ beside the starter library", (OURS,), "eval/clapnq", texts="eval/clapnq"),
    Plan(
        "dialogues on government pages, half of them taken away, beside the starter library",
        (OURS,),
        "eval/doc2dial_tune",
        texts="eval/doc2dial_tune",
        every=2,
    ),
)


def main() -> None:
    arguments = _arguments()
    rows = []
    for plan in PLANS:
        missing = [path for path in _needed(plan, arguments.sets) if not path.exists()]
        if missing:
            print(f"left out: {plan.name} (no {missing[0]})", file=sys.stderr)
            continue
        home = _home(plan, arguments.sets, arguments.homes)
        rows.append({"set": plan.name} | _asked(plan, home, arguments))
        print(_row(rows[-1]), flush=True)
    document = {"date": date.today().isoformat(), "half": arguments.half, "sets": rows}
    arguments.json.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if arguments.markdown:
        arguments.markdown.write_text(table(document), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="where the sets are")
    parser.add_argument("--json", type=Path, required=True, help="where the figures go")
    parser.add_argument("--markdown", type=Path, help="where the table goes")
    parser.add_argument("--half", choices=("tune", "held"), default="tune")
    parser.add_argument(
        "--homes", type=Path, default=Path(tempfile.gettempdir()) / "codedesk-verdict"
    )
    return parser.parse_args()


def _needed(plan: Plan, sets: Path) -> Iterator[Path]:
    yield from (sets / folder for folder in plan.folders)
    if plan.questions:
        yield sets / plan.questions
    if plan.papers:
        yield from _papers(sets)


def _papers(sets: Path) -> Iterator[Path]:
    """The documents of other subjects on which there are questions, among test suites' PDFs."""
    named = {
        row["document"]
        for row in map(json.loads, (QUESTIONS / "documents.jsonl").open(encoding="utf-8"))
        if row["document"]
    }
    yield from sorted(
        {path.name: path for path in (sets / "pdfs").rglob("*.pdf") if path.name in named}.values()
    )


def _home(plan: Plan, sets: Path, homes: Path) -> Path:
    """A home that holds the library of a plan, synced with the code as it is."""
    folders = [sets / folder for folder in plan.folders]
    if plan.papers:
        folders.append(_copied(_papers(sets), homes / "papers"))
    if plan.texts:
        folders.append(_texts(sets / plan.texts, homes / Path(plan.texts).name, plan.every))
    name = "-".join(folder.parent.name + folder.name for folder in folders).replace(" ", "")
    home = homes / f"home-{name}"
    _codedesk(home, "sync", *map(str, folders), allowed=(0, 3))
    return home


def _copied(paths: Iterator[Path], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        if not (folder / path.name).exists():
            shutil.copyfile(path, folder / path.name)
    return folder


def _texts(source: Path, folder: Path, every: int) -> Path:
    """The documents of a retrieval set as files that a sync reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, line in enumerate((source / "corpus.jsonl").open(encoding="utf-8")):
        row = json.loads(line)
        path = folder / f"{row['id']}.txt"
        if number % every == 0 and not path.exists():
            path.write_text(f"{row['title']}\n\n{row['text']}\n", "utf-8")
    return folder


def _asked(plan: Plan, home: Path, arguments: argparse.Namespace) -> Mapping[str, Any]:
    options = ["--filtered"] if plan.filtered else []
    if plan.questions.startswith(str(QUESTIONS)):
        options += ["--half", arguments.half]
    questions = [str(arguments.sets / plan.questions)] if plan.questions else []
    told = json.loads(_codedesk(home, "eval", *questions, *options, "--json"))
    return {key: value for key, value in told.items() if key != "codes"}


def _codedesk(home: Path, *arguments: str, allowed: Sequence[int] = (0,)) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        cwd=ROOT,
        env=os.environ | {"CODEDESK_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode not in allowed:
        raise SystemExit(f"codedesk {' '.join(arguments)} ended with {done.returncode}.")
    return done.stdout


_HEADINGS = (
    "set",
    "answerable, others",
    "right first",
    "in top 3",
    "answered, right first",
    "false refusals",
    "false answers",
    "wrong answers",
    "not proved",
    "AUROC",
    "others answered at .75",
)


def table(document: Mapping[str, Any]) -> str:
    """The figures as a Markdown table, a set a row."""
    rule = "|".join(["---", *["--:"] * (len(_HEADINGS) - 1)])
    rows = [_row(row) for row in document["sets"]]
    return "\n".join([f"| {' | '.join(_HEADINGS)} |", f"|{rule}|", *rows]) + "\n"


def _row(row: Mapping[str, Any]) -> str:
    at = [point["false_answers"] for point in row["curve"] if point["recall"] >= 0.75]
    cells = (
        row["set"],
        f"{row['questions']}, {row['declined']}",
        *map(_share, (row["hit_at_1"], row["hit_at_3"], row["answered_right"])),
        _share(row["false_refusals"]),
        _share(row["false_answers"]) if row["declined"] else "-",
        _share(row["wrong_answers"]),
        str(row["untrue_reasons"]),
        "-" if row["auroc"] is None else _share(row["auroc"]),
        _share(min(at)) if at and row["declined"] else "-",
    )
    return f"| {' | '.join(cells)} |"


def _share(value: float) -> str:
    """`.875`, and `1.000`."""
    return f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    main()
