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

_SAME = (
    ":material/check:",
    "The one on the right counts from its date on; the one on the left is over then.",
)
_APART = (":material/call_split:", "Both count, each by its own dates.")
_TURNED = (":material/swap_horiz:", "The one on the left is the later one.")
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
        kin = "One document" if one.pair.kin is Kin.DUPLICATE else "Versions of one document"
        for key, name, (icon, help_), order, same in (
            ("same", kin, _SAME, names, True),
            ("apart", "Two documents", _APART, names, False),
            ("turned", "Versions, the other way round", _TURNED, names[::-1], True),
        ):
            row.button(
                name,
                key=f"{key}_{at}",
                type="primary" if key == "same" else "secondary",
                icon=icon,
                on_click=_decide,
                args=order,
                kwargs={"same": same},
                help=help_,
            )


def _side(library: Library, version: Version) -> None:
    known, term = version.metadata, library.terms[version.id]
    st.markdown(f"**{escape_markdown(plain(known.title))}**")
    lines = [
        plain(version.document),
        " · ".join(plain(part) for part in (known.payer, known.number, known.version) if part),
        f"Effective {written_day(known.effective)}" if known.effective else "",
        f"Issued {written_day(known.issued)}" if known.issued else "",
        status_name(version, term.status(today())),
    ]
    st.caption("  \n".join(escape_markdown(line) for line in lines if line))


def _decide(earlier: str, later: str, *, same: bool) -> None:
    try:
        opening.allow(Act.EDIT)
        opening.require_seen(earlier, later)
        Decisions(opening.home()).decide(earlier, later, same=same)
    except (CodedeskError, OSError) as error:
        st.session_state["versions_problem"] = str(error)
        return
    said = "versions of one document" if same else "two documents"
    opening.audit("decide", earlier=earlier, later=later, said=said)


def _undo(earlier: str, later: str) -> None:
    try:
        opening.allow(Act.EDIT)
        opening.require_seen(earlier, later)
        Decisions(opening.home()).undo(earlier, later)
    except (CodedeskError, OSError) as error:
        st.session_state["versions_problem"] = str(error)
        return
    opening.audit("undo decision", earlier=earlier, later=later)
