"""The page before the pages: who is there, or a button to sign in."""

from __future__ import annotations

import streamlit as st

from corpus.errors import CodedeskError
from ui.access.caller import Caller
from ui.access.door import opened
from ui.access.refused import NotSignedIn
from ui.desks.parts import opening
from ui.wording import escape_markdown, plain

_NOTED = "signed_in"


def who_is_there() -> Caller | None:
    """Who may go on. None where they first have to sign in; the page then says so."""
    try:
        caller = opening.caller()
    except NotSignedIn as problem:
        _sign_in(problem)
        return None
    except CodedeskError as problem:
        st.error(escape_markdown(str(problem)), icon=":material/error:")
        return None
    if not caller.roles:
        _no_role(caller)
        return None
    if opened().asks and st.session_state.get(_NOTED) != caller.subject:
        st.session_state[_NOTED] = caller.subject
        opening.audit("sign in", roles=[role.value for role in caller.roles])
    return caller


def _sign_in(problem: NotSignedIn) -> None:
    st.header("Codedesk", anchor=False)
    st.markdown(escape_markdown(str(problem)))
    st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)


def _no_role(caller: Caller) -> None:
    st.header("Codedesk", anchor=False)
    st.markdown(
        f"You are signed in as **{escape_markdown(plain(caller.name))}**, and none of your groups "
        "has a role here. Ask an admin of this server for one."
    )
    st.button("Sign out", icon=":material/logout:", on_click=st.logout)
