"""What people asked, what the library lacks, how fresh it is, and who changed what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from assistant.desk import Desk
from assistant.policies.freshness import Freshness, freshness
from index.library import Library
from index.versions import today
from ui.desks.library.charts import VERDICTS, days_data, freshness_data
from ui.desks.parts import opening
from ui.desks.parts.components import draw_chart
from ui.exports.tables import Cell, to_csv
from ui.state.records import REASONS, Lack, Question, Records
from ui.wording import plain

_WHY = {**REASONS, "weak": "Weak answer", "not_found": "Not found", "": "Thumbs down"}


def activity_view(desk: Desk, library: Library) -> None:
    """Lacks first: they are what a maintainer can act on."""
    records = opening.open_records()
    _lacks(records.lacking())
    _asked(records.questions())
    _fresh(freshness(library, today()))
    _audit(records)


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
    draw_chart(days_data(questions), key="days")
    total = Counter(one.verdict for one in questions)
    st.caption(
        ", ".join(f"{name}: {total[key]}" for key, name in VERDICTS.items())
        + ". Questions are stored on this machine only, with patient data masked."
    )


def _fresh(found: Freshness) -> None:
    st.subheader("Freshness by payer", anchor=False)
    if not found.stale:
        st.caption("No document is overdue for a look.")
        return
    draw_chart(freshness_data(found), key="freshness")
    with st.expander(f"{len(found.stale)} of {found.documents} documents to look at again"):
        st.dataframe(
            [
                {
                    "Title": plain(one.version.metadata.title),
                    "Payer": plain(one.version.metadata.payer or ""),
                    "Since": one.since,
                    "Why": plain(one.sentence),
                }
                for one in found.stale
            ],
            hide_index=True,
            alt="Documents to look at again",
        )


def _audit(records: Records) -> None:
    st.subheader("Who changed what", anchor=False)
    acts = records.audited()
    if not acts:
        st.caption("Nothing was changed from these pages yet.")
    else:
        st.dataframe(
            [
                {"When (UTC)": one.at, "What": one.action, "Details": plain(one.details)}
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
    opening.open_records().forget_questions()
    opening.open_records().audit("delete question log")
