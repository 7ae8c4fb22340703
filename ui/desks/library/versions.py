"""Documents that look like versions of one, or like one text under two names, side by side."""

from __future__ import annotations

import streamlit as st

from assistant.policies.editions import Edition, editions
from corpus.errors import CodedeskError
from index.editions.decisions import Decisions
from index.editions.pairs import Kin
from index.library import Library
from index.versions import Version, today
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.wording import escape_markdown, plain, status_name, written_day

_MOST = 30  # at once; the next ones come as these are decided


def versions_view(library: Library) -> None:
    """What nobody decided on comes first."""
    pairs = editions(library, Decisions(opening.home()).latest())
    if not pairs:
        st.caption("No two documents look like versions of one, or like one text under two names.")
        return
    open_ones = sum(one.decision is None for one in pairs)
    st.caption(f"{open_ones} of {len(pairs)} pairs wait for a decision. It counts at once.")
    if problem := st.session_state.pop("versions_problem", None):
        st.error(escape_markdown(problem), icon=":material/error:")
    for at, one in enumerate(pairs[:_MOST]):
        _pair(library, one, at)
    if len(pairs) > _MOST:
        st.caption(f"{len(pairs) - _MOST} more follow.")


def _pair(library: Library, one: Edition, at: int) -> None:
    with st.container(border=True):
        st.markdown(escape_markdown(plain(one.sentence)))
        left, right = st.columns(2)
        with left:
            _side(library, one.earlier)
        with right:
            _side(library, one.later)
        for sentence in one.pair.evidence:
            st.text(plain(sentence))
        row = st.container(horizontal=True)
        names = (one.earlier.document, one.later.document)
        if one.decision is not None:
            row.button(
                "Undo", key=f"undecide_{at}", icon=":material/undo:", on_click=_undo, args=names
            )
            return
        row.button(
            "One document" if one.pair.kin is Kin.DUPLICATE else "Versions of one document",
            key=f"same_{at}",
            type="primary",
            icon=":material/check:",
            on_click=_decide,
            args=names,
            kwargs={"same": True},
            help="The one on the right counts from its date on; the one on the left is over then.",
        )
        row.button(
            "Two documents",
            key=f"apart_{at}",
            icon=":material/call_split:",
            on_click=_decide,
            args=names,
            kwargs={"same": False},
            help="Both count, each by its own dates.",
        )
        row.button(
            "Versions, the other way round",
            key=f"turned_{at}",
            icon=":material/swap_horiz:",
            on_click=_decide,
            args=names[::-1],
            kwargs={"same": True},
            help="The one on the left is the later one.",
        )


def _side(library: Library, version: Version) -> None:
    known, term = version.metadata, library.terms[version.id]
    st.markdown(f"**{escape_markdown(plain(known.title))}**")
    lines = [
        plain(version.document),
        " · ".join(plain(part) for part in (known.payer, known.number, known.version) if part),
        f"In force since {written_day(known.effective)}" if known.effective else "",
        f"Issued {written_day(known.issued)}" if known.issued else "",
        status_name(version, term.status(today())),
    ]
    st.caption("  \n".join(escape_markdown(line) for line in lines if line))


def _decide(earlier: str, later: str, *, same: bool) -> None:
    try:
        opening.allow(Act.EDIT)
        Decisions(opening.home()).decide(earlier, later, same=same)
    except (CodedeskError, OSError) as error:
        st.session_state["versions_problem"] = str(error)
        return
    said = "versions of one document" if same else "two documents"
    opening.audit("decide", earlier=earlier, later=later, said=said)


def _undo(earlier: str, later: str) -> None:
    try:
        opening.allow(Act.EDIT)
        Decisions(opening.home()).undo(earlier, later)
    except (CodedeskError, OSError) as error:
        st.session_state["versions_problem"] = str(error)
        return
    opening.audit("undo decision", earlier=earlier, later=later)
