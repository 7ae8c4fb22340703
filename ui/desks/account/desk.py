"""Who is signed in, what they may do, and their tokens."""

from __future__ import annotations

import streamlit as st

from corpus.errors import CodedeskError
from ui.access.door import opened
from ui.access.tokens import MOST_DAYS, Token, Tokens
from ui.desks.parts import opening
from ui.desks.parts.first_run import trouble
from ui.wording import escape_markdown, plain, written_day

_NEW, _PROBLEM = "new_token", "token_problem"


def show() -> None:
    """The whole page."""
    try:
        caller = opening.caller()
    except CodedeskError as error:
        trouble(error)
        return
    roles = ", ".join(role.value for role in caller.roles)
    st.header("Account", anchor=False)
    st.markdown(f"**{escape_markdown(plain(caller.name))}** · {roles}")
    if not opened().asks:
        st.caption("Nobody signs in on this server: whoever can reach it may do everything.")
        return
    st.button("Sign out", icon=":material/logout:", on_click=_sign_out)
    st.subheader("Tokens for programs", anchor=False)
    st.caption(
        "A program that sends one as “Authorization: Bearer TOKEN” may do over the HTTP API and "
        "MCP what you may do. It is shown once, here; only its sum is kept."
    )
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(escape_markdown(problem), icon=":material/error:")
    if made := st.session_state.pop(_NEW, None):
        st.success("This is the new token. Copy it now: it is not shown again.")
        st.code(made, language=None)
    for token in _tokens().listed(caller.subject):
        _token(token)
    with st.form("token_form"):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        row.text_input("What it is for", key="token_name")
        row.number_input("Days", 1, MOST_DAYS, 90, key="token_days", width=140)
        row.form_submit_button("Make a token", type="primary", on_click=_make)


def _token(token: Token) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    row.markdown(
        f"**{escape_markdown(plain(token.name))}** · to the end of {written_day(token.ends)}"
    )
    if token.revoked:
        row.badge("Taken back", color="gray")
    else:
        row.button(
            "Take back", key=f"revoke_{token.number}", on_click=_revoke, args=(token.number,)
        )


def _make() -> None:
    try:
        caller = opening.caller()
        name, days = st.session_state["token_name"], int(st.session_state["token_days"])
        st.session_state[_NEW] = _tokens().make(caller.subject, name, days=days)
        st.session_state["token_name"] = ""
    except CodedeskError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    opening.audit("make token", name=name, days=days)


def _revoke(number: int) -> None:
    try:
        _tokens().revoke(number, subject=opening.caller().subject)
    except CodedeskError as error:
        st.session_state[_PROBLEM] = str(error)
        return
    opening.audit("revoke token", number=number)


def _sign_out() -> None:
    opening.audit("sign out")
    st.logout()


@st.cache_resource(show_spinner=False)
def _open_tokens(path: str) -> Tokens:
    return Tokens(opening.home().path)


def _tokens() -> Tokens:
    return _open_tokens(str(opening.home().path))
