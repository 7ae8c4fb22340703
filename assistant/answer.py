"""An answer: a verdict and citations, each word for word from the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from corpus.document import Span
from index.versions import Status, Term, Version


class Verdict(StrEnum):
    """Whether the library answers."""

    ANSWERED = "answered"
    WEAK = "weak"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found. Scores: higher is better; `cosine` is in -1..1, `words` is BM25
    relative to the best passage's, in 0..1, `late` the mean best token cosine, in -1..1."""

    codes: tuple[str, ...] = ()  # codes of the question that the passage names
    covered: tuple[str, ...] = ()  # "0581T by the range 0500T-0599T": named without being printed
    words: tuple[str, ...] = ()  # words of the question that it holds
    lexical: float = 0.0
    dense: float = 0.0
    late: float | None = None
    sentence: float | None = None  # the same of its best sentence alone
    unmet: tuple[str, ...] = ()  # what the question names and the passage does not meet


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another document that says the same in the same words; `span` counts in its text."""

    version: Version
    page: int | None
    page_label: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage, word for word, with everything needed to defend it.

    `highlights` count in `text`; `span` counts in the document's text. `term` is what is known of
    when the words are in force: `starts` is since when their section says so itself, `ends` the day
    from which the version no longer is. `verified`: the text was read again from the stored
    document. `also_in` names the documents that the passage stands for, since they say the same.
    `sure` is how surely the passage was recognised from a scan, from 0 to 1; None where it was not.
    `doubtful` are the codes that it does not print so, or that a scan hardly shows.
    """

    rank: int
    score: float
    passage: int
    text: str
    highlights: tuple[Span, ...]
    version: Version
    status: Status
    ends: date | None
    superseded: bool
    term: Term
    section: tuple[str, ...]
    header: str
    page: int | None
    page_label: str | None
    span: Span
    codes: tuple[str, ...]
    why: Why
    verified: bool
    also_in: tuple[AlsoIn, ...] = ()
    sure: float | None = None
    doubtful: tuple[str, ...] = ()
    starts: date | None = None


@dataclass(frozen=True, slots=True)
class Widening:
    """What a search looked for besides what was typed, and why."""

    typed: str
    added: tuple[str, ...]
    reason: str
    is_code: bool = False  # a slip in a code, read as the code that was meant


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched: documents and passages after the filters, and the filters themselves."""

    documents: int
    passages: int
    filters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class AnotherDay:
    """A day on which a question is answered that is not answered on the day asked about, by words
    of the document `title`, which are not in force on that one. `revised`: the document was in
    force with other words before."""

    day: date
    title: str
    revised: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question. `missing` says, in sentences, what the library does not state;
    `suggestions` what to try; `open_parts` are, of several things asked, those that nothing answers
    while a passage answers another; `another_day` on which it is answered. `seconds` is how long it
    took."""

    question: str
    verdict: Verdict
    as_of: date
    generation: int
    citations: tuple[Citation, ...]
    searched: Searched
    widened: tuple[Widening, ...] = ()
    missing: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    open_parts: tuple[str, ...] = ()
    another_day: AnotherDay | None = None
    trust: float = 0.0  # what the verdict's thresholds are set on, in 0..1; 0 for a sure miss
    warnings: tuple[str, ...] = ()  # an older index answers, another day was asked about
    found: int | None = None  # of a search: how many passages there are in all
    shown: int | None = None  # of a search: how many of them can be shown, each text once
    seconds: float = field(default=0.0, compare=False)
