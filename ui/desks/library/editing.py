"""Changing documents: edit the metadata of one or several, retire, switch off, delete, restore."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from ui.wording import escape_markdown, kind_name, plain, written_day

_DATE_LABELS = {
    "effective": "In force since",
    "retired": "Retired on",
    "copy_of": "Old copy of the text of",
    "checked": "Later text looked for, none found, on",
}


def editor(versions: Sequence[Version]) -> None:
    """The form for those of the documents that Codedesk may change."""
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
        keys, shown = _fields(single)
        st.form_submit_button(
            "Save metadata", type="primary", on_click=_save, args=(ours, keys, shown)
        )
    _removal(ours)


def found_dates(version: Version) -> None:
    """The dates found in the text, each with its sentence and a button to confirm it."""
    ours = version.document.startswith(f"{_own()}/")
    for found in version.metadata.found:
        where = f", page {found.page}" if found.page else ""
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(
            escape_markdown(
                f"{found.field.capitalize()} {written_day(found.value)} was found in the text"
                f"{where}, not confirmed: “{plain(found.sentence)}”"
            )
        )
        if ours:
            row.button(
                "Confirm",
                key=f"confirm_{found.field}",
                icon=":material/check:",
                on_click=_change,
                args=([version.document], "confirm", {found.field: found.value}),
                help="Writes this one date beside the file as confirmed by you, then syncs.",
            )


def _fields(single: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """The inputs of the form: each field's widget, and what it shows before anybody types."""
    keys = {name: f"edit_{name}" for name in (*own_library.FIELDS, *own_library.DATES)}
    for name in keys:
        st.session_state[keys[name]] = getattr(single, name) if single else None
    left, right = st.columns(2)
    if single:
        left.text_input("Title", key=keys["title"])
    left.text_input("Payer", key=keys["payer"])
    left.text_input("Publisher", key=keys["publisher"])
    left.text_input("Words written by", key=keys["written_by"])
    left.text_input("About the policy of", key=keys["about"])
    left.selectbox("Kind", KINDS, key=keys["kind"], index=None, format_func=kind_name)
    if single:
        left.text_input("Number", key=keys["number"])
    if single:
        right.text_input("Source", key=keys["source_url"])
    for name in own_library.DATES:
        right.date_input(
            _DATE_LABELS.get(name, name.capitalize()),
            key=keys[name],
            value=None,
            format="MM/DD/YYYY",
            min_value="1990-01-01",
            max_value="2100-01-01",
        )
    one_document = {"title", "number", "source_url"}
    drawn = {name: key for name, key in keys.items() if single or name not in one_document}
    return drawn, {name: getattr(single, name) if single else None for name in drawn}


def _save(documents: Sequence[str], keys: Mapping[str, str], shown: Mapping[str, Any]) -> None:
    """Write only the fields that were changed: saving a payer does not confirm a date that was
    merely found in the text."""
    given = {name: st.session_state.get(key) or None for name, key in keys.items()}
    changes = {name: value for name, value in given.items() if value != shown[name]}
    if changes:
        _change(documents, "edit", changes)
    else:
        st.toast("Nothing was changed.", icon=":material/edit_off:")


def _change(documents: Sequence[str], action: str, changes: Mapping[str, Any]) -> None:
    own = _own()
    _each(documents, action, lambda home, name: own_library.edit(home, name, changes, own=own))


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
    _change(documents, "retire", {"retired": today()})


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
    """The documents that are switched off, with a button to switch them on."""
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
