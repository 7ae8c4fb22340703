"""Changing documents: metadata of one or many; retire, switch off, delete, put back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from corpus.document import KINDS
from corpus.errors import CodedeskError
from index.versions import Version, today
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_sync
from ui.state import own_library
from ui.wording import kind_name, plain


def editor(versions: Sequence[Version]) -> None:
    """The form for these documents, as far as their files are ours to change."""
    own = _own()
    ours = [one.document for one in versions if one.document.startswith(f"{own}/")]
    if len(ours) < len(versions):
        st.info(
            "Codedesk changes only files in its own library folder. Documents of the starter "
            "library and of other folders are changed where they lie.",
            icon=":material/lock:",
        )
    if not ours:
        return
    single = versions[0].metadata if len(versions) == 1 else None
    with st.form(f"edit_{'_'.join(ours)[:200]}", border=True):
        values = _fields(single)
        st.form_submit_button("Save metadata", type="primary", on_click=_save, args=(ours, values))
    _removal(ours)


def _fields(single: Any) -> dict[str, str]:
    """The inputs of the form: the field's name to its widget's key."""
    keys = {name: f"edit_{name}" for name in (*own_library.FIELDS, *own_library.DATES)}
    for name in keys:
        st.session_state[keys[name]] = getattr(single, name) if single else None
    left, right = st.columns(2)
    if single:
        left.text_input("Title", key=keys["title"])
    left.text_input("Payer", key=keys["payer"])
    left.text_input("Publisher", key=keys["publisher"])
    left.selectbox("Kind", KINDS, key=keys["kind"], index=None, format_func=kind_name)
    if single:
        left.text_input("Number", key=keys["number"])
    if single:
        right.text_input("Source", key=keys["source_url"])
    for name in own_library.DATES:
        right.date_input(
            {"effective": "In force since", "retired": "Retired on"}.get(name, name.capitalize()),
            key=keys[name],
            value=None,
            format="MM/DD/YYYY",
            min_value="1990-01-01",
            max_value="2100-01-01",
        )
    shared = {"title", "number", "source_url"}
    return {name: key for name, key in keys.items() if single or name not in shared}


def _save(documents: Sequence[str], keys: dict[str, str]) -> None:
    given = {name: st.session_state.get(key) for name, key in keys.items()}
    changes = {name: value for name, value in given.items() if value or len(documents) == 1}
    changes = {name: value or None for name, value in changes.items()}
    _each(
        documents,
        "edit",
        lambda home, document: own_library.edit(home, document, changes, own=_own()),
    )


def _own() -> str:
    return own_library.own_name(opening.open_desk().library, opening.home().path)


def _removal(ours: Sequence[str]) -> None:
    with st.container(horizontal=True):
        st.button("Retire today", icon=":material/event_busy:", on_click=_retire, args=(ours,))
        st.button("Switch off", icon=":material/visibility_off:", on_click=_disable, args=(ours,))
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown(
                f"Delete {len(ours)} {'file' if len(ours) == 1 else 'files'} for good? The next "
                "sync takes them out of the index."
            )
            st.button("Delete for good", type="primary", on_click=_delete, args=(ours,))


def _retire(documents: Sequence[str]) -> None:
    retired, own = {"retired": today()}, _own()
    _each(documents, "retire", lambda home, name: own_library.edit(home, name, retired, own=own))


def _disable(documents: Sequence[str]) -> None:
    _each(documents, "disable", partial(own_library.disable, own=_own()))


def _delete(documents: Sequence[str]) -> None:
    _each(documents, "delete", partial(own_library.delete, own=_own()))


def _each(documents: Sequence[str], action: str, act: Callable[[Path, str], None]) -> None:
    home = opening.home().path
    for document in documents:
        try:
            act(home, document)
        except (CodedeskError, OSError) as error:
            st.session_state["job_problem"] = str(error)
            return
        opening.open_records().audit(action, document=document)
    start_sync()


def put_aside() -> None:
    """What was switched off, and the way back."""
    home = opening.home().path
    aside = own_library.disabled(home)
    if not aside:
        return
    with st.expander(f"{len(aside)} switched off"):
        for name in aside:
            row = st.container(horizontal=True, vertical_alignment="center")
            row.text(plain(name))
            row.button("Switch on", key=f"enable_{name}", on_click=_enable, args=(name,))


def _enable(name: str) -> None:
    own_library.enable(opening.home().path, name)
    opening.open_records().audit("enable", document=name)
    start_sync()
