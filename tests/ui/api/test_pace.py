"""How much one caller may ask, and all together."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from http_client import Api

from ui.access.refused import Refused
from ui.api.pace import Pace, Room


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _refused(pace: Pace, caller: str) -> Refused | None:
    try:
        pace.take(caller)
    except Refused as refused:
        return refused
    return None


def test_a_caller_has_so_many_requests_a_minute_and_gets_them_back_steadily() -> None:
    clock = Clock()
    pace = Pace(60, now=clock)
    assert [_refused(pace, "a") for _ in range(60)] == [None] * 60
    refused = _refused(pace, "a")
    assert refused is not None
    assert (refused.status, refused.headers) == (429, {"Retry-After": "1"})
    assert _refused(pace, "b") is None, "another caller has its own"
    clock.now += 2.0
    assert [_refused(pace, "a") is None for _ in range(3)] == [True, True, False]


def test_who_waits_as_long_as_it_is_told_to_is_answered() -> None:
    clock = Clock()
    pace = Pace(7, now=clock)
    for _ in range(50):
        refused = _refused(pace, "a")
        if refused:
            clock.now += float(refused.headers["Retry-After"])
            assert _refused(pace, "a") is None


def test_callers_are_not_remembered_for_ever() -> None:
    clock = Clock()
    pace = Pace(60, now=clock)
    for number in range(10_000):
        pace.take(str(number))
    clock.now += 61
    pace.take("another")
    assert len(pace._left) == 1


def test_who_finds_no_room_is_sent_away_and_who_waits_is_answered() -> None:
    go = threading.Event()
    told: list[str] = []

    async def ask(room: Room) -> None:
        try:
            told.append("done" if await room.run(lambda: go.wait(60)) else "late")
        except Refused as refused:
            told.append(f"{refused.status} {refused.headers['Retry-After']}")

    async def crowd() -> None:
        room = Room(2, waiting=3)
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(ask, room)
            while told.count("503 1") < 3:
                await anyio.sleep(0.01)
            go.set()

    with ThreadPoolExecutor(1) as apart:  # a browser's tests may have a loop in this thread
        apart.submit(anyio.run, crowd).result()
    assert sorted(told) == ["503 1"] * 3 + ["done"] * 5


@pytest.mark.trust(24)
def test_a_server_sends_away_who_asks_too_often(home: Any, served: Any) -> None:
    (home / "settings.toml").write_text("[server]\nrequests_per_minute = 3\n", "utf-8")
    api = Api(served(home).address)
    replies = [api.get("/generations") for _ in range(5)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429, 429]
    assert "3 requests a minute" in replies[-1].detail
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 20
