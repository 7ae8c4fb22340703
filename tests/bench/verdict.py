"""Measures the verdict on several libraries and sets, each by itself, and writes a table.

`python tests/bench/verdict.py --sets FOLDER --json FILE [--before FILE] [--markdown FILE]`

FOLDER holds the sets that are not ours (see `PLANS`). What is missing there is left out and said.
Libraries are indexed once below `--homes` and kept: an index costs minutes, the questions seconds.
The questions of other people stay out of the figures; `--outcomes` keeps them for whoever looks.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    Plan(
        "further questions on them, beside the starter library",
        (OURS, *MANUALS),
        str(QUESTIONS / "further.jsonl"),
        papers=True,
    ),
    Plan(
        "near misses on them and on papers, beside the starter library",
        (OURS, *MANUALS),
        str(QUESTIONS / "near.jsonl"),
        papers=True,
    ),
    Plan(
        "questions as staff ask them, beside the starter library",
        (OURS, *MANUALS),
        str(QUESTIONS / "staff.jsonl"),
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
        if arguments.only and arguments.only not in plan.name:
            continue
        missing = [path for path in _needed(plan, arguments.sets) if not path.exists()]
        if missing:
            print(f"left out: {plan.name} (no {missing[0]})", file=sys.stderr)
            continue
        home = _home(plan, arguments.sets, arguments.homes)
        told = _asked(plan, home, arguments)
        rows.append(_figures(plan, told, arguments.half))
        print(f"{plan.name}: {' '.join(_cells(rows[-1]))}", flush=True)
        if arguments.outcomes:
            arguments.outcomes.mkdir(parents=True, exist_ok=True)
            kept = json.dumps(told["outcomes"], indent=1, ensure_ascii=False)
            (arguments.outcomes / f"{plan.name}.json").write_text(kept, "utf-8")
    document = {"date": date.today().isoformat(), "sets": rows}
    arguments.json.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    if arguments.markdown:
        before = json.loads(arguments.before.read_text("utf-8")) if arguments.before else None
        arguments.markdown.write_text(
            page(document, before) + _written(arguments.markdown), "utf-8"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="where the sets are")
    parser.add_argument("--json", type=Path, required=True, help="where the figures go")
    parser.add_argument("--before", type=Path, help="figures to be shown beside them")
    parser.add_argument("--markdown", type=Path, help="where the page goes")
    parser.add_argument("--outcomes", type=Path, help="a folder for what became of each question")
    parser.add_argument("--only", help="only the sets with this in their name")
    parser.add_argument("--half", choices=("tune", "held"), default="tune")
    parser.add_argument(
        "--homes", type=Path, default=Path(tempfile.gettempdir()) / "codedesk-verdict"
    )
    return parser.parse_args()


def _figures(plan: Plan, told: Mapping[str, Any], half: str) -> dict[str, Any]:
    """The figures of a set without its questions."""
    has_half = plan.questions.startswith(str(QUESTIONS))
    figures = {key: value for key, value in told.items() if isinstance(value, int | float)}
    points = [(point["recall"], point["false_answers"]) for point in told["curve"]]
    name = f"{plan.name} ({half} half)" if has_half else plan.name
    return {"set": name, **figures, "curve": points}


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


def _written(page: Path) -> str:
    """What people wrote below the figures: from the page's first section on."""
    before = page.read_text("utf-8") if page.is_file() else ""
    _, section, rest = before.partition("\n## ")
    return section + rest


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


def _asked(plan: Plan, home: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    options = ["--filtered"] if plan.filtered else []
    if plan.questions.startswith(str(QUESTIONS)):
        options += ["--half", arguments.half]
    questions = [str(arguments.sets / plan.questions)] if plan.questions else []
    told: dict[str, Any] = json.loads(_codedesk(home, "eval", *questions, *options, "--json"))
    return told


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
    "right first",
    "in top 3",
    "answered, right first",
    "false refusals",
    "false answers",
    "wrong answers",
    "not proved",
    "AUROC",
)
_AT = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
_ABOUT = """# How often the verdict is right

By `make verdict SETS=FOLDER` (tests/bench/verdict.py); each set is asked of its own library and
never mixed with another. Shares of 1. Where a cell has two figures, the first is that of the
version before the last change of the verdict.

- **right first**, **in top 3**: of the answerable questions, a passage with the labelled words.
- **answered, right first**: got `answered`, and the first passage is right.
- **false refusals**: not `answered`, though a right passage is among the first three.
- **false answers**: of the questions that nothing in the library answers, those `answered`.
- **wrong answers**: answerable, `answered`, and none of the first three passages is right.
- **not proved**: sentences around the answers that no search of the library could prove true.
- **AUROC**: how often an answerable question is trusted more than one of the others.

Of the sets on 0581T that are labelled with facts, a passage is right where its document cites the
fact and it has most words of the answer wanted, where one is given. The questions of a held half
are asked once for each version, when nothing is to be changed any more.

"""


_CURVE = """
What other thresholds would give: of the others, those `answered` at the strictest threshold
that answers so many of the answerable; `-` where none does.

"""


def page(document: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """The figures as a Markdown page: a set a row, `before → now` in each cell."""
    earlier = {row["set"]: row for row in before["sets"]} if before else {}
    counts = {row["set"]: f"{row['questions']}, {row['declined']}" for row in document["sets"]}
    figures = _table(("answerable, others", *_HEADINGS), document, earlier, _cells, counts)
    curves = _table(
        tuple(f"at {at:.2f}".replace("0.", ".") for at in _AT), document, earlier, _curve, {}
    )
    return f"{_ABOUT}On {document['date']}:\n\n{figures}{_CURVE}{curves}"


def _table(
    headings: Sequence[str],
    document: Mapping[str, Any],
    earlier: Mapping[str, Any],
    cells: Callable[[Mapping[str, Any]], list[str]],
    counts: Mapping[str, str],
) -> str:
    lines = [f"| set | {' | '.join(headings)} |", f"|---|{'--:|' * len(headings)}"]
    for row in document["sets"]:
        now, was = cells(row), cells(earlier.get(row["set"], row))
        told = [a if a == b else f"{b} → {a}" for a, b in zip(now, was, strict=True)]
        first = [counts[row["set"]]] if counts else []
        lines.append(f"| {' | '.join([row['set'], *first, *told])} |")
    return "\n".join(lines) + "\n"


def _curve(row: Mapping[str, Any]) -> list[str]:
    found = []
    for wanted in _AT:
        at = [wrong for right, wrong in row["curve"] if right >= wanted]
        found.append(_share(min(at)) if at and row["declined"] else "-")
    return found


def _cells(row: Mapping[str, Any]) -> list[str]:
    of_others = row["declined"] > 0
    return [
        *map(_share, (row["hit_at_1"], row["hit_at_3"], row["answered_right"])),
        _share(row["false_refusals"]),
        _share(row["false_answers"]) if of_others else "-",
        _share(row["wrong_answers"]),
        str(row["untrue_reasons"]),
        _share(row["auroc"]) if "auroc" in row else "-",
    ]


def _share(value: float) -> str:
    """`.875`, and `1.000`."""
    return f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    main()
