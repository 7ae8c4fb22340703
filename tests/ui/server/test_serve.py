"""How the pages are served, and that no file of ui/ hides another module."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from ui.server import open_desks
from ui.server.serve import bound, options
from ui.state.settings import Settings

ROOT = Path(__file__).resolve().parents[3]


def test_streamlit_run_and_codedesk_ui_have_the_same_options():
    ours = (ROOT / "ui" / "web" / "config.toml").read_text("utf-8")
    assert (ROOT / ".streamlit" / "config.toml").read_text("utf-8") == ours


@pytest.mark.trust(24)
def test_the_pages_are_for_this_machine_and_tell_no_one():
    given = options(port=8599)
    assert {
        "server.address": "127.0.0.1",
        "server.port": 8599,
        "server.enableXsrfProtection": True,
        "server.maxUploadSize": 50,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "server.fileWatcherType": "none",
    }.items() <= given.items()


def test_no_file_of_the_pages_hides_a_stage_or_a_standard_module():
    """`streamlit run` puts ui/ first on sys.path."""
    names = {path.stem for path in (ROOT / "ui").iterdir()}
    assert not names & {"corpus", "index", "assistant", "tests", *sys.stdlib_module_names}


def test_no_answer_waits_for_a_packet_to_be_acknowledged():
    """asyncio turns Nagle's algorithm off for sockets that are named as TCP, and for no others."""
    with bound("127.0.0.1", 0) as taken:
        assert taken.proto == socket.IPPROTO_TCP


def test_a_desk_is_opened_once_and_before_a_page_asks(home: Path, empty_home: Path):
    nothing, there = Settings(home=empty_home), Settings(home=home)
    open_desks.open_early(nothing)
    assert not open_desks.is_open(nothing), "no index yet: the page says so"
    open_desks.open_early(there)
    assert open_desks.is_open(there)
    assert open_desks.open_desk(there) is open_desks.open_desk(there)
