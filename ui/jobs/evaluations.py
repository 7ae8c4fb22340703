"""Golden questions asked of a generation, kept to be compared with another one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, overload

from assistant.desk import Desk
from assistant.evaluation.golden import Golden, Outcome, evaluate, read_golden
from index.home import Home
from index.home.access import folder_mode
from index.home.durable import write_durably
from index.sync.build import Progress
from ui.server.embedding import asking
from ui.state.settings import Settings

FIGURES = {
    "hit_at_1": "Right passage first",
    "hit_at_3": "Right passage in the first three",
    "answered": "Answerable and answered",
    "false_answers": "Answered though it should be declined",
    "citations_exact": "Citations word for word",
    "pages_right": "Right page",
}
LOWER_IS_BETTER = frozenset({"false_answers"})


@dataclass(frozen=True, slots=True)
class Changed:
    """A golden question whose first document or verdict differs between two generations."""

    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a generation answers the golden questions, against another one.

    `lowered` names the figures that are worse, with what they were and are.
    """

    before: int
    after: int
    lowered: Mapping[str, tuple[float, float]]
    changed: tuple[Changed, ...]


def run(
    settings: Settings, *, progress: Progress, generation: int | None = None
) -> Mapping[str, Any]:
    """Ask all golden questions of a generation, by default the current one; keep what came out."""
    golden = read_golden(_own(settings.home))
    watched = _Watched(golden, lambda at: progress("ask", at, len(golden)))
    with Desk(Home(settings.home), embedder=asking(settings), generation=generation) as desk:
        told = evaluate(desk, watched)
        asked = desk.library.generation
    kept = {name: getattr(told, name) for name in FIGURES} | {
        "generation": asked,
        "asked": _sum_of(golden),
        "questions": told.questions,
        "declined": told.declined,
        "outcomes": {one.golden.question: _outcome(one) for one in told.outcomes},
    }
    folder = settings.home / "evaluations"
    folder.mkdir(exist_ok=True, mode=folder_mode(settings.home))
    write_durably(_path(settings.home, asked), json.dumps(kept).encode())
    return kept


def compare(settings: Settings, before: int, after: int, *, progress: Progress) -> Comparison:
    """Ask both generations, each only where it was not asked these questions before."""
    asked = _sum_of(read_golden(_own(settings.home)))

    def known(generation: int) -> Mapping[str, Any]:
        kept = read(settings.home, generation)
        if kept and kept.get("asked") == asked:
            return kept
        return run(settings, progress=progress, generation=generation)

    return compared(known(after), known(before))


def compared(now: Mapping[str, Any], earlier: Mapping[str, Any]) -> Comparison:
    """Two evaluations as they were kept, side by side."""
    outcomes = earlier["outcomes"]
    return Comparison(
        before=earlier["generation"],
        after=now["generation"],
        lowered={
            name: (earlier[name], now[name])
            for name in FIGURES
            if (now[name] > earlier[name] if name in LOWER_IS_BETTER else now[name] < earlier[name])
        },
        changed=tuple(
            Changed(question, outcomes[question], after)
            for question, after in now["outcomes"].items()
            if question in outcomes and outcomes[question] != after
        ),
    )


def read(home: Path, generation: int) -> Mapping[str, Any] | None:
    """What was kept of a generation; None where it was not asked."""
    try:
        found: Mapping[str, Any] = json.loads(_path(home, generation).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def before(home: Path, generation: int) -> Mapping[str, Any] | None:
    """The nearest earlier generation that was asked."""
    numbers = [int(path.stem) for path in (home / "evaluations").glob("[0-9]*.json")]
    earlier = [number for number in numbers if number < generation]
    return read(home, max(earlier)) if earlier else None


def _path(home: Path, generation: int) -> Path:
    return home / "evaluations" / f"{generation:06d}.json"


def _own(home: Path) -> Path | None:
    """A hospital's own golden questions, where it has some; else those of the starter library."""
    path = home / "questions.jsonl"
    return path if path.is_file() else None


def _sum_of(golden: Sequence[Golden]) -> str:
    return sha256(repr(golden).encode()).hexdigest()[:16]


def _outcome(one: Outcome) -> str:
    """`Answered; first a.md, as expected`: what a person compares between two generations."""
    said = {"answered": "Answered", "weak": "Weak", "not_found": "Not found"}[one.verdict.value]
    first = f"{said}; first {one.first}" if one.first else said
    if one.golden.decline:
        return first
    if one.rank is None:
        return f"{first}, not the expected passage"
    return f"{first}, as expected" if one.rank == 1 else f"{first}, expected at {one.rank}"


class _Watched(Sequence[Golden]):
    """The questions, telling how many of them were taken."""

    def __init__(self, golden: Sequence[Golden], taken: Callable[[int], None]) -> None:
        self._golden = golden
        self._taken = taken

    def __len__(self) -> int:
        return len(self._golden)

    @overload
    def __getitem__(self, at: int) -> Golden: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Golden]: ...
    def __getitem__(self, at: int | slice) -> Golden | Sequence[Golden]:
        return self._golden[at]

    def __iter__(self) -> Iterator[Golden]:
        for number, one in enumerate(self._golden, 1):
            self._taken(number)
            yield one
