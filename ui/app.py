"""The pages, as `codedesk ui`, `codedesk serve` and `streamlit run ui/app.py` start them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.access.caller import Caller
from ui.access.door import opened
from ui.access.roles import Act
from ui.desks.account.sign_in import who_is_there
from ui.desks.parts.binding import parameters_now
from ui.server import open_desks

_WEB = Path(__file__).resolve().parent / "web"


def _moved() -> None:
    """The first page has the address `/`; who types `/ask` is brought there, question and all."""
    st.switch_page("desks/ask/page.py", query_params=parameters_now())


def _pages(caller: Caller) -> list[st.Page]:
    """Those that the caller may open. Each asks again: an address can be typed."""
    pages = [
        st.Page("desks/ask/page.py", title="Ask", default=True),
        st.Page(_moved, title="Ask", url_path="ask", visibility="hidden"),
        st.Page("desks/many/page.py", title="Many questions", url_path="many"),
        st.Page("desks/packet/page.py", title="Packet", url_path="packet"),
    ]
    if caller.may(Act.LIST):
        pages.append(st.Page("desks/search/page.py", title="Search", url_path="search"))
    if caller.may(Act.WATCH):
        pages.append(st.Page("desks/library/page.py", title="Library", url_path="library"))
    if opened().asks:
        pages.append(st.Page("desks/account/page.py", title="Account", url_path="account"))
    return pages


st.set_page_config(page_title="Codedesk", page_icon=str(_WEB / "icon.svg"), layout="wide")
st.logo(str(_WEB / "logo.svg"), size="large")
if caller := who_is_there():
    st.navigation(_pages(caller), position="top").run()
with st.container(key="legal"):
    st.caption(
        "CPT is a registered trademark of the American Medical Association. The library is no "
        "coding or legal advice: check the primary source that each document names."
    )
open_desks.keep_aside()  # when the page was sent: nobody waits for it
