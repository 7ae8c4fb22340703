"""Who sits at this browser, as far as Codedesk needs to know: a random number in a cookie.

Where nobody signs in, the number keeps a person's recent questions, votes and packet apart from
others'; it says nothing of who that is, and goes with the browser's cookies. Of who has signed in
they are kept by what the provider knows them by: several people may use one browser.
"""

from __future__ import annotations

import re
from hashlib import sha256
from secrets import token_hex

import streamlit as st

from ui.access.door import opened
from ui.desks.parts import opening

COOKIE = "codedesk_person"
_STATE = "person"
_NUMBER = re.compile(r"[0-9a-f]{32}")


def person() -> str:
    """Who sits here: of who has signed in a sum of what the provider knows them by."""
    if opened().asks:
        return sha256(opening.caller().subject.encode()).hexdigest()[:32]
    return browser()


def browser() -> str:
    """The number of this browser: from its cookie, or one that the page's frame puts there."""
    if _STATE not in st.session_state:
        sent = st.context.cookies.get(COOKIE)
        known = isinstance(sent, str) and _NUMBER.fullmatch(sent)
        st.session_state[_STATE] = sent if known else token_hex(16)
    number: str = st.session_state[_STATE]
    return number
