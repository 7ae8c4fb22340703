"""What every page opens: library, records, settings. A rerun opens nothing again."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from assistant.desk import Desk
from index.home import Home
from index.library import Library
from ui.asking.lists import Lists
from ui.confirming.book import Book
from ui.server import open_desks
from ui.state.own_library import own_name
from ui.state.packets import Packets
from ui.state.records import Records
from ui.state.settings import Settings, read_settings


def open_desk() -> Desk:
    """The desk of the configured home. Raises CodedeskError with a sentence for a person."""
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
