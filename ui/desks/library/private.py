"""Which folders and documents belong to which groups, and who therefore sees them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.library import Library
from ui.access.belonging import belongings, regroup
from ui.access.discretion import Discretion
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.schema.served import Belonging
from ui.wording import escape_markdown, plain

_PATH, _GROUPS, _PROBLEM = "private_path", "private_groups", "private_problem"


def private_view(desk: Desk, library: Library) -> None:
    """The rules, each with a button to take it away, and a form for another one."""
    seen = opening.discretion()
    st.caption(
        "A folder or a document can belong to groups of your sign-in provider. Who is in none of "
        "them does not learn that it is there: no passage, no count, no name. A rule counts at "
        "once, for open pages and for earlier generations too."
    )
    _say_problem()
    _new(_paths(seen))
    told = belongings(opening.home().path, seen)
    if told.problem:
        st.error(escape_markdown(told.problem), icon=":material/error:")
    elif not told.rules:
        st.info("No rule: everybody sees every document.", icon=":material/lock_open:")
    for one in told.rules:
        _rule(one)


def belongs(documents: Sequence[str]) -> None:
    """To whom selected documents belong, and a box to change that."""
    seen = opening.discretion()
    audiences = seen.desk.audiences()
    held = {audiences.of(name) for name in documents}
    key = f"belongs_{hash(tuple(documents))}"
    _say_problem()
    with st.popover("Who may see it", icon=":material/lock:"):
        if len(held) == 1:
            st.markdown(escape_markdown(_whose([tuple(sorted(some)) for some in held.pop()])))
        with st.form(f"{key}_form", border=False):
            st.text_input(
                "Groups, with a semicolon between them",
                key=key,
                help="Who is in one of them sees it, nobody else. Left empty, everybody does.",
            )
            st.form_submit_button(
                "Keep this", type="primary", on_click=_save, args=(tuple(documents), key)
            )


def _say_problem() -> None:
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(escape_markdown(problem), icon=":material/error:")


def _paths(seen: Discretion) -> list[str]:
    """The folders and documents that may be ruled on: those that are seen."""
    names = sorted(seen.known)
    folders = {
        "/".join(parts[:at])
        for parts in (name.split("/") for name in names)
        for at in range(1, len(parts))
    }
    return [one for one in (*sorted(folders), *names) if seen.sees(one)]


def _new(paths: Sequence[str]) -> None:
    with st.form("private_form", border=True):
        st.selectbox("Folder or document", paths, key=_PATH, index=None, format_func=plain)
        st.text_input(
            "Groups, with a semicolon between them",
            key=_GROUPS,
            help="Who is in one of them sees it, nobody else. Left empty, everybody does.",
        )
        st.form_submit_button("Keep this rule", type="primary", on_click=_add)


def _rule(one: Belonging) -> None:
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(
            f"**{escape_markdown(plain(one.path))}**  \n{escape_markdown(_whose(one.conditions))}"
        )
        row.button(
            "Take the rule away",
            key=f"private_drop_{one.path}",
            icon=":material/close:",
            type="tertiary",
            on_click=_change,
            args=((one.path,), None),
        )


def _whose(conditions: Sequence[Sequence[str]]) -> str:
    """In words: whoever is in pricing, or in legal; and in contracting."""
    if not conditions:
        return "Everybody sees it."
    some = [" or ".join(plain(group) for group in groups) or "no group" for groups in conditions]
    return f"Only who is in {', and in '.join(some)} sees it."


def _add() -> None:
    path = st.session_state.get(_PATH)
    if path:
        _save((path,), _GROUPS)


def _save(paths: Sequence[str], key: str) -> None:
    typed = [one.strip() for one in (st.session_state.get(key) or "").split(";")]
    _change(paths, tuple(filter(None, typed)))


def _change(paths: Sequence[str], groups: tuple[str, ...] | None) -> None:
    try:
        opening.allow(Act.EDIT)
        for path in paths:
            regroup(opening.home().path, opening.discretion(), path, groups)
            opening.audit("regroup", path=path, groups=groups)
    except CodedeskError as error:
        st.session_state[_PROBLEM] = str(error)
