"""What every page opens: the library, the records, the settings. No rerun opens anything again."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from assistant.desk import Desk
from index.home import Home
from ui.server import open_desks
from ui.state.records import Records
from ui.state.settings import Settings, read_settings


def open_desk() -> Desk:
    """The desk of the home that is set. Raises CodedeskError as sentences for a person."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    settings = read_settings()
    if open_desks.is_open(settings):
        return open_desks.open_desk(settings)
    with st.spinner("Opening the library"):
        return open_desks.open_desk(settings)


def open_records() -> Records:
    """What people asked and said, kept beside the generations."""
    return _records(str(read_settings().home))


def home() -> Home:
    return Home(read_settings().home)


def settings() -> Settings:
    return read_settings()


@st.cache_resource(show_spinner=False)
def _records(path: str) -> Records:
    return Records(Path(path))
