"""Every act of the table of roles is asked for below every face, whatever a page shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit as st
from msgspec import convert

from corpus.errors import CodedeskError
from corpus.metadata.identity.names import Body
from index.home import Home
from index.opening import open_library
from ui.access.caller import ANYONE_HERE, Caller
from ui.access.door import OpenDoor, put_up
from ui.access.roles import Act, Forbidden, Role, least
from ui.assistants.tools import call
from ui.commands.acts import NEEDS
from ui.desks.ask import desk as ask_desk
from ui.desks.ask import on_paper
from ui.desks.library import (
    activity,
    add,
    care,
    editing,
    edits,
    generations,
    names,
    private,
    review,
    trash_view,
    versions,
)
from ui.desks.many import desk as many
from ui.desks.packet import desk as packet
from ui.desks.parts import job_view, opening
from ui.desks.search import saved
from ui.jobs import jobs
from ui.jobs.evaluations import Comparison
from ui.operations.operation import perform
from ui.operations.table import OPERATIONS
from ui.state.own_library import Preview
from ui.state.records import Records

pytestmark = [pytest.mark.trust(23), pytest.mark.filterwarnings("ignore")]
DOCUMENT = "library/lakeside.md"
Press = Callable[[Any], object]
_FOUND = Comparison(before=1, after=1, lowered={}, changed=())
_BODY = Body(name="X", role="payer", printed=(), domains=(), place=None)
_NEW = Preview("new.md", b"# New\n", cast(Any, object()), "", None, None)

# What can be pressed or opened in the pages, by the act that it takes; called with the library.
PRESSED: Mapping[Act, Mapping[str, Press]] = {
    Act.ASK: {
        "open the library": lambda library: opening.open_desk(),
        "ask a list": lambda library: many._taken("list", list),
        "stop a list": lambda library: many._stop(1),
        "go on with a list": lambda library: many._go_on(1),
        "delete a list": lambda library: many._delete(1),
        "take out of the packet": lambda library: packet._drop(cast(Any, None)),
        "empty the packet": lambda library: packet._drop_all(),
        "put into the packet": lambda library: on_paper.pack(_answer(), 1, wanted=True, address=""),
    },
    Act.READ: {"the original": lambda library: _file(library, Act.READ)},
    Act.RATE: {"thumb up": lambda library: ask_desk._rate({"rank": 1, "good": True})},
    Act.LIST: {
        "delete a saved search": lambda library: saved._unsave("x"),
        "mark it as seen": lambda library: saved._require_heard("x"),
    },
    Act.EXPORT: {"a file": lambda library: _file(library, Act.EXPORT)},
    Act.WATCH: {"the library's page": lambda library: opening.allow(Act.WATCH)},
    Act.UPLOAD: {
        "add": lambda library: add._add(library, {"choice_x": _NEW}, {}),
        "delete": lambda library: editing._delete([DOCUMENT]),
        "switch off": lambda library: editing._disable([DOCUMENT]),
        "switch on": lambda library: editing._enable(DOCUMENT, moved=False),
        "put back": lambda library: trash_view._put_back("1", library),
    },
    Act.EDIT: {
        "edit": lambda library: editing._change([DOCUMENT], "edit", {"payer": "X"}),
        "retire": lambda library: editing._retire([DOCUMENT]),
        "undo": lambda library: edits._undo(library, 1),
        "correct": lambda library: review._apply([], library, "x"),
        "versions": lambda library: versions._decide(DOCUMENT, "library/mue.md", same=True),
        "undo a decision": lambda library: versions._undo(DOCUMENT, "library/mue.md"),
        "add a name": lambda library: names._add("X", "payer", None),
        "take out a name": lambda library: names._remove(_BODY),
        "a rule": lambda library: private._change((DOCUMENT,), ("board",)),
    },
    Act.SYNC: {
        "sync": lambda library: job_view.start_sync(),
        "look": lambda library: job_view.start_job("dry run"),
        "stop": lambda library: job_view._stop(1),
    },
    Act.PUBLISH: {
        "go back": lambda library: generations._go_back(1),
        "publish anyway": lambda library: job_view._publish(_FOUND, 1),
        "keep": lambda library: job_view._discard(_FOUND),
    },
    Act.EVALUATE: {
        "golden questions": lambda library: job_view.start_evaluation(),
        "the doctor": lambda library: care._examine(),
    },
    Act.REVIEW: {
        "what others asked": lambda library: activity.activity_view(cast(Any, 0), library)
    },
    Act.AUDIT: {"delete the log": lambda library: activity._forget()},
    Act.KEEP: {
        "back up": lambda library: care._back_up(opening.home().path),
        "restore": lambda library: job_view.start_job("restore", file="x"),
    },
}
# Acts that no operation of the API and no tool offers.
_PAGES_ONLY = {Act.EXPORT, Act.AUDIT, Act.KEEP}
_COMMANDS_ONLY = {Act.SERVE}


def _answer() -> Any:
    return SimpleNamespace(
        citations=(), question="x", as_of=SimpleNamespace(isoformat=str), generation=1
    )


def _file(library: Any, act: Act) -> object:
    return opening.file_of(act, library, bytes, "export")()


class Before:
    """A door before which one caller stands."""

    asks = True

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def program(self, authorization: str | None) -> Caller:
        return self._caller

    def person(self, claims: Mapping[str, Any], access_token: str | None) -> Caller:
        return self._caller


@pytest.fixture
def standing(home: Path) -> Iterator[Callable[..., None]]:
    """Lets somebody with some roles stand before the pages."""

    def stand(*roles: Role) -> None:
        put_up(Before(Caller("somebody", roles, (), "somebody")))

    yield stand
    put_up(OpenDoor())


def _lower(act: Act) -> tuple[Role, ...]:
    """The highest role that may not do it."""
    before = list(Role)[: list(Role).index(least(act))]
    return tuple(before[-1:])


@pytest.mark.parametrize(
    ("act", "what"), [(act, what) for act, every in PRESSED.items() for what in every]
)
def test_what_is_pressed_in_a_page_is_done_for_nobody_with_too_small_a_role(
    act: Act, what: str, standing: Callable[..., None], home: Path
) -> None:
    library = open_library(Home(home))
    st.session_state["ask_answer"] = _answer()
    st.session_state["choice_x"] = "add"
    standing(*_lower(act))
    before = _state(home)
    said = ""
    try:
        PRESSED[act][what](library)
    except CodedeskError as error:
        said = str(error)
    told = [str(value) for name, value in st.session_state.items() if "problem" in str(name)]
    told += [str(value) for value in st.session_state.get("many_told", ())]
    st.session_state.clear()
    assert any(f"You may not {act.value}" in one for one in (said, *told)), (said, told)
    assert _state(home) == before


def _state(home: Path) -> dict[str, bytes]:
    """All files of a home but its records, and what the records hold."""
    held = {
        str(path): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file()
        and not path.name.startswith("desk.sqlite3")
        and "models" not in path.parts
    }
    records = Records(home)
    held["records"] = json.dumps(
        [
            *(len(list(records.log.entries())), records.switched_off(), len(records.questions())),
            str(jobs.latest(home)),
        ]
    ).encode()
    records.close()
    return held


def test_every_act_is_asked_for_in_the_pages_and_in_the_operations() -> None:
    assert set(PRESSED) == set(Act) - _COMMANDS_ONLY
    assert {one.act for one in OPERATIONS} == set(Act) - _PAGES_ONLY - _COMMANDS_ONLY
    assert {needs.act for needs in NEEDS.values() if needs} >= _COMMANDS_ONLY


@pytest.mark.parametrize("operation", OPERATIONS, ids=[one.name for one in OPERATIONS])
def test_no_operation_is_done_for_who_may_not_have_it_done(operation: Any) -> None:
    nobody = Caller("somebody", _lower(operation.act), (), "somebody")
    office = cast(Any, None)  # it is not even looked at
    with pytest.raises(Forbidden, match=operation.act.value):
        perform(operation, office, nobody, cast(Any, None))
    if operation.tool:
        told = call(office, nobody, operation.tool, {})
        assert told.is_error and operation.act.value in cast(Any, told.content[0]).text


def test_what_is_done_on_the_command_line_is_noted_with_the_account(
    codedesk: Any, home: Path, write: Any, tmp_path: Path
) -> None:
    write(tmp_path / "more" / "note.md", "# Note\n\nOf 0581T.\n")
    kept = str(tmp_path / "kept.zip")
    for arguments in (
        ("sync", str(tmp_path / "more")),
        ("groups", "set", "more/note.md", "board"),
        ("editions", "library/lakeside.md", "library/mue.md", "--apart"),
        ("backup", kept),
        ("forget", str(tmp_path / "more")),
        ("rollback",),
        ("restore", kept),
    ):
        done = codedesk(*arguments)
        assert done.returncode in (0, 3), done.stderr
    entries = list(Records(home).log.entries())
    acts = [one.action for one in entries]
    # What came after the backup was put back with it; the log goes on from there.
    assert acts == ["sync", "regroup", "decide", "restore"]
    assert all(one.who for one in entries)
    assert Records(home).log.check(None).problem == ""


def test_what_a_person_reads_by_a_program_is_noted_and_what_this_machine_reads_is_not(
    shared_home: Path,
) -> None:
    from ui.operations.office import Office
    from ui.state.settings import read_settings

    office = Office(read_settings())
    before = len(list(office.records.log.entries()))
    (ask,) = (one for one in OPERATIONS if one.name == "ask")
    asked = convert({"question": "Is 0581T covered? MRN 12345678"}, ask.asks)
    perform(ask, office, ANYONE_HERE, asked)
    assert len(list(office.records.log.entries())) == before
    perform(ask, office, Caller("ann", (Role.READER,), (), "ann"), asked)
    last = list(office.records.log.entries())[-1]
    assert (last.who, last.action) == ("ann", "ask")
    assert "0581T" in last.details and "12345678" not in last.details
