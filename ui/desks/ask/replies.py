"""What the Ask page says around the passages: the verdict, what is missing, what to try."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Answer, Citation, Verdict, Widening
from assistant.question.words.language import IN_ENGLISH
from index.versions import today
from ui.desks.ask.address import Asked
from ui.desks.parts.cards import VERDICT_TITLES, card
from ui.state.question_log import REASONS, Question
from ui.wording import counted, plain, written_day

EXAMPLES = (
    "Can we bill the ultrasound with 0581T?",
    "Does Cigna cover 0581T?",
    "Which diagnosis codes go with 0581T?",
    "RT, LT or 50 for both breasts?",
    "Is prior authorization needed for Medicare?",
    "What does denial CO-50 mean for 0581T?",
)
_NEAREST = 3  # documents that are offered
_VERDICT_HINTS = {"answered": "answered", "weak": "weak", "not_found": "not found"}
_GUARD = "A passage that names a code does not say that the code is covered. Read its own words."


@dataclass(frozen=True, slots=True)
class Beside:
    """What a person did with an answer's passages: by rank the passages that stand around one, what
    was said of it ("up" or "down"), and which are in the packet."""

    around: Mapping[int, Around]
    rated: Mapping[int, str]
    packed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Around:
    """The lines before and after a passage, and whether there are more."""

    before: tuple[dict[str, Any], ...]
    after: tuple[dict[str, Any], ...]
    more: bool


def answer_data(
    answer: Answer, asked: Asked, *, link: Callable[[Citation | None], str], beside: Beside
) -> dict[str, Any]:
    """An answer as the page draws it. `link` gives the address that opens a citation's passage, or
    the answer alone."""
    on_gap = bool(answer.citations) and answer.citations[0].version.metadata.kind == "gap"
    address = link(None)
    return {
        "draw": "answer",
        "about": f"{address} {answer.generation}",
        "whole": True,
        "asked": {
            "question": plain(answer.question),
            "day": written_day(answer.as_of),
            "link": address,
        },
        "verdict": _verdict(answer, on_gap=on_gap),
        "missing_title": _missing_title(answer),
        "missing": [plain(sentence) for sentence in answer.missing],
        "lead": _lead(answer, on_gap=on_gap),
        "cards": [_card(citation, link=link, beside=beside) for citation in answer.citations],
        "others_title": _others_title(answer, on_gap=on_gap),
        "offers": _offers(answer, asked),
        "reasons": [{"id": key, "text": text} for key, text in REASONS.items()],
        "searched": searched_sentences(answer),
    }


def _card(
    citation: Citation, *, link: Callable[[Citation | None], str], beside: Beside
) -> dict[str, Any]:
    around = beside.around.get(citation.rank)
    shown = {"before": around.before, "after": around.after} if around else None
    return {
        **card(citation, link=link(citation)),
        "around": shown,
        "more_around": around.more if around else True,
        "rated": beside.rated.get(citation.rank),
        "packed": citation.rank in beside.packed,
    }


def _missing_title(answer: Answer) -> str:
    """What stands above the sentences of an answer; a request for English says nothing of what the
    library holds."""
    return "Ask in English" if IN_ENGLISH in answer.missing else "What the library does not state"


def start_data(
    recent: Sequence[Question], *, documents: int, passages: int, read_on: str
) -> dict[str, Any]:
    """The page before the first question."""
    groups: list[dict[str, Any]] = [
        {"title": "For example", "offers": [_offer(text) for text in EXAMPLES]}
    ]
    if recent:
        asked = [_offer(q.question, hint=_VERDICT_HINTS.get(q.verdict, "")) for q in recent]
        groups.append({"title": "You asked recently", "offers": asked})
    return {
        "draw": "start",
        "title": "What do you need to know about 0581T?",
        "sentence": "Answers are quoted word for word from your own library, each with its page "
        "and the dates it is in force.",
        "groups": groups,
        "searched": [
            f"{passages:,} passages of {counted(documents, 'document')}, read on {read_on}. "
            "Nothing you type leaves this machine. Leave patients out of it."
        ],
    }


def searched_sentences(answer: Answer) -> list[str]:
    """What was searched, including words that were added to the typed ones."""
    searched = answer.searched
    filters = searched.filters
    narrowed = [
        f"{name} {', '.join(map(str, filters[key]))}"  # type: ignore[call-overload]
        for key, name in (("payers", "payer"), ("kinds", "kind"), ("documents", "document"))
        if filters.get(key)
    ]
    only = f", only {plain(' and '.join(narrowed))}" if narrowed else ""
    force = "with retired and future ones" if filters.get("include_all") else "in force or undated"
    return [
        f"Searched {searched.passages:,} passages of {counted(searched.documents, 'document')} "
        f"{force} on {written_day(answer.as_of)}{only}. Index generation {answer.generation}, "
        f"{answer.seconds * 1000:.0f} ms.",
        *(_widened(widening) for widening in answer.widened),
        *(plain(warning) for warning in answer.warnings),
        _GUARD,
    ]


def _widened(widening: Widening) -> str:
    added = ", ".join(f"“{plain(word)}”" for word in widening.added)
    return f"Also searched for {added} (typed: “{plain(widening.typed)}”). {plain(widening.reason)}"


def _verdict(answer: Answer, *, on_gap: bool) -> dict[str, str]:
    day = written_day(answer.as_of)
    icon: str = answer.verdict.value
    if answer.verdict is Verdict.ANSWERED:
        sentence = f"Quoted word for word, for a date of service of {day}."
    elif _is_partly(answer):
        sentence = "What is still open is named below. Read the passages before you rely on them."
        return {"state": icon, "icon": icon, "title": "Answered in part", "sentence": sentence}
    elif answer.verdict is Verdict.WEAK:
        sentence = "The nearest passage may be about something else: read it before you rely on it."
    elif on_gap:
        sentence = "The library records that no source confirms this, and where to check."
        icon = "gap"
    else:
        sentence = (
            f"No passage in force on {day} answers this question. Nothing is made up instead."
        )
    title = VERDICT_TITLES[answer.verdict]
    return {"state": answer.verdict.value, "icon": icon, "title": title, "sentence": sentence}


def _is_partly(answer: Answer) -> bool:
    return answer.verdict is Verdict.WEAK and bool(answer.open_parts)


def _lead(answer: Answer, *, on_gap: bool) -> str | None:
    if answer.verdict is Verdict.ANSWERED:
        return "Best passage"
    if _is_partly(answer):
        return "Passage on a part of the question"
    if answer.verdict is Verdict.WEAK:
        return "Nearest passage, not an answer"
    return "What is known, and where to check" if on_gap else None


def _others_title(answer: Answer, *, on_gap: bool) -> str:
    shown = 1 if _lead(answer, on_gap=on_gap) else 0
    rest = len(answer.citations) - shown
    if answer.verdict is Verdict.ANSWERED:
        return f"{rest} more {'passage' if rest == 1 else 'passages'}"
    if _is_partly(answer):
        return f"Other passages ({rest}): read them for the other parts"
    return f"Nearest passages ({rest}), not an answer"


def _offers(answer: Answer, asked: Asked) -> list[dict[str, Any]]:
    """What to try where the library does not answer: each one a press of a button."""
    if answer.verdict is Verdict.ANSWERED:
        return []
    offers = [*_of_another_day(answer), *_of_parts(answer), *_wider(asked)]
    if not asked.documents:
        offers += _near(answer)
    if codes := dict.fromkeys(code for one in answer.citations for code in one.why.codes):
        code = next(iter(codes))
        offers.append(
            _search(f"What each payer says of {plain(code)}", {"view": "payers", "code": code})
        )
    every = {"q": asked.question, "all": "1"}
    return [*offers, _search("Search retired documents too", every)]


def _of_another_day(answer: Answer) -> list[dict[str, Any]]:
    """The day on which it is answered by what is not in force on the day asked about."""
    other = answer.another_day
    return [_narrow(f"Ask as of {other.day}", {"on": other.day.isoformat()})] if other else []


def _of_parts(answer: Answer) -> list[dict[str, Any]]:
    """The parts of the question that are open, each to be asked by itself."""
    return [_offer(part, hint="this part alone") for part in answer.open_parts]


def _wider(asked: Asked) -> list[dict[str, Any]]:
    offers = []
    if asked.payers:
        offers.append(_narrow("Ask about all payers", {"payers": []}))
    if asked.kinds:
        offers.append(_narrow("Ask in all kinds of documents", {"kinds": []}))
    if asked.documents:
        offers.append(_narrow("Ask in all documents", {"documents": []}))
    if asked.on and asked.on != today():
        offers.append(_narrow("Ask as of today", {"on": None}))
    return offers


def _near(answer: Answer) -> list[dict[str, Any]]:
    """The nearest documents, each to be asked alone."""
    near = {
        one.version.document: one.version.metadata.title
        for one in answer.citations
        if one.version.metadata.kind != "gap"
    }
    return [
        _narrow(f"Ask in “{plain(title)}” only", {"documents": [document]})
        for document, title in list(near.items())[:_NEAREST]
    ]


def _search(text: str, address: dict[str, str]) -> dict[str, Any]:
    return {"event": "search", "value": address, "text": text, "hint": "opens Search"}


def _narrow(text: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"event": "narrow", "value": value, "text": text, "hint": ""}


def _offer(text: str, *, hint: str = "") -> dict[str, Any]:
    return {"event": "ask", "value": text, "text": plain(text), "hint": hint}
