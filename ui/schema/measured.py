"""How good the answers are, and how well codes are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec.structs import asdict

from assistant.answer import Verdict
from assistant.evaluation import code_score, golden, identity
from assistant.evaluation.code_score import CodeScore, Half, score_codes
from ui.schema.model import Model

_HALVES: tuple[Half, ...] = ("tune", "held_out")


class CodesFound(Model):
    """How well the codes of a system are found in the labelled texts of a half."""

    half: Literal["tune", "held_out"]
    system: str
    precision: float | None
    recall: float | None
    mentions: int


def codes_found(half: Half, score: CodeScore) -> CodesFound:
    return CodesFound(
        half=half,
        system=score.system,
        precision=score.precision,
        recall=score.recall,
        mentions=score.right + score.missed,
    )


class Outcome(Model):
    """What became of a question. `rank` is that of the first right citation, among ten; `unproven`
    are sentences shown that could not be proved true."""

    id: str
    question: str
    decline: bool
    verdict: Verdict
    rank: int | None
    page_right: bool | None
    first: str
    trust: float
    unproven: tuple[str, ...]


class Figures(Model):
    """Rates are shares of 1. `curve`: what other thresholds would give."""

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
    curve: tuple[Mapping[str, float], ...]
    declined_by_near: Mapping[str, Mapping[str, int | float]]


class Evaluation(Figures):
    """One set. `answered_right`: answered with a right passage first; `wrong_first`: with another
    first; `wrong_answers`: with no right one among three; `false_refusals`: not answered, though a
    right one is among three. All are shares of the answerable questions whose passage is known."""

    codes: tuple[CodesFound, ...]
    outcomes: tuple[Outcome, ...]
    name: str
    answered_right: float
    wrong_first: float
    wrong_answers: float
    false_refusals: float
    auroc: float | None
    untrue_reasons: int | None


class Evaluations(Model):
    """Several sets, each by itself."""

    sets: tuple[Evaluation, ...]


def evaluation_of(result: golden.Evaluation, name: str, *, codes: bool = True) -> Evaluation:
    return Evaluation(
        **asdict(Figures.like(result)),
        name=name,
        answered_right=result.answered_right,
        wrong_first=result.wrong_first,
        wrong_answers=result.wrong_answers,
        false_refusals=result.false_refusals,
        auroc=result.auroc,
        untrue_reasons=result.untrue_reasons,
        codes=tuple(
            codes_found(half, score) for half in _HALVES for score in score_codes(half=half)
        )
        if codes
        else (),
        outcomes=tuple(
            Outcome(
                id=outcome.golden.id,
                question=outcome.golden.question,
                decline=outcome.golden.decline,
                verdict=outcome.verdict,
                rank=outcome.rank,
                page_right=outcome.page_right,
                first=outcome.first,
                trust=outcome.trust,
                unproven=outcome.unproven,
            )
            for outcome in result.outcomes
        ),
    )


class PageScore(Model):
    """Codes on labelled pages. `absent` are the labelled documents that were not in the folder;
    `look_alikes_taken` of the `look_alikes` were taken for codes."""

    pages: int
    codes: tuple[CodesFound, ...]
    look_alikes: int
    look_alikes_taken: int
    absent: tuple[str, ...]
    unreadable: tuple[str, ...]


def page_score_of(score: code_score.PageScore) -> PageScore:
    return PageScore(
        pages=score.pages,
        codes=tuple(codes_found(half, one) for half, of in score.scores.items() for one in of),
        look_alikes=score.look_alikes,
        look_alikes_taken=score.taken,
        absent=score.absent,
        unreadable=tuple(map(str, score.unreadable)),
    )


class FieldFound(Model):
    """How often a field of the metadata is found as a person read it. Where the document says it:
    `right`, `wrong` or `empty`; where it does not: `unsaid`, or `invented` if something was found.
    """

    half: Literal["tune", "held_out"]
    field: str
    right: int
    wrong: int
    empty: int
    unsaid: int
    invented: int


class NotRight(Model):
    """A value that is not what a person read. `verdict`: wrong, empty or invented."""

    file: str
    half: Literal["tune", "held_out"]
    field: str
    verdict: str
    expected: str
    found: str


class IdentityScore(Model):
    """What was found in labelled documents. `absent` are those that were in none of the folders."""

    documents: int
    fields: tuple[FieldFound, ...]
    not_right: tuple[NotRight, ...]
    absent: tuple[str, ...]
    unreadable: tuple[str, ...]


def identity_score_of(score: identity.IdentityScore) -> IdentityScore:
    return IdentityScore(
        documents=score.documents,
        fields=tuple(map(FieldFound.like, score.scores)),
        not_right=tuple(map(NotRight.like, score.judged)),
        absent=score.absent,
        unreadable=score.unreadable,
    )
