"""What people asked, what the library lacks, how fresh it is, and who changed what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from assistant.desk import Desk
from assistant.policies.freshness import Freshness, Staleness, freshness
from index.library import Library
from index.versions import today
from ui.access.discretion import WITHHELD, Discretion
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.components import draw_chart
from ui.exports.tables import Cell, to_csv
from ui.state.ages import ages
from ui.state.records import REASONS, Lack, Question, Records
from ui.wording import payer_names, plain, written_day

_WHY = {**REASONS, "weak": "Weak answer", "not_found": "Not found", "": "Thumbs down"}
_VERDICTS = {"answered": "Answered", "weak": "Weak", "not_found": "Not found"}
_DAYS = 30  # always this many: a single column tells nothing
_STALE = {
    Staleness.PAST_REVIEW: "Past its review",
    Staleness.SILENT: "Silent for a year",
    Staleness.UNDATED: "Without any date",
}


def activity_view(desk: Desk, library: Library) -> None:
    """What the library lacks comes first: a maintainer can act on it."""
    opening.allow(Act.REVIEW)
    records = opening.open_records()
    seen = opening.discretion()
    _lacks(records.lacking(seen.heard))
    _asked(records.questions(seen.heard))
    _fresh(freshness(library, today(), ages()))
    if opening.caller().may(Act.AUDIT):
        _audit(records, seen)


def _lacks(lacks: Sequence[Lack]) -> None:
    st.subheader("What the library lacks", anchor=False)
    if not lacks:
        st.caption("No question was left unanswered or marked as not helpful so far.")
        return
    rows: list[dict[str, Cell]] = [
        {
            "Question": plain(lack.question),
            "Times": lack.times,
            "Last asked": lack.last[:10],
            "Why": ", ".join(_WHY.get(reason, reason) for reason in lack.reasons),
        }
        for lack in lacks
    ]
    st.dataframe(
        rows,
        hide_index=True,
        alt="Questions without a good answer",
        height="content" if len(rows) < 10 else 380,
    )
    st.download_button(
        "CSV",
        to_csv(rows).encode("utf-8-sig"),
        file_name="codedesk-lacking.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _asked(questions: Sequence[Question]) -> None:
    st.subheader("Questions over time", anchor=False)
    if not questions:
        st.caption("Nothing was asked yet.")
        return
    draw_chart(_days(questions), key="days")
    total = Counter(one.verdict for one in questions)
    st.caption(
        ", ".join(f"{name}: {total[key]}" for key, name in _VERDICTS.items())
        + ". Questions are stored on this machine only, with patient data masked."
    )


def _fresh(found: Freshness) -> None:
    st.subheader("Freshness by payer", anchor=False)
    if not found.stale:
        st.caption("No document is overdue for a look.")
        return
    draw_chart(_bars(found), key="freshness")
    with st.expander(f"{len(found.stale)} of {found.documents} documents to look at again"):
        st.dataframe(
            [
                {
                    "Title": plain(one.version.metadata.title),
                    "Payer": payer_names(one.version.metadata),
                    "Since": one.since,
                    "Why": plain(one.sentence),
                }
                for one in found.stale
            ],
            hide_index=True,
            alt="Documents to look at again",
        )


def _days(questions: Sequence[Question]) -> dict[str, Any]:
    """Questions by verdict for each of the thirty days up to the last question."""
    counted = Counter((one.at[:10], one.verdict) for one in questions)
    last = date.fromisoformat(max(day for day, _ in counted))
    days = [last - timedelta(days=ago) for ago in reversed(range(_DAYS))]
    rows = [
        {
            "label": written_day(day),
            "parts": [counted[(day.isoformat(), verdict)] for verdict in _VERDICTS],
        }
        for day in days
    ]
    return {
        "draw": "days",
        "rows": rows,
        "series": _series(_VERDICTS.values(), ("good", "fair", "poor")),
        "alt": f"Questions by day and verdict, {_DAYS} days until {written_day(last)}",
    }


def _bars(found: Freshness) -> dict[str, Any]:
    """Documents to look at again, by payer and reason; most first."""
    rows = [
        {
            "label": plain(payer or "No payer"),
            "parts": [sum(stale.why is why for stale in held) for why in _STALE],
        }
        for payer, held in sorted(found.by_payer.items(), key=lambda pair: -len(pair[1]))
    ]
    return {
        "draw": "bars",
        "rows": rows,
        "series": _series(_STALE.values(), ("fair", "poor", "dim")),
        "alt": "Documents to look at again, by payer and reason",
    }


def _series(names: Iterable[str], tones: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": name, "tone": tone} for name, tone in zip(names, tones, strict=True)]


def _audit(records: Records, seen: Discretion) -> None:
    st.subheader("Who changed what", anchor=False)
    acts = records.audited()
    if not acts:
        st.caption("Nothing was changed from these pages yet.")
    else:
        st.dataframe(
            [
                {
                    "When (UTC)": one.at,
                    "Who": plain(one.who),
                    "What": one.action,
                    "Details": plain(one.details if seen.says(one.details) else WITHHELD),
                }
                for one in acts
            ],
            hide_index=True,
            height="content" if len(acts) < 10 else 320,
            alt="Acts that changed what others see",
        )
    with st.popover("Delete the question log", icon=":material/delete:"):
        st.markdown("Delete all stored questions and thumbs for good?")
        st.button("Delete the log", type="primary", on_click=_forget)


def _forget() -> None:
    opening.allow(Act.AUDIT)
    opening.open_records().forget_questions()
    opening.audit("delete question log")
