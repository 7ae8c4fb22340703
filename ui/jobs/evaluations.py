"""Golden questions asked of a generation, kept to be compared with another one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, overload

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.golden import Golden, Outcome, evaluate, read_golden
from corpus.errors import CodedeskError
from index.audience.sight import PUBLIC
from index.filters import is_called
from index.home import Home
from index.home.access import make_folders
from index.home.durable import write_durably
from index.library import Library
from index.sync.writing import Progress
from ui.desks.parts.teasers import teaser
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
_VERDICTS = {"answered": "Answered", "weak": "Weak", "not_found": "Not found"}
_LESS = ("Answered", "Weak", "Not found")
LOWER_IS_BETTER = frozenset({"false_answers"})
_NEVER = frozenset({"false_answers", "citations_exact"})  # a change for the worse is never small
_LOGGED = 50  # questions of the log that are asked again, the latest


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
    settings: Settings,
    *,
    progress: Progress,
    generation: int | None = None,
    starters: bool = False,
) -> Mapping[str, Any]:
    """Ask all golden questions of a generation, by default the current one; keep what came out.
    `starters`: those of the starter library, beside one's own and apart from them.

    What is kept is shown to all who keep the library, so it is asked of what everybody may see;
    questions about a private document are left out.
    """
    own = None if starters else _own(settings.home)
    with Desk(Home(settings.home), embedder=asking(settings), generation=generation) as desk:
        hidden = desk.hidden_from(PUBLIC)
        every = read_golden(own)
        golden = [one for one in every if not hidden or not _is_about(one, desk)]
        watched = _Watched(golden, lambda at: progress("ask", at, len(golden)))
        seen = desk.seen_by(PUBLIC)
        told = evaluate(seen, watched)
        asked = desk.library.generation
        saw = sorted({short_sum(name) for name in seen.library.titles()})
    kept = {name: getattr(told, name) for name in FIGURES} | {
        "generation": asked,
        "asked": _sum_of(every),
        "saw": saw,
        "own": own is not None,
        "questions": told.questions,
        "declined": told.declined,
        "outcomes": {one.golden.question: _outcome(one) for one in told.outcomes},
        "failing": [_failing(one) for one in told.outcomes if not _is_right(one)],
    }
    path = _path(settings.home, asked, starters=starters)
    make_folders(path.parent, settings.home)
    write_durably(path, json.dumps(kept).encode())
    return kept


def has_two_sets(home: Path, library: Library) -> bool:
    """Whether there are own golden questions beside those of a starter library that is read."""
    return _own(home) is not None and "starter" in library.folders()


def compare(settings: Settings, before: int, after: int, *, progress: Progress) -> Comparison:
    """Ask both generations, each only where it was not asked these questions before."""
    asked = _sum_of(read_golden(_own(settings.home)))

    def known(generation: int) -> Mapping[str, Any]:
        kept = read(settings.home, generation)
        if kept and kept.get("asked") == asked:
            return kept
        return run(settings, progress=progress, generation=generation)

    return compared(known(after), known(before), tolerance=settings.gate_tolerance)


def logged(settings: Settings, before: int, after: int, questions: Sequence[str]) -> list[Changed]:
    """Questions that people asked whose first passage or verdict is another one now."""

    def said(generation: int) -> dict[str, str]:
        home, embedder = Home(settings.home), asking(settings)
        with Desk(home, embedder=embedder, generation=generation) as desk:
            seen = desk.seen_by(PUBLIC)
            return {question: _said(seen, question) for question in questions[:_LOGGED]}

    old, new = said(before), said(after)
    return [Changed(one, old[one], new[one]) for one in new if old[one] != new[one]]


def short_sum(document: str) -> str:
    """Stands for a document where it is only asked whether it was there."""
    return sha256(document.encode()).hexdigest()[:8]


def _is_about(golden: Golden, desk: Desk) -> bool:
    """Whether a question is about a document that not everybody may see."""
    audiences = desk.audiences()
    named = [truth.document for truth in golden.truths]
    hidden = desk.hidden_from(PUBLIC).names
    return any(
        audiences.of(name) or any(is_called(document, name) for document in hidden)
        for name in named
    )


def _said(desk: Desk, question: str) -> str:
    try:
        answer = desk.ask(question, k=1)
    except CodedeskError:
        return "Not a question"
    said = _VERDICTS[answer.verdict.value]
    if not answer.citations:
        return said
    first = answer.citations[0]
    return f"{said}; first {first.version.document}: {teaser(first, most=120)}"


def is_worse(changed: Changed) -> bool:
    """Whether the answer to a golden question is further from what is expected than before."""
    return _grade(changed.after) < _grade(changed.before)


def _grade(outcome: str) -> float:
    """How good an outcome is, from its words: of those to be declined, not found is best."""
    if outcome.endswith("as expected"):
        return 20.0 + (3 - _LESS.index(outcome.split(";")[0]) if ";" in outcome else 0)
    if found := re.search(r"expected at (\d+)$", outcome):
        return 10.0 - int(found[1]) / 20
    if outcome.endswith("not the expected passage"):
        return 0.0
    return float(_LESS.index(outcome.split(";")[0]))


def compared(
    now: Mapping[str, Any], earlier: Mapping[str, Any], *, tolerance: float = 0.0
) -> Comparison:
    """Two evaluations as they were kept, side by side. A figure that is worse by no more than the
    tolerance is not told as lowered; one more false answer always is."""
    outcomes = earlier["outcomes"]
    return Comparison(
        before=earlier["generation"],
        after=now["generation"],
        lowered={
            name: (earlier[name], now[name])
            for name in FIGURES
            if _loss(name, now, earlier) > (0.0 if name in _NEVER else tolerance)
        },
        changed=tuple(
            Changed(question, outcomes[question], after)
            for question, after in now["outcomes"].items()
            if question in outcomes and outcomes[question] != after
        ),
    )


def read(home: Path, generation: int, *, starters: bool = False) -> Mapping[str, Any] | None:
    """What was kept of a generation; None where it was not asked."""
    try:
        path = _path(home, generation, starters=starters)
        found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def before(
    home: Path, now: Mapping[str, Any], *, starters: bool = False
) -> Mapping[str, Any] | None:
    """The nearest earlier generation that was asked the same questions."""
    folder = _path(home, 0, starters=starters).parent
    numbers = [int(path.stem) for path in folder.glob("[0-9]*.json")]
    for number in sorted(numbers, reverse=True):
        if number < now["generation"]:
            kept = read(home, number, starters=starters)
            if kept and kept.get("asked") == now.get("asked"):
                return kept
    return None


def _loss(name: str, now: Mapping[str, Any], earlier: Mapping[str, Any]) -> float:
    """By how much a figure is worse."""
    change = float(now[name]) - float(earlier[name])
    return round(change if name in LOWER_IS_BETTER else -change, 9)


def _path(home: Path, generation: int, *, starters: bool = False) -> Path:
    folder = home / "evaluations" / "starter" if starters else home / "evaluations"
    return folder / f"{generation:06d}.json"


def _own(home: Path) -> Path | None:
    """A hospital's own golden questions, where it has some; else those of the starter library."""
    path = home / "questions.jsonl"
    return path if path.is_file() else None


def _sum_of(golden: Sequence[Golden]) -> str:
    return sha256(repr(golden).encode()).hexdigest()[:16]


def _outcome(one: Outcome) -> str:
    """`Answered; first a.md, as expected`: what a person compares between two generations."""
    said = _VERDICTS[one.verdict.value]
    first = f"{said}; first {one.first}" if one.first else said
    if one.golden.decline:
        return first
    if one.rank is None:
        return f"{first}, not the expected passage"
    return f"{first}, as expected" if one.rank == 1 else f"{first}, expected at {one.rank}"


def _is_right(one: Outcome) -> bool:
    """Whether a question is answered, and by the right passage first; or declined, as it should."""
    if one.golden.decline:
        return one.verdict is not Verdict.ANSWERED
    return one.rank == 1 and one.verdict is Verdict.ANSWERED


def _failing(one: Outcome) -> dict[str, Any]:
    return {
        "question": one.golden.question,
        "false_answer": one.golden.decline,
        "said": _outcome(one),
        "expected": "to be declined"
        if one.golden.decline
        else ", ".join(dict.fromkeys(truth.document for truth in one.golden.truths[:2])),
    }


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
