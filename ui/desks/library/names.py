"""Names that documents bear and that no list has, to be added as a name or as another name of one
that is known."""

from __future__ import annotations

import streamlit as st

from assistant.policies.identities import Proposed, proposed_names
from corpus.errors import CodedeskError
from corpus.metadata.identity.names import Body, standard_names
from index.library import Library
from ui.access.roles import Act
from ui.confirming.names import add_name, remove_name
from ui.desks.parts import opening
from ui.wording import escape_markdown, plain

_MOST, _EVIDENCE = 30, 3
_ROLES = {"payer": "Add as payer", "other": "Add as publisher"}


def names_view(library: Library) -> None:
    """Those of most documents first, then what was added."""
    known = opening.settings().names()
    proposed = proposed_names(library, known)
    if problem := st.session_state.pop("names_problem", None):
        st.error(escape_markdown(problem), icon=":material/error:")
    if proposed:
        st.caption(
            "These names are in no list. One that is added is looked for in every file that is "
            "read from then on, as surely as the names that come with Codedesk."
        )
    else:
        st.caption("Every name that was found in the documents is in a list.")
    called = sorted({body.name for body in (*known, *standard_names().bodies) if body.pays})
    for at, one in enumerate(proposed[:_MOST]):
        _proposed(one, called, at)
    if len(proposed) > _MOST:
        st.caption(f"{len(proposed) - _MOST} more follow.")
    _added(known)


def _proposed(one: Proposed, called: list[str], at: int) -> None:
    with st.container(border=True):
        count = f"{len(one.evidence)} {'document' if len(one.evidence) == 1 else 'documents'}"
        as_what = "payer" if one.pays else "publisher"
        st.markdown(f"**{escape_markdown(plain(one.name))}** · {as_what} of {count}")
        for said in one.evidence[:_EVIDENCE]:
            where = f", page {said.found.page}" if said.found.page else ""
            words = f"{said.document}{where}: “{said.found.sentence}”"
            st.text(plain(words))
        row = st.container(horizontal=True, vertical_alignment="bottom")
        for role in sorted(_ROLES, key=lambda role: (role == "payer") != one.pays):
            row.button(
                _ROLES[role], key=f"name_{role}_{at}", on_click=_add, args=(one.name, role, None)
            )
        row.selectbox(
            "Or it is another name of",
            called,
            index=None,
            key=f"name_of_{at}",
            format_func=plain,
            width=280,
        )
        of = st.session_state.get(f"name_of_{at}")
        row.button(
            "Add as another name",
            key=f"name_alias_{at}",
            disabled=not of,
            on_click=_add,
            args=(one.name, "payer", of),
        )


def _added(known: tuple[Body, ...]) -> None:
    if not known:
        return
    with st.expander(f"{len(known)} in names.toml of this library"):
        for at, body in enumerate(known):
            row = st.container(horizontal=True, vertical_alignment="center")
            others = [name for name in body.printed if name != body.name]
            also = f", also {', '.join(others)}" if others else ""
            row.text(plain(f"{body.name} ({body.role}){also}"))
            row.button("Take out", key=f"name_out_{at}", on_click=_remove, args=(body,))


def _add(name: str, role: str, of: str | None) -> None:
    try:
        opening.allow(Act.EDIT)
        add_name(opening.home().path / "names.toml", name, role=role, of=of)
    except (CodedeskError, OSError) as error:
        st.session_state["names_problem"] = str(error)
        return
    opening.audit("add name", name=name, role=role, of=of or "")


def _remove(body: Body) -> None:
    try:
        opening.allow(Act.EDIT)
        remove_name(opening.home().path / "names.toml", body)
    except (CodedeskError, OSError) as error:
        st.session_state["names_problem"] = str(error)
        return
    opening.audit("take out name", name=body.name, printed=body.printed)
