"""The privacy guard of the pages: patient data is removed before anything is done with it.

Everything that is typed or comes with a link passes through here before it is searched, shown or
stored. The page then says what was removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from index.library import Library
from ui.desks.parts.place import LONGEST
from ui.state.privacy import identifiers, notice, without_patient


@dataclass(frozen=True, slots=True)
class _Removed:
    """The kinds of data that were removed, and the question that the notice is about."""

    kinds: tuple[str, ...]
    about: object = None


def begin(page: str) -> None:
    """A new action: the notice about the last text goes."""
    st.session_state.pop(_key(page), None)


def settle(page: str, about: object) -> None:
    """`about` is what is asked now: the notice is about it, or goes."""
    removed = st.session_state.get(_key(page))
    if removed and removed.about is None:
        st.session_state[_key(page)] = replace(removed, about=about)
    elif removed and removed.about != about:
        begin(page)


def guarded(text: str, *, page: str) -> str:
    """The text without patient data. The page's notice will name the kinds that were removed."""
    cleared = without_patient(text)
    if cleared.removed:
        before = st.session_state.get(_key(page))
        kinds = before.kinds if before and before.about is None else ()
        together = tuple(dict.fromkeys((*kinds, *cleared.removed)))
        st.session_state[_key(page)] = _Removed(together)
    return cleared.text


def guard_box(key: str, *, page: str, most: int = LONGEST) -> str:
    """The guarded text of a text box, on one line, at most `most` characters. The box then shows
    the same."""
    typed = " ".join((st.session_state.get(key) or "").split())[:most]
    text = guarded(typed, page=page)
    if key in st.session_state:
        st.session_state[key] = text
    return text


def guard_choices(values: Sequence[str], library: Library, *, page: str) -> tuple[str, ...]:
    """Names that come with a link. Names of the library's own documents and payers stay."""
    kept = (
        value if not identifiers(value) or _holds(library, value) else guarded(value, page=page)
        for value in values
    )
    return tuple(value for value in kept if value)


def _holds(library: Library, name: str) -> bool:
    versions = library.versions.values()
    return any(name in (version.document, *version.metadata.payers) for version in versions)


def show_notice(page: str, *, left: bool) -> None:
    """Show what was removed, if anything. `left` tells whether any words remain to search."""
    if removed := st.session_state.get(_key(page)):
        with st.container(key="notice"):
            st.warning(notice(removed.kinds, left=left), icon=":material/shield_person:")


def _key(page: str) -> str:
    return f"{page}_patient"
