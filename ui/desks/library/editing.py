"""Changing documents: edit the metadata of one or several, retire, switch off, delete, restore."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from corpus.document import DATES, KINDS, STANDINGS
from corpus.errors import CodedeskError
from corpus.metadata.told import FIELDS as EVERY_FIELD
from corpus.metadata.told import Value
from index.versions import Version, today
from ui.access.roles import Act
from ui.confirming.checks import change, written
from ui.confirming.labels import HINTS, LABELS
from ui.desks.library.private import belongs
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_sync
from ui.state import own_library
from ui.state.trash import DELETED, throw
from ui.wording import escape_markdown, kind_name, plain, written_day

FIELDS = tuple(name for name in EVERY_FIELD if name != "codes")
_ONE_DOCUMENT = {"title", "number", "version", "part", "source_url"}
_CHOICES = {"kind": KINDS, "standing": STANDINGS}


def editor(versions: Sequence[Version]) -> None:
    """The form for the documents, and what else can be done with those in the own folder."""
    library = opening.open_desk().library
    book = opening.open_book(library)
    documents = [one.document for one in versions]
    ours = [name for name in documents if book.is_own(name)]
    if len(ours) < len(versions):
        st.info(
            "Of a document in the starter library or in another folder, what you save is kept in "
            "Codedesk's own folder. The file is not changed.",
            icon=":material/lock:",
        )
    single = book.known_of(versions[0]) if len(versions) == 1 else None
    with st.form(f"edit_{'_'.join(documents)[:200]}", border=True):
        keys, shown = _inputs(single)
        st.form_submit_button(
            "Save metadata", type="primary", on_click=_save, args=(documents, keys, shown)
        )
    belongs(documents)
    _removal(documents, ours)


def found_dates(version: Version) -> None:
    """The dates found in the text, each with its sentence and a button to confirm it."""
    for found in version.metadata.found:
        where = f", page {found.page}" if found.page else ""
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(
            escape_markdown(
                f"{found.field.capitalize()} {written_day(found.value)} was found in the text"
                f"{where}, not confirmed: “{plain(found.sentence)}”"
            )
        )
        row.button(
            "Confirm",
            key=f"confirm_{found.field}",
            icon=":material/check:",
            on_click=_change,
            args=([version.document], "confirm", {found.field: found.value.isoformat()}),
            help="Keeps this one date as confirmed by you, then syncs.",
        )


def _inputs(single: Mapping[str, Value] | None) -> tuple[dict[str, str], dict[str, Value]]:
    """The inputs of the form: each field's widget, and what it shows before anybody types."""
    fields = [name for name in FIELDS if single or name not in _ONE_DOCUMENT]
    keys = {name: f"edit_{name}" for name in fields}
    shown = {name: single[name] if single else None for name in fields}
    left, right = st.columns(2)
    for name in fields:
        _input(right if name in DATES else left, name, keys[name], shown[name])
    return keys, shown


def _input(column: Any, name: str, key: str, value: Value) -> None:
    if name in DATES:
        st.session_state[key] = date.fromisoformat(value) if isinstance(value, str) else None
        column.date_input(
            LABELS[name],
            key=key,
            value=None,
            format="MM/DD/YYYY",
            min_value="1900-01-01",
            max_value="2100-01-01",
        )
    elif name in _CHOICES:
        st.session_state[key] = value
        column.selectbox(
            LABELS[name], _CHOICES[name], key=key, index=None, format_func=_choice_name
        )
    else:
        st.session_state[key] = written(value) or None
        column.text_input(LABELS[name], key=key, help=HINTS.get(name))


def _choice_name(choice: str) -> str:
    return kind_name(choice) if choice in KINDS else choice.capitalize()


def _save(documents: Sequence[str], keys: Mapping[str, str], shown: Mapping[str, Value]) -> None:
    """Keep only the fields that were changed: saving a payer does not confirm a date that was
    merely found in the text."""
    typed = {name: _typed(st.session_state.get(key)) for name, key in keys.items()}
    changed = {name: text for name, text in typed.items() if text != written(shown[name])}
    if changed:
        _change(documents, "edit", changed)
    else:
        st.toast("Nothing was changed.", icon=":material/edit_off:")


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else (value or "").strip()


def _change(documents: Sequence[str], action: str, texts: Mapping[str, str]) -> None:
    """Keep what was typed of each of the documents, as one step, and let a sync take it up."""
    library = opening.open_desk().library
    try:
        opening.allow(Act.EDIT)
        opening.require_seen(*documents)
        changes = [change(name, *pair) for name in documents for pair in texts.items()]
        what = f"{action} on the page"
        opening.open_book(library).apply(library, changes, what=what, who=opening.who())
    except (CodedeskError, OSError) as error:
        st.session_state["job_problem"] = str(error)
        return
    for name in documents:
        opening.audit(action, document=name)
    start_sync(edit=True)


def _own() -> str:
    return own_library.own_name(opening.open_desk().library, opening.home().path)


def _removal(documents: Sequence[str], ours: Sequence[str]) -> None:
    with st.container(horizontal=True):
        st.button("Retire today", icon=":material/event_busy:", on_click=_retire, args=(documents,))
        st.button(
            "Switch off",
            icon=":material/visibility_off:",
            on_click=_disable,
            args=(documents,),
            help="It is left out from then on; its file stays where it is.",
        )
        if len(ours) < len(documents):
            return
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown(
                f"Delete {len(ours)} {'file' if len(ours) == 1 else 'files'}? The next sync takes "
                f"them out of the index. For {opening.settings().trash_days} days they can be put "
                "back from the trash."
            )
            st.button("Delete", key="delete_now", type="primary", on_click=_delete, args=(ours,))


def _retire(documents: Sequence[str]) -> None:
    _change(documents, "retire", {"retired": today().isoformat()})


def _disable(documents: Sequence[str]) -> None:
    try:
        opening.allow(Act.UPLOAD)
        opening.require_seen(*documents)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)
        return
    opening.open_records().switch_off(documents)
    for document in documents:
        opening.audit("disable", document=document)
    start_sync()


def _delete(documents: Sequence[str]) -> None:
    own, book = _own(), opening.open_book(opening.open_desk().library)

    def forget(home: Path, document: str) -> None:
        path = own_library.path_of(home, document, own=own)
        throw(home, path, action=DELETED, told=book.told().get(document, ()))
        own_library.delete(home, document, own=own)
        book.forget(document)

    _each(documents, "delete", forget)


def _each(documents: Sequence[str], action: str, act: Callable[[Path, str], None]) -> None:
    home = opening.home().path
    for document in documents:
        try:
            opening.allow(Act.UPLOAD)
            opening.require_seen(document)
            act(home, document)
        except (CodedeskError, OSError) as error:
            st.session_state["job_problem"] = str(error)
            return
        opening.audit(action, document=document)
    start_sync()


def put_aside() -> None:
    """The documents that are switched off, with a button to switch them on."""
    home = opening.home().path
    moved = own_library.disabled(home)  # by an earlier Codedesk, which moved their files
    seen, own = opening.discretion(), _own()
    moved = [one for one in moved if seen.everything or seen.sees(f"{own}/{one}")]
    switched_off = opening.open_records().switched_off()
    aside = [*filter(seen.sees, switched_off), *moved]
    if not aside:
        return
    with st.expander(f"{len(aside)} switched off"):
        for name in aside:
            row = st.container(horizontal=True, vertical_alignment="center")
            row.text(plain(name))
            row.button(
                "Switch on",
                key=f"enable_{name}",
                on_click=_enable,
                args=(name,),
                kwargs={"moved": name in moved},
            )


def _enable(name: str, *, moved: bool) -> None:
    try:
        opening.allow(Act.UPLOAD)
        opening.require_seen(f"{_own()}/{name}" if moved else name)
        if moved:
            own_library.enable(opening.home().path, name)
        else:
            opening.open_records().switch_on(name)
    except (CodedeskError, OSError) as error:
        st.session_state["job_problem"] = str(error)
        return
    opening.audit("enable", document=name)
    start_sync()
