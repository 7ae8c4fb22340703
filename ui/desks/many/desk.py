"""Many questions at once: a list goes in, a table of verdicts with their citations comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from corpus.errors import CodedeskError
from index.errors import NoIndex
from ui.access.discretion import Discretion
from ui.access.roles import Act
from ui.asking import process
from ui.asking.lists import Asked, Found, Listed
from ui.asking.rows import LONGEST, MOST, Read, notice, read_file, read_pasted
from ui.desks.ask.address import BOX
from ui.desks.ask.on_paper import base_address
from ui.desks.parts import opening
from ui.desks.parts.components import draw_frame
from ui.desks.parts.first_run import first_run, trouble
from ui.desks.parts.person import person
from ui.exports.asked_rows import FORMATS, VERDICTS, export
from ui.wording import escape_markdown, plain

_NAMES = {"csv": "CSV", "xlsx": "Excel"}
_CHOSEN, _TOLD = "many_list", "many_told"
_PASTED = "many_pasted"
_LATEST = 10  # rows that are shown while others are asked


def show() -> None:
    """The whole page."""
    draw_frame(box=BOX)
    try:
        opening.open_desk()
    except NoIndex:
        first_run()
        return
    except CodedeskError as error:
        trouble(error)
        return
    st.header("Many questions at once", anchor=False)
    _said()
    lists = opening.open_lists().of(person())
    with st.expander("A new list", expanded=not lists, icon=":material/playlist_add:"):
        _new()
    if lists:
        _choose(lists)


def _said() -> None:
    for tone, icon, text in st.session_state.pop(_TOLD, ()):
        (st.warning if tone == "warning" else st.error)(escape_markdown(text), icon=icon)


def _new() -> None:
    st.markdown(
        "Each row is a question; a date of service and a payer may stand beside it. Paste rows "
        f"from a spreadsheet, or choose a CSV or Excel file with the columns `question`, `date of "
        f"service` and `payer`: at most {MOST:,} questions. Leave patients out of it."
    )
    pasted, chosen = st.columns(2, gap="medium")
    with pasted, st.form("many_form", border=False):
        st.text_area(
            "Questions, one a line",
            key=_PASTED,
            height=160,
            placeholder="Does Cigna cover 0581T?\nIs 76942 billed with 0581T?",
        )
        st.form_submit_button("Ask these", type="primary", on_click=_paste)
    with chosen:
        st.file_uploader(
            "CSV or Excel file",
            type=["csv", "xlsx"],
            key=f"many_file_{st.session_state.get('many_files', 0)}",
            max_upload_size=5,
        )
        if st.session_state.get(_file_key()):
            st.button("Ask this file", type="primary", key="many_ask_file", on_click=_upload)


def _file_key() -> str:
    return f"many_file_{st.session_state.get('many_files', 0)}"


def _paste() -> None:
    if _taken("Pasted questions", lambda: read_pasted(st.session_state.get(_PASTED) or "")):
        st.session_state[_PASTED] = ""


def _upload() -> None:
    file = st.session_state.get(_file_key())
    if file and _taken(file.name, lambda: read_file(file.name, file.getvalue())):
        st.session_state["many_files"] = st.session_state.get("many_files", 0) + 1


def _taken(name: str, read: Callable[[], Read]) -> bool:
    """Keep a list and begin to ask it. False, with a sentence, for one that cannot be read."""
    try:
        opening.allow(Act.ASK)
        found = read()
    except CodedeskError as error:
        st.session_state[_TOLD] = [("error", ":material/error:", str(error))]
        return False
    if told := notice(found):
        st.session_state[_TOLD] = [("warning", ":material/shield_person:", told)]
    number = opening.open_lists().add(person(), name, found.rows)
    st.session_state[_CHOSEN] = number
    opening.audit("list", questions=len(found.rows), name=name)
    process.start(opening.home().path, number, opening.caller().sight)
    return True


def _choose(lists: Sequence[Listed]) -> None:
    numbers = [one.id for one in lists]
    if st.session_state.get(_CHOSEN) not in numbers:
        st.session_state[_CHOSEN] = numbers[0]
    named = {one.id: f"{plain(one.name)} · {_questions(one.rows)} · {_when(one)}" for one in lists}
    if len(lists) > 1:
        st.selectbox("List", numbers, key=_CHOSEN, format_func=named.__getitem__)
    else:
        st.markdown(escape_markdown(named[numbers[0]]))
    number = st.session_state[_CHOSEN]
    listed = next(one for one in lists if one.id == number)
    if process.may_start(listed):  # its process ended before its rows did
        process.start(opening.home().path, number, opening.caller().sight)
        listed = opening.open_lists().one(number) or listed
    if process.is_running(listed) and not listed.is_done:
        _under_way(number)
    else:
        _table(listed, live=False)


def _questions(count: int) -> str:
    return f"{count:,} question{'' if count == 1 else 's'}"


def _when(one: Listed) -> str:
    return one.at[:16].replace("T", " ") + " UTC"


@st.fragment(run_every=1.0)
def _under_way(number: int) -> None:
    listed = opening.open_lists().one(number)
    if listed is None or listed.is_done or not process.is_running(listed):
        st.rerun()
        return
    _table(listed, live=True)


def _table(listed: Listed, *, live: bool) -> None:
    lists = opening.open_lists()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_counted(listed, lists.counts(listed.id)))
        if live:
            st.button(
                "Stop", icon=":material/stop:", key="many_stop", on_click=_stop, args=(listed.id,)
            )
        elif not listed.is_done:
            st.button(
                "Go on",
                icon=":material/play_arrow:",
                type="primary",
                key="many_go_on",
                on_click=_go_on,
                args=(listed.id,),
            )
    if not listed.is_done:
        share = listed.done / max(listed.rows, 1)
        st.progress(share, text=f"{listed.done:,} of {listed.rows:,} asked")
    asked = lists.latest(listed.id, most=_LATEST) if live else lists.rows(listed.id)
    asked = seen_rows(opening.discretion(), asked)
    if asked:
        st.dataframe(
            [_shown(one) for one in asked],
            key=f"many_table_{listed.id}",
            hide_index=True,
            height=460 if len(asked) > 11 else "content",
            column_config=_COLUMNS,
            alt="Questions with their verdicts and citations",
        )
    if not live:
        _too_long(listed, sum(bool(one.found and one.found.cut) for one in asked))
        _exports(listed)


def seen_rows(seen: Discretion, rows: Sequence[Asked]) -> list[Asked]:
    """The rows, without what was found for one that may not be seen any more."""
    return [
        replace(row, found=_NOT_SEEN)
        if row.found and not seen.heard(row.found.seen_by, row.found.document)
        else row
        for row in rows
    ]


def _too_long(listed: Listed, count: int) -> None:
    """Questions that are too long were not asked: their beginnings are, by choice."""
    if not count:
        return
    many = f"{_questions(count)} {'is' if count == 1 else 'are'}"
    st.warning(
        f"{many} longer than {LONGEST:,} characters and {'was' if count == 1 else 'were'} not "
        "asked. Shorten the list and ask it anew, or ask what they begin with.",
        icon=":material/content_cut:",
    )
    st.button(
        f"Ask the first {LONGEST:,} characters",
        key="many_cut",
        on_click=_ask_cut,
        args=(listed.id,),
    )


_NOT_SEEN = Found("problem", said="Who sees what has changed since. Ask it again.")
_COLUMNS = {
    "#": st.column_config.NumberColumn(width=44),
    "Question": st.column_config.TextColumn(width=300),
    "Date of service": st.column_config.TextColumn(width=110),
    "Payer": st.column_config.TextColumn(width=110),
    "Verdict": st.column_config.TextColumn(width=170),
    "Answer": st.column_config.LinkColumn(display_text="Open", width=70),
    "First passage, or what is missing": st.column_config.TextColumn(width=360),
    "Document": st.column_config.TextColumn(width=220),
    "Page": st.column_config.TextColumn(width=90),
    "Dates": st.column_config.TextColumn(width=170),
}


def _shown(one: Asked) -> dict[str, object]:
    found = one.found
    return {
        "#": one.row,
        "Question": plain(one.question),
        "Date of service": found.as_of if found and found.as_of else str(one.on or ""),
        "Payer": plain(one.payer),
        "Verdict": VERDICTS[found.verdict if found else ""],
        "Answer": f"/{found.address}" if found and found.address else None,
        "First passage, or what is missing": (found.passage or found.said) if found else "",
        "Document": found.title if found else "",
        "Page": found.page.removeprefix("page ") if found else "",
        "Dates": found.dates if found else "",
    }


def _counted(listed: Listed, count: Mapping[str, int]) -> str:
    words = [
        f"{count[key]:,} {name[0].lower()}{name[1:]}"
        for key, name in VERDICTS.items()
        if count.get(key)
    ]
    if listed.is_done:
        return f"**Done:** {', '.join(words)}."
    if listed.stopped:
        return f"**Stopped.** {', '.join(words) or 'Nothing was asked'}. What was found is kept."
    return f"**Asking.** {', '.join(words)}" if words else "**Asking.**"


def _exports(listed: Listed) -> None:
    lists, address = opening.open_lists(), base_address()
    seen, library = opening.discretion(), opening.open_desk().library

    def maker(format: str) -> Callable[[], bytes]:
        def made() -> bytes:
            return export(seen_rows(seen, lists.rows(listed.id)), format, address=address)

        told = {"list": listed.name, "format": format, "questions": listed.rows}
        return opening.file_of(Act.ASK, library, made, "export", **told)

    with st.container(horizontal=True):
        for format, mime in FORMATS.items():
            st.download_button(
                _NAMES[format],
                maker(format),
                file_name=f"codedesk-questions.{format}",
                mime=mime,
                key=f"many_{format}",
                icon=":material/download:",
                on_click="ignore",
            )
        with st.popover("Delete this list", icon=":material/delete:"):
            st.markdown("The list goes with all that was found for it.")
            st.button("Delete it", key="many_delete", on_click=_delete, args=(listed.id,))


def _stop(number: int) -> None:
    _require_own(number)
    opening.open_lists().stop(number)


def _require_own(number: int) -> None:
    """Raises CodedeskError for a list of somebody else."""
    opening.allow(Act.ASK)
    listed = opening.open_lists().one(number)
    if listed is None or listed.person != person():
        raise CodedeskError("There is no such list of yours.")


def _go_on(number: int) -> None:
    _require_own(number)
    lists = opening.open_lists()
    lists.go_on(number)
    listed = lists.one(number)
    if listed and not process.is_running(listed):  # one that was to stop goes on itself
        process.start(opening.home().path, number, opening.caller().sight)


def _ask_cut(number: int) -> None:
    _require_own(number)
    opening.open_lists().open_cut(number)
    process.start(opening.home().path, number, opening.caller().sight)


def _delete(number: int) -> None:
    _require_own(number)
    opening.open_lists().stop(number)
    opening.open_lists().forget(number)
