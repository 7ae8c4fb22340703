"""What is served beside the pages: how the server is, and how it is stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from index.home import Home
from index.replicas.following import Following, following, note
from ui.state.records import Records

pytestmark = pytest.mark.xdist_group("hardened")  # one process, one server


def _asked(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _figure(address: str, name: str) -> float:
    lines = _asked(f"{address}/metrics")[1].splitlines()
    return float(next(line.rsplit(" ", 1)[1] for line in lines if line.startswith(f"{name} ")))


def test_the_server_says_that_it_lives_and_which_generation_answers(server: Any) -> None:
    assert _asked(f"{server.address}/healthz")[0] == 200
    status, told = _asked(f"{server.address}/readyz")
    assert (status, json.loads(told)) == (200, {"ready": True, "generation": 1})
    assert _figure(server.address, "codedesk_generation") == 1


def test_a_server_without_an_index_lives_and_is_not_ready(empty_server: Any) -> None:
    assert _asked(f"{empty_server.address}/healthz")[0] == 200
    status, told = _asked(f"{empty_server.address}/readyz")
    assert status == 503
    assert "codedesk sync" in json.loads(told)["problem"]
    assert _figure(empty_server.address, "codedesk_generation") == 0


def test_a_server_that_follows_says_how_far_behind_it_is_and_nothing_of_where(
    own_server: Any,
) -> None:
    known = Following("s3://hospital/library", generation=1, latest=2)
    note(Home(own_server.home), known, reached=True)
    note(Home(own_server.home), following(Home(own_server.home)) or known, problem="s3: no route")
    status, told = _asked(f"{own_server.address}/readyz")
    assert status == 200
    signs = json.loads(told)["following"]
    assert (signs["latest"], signs["behind"], signs["well"]) == (2, True, False)
    assert signs["reached"]
    assert "s3" not in told
    assert _figure(own_server.address, "codedesk_following_behind") == 1
    assert _figure(own_server.address, "codedesk_following_reached_seconds") > 1.7e9


@pytest.mark.browser
def test_a_question_asked_in_the_page_is_counted_once(own_server: Any, visit: Any) -> None:
    page = visit(f"{own_server.address}/?q=Does+Lakeside+ask+for+prior+authorization%3F")
    page.locator("article.card").first.wait_for()
    end = time.monotonic() + 30  # it is logged after the answer was sent
    while not _figure(own_server.address, "codedesk_question_seconds_count"):
        assert time.monotonic() < end
        time.sleep(0.1)
    logged = Records(own_server.home).questions()
    assert len(logged) == 1
    named = f'codedesk_questions_total{{verdict="{logged[0].verdict}"}}'
    assert _figure(own_server.address, named) == 1
    assert _figure(own_server.address, 'codedesk_question_seconds_bucket{le="+Inf"}') == 1


@pytest.mark.browser
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_open_pages_stops_when_it_is_told_to(
    own_server: Any, visit: Any, how: signal.Signals
) -> None:
    visit(own_server.address).get_by_label("Your question").wait_for()
    own_server.process.send_signal(how)
    code = own_server.process.wait(30)
    assert code in (0, -signal.SIGTERM)
    assert "Traceback" not in own_server.log.read_text("utf-8")


def _command(home: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        env={**os.environ, "CODEDESK_HOME": str(home)},
        encoding="utf-8",
        capture_output=True,
        timeout=120,
    )


def test_a_taken_port_is_said_in_a_sentence(empty_home: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = _command(empty_home, "ui", "--port", str(port))
    assert done.returncode == 1
    assert "choose another port with --port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.trust(24)
def test_nobody_elsewhere_is_served_without_sign_in_by_mistake(empty_home: Any) -> None:
    for address in ("0.0.0.0", "::", "192.0.2.1"):
        done = _command(empty_home, "serve", "--address", address)
        assert done.returncode == 2
        assert "--without-sign-in" in done.stderr
