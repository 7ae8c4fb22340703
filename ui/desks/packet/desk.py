"""The packet: what was gathered for a letter or an appeal, as PDF and as DOCX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st
from msgspec.structs import replace

from corpus.errors import CodedeskError
from index.errors import NoIndex
from index.library import Library
from index.versions import today
from ui.access.roles import Act
from ui.desks.ask.address import BOX
from ui.desks.ask.on_paper import base_address
from ui.desks.parts import opening
from ui.desks.parts.components import draw_frame
from ui.desks.parts.first_run import first_run, trouble
from ui.desks.parts.papers import pictures_of
from ui.desks.parts.person import person
from ui.paper.framed import version_of
from ui.paper.sheet import Quote, Sheet
from ui.state.packets import place_in_words
from ui.wording import escape_markdown, plain, written_day

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SEEN = 6  # passages that are shown in full length; more scroll
_SHORT = 300  # characters of a passage in the list


def show() -> None:
    """The whole page."""
    draw_frame(box=BOX)
    with st.container(key="narrow"):
        try:
            library = opening.open_desk().library
        except NoIndex:
            first_run()
            return
        except CodedeskError as error:
            trouble(error)
            return
        st.header("Packet", anchor=False)
        sheets = _seen(opening.open_packets().sheets(person()))
        if not sheets:
            _empty()
            return
        _files(library, sheets)
        many = sum(len(sheet.quotes) for sheet in sheets) > _SEEN
        with st.container(height=720 if many else "content", border=False):
            for sheet in sheets:
                _sheet(library, sheet)


def _seen(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets with what may be seen now: a group may have been taken away since, or a document
    may have become private."""
    seen = opening.discretion()
    left = [
        replace(sheet, quotes=tuple(one for one in sheet.quotes if seen.sees(one.document)))
        for sheet in sheets
    ]
    return [sheet for sheet in left if sheet.quotes]


def _empty() -> None:
    st.info(
        "Nothing is in your packet yet. Ask a question and press “Add to packet” beside a passage: "
        "here you save all of them as one PDF or Word file, with the list of their sources and a "
        "page for your letter.",
        icon=":material/inventory_2:",
    )
    st.page_link("desks/ask/page.py", label="Ask a question", icon=":material/search:")


def _files(library: Library, sheets: Sequence[Sheet]) -> None:
    count = sum(len(sheet.quotes) for sheet in sheets)
    passages = f"{count} passage{'' if count == 1 else 's'}"
    st.markdown(
        f"**{passages}** for {len(sheets)} question{'' if len(sheets) == 1 else 's'}. The file "
        "begins with a page for your letter and the list of sources; the passages follow word for "
        "word with their pages. Write the letter in the file: nothing of it is kept here."
    )
    with st.container(horizontal=True):
        for name, format, mime in (("PDF", "pdf", "application/pdf"), ("Word", "docx", _DOCX)):
            st.download_button(
                f"Save as {name}",
                _maker(library, sheets, format, passages=count),
                file_name=f"codedesk-packet.{format}",
                mime=mime,
                key=f"packet_{format}",
                type="primary" if format == "pdf" else "secondary",
                icon=":material/download:",
                on_click="ignore",
            )
        with st.popover("Empty the packet", icon=":material/delete:"):
            st.markdown("All passages leave the packet. The documents stay as they are.")
            st.button("Empty it", key="packet_empty", on_click=_drop_all)


def _maker(
    library: Library, sheets: Sequence[Sheet], format: str, *, passages: int
) -> Callable[[], bytes]:
    """Makes the file when it is asked for. What the page knows is read before: it is made in a
    thread of its own."""
    address, on = base_address(), today()

    def made() -> bytes:
        return packet_file(library, sheets, format, printed=on, address=address)

    told = {"format": format, "passages": passages}
    return opening.file_of(Act.ASK, library, made, "packet", **told)


def packet_file(
    library: Library, sheets: Sequence[Sheet], format: str, *, printed: date, address: str
) -> bytes:
    """The packet as a file."""
    pictures = pictures_of(library, sheets)
    if format == "pdf":
        from ui.paper.pdf import packet_pdf

        return packet_pdf(sheets, pictures, printed=printed, address=address)
    from ui.paper.word import packet_docx

    return packet_docx(sheets, pictures, printed=printed, address=address)


def _sheet(library: Library, sheet: Sheet) -> None:
    with st.container(border=True):
        st.subheader(escape_markdown(plain(sheet.question)), anchor=False)
        day = written_day(date.fromisoformat(sheet.on))
        st.caption(f"Date of service {day} · answered by generation {sheet.generation}")
        for quote in sheet.quotes:
            row = st.container(horizontal=True, vertical_alignment="top")
            row.markdown(_told(library, quote))
            row.button(
                "Take out",
                key=f"out_{sheet.on}_{place_in_words(quote)}_{sheet.question}",
                type="tertiary",
                icon=":material/close:",
                on_click=_drop,
                args=(replace(sheet, quotes=(quote,)),),
            )


def _told(library: Library, quote: Quote) -> str:
    words = " ".join(text for line in quote.lines for cell in line.cells for text, _ in cell)
    short = words if len(words) <= _SHORT else f"{words[:_SHORT].rpartition(' ')[0]} …"
    where = ", ".join(part for part in (quote.title, quote.page) if part)
    gone = version_of(library, quote.document, quote.version) is None
    note = "  \n:orange[This version is no longer in the library.]" if gone else ""
    return f"**{escape_markdown(where)}**  \n{escape_markdown(short)}{note}"


def _drop(sheet: Sheet) -> None:
    opening.allow(Act.ASK)
    opening.open_packets().remove(person(), sheet)


def _drop_all() -> None:
    opening.allow(Act.ASK)
    opening.open_packets().empty(person())
