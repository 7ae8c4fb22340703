"""Golden questions: is the right passage first, and does the desk decline when there is none?

A question's truth is a document and a quote, never a passage, so that it survives another
splitting. A citation is right when its document is the one named and its text holds the quote, or
at least half of it where the splitting went through it. Where only facts are named that answer, a
passage of a document that cites one of them is right, if it has most words of the answer wanted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Citation, Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from corpus.errors import CodedeskError
from corpus.starter import QUESTIONS
from index.filters import Filters, is_named
from index.versions import today

_DEPTH = 10
_SHOWN = 3  # citations that a person looks at
_TELLING = re.compile(r"\w*\d[\w.]*\w|\d|[a-z]{4,}")  # words of an answer that must be said
_MOST = 0.6


@dataclass(frozen=True, slots=True)
class Truth:
    """A document (the end of its id) and words of it that answer; `page` where there is one. With
    a `fact` every document that cites it, where a passage has most of the `wanted` words."""

    document: str
    quote: str
    page: int | None = None
    fact: str = ""
    wanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Golden:
    """A question with its truths; one of them is enough. Without any it is to be declined; `near`
    says what it is near to, without being it: another payer, another code, a year. `payer` is the
    filter that a user would set; `half` says whether rules may be made on it."""

    id: str
    question: str
    kind: str
    truths: tuple[Truth, ...]
    decline: bool
    as_of: date | None
    near: str = ""
    payer: str = ""
    half: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one question. `rank` is that of the first right citation; None: not among ten.

    `page_right`: the first right citation names the page of the truth; None where there is none.
    """

    golden: Golden
    verdict: Verdict
    rank: int | None
    page_right: bool | None
    exact: bool  # every citation was verified word for word
    first: str  # the first citation's document
    trust: float = 0.0  # of the verdict, in 0..1
    unproven: tuple[str, ...] = ()  # sentences shown that are not proved true

    @property
    def is_right(self) -> bool:
        """Whether a right passage is among those that a person looks at."""
        return self.rank is not None and self.rank <= _SHOWN


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures over all questions; rates are shares of 1.

    `false_answers`: questions to be declined that got `answered`. `false_not_found`: answerable
    ones that got `not_found`. `answered`: answerable ones that got `answered`. `declined_by_near`:
    of the questions to be declined, by what they come near to, how many there are and the shares.

    Of the answerable questions with a known right passage: `answered_right` got `answered` with it
    first; `wrong_first` with another one first; `wrong_answers` with none among the first three;
    `false_refusals` have it among these and did not get `answered`. `auroc`: how often an
    answerable question is trusted more than one to be declined; None without both.
    `untrue_reasons`: sentences shown that could not be proved true; None where none was checked.
    """

    questions: int
    declined: int
    hit_at_1: float
    hit_at_3: float
    mrr: float
    answered: float
    weak: float
    false_not_found: float
    false_answers: float
    weak_declined: float
    citations_exact: float
    pages_right: float
    outcomes: tuple[Outcome, ...]
    curve: tuple[Mapping[str, float], ...] = ()  # see `curve`
    declined_by_near: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    answered_right: float = 0.0
    wrong_first: float = 0.0
    wrong_answers: float = 0.0
    false_refusals: float = 0.0
    auroc: float | None = None
    untrue_reasons: int | None = None


def read_golden(path: Path | None = None) -> list[Golden]:
    """Golden questions, by default those of the starter library. Raises CodedeskError."""
    try:
        text = (path or QUESTIONS).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CodedeskError(f"The questions in {path} cannot be read: {error}.") from error
    golden = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                golden.append(_golden(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise CodedeskError(
                    f"Line {number} of the questions is not as it should be ({error!r}). Each line "
                    "is a JSON object with id, question, kind, and document and quote."
                ) from error
    return golden


def evaluate(
    desk: Desk,
    golden: Sequence[Golden],
    *,
    reasons: Reasons | None = None,
    filtered: bool = False,
) -> Evaluation:
    """Ask every question and count; with `reasons` check every sentence shown, too. `filtered`:
    with the payers that a user would set."""
    outcomes = tuple(_outcome(desk, one, reasons, filtered=filtered) for one in golden)
    asked = [o for o in outcomes if not o.golden.decline]
    declined = [o for o in outcomes if o.golden.decline]
    placed = [o for o in asked if o.golden.truths]  # some are labelled for the verdict alone
    got = [o for o in placed if o.verdict is Verdict.ANSWERED]
    verdicts = Counter(outcome.verdict for outcome in asked)
    declined_verdicts = Counter(outcome.verdict for outcome in declined)
    paged = [o.page_right for o in asked if o.page_right is not None]
    return Evaluation(
        questions=len(asked),
        declined=len(declined),
        hit_at_1=_share([o.rank == 1 for o in placed]),
        hit_at_3=_share([o.rank is not None and o.rank <= 3 for o in placed]),
        mrr=_share([1 / o.rank if o.rank else 0.0 for o in placed]),
        answered=verdicts[Verdict.ANSWERED] / max(len(asked), 1),
        weak=verdicts[Verdict.WEAK] / max(len(asked), 1),
        false_not_found=verdicts[Verdict.NOT_FOUND] / max(len(asked), 1),
        false_answers=declined_verdicts[Verdict.ANSWERED] / max(len(declined), 1),
        weak_declined=declined_verdicts[Verdict.WEAK] / max(len(declined), 1),
        citations_exact=_share([o.exact for o in outcomes]),
        pages_right=_share(paged) if paged else 1.0,
        outcomes=outcomes,
        curve=curve(outcomes),
        declined_by_near=_by_near(declined),
        answered_right=sum(o.rank == 1 for o in got) / max(len(placed), 1),
        wrong_first=sum(o.rank != 1 for o in got) / max(len(placed), 1),
        wrong_answers=sum(not o.is_right for o in got) / max(len(placed), 1),
        false_refusals=_share([o.is_right and o.verdict is not Verdict.ANSWERED for o in placed]),
        auroc=auroc([o.trust for o in asked], [o.trust for o in declined]),
        untrue_reasons=None if reasons is None else sum(len(o.unproven) for o in outcomes),
    )


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """How often one of `higher` is above one of `lower`, a tie counting half; None without both."""
    if not higher or not lower:
        return None
    above = sum((one > other) + (one == other) / 2 for one in higher for other in lower)
    return above / (len(higher) * len(lower))


def _by_near(declined: Sequence[Outcome]) -> dict[str, Mapping[str, float]]:
    """For each kind of near miss: how many questions, and the share of each verdict."""
    found: dict[str, Mapping[str, float]] = {}
    for near in sorted({outcome.golden.near for outcome in declined}):
        verdicts = [outcome.verdict for outcome in declined if outcome.golden.near == near]
        shares = {verdict.value: verdicts.count(verdict) / len(verdicts) for verdict in Verdict}
        found[near or "other"] = {"questions": len(verdicts), **shares}
    return found


def curve(outcomes: Sequence[Outcome]) -> tuple[Mapping[str, float], ...]:
    """What other thresholds of trust would give, from lenient to strict, as shares of 1.

    `recall`: answerable questions that would get `answered`. `false_answers`: the same of those to
    be declined. `precision`: the answerable among all that would. One point for each step at which
    anything changes.
    """
    asked = [o.trust for o in outcomes if not o.golden.decline]
    declined = [o.trust for o in outcomes if o.golden.decline]
    points: list[dict[str, float]] = []
    for threshold in (step / 100 for step in range(1, 100)):
        right = sum(trust >= threshold for trust in asked)
        wrong = sum(trust >= threshold for trust in declined)
        point = {
            "threshold": threshold,
            "recall": right / max(len(asked), 1),
            "false_answers": wrong / max(len(declined), 1),
            "precision": right / max(right + wrong, 1),
        }
        if points and all(points[-1][key] == point[key] for key in ("recall", "false_answers")):
            points.pop()
        points.append(point)
    return tuple(points)


def holds(text: str, quote: str) -> bool:
    """Whether a passage holds a quote, or the half of it that a splitting left on its side."""
    passage, wanted = " ".join(text.split()), " ".join(quote.split())
    if wanted in passage:
        return True
    half = len(wanted) // 2
    return passage.endswith(wanted[:half]) or passage.startswith(wanted[-half:])


def _golden(raw: Mapping[str, Any]) -> Golden:
    decline = not raw.get("answerable", raw["kind"] not in ("decline", "unanswerable"))
    truths = [raw, *raw.get("also", ())] if raw.get("quote") else []
    facts = raw.get("answer_facts") or () if not truths else ()
    wanted = frozenset(_TELLING.findall(str(raw.get("want") or "").lower()))
    narrowed = raw.get("filter") or {}
    as_of = raw.get("as_of") or narrowed.get("as_of")
    return Golden(
        id=str(raw["id"]),
        question=str(raw["question"]),
        kind=str(raw["kind"]),
        truths=tuple(
            [Truth(str(one["document"]), str(one["quote"]), one.get("page")) for one in truths]
            + [Truth("", "", fact=str(fact).split(":")[0], wanted=wanted) for fact in facts]
        ),
        decline=decline,
        as_of=date.fromisoformat(as_of) if as_of else None,
        near=str(raw.get("near") or ""),
        payer=str(narrowed.get("payer") or ""),
        half=str(raw.get("half") or ""),
    )


def _outcome(desk: Desk, golden: Golden, reasons: Reasons | None, *, filtered: bool) -> Outcome:
    payers = (golden.payer,) if filtered and golden.payer else ()
    filters = None
    if golden.as_of or payers:
        filters = Filters(on=golden.as_of or today(), payers=payers)
    answer = desk.ask(golden.question, filters, k=_DEPTH)
    right = _first_right(answer, golden.truths)
    return Outcome(
        golden=golden,
        verdict=answer.verdict,
        rank=right[0].rank if right else None,
        page_right=_page_right(*right) if right else None,
        exact=all(citation.verified for citation in answer.citations),
        first=answer.citations[0].version.document if answer.citations else "",
        trust=answer.trust,
        unproven=reasons.unproven(answer) if reasons else (),
    )


def _first_right(answer: Answer, truths: Iterable[Truth]) -> tuple[Citation, Truth] | None:
    for citation in answer.citations:
        for truth in truths:
            if is_right(citation, truth):
                return citation, truth
    return None


def is_right(citation: Citation, truth: Truth) -> bool:
    """Whether a passage is one that answers."""
    if truth.fact:
        text = f"{citation.header} {citation.text}".lower()
        said = sum(word in text for word in truth.wanted)
        cited = truth.fact in citation.version.metadata.extra.get("facts", ())
        return cited and said >= _MOST * len(truth.wanted)
    return is_named(citation.version, truth.document) and holds(citation.text, truth.quote)


def _page_right(citation: Citation, truth: Truth) -> bool | None:
    return None if truth.page is None else citation.page == truth.page


def _share(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
