"""What people asked, what the library lacks, how fresh it is, and who changed what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from assistant.desk import Desk
from assistant.policies.freshness import Freshness, Staleness, freshness
from index.library import Library
from index.versions import today
from ui.access.discretion import WITHHELD, Discretion
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.exports.tables import Cell, to_csv
from ui.jobs import jobs
from ui.state.ages import ages
from ui.state.question_log import REASONS, Lack, Question
from ui.state.records import Records
from ui.wording import payer_names, plain, written_day

_WHY = {**REASONS, "weak": "Weak answer", "not_found": "Not found", "": "Thumbs down"}
_VERDICTS = {"answered": "Answered", "weak": "Weak", "not_found": "Not found"}
_GOOD, _FAIR, _POOR, _DIM = "#0f8a6d", "#d9822b", "#5b7f95", "#9aa9b2"  # on light and dark
_MOST_PAYERS = 20
_DAYS = 30  # always this many: a single column tells nothing
_GATHERED = "forget_gathered"
_STALE = {
    Staleness.PAST_REVIEW: "Past review",  # on a phone the three stand in one line
    Staleness.SILENT: "Silent a year",
    Staleness.UNDATED: "No date",
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
    _days(questions)
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
    _bars(found)
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


def _days(questions: Sequence[Question]) -> None:
    """Questions by verdict for each of the thirty days up to the last question."""
    counted = Counter((one.at[:10], one.verdict) for one in questions)
    last = date.fromisoformat(max(day for day, _ in counted))
    days = [last - timedelta(days=ago) for ago in reversed(range(_DAYS))]
    columns: dict[str, list[object]] = {"Day": list(days)}
    for verdict, name in _VERDICTS.items():
        columns[name] = [counted[(day.isoformat(), verdict)] for day in days]
    st.bar_chart(
        columns,
        x="Day",
        y=list(_VERDICTS.values()),
        x_label="",
        y_label="Questions",
        color=[_GOOD, _FAIR, _POOR],
        height=220,
        alt=f"Questions by day and verdict, {_DAYS} days until {written_day(last)}",
    )


def _bars(found: Freshness) -> None:
    """Documents to look at again, by payer and reason, of the payers that have most; the table
    below has all."""
    held = sorted(found.by_payer.items(), key=lambda pair: -len(pair[1]))[:_MOST_PAYERS]
    columns: dict[str, list[object]] = {"Payer": [plain(name or "No payer") for name, _ in held]}
    for why, name in _STALE.items():
        columns[name] = [sum(stale.why is why for stale in of) for _, of in held]
    st.bar_chart(
        columns,
        x="Payer",
        y=list(_STALE.values()),
        x_label="",
        y_label="Documents",
        color=[_FAIR, _POOR, _DIM],
        horizontal=True,
        sort=False,
        height=130 + 30 * len(held),  # no name is left out for want of room
        alt="Documents to look at again, by payer and reason",
    )


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
        st.markdown(
            "Everybody's questions and thumbs are deleted for good. Saved searches stay, and so "
            "does the record of who changed what: it names questions that were printed or saved, "
            "and searches that were exported."
        )
        st.checkbox("Everybody's packets and lists of questions, too", key=_GATHERED)
        st.button("Delete the log", type="primary", on_click=_forget)


def _forget() -> None:
    opening.allow(Act.AUDIT)
    gathered = bool(st.session_state.get(_GATHERED))
    if gathered:
        opening.open_packets().forget()
        opening.open_lists().forget_all()
    opening.open_records().forget_questions()
    jobs.forget_questions(opening.home().path)
    opening.audit("delete question log", packets_and_lists=gathered)
