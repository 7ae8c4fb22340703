"""How well codes are found: precision and recall for each system on hand-labelled texts.

A labelled file holds one JSON object a line: `text`, `half`, and `mentions` with `start`, `end`,
`system`, `code`, and where they apply `coverage`, `last` and `probable`. A found mention
is right when the system, the code, the end of a range and the place all agree; one that is off by
a character is wrong twice, once as found and once as missed.

The finder was adjusted on the `tune` half. The lines of the `held_out` half were written before
what they test was changed, and only their counts were looked at; a line whose outcome was read
moves to `tune`. Lines that stand alone, without a heading or a neighbour, are harder
than documents are. At first sight .40 of the CPT codes in 32 such held-out lines were found (18 of
45, precision .90); after the finder was changed, 33 of 33 in 27 new ones (precision .77) and, last,
39 of 39 in 34 (precision .93). Half of those lines hold a look-alike and nothing else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.codes import find_codes
from corpus.starter import LABELLED_CODES

Half = Literal["tune", "held_out"]
Key = tuple[str, str, str, str | None, int, int]  # system, code, coverage, last, start, end


@dataclass(frozen=True, slots=True)
class CodeScore:
    """Counts for one system: labelled and found, found but not labelled, labelled but not found."""

    system: str
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None when nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """The share of what is labelled that was found; None when nothing is labelled."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def score_codes(path: Path = LABELLED_CODES, *, half: Half | None = None) -> tuple[CodeScore, ...]:
    """One score a system, in alphabetical order, and last one called `all`."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for row in _rows(path, half):
        found, labelled = _found(row["text"]), set(map(_key, row["mentions"]))
        right.update(key[0] for key in found & labelled)
        wrong.update(key[0] for key in found - labelled)
        missed.update(key[0] for key in labelled - found)
    return by_system(right, wrong, missed)


def by_system(
    right: Counter[str], wrong: Counter[str], missed: Counter[str]
) -> tuple[CodeScore, ...]:
    """Counts by system as scores, in alphabetical order, and last their sum, called `all`."""
    systems = sorted({*right, *wrong, *missed})
    every = CodeScore("all", right.total(), wrong.total(), missed.total())
    return (*(CodeScore(one, right[one], wrong[one], missed[one]) for one in systems), every)


def disagreements(
    path: Path = LABELLED_CODES, *, half: Half | None = None
) -> Iterable[tuple[str, Key]]:
    """Every wrong and every missed mention as (`wrong: ` or `missed: ` and the text, its key)."""
    for row in _rows(path, half):
        found, labelled = _found(row["text"]), set(map(_key, row["mentions"]))
        yield from ((f"wrong: {row['text']}", key) for key in sorted(found - labelled, key=str))
        yield from ((f"missed: {row['text']}", key) for key in sorted(labelled - found, key=str))


def _rows(path: Path, half: Half | None) -> Iterable[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if half is None or row.get("half") == half:
            yield row


def _found(text: str) -> set[Key]:
    return {
        (str(one.system), one.code, one.coverage, one.last, one.span.start, one.span.end)
        for one in find_codes(text)
    }


def _key(label: Mapping[str, Any]) -> Key:
    coverage, last = label.get("coverage", "exact"), label.get("last")
    return label["system"], label["code"], coverage, last, label["start"], label["end"]
