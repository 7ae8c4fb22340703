"""Who sits at this browser, as far as Codedesk needs to know: a random number in a cookie.

There are no accounts. The number keeps a person's recent questions, votes and packet apart from
others'; it says nothing of who that is, and goes with the browser's cookies.
"""

from __future__ import annotations

import re
from secrets import token_hex

import streamlit as st

COOKIE = "codedesk_person"
_STATE = "person"
_NUMBER = re.compile(r"[0-9a-f]{32}")


def person() -> str:
    """The number of this browser: from its cookie, or one that the page's frame puts there."""
    if _STATE not in st.session_state:
        sent = st.context.cookies.get(COOKIE)
        known = isinstance(sent, str) and _NUMBER.fullmatch(sent)
        st.session_state[_STATE] = sent if known else token_hex(16)
    number: str = st.session_state[_STATE]
    return number
