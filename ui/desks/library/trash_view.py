"""What was deleted or replaced, with the day until which it can be put back."""

from __future__ import annotations

import streamlit as st

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.audience.sight import NOBODY, Audience
from index.library import Library
from ui.access.discretion import Discretion
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_sync
from ui.state import trash
from ui.state.own_library import own_name
from ui.wording import escape_markdown, plain, written_day


def trash_view(desk: Desk, library: Library) -> None:
    """Newest first."""
    days = opening.settings().trash_days
    home = opening.home().path
    trash.empty(home, days=days)
    seen = opening.discretion()
    held = [one for one in trash.thrown(home) if may_see(seen, one, own_name(library, home))]
    st.caption(
        f"A file of Codedesk's own folder that is deleted or replaced is kept here for {days} "
        "days. Edits of what is known of documents are undone under Review, Edits."
    )
    if not held:
        st.info("The trash is empty.", icon=":material/delete:")
        return
    for one in held:
        with st.container(border=True):
            row = st.container(horizontal=True, vertical_alignment="center")
            what = "Deleted" if one.action == trash.DELETED else "Replaced"
            row.markdown(
                f"**{escape_markdown(plain(one.name))}**  \n{what} on "
                f"{one.at[:16].replace('T', ' ')} UTC, kept until "
                f"{written_day(one.until(days).date())}"
            )
            row.button(
                "Put back",
                key=f"put_back_{one.key}",
                icon=":material/restore_from_trash:",
                on_click=_put_back,
                args=(one.key, library),
                help="What stands in its place now goes into the trash.",
            )


def may_see(seen: Discretion, one: trash.Thrown, own: str) -> bool:
    """Whether what was thrown away is for who sits before the page: by the rules of its place, and
    by what lies beside it."""
    if seen.everything:
        return True
    groups = trash.groups(opening.home().path, one)
    of_file: Audience = (frozenset(groups),) if groups else ()
    audience = NOBODY if groups is None else of_file
    return seen.sees(f"{own}/{one.name}") and seen.caller.sight.sees(audience)


def _put_back(key: str, library: Library) -> None:
    try:
        opening.allow(Act.UPLOAD)
        home = opening.home().path
        one = next((one for one in trash.thrown(home) if one.key == key), None)
        if one and not may_see(opening.discretion(), one, own_name(library, home)):
            raise CodedeskError("It is no longer in the trash.")
        entry = trash.put_back(opening.home().path, key)
    except (CodedeskError, OSError) as error:
        st.session_state["job_problem"] = str(error)
        return
    book = opening.open_book(library)
    book.remember(book.own_name(entry.name), entry.told)
    opening.audit("put back", document=entry.name)
    start_sync()
