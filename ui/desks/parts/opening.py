"""What every page opens: library, records, settings. A rerun opens nothing again."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from assistant.desk import Desk
from assistant.showing import NotInLibrary
from corpus.errors import CodedeskError
from index.home import Home
from index.library import Library
from ui.access.caller import ANYONE_HERE, Caller
from ui.access.discretion import Discretion
from ui.access.door import opened
from ui.access.roles import Act, require
from ui.asking.lists import Lists
from ui.confirming.book import Book
from ui.database.away import RecordsAway
from ui.jobs.jobs import Job
from ui.server import open_desks
from ui.state.own_library import own_name
from ui.state.packets import Packets
from ui.state.records import Records
from ui.state.settings import Settings, read_settings

_NOTED = "noted"
_AWAY = "records_away"
_NOTED_ACTS = (Act.UPLOAD, Act.EDIT, Act.SYNC, Act.PUBLISH, Act.EVALUATE, Act.KEEP)
_T = TypeVar("_T")


def caller() -> Caller:
    """Who sits before the page. Asked anew at every run: roles may be taken away meanwhile.
    Raises NotSignedIn."""
    door = opened()
    if not door.asks:
        return ANYONE_HERE
    claims: dict[str, Any] = st.user.to_dict()
    return door.person(claims, claims.get("tokens", {}).get("access"))


def allow(act: Act) -> None:
    """Raises Forbidden where who sits before the page may not do it, NotSignedIn, and RecordsAway
    before something is changed that could not be noted."""
    require(caller(), act)
    if act in _NOTED_ACTS:
        open_records().reach()


def audit(action: str, **details: object) -> None:
    """Note who did it."""
    open_records().audit(action, who=caller().name, **details)


def who() -> str | None:
    """The name of who has signed in; None where nobody does."""
    return caller().name if opened().asks else None


def note(action: str, **details: object) -> None:
    """Note what a person who has signed in read, once for one time that they look at it."""
    told = (action, tuple(details.items()))
    if opened().asks and st.session_state.get(_NOTED) != told:
        st.session_state[_NOTED] = told
        open_records().audit_reading(action, who=caller().name, **details)


def unless_away(read: Callable[[], _T], otherwise: _T) -> _T:
    """What is read of the records, or something else while they are away: questions are answered
    all the same."""
    try:
        return read()
    except RecordsAway:
        return otherwise


def say_once_not_noted() -> None:
    """Tell who sits before the page, once, that the records are away."""
    if not st.session_state.get(_AWAY):
        st.session_state[_AWAY] = True
        st.toast(
            "The server's records cannot be reached: questions are answered, but not noted.",
            icon=":material/cloud_off:",
        )


def open_desk() -> Desk:
    """The desk, with what who sits before the page may see. Raises CodedeskError with a sentence
    for a person."""
    allow(Act.ASK)
    return whole_desk().seen_by(caller().sight)


def discretion() -> Discretion:
    """What may be said, to who sits before the page, of what others wrote down."""
    return Discretion.of(whole_desk(), caller())


def told(job: Job | None) -> Job | None:
    """A job as it may be told; hardly anything of it where the library cannot be opened."""
    if job is None or caller().everything:
        return job
    try:
        return discretion().job(job)
    except CodedeskError:
        return replace(job, what="", problem="It failed." if job.problem else "", report={})


def told_of_log(log: str) -> str:
    """The lines of a job's log that may be told."""
    if caller().everything:
        return log
    try:
        return discretion().log(log)
    except CodedeskError:
        return ""


def file_of(
    act: Act, library: Library, make: Callable[[], bytes], action: str, **details: object
) -> Callable[[], bytes]:
    """Makes a file when it is asked for, and notes who took it. That is in a thread of its own,
    which knows no page, and perhaps long after the page was drawn: so it is asked again whether
    who sits there may have it, and still sees what the page showed."""
    whole, records, ask_again, drawn_for = whole_desk(), open_records(), _again(), caller()

    def made() -> bytes:
        now = ask_again()
        require(now, act)
        hidden = whole.hidden_from(now.sight).names
        if now.sight != drawn_for.sight or not hidden.isdisjoint(library.titles()):
            raise CodedeskError("Who sees what has changed since. Load the page again.")
        records.audit(action, who=now.name, **details)
        return make()

    return made


def _again() -> Callable[[], Caller]:
    """Asks the door again who sits before this page."""
    door = opened()
    if not door.asks:
        return lambda: ANYONE_HERE
    claims: dict[str, Any] = st.user.to_dict()
    return lambda: door.person(claims, claims.get("tokens", {}).get("access"))


def require_seen(*documents: str) -> None:
    """Raises NotInLibrary for documents that are hidden from who sits before the page: what is
    pressed may be of a page that was drawn before a group was taken away."""
    if not caller().everything:
        seen = discretion()
        for document in documents:
            if not seen.sees(document):
                raise NotInLibrary(f"There is no document {document} in the library.")


def whole_desk() -> Desk:
    """With everything in it, whoever sits before the page. Raises CodedeskError."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    settings = read_settings()
    if open_desks.is_open(settings):
        return open_desks.open_desk(settings)
    with st.spinner("Opening the library"):
        return open_desks.open_desk(settings)


def open_records() -> Records:
    """Questions, feedback, saved searches and the audit log of the home."""
    return _records(str(read_settings().home))


def open_packets() -> Packets:
    """What people gather for letters and appeals."""
    return _packets(str(read_settings().home))


def open_lists() -> Lists:
    """Lists of questions, and what was found for each."""
    return _lists(str(read_settings().home))


def open_book(library: Library) -> Book:
    """What people said of the library's documents."""
    path = read_settings().home
    return _book(str(path), own_name(library, path))


def home() -> Home:
    return Home(read_settings().home)


def settings() -> Settings:
    return read_settings()


@st.cache_resource(show_spinner=False)
def _book(path: str, own: str) -> Book:
    return Book(Path(path), own=own)


@st.cache_resource(show_spinner=False)
def _packets(path: str) -> Packets:
    return Packets(Path(path))


@st.cache_resource(show_spinner=False)
def _lists(path: str) -> Lists:
    return Lists(Path(path))


@st.cache_resource(show_spinner=False)
def _records(path: str) -> Records:
    return Records(Path(path))
