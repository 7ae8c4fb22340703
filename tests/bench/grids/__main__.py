"""How well tables are read: `python -m tests.bench.grids [--seeds N] [--kind WORDS] [--markdown]`.

The same generated tables are made as Word, Excel, HTML and PDF, read, and each cell is compared
with the truth: its words, its column's name, its row and the sub-heading above it. Printed is the
share of cells that are right, and behind a sign how many in a hundred are there that are not true.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.bench.grids.files import FORMATS
from tests.bench.grids.kinds import samples
from tests.bench.grids.measured import Score, facts_of, measured, read_sample


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--kind", default="", help="only kinds whose name holds this")
    parser.add_argument("--show", choices=FORMATS, help="print what is read of the first seed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.show:
            _show(arguments.kind, arguments.show, Path(folder))
        else:
            _print(arguments.kind, arguments.seeds, Path(folder))


def _print(kind: str, seeds: int, folder: Path) -> None:
    print("| kind |", " | ".join(FORMATS), "|")
    print("|---|" + "--:|" * len(FORMATS))
    totals = dict.fromkeys(FORMATS, Score(0, 0, 0))
    for same_kind in zip(*map(samples, range(seeds)), strict=True):
        if kind not in same_kind[0].kind:
            continue
        shown = []
        for format_ in FORMATS:
            score = Score(0, 0, 0)
            for sample in same_kind:
                score += measured(sample, format_, folder)
            totals[format_] += score
            shown.append(_shown(score))
        print(f"| {same_kind[0].kind} |", " | ".join(shown), "|", flush=True)
    print("| all |", " | ".join(map(_shown, totals.values())), "|")


def _shown(score: Score) -> str:
    wrong = f" +{score.wrong / score.facts:.0%}" if score.wrong else ""
    return f"{score.right / score.facts:.0%}{wrong}"


def _show(kind: str, format_: str, folder: Path) -> None:
    for sample in samples(0):
        if kind not in sample.kind:
            continue
        document = read_sample(sample, format_, folder)
        print(f"== {sample.kind}")
        for block in document.blocks:
            print(f"{block.kind.value:9} {block.span.of(document.text)!r}  [{block.header}]")
        found = list(facts_of(document, sample))
        for fact in sorted(sample.facts() - Counter(found))[:8]:
            print("  missing", fact)


if __name__ == "__main__":
    main()
