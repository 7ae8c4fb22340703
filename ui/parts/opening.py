"""The open library, once for all sessions. No rerun loads the model or the index again."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from assistant.desk import Desk
from index.home import Home
from ui.records import Records
from ui.settings import Settings, read_settings


def open_desk() -> Desk:
    """The desk of the home that is set. Raises CodedeskError as sentences for a person."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    settings = read_settings()
    return _desk(str(settings.home), settings.model, settings.threads)


def open_records() -> Records:
    """What people asked and said, kept beside the generations."""
    return _records(str(read_settings().home))


def home() -> Home:
    return Home(read_settings().home)


def settings() -> Settings:
    return read_settings()


@st.cache_resource(show_spinner="Opening the library")
def _desk(path: str, model: str, threads: int) -> Desk:
    # The desk itself takes up a new generation; errors are not kept, so a repaired home opens.
    desk = Desk(Home(Path(path)), model=model, threads=threads)
    desk.ask("0581T")  # the first question loads tables that later ones find
    return desk


@st.cache_resource(show_spinner=False)
def _records(path: str) -> Records:
    return Records(Path(path))
