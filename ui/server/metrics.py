"""Figures on the questions and syncs of this server, as Prometheus reads them."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from corpus.errors import CodedeskError
from index.home import Home
from index.replicas.following import following
from ui.database.reached import are_reached
from ui.state.settings import Settings

# Upper bounds in seconds; an answer takes 2 ms in a small library, more in one of a million.
_BOUNDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_LOCK = threading.Lock()
_VERDICTS: Counter[str] = Counter()
_TOOK: Counter[int] = Counter()  # by the place of the first bound that is not exceeded
_STATES = ("running", "done", "failed", "cancelled")
_seconds = 0.0


def note_question(verdict: str, seconds: float) -> None:
    """Count a question that was answered, at whatever face it was asked."""
    global _seconds
    with _LOCK:
        _VERDICTS[verdict] += 1
        _TOOK[bisect_left(_BOUNDS, seconds)] += 1
        _seconds += seconds


def exposition(settings: Settings) -> str:
    """The figures since the server was started, in Prometheus' text format."""
    with _LOCK:
        lines = [*_questions(), *_latencies()]
    return "\n".join(
        [
            *lines,
            *_generation(settings),
            *_following(settings),
            *_records(settings),
            *_sync(settings),
            "",
        ]
    )


def _questions() -> Iterator[str]:
    yield "# HELP codedesk_questions_total Questions answered since the start, by verdict."
    yield "# TYPE codedesk_questions_total counter"
    for verdict in ("answered", "weak", "not_found"):
        yield f'codedesk_questions_total{{verdict="{verdict}"}} {_VERDICTS[verdict]}'


def _latencies() -> Iterator[str]:
    yield "# HELP codedesk_question_seconds How long answers took."
    yield "# TYPE codedesk_question_seconds histogram"
    below = 0
    for place, bound in enumerate(_BOUNDS):
        below += _TOOK[place]
        yield f'codedesk_question_seconds_bucket{{le="{bound}"}} {below}'
    yield f'codedesk_question_seconds_bucket{{le="+Inf"}} {_TOOK.total()}'
    yield f"codedesk_question_seconds_sum {_seconds:.6f}"
    yield f"codedesk_question_seconds_count {_TOOK.total()}"


def _generation(settings: Settings) -> Iterator[str]:
    from ui.server.open_desks import generation_served  # not before the pages are served

    yield "# HELP codedesk_generation The generation that answers; 0 while none does."
    yield "# TYPE codedesk_generation gauge"
    try:
        yield f"codedesk_generation {generation_served(settings)}"
    except CodedeskError:
        yield "codedesk_generation 0"


def _following(settings: Settings) -> Iterator[str]:
    known = following(Home(settings.home))
    if known is None:
        return
    yield "# HELP codedesk_following_behind 1 while another generation is published than answers."
    yield "# TYPE codedesk_following_behind gauge"
    yield f"codedesk_following_behind {int(known.behind)}"
    if known.reached:
        at = datetime.fromisoformat(known.reached).timestamp()
        yield "# HELP codedesk_following_reached_seconds When the publisher's place last answered."
        yield "# TYPE codedesk_following_reached_seconds gauge"
        yield f"codedesk_following_reached_seconds {at:.0f}"


def _records(settings: Settings) -> Iterator[str]:
    reached = are_reached(settings)
    if reached is not None:
        yield "# HELP codedesk_records_reached 1 while the shared database of records answers."
        yield "# TYPE codedesk_records_reached gauge"
        yield f"codedesk_records_reached {int(reached)}"


def _sync(settings: Settings) -> Iterator[str]:
    from ui.jobs import jobs

    try:
        latest = jobs.latest_asked_for(settings.home)
    except (CodedeskError, OSError):  # the records are away
        return
    yield "# HELP codedesk_job_state The latest sync or evaluation: 1 for the state that it is in."
    yield "# TYPE codedesk_job_state gauge"
    for state in _STATES:
        is_in = int(latest is not None and latest.state == state)
        yield f'codedesk_job_state{{state="{state}"}} {is_in}'
