"""The server as it is started: who may connect, what it answers to forgeries, what it takes."""

from __future__ import annotations

import contextlib
import socket
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("hardened")  # one process, one server


def _status(address: str, *, method: str = "GET", data: bytes | None = None) -> int:
    try:
        asked = urllib.request.Request(address, data=data, method=method)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def _handshake(address: str, *, origin: str) -> int:
    """Ask for a WebSocket as a page of `origin` would; gives the status."""
    host = address.removeprefix("http://")
    name, port = host.split(":")
    lines = (
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        f"Origin: {origin}",
    )
    with socket.create_connection((name, int(port)), timeout=20) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode())
        return int(connection.recv(64).split()[1])


@pytest.mark.trust(24)
def test_a_page_of_another_origin_may_not_open_the_stream(server):
    assert _handshake(server.address, origin=server.address) == 101
    assert _handshake(server.address, origin="http://evil.example") == 403


@pytest.mark.trust(24)
def test_an_upload_without_the_pages_token_is_refused(server):
    address = f"{server.address}/_stcore/upload_file/some-session/some-file"
    assert _status(address, method="PUT", data=b"x") == 403


@pytest.mark.trust(24)
@pytest.mark.parametrize(
    "path",
    [
        "/component/..%2f..%2f..%2f..%2fetc/passwd",
        "/component/x/..%2f..%2f..%2fetc%2fpasswd",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/media/..%2f..%2f..%2fetc/passwd",
        "/app/static/..%2fapp.py",
        "/..%2f..%2f..%2f..%2fetc/passwd",
    ],
)
def test_no_address_leads_to_a_file_of_the_machine(server, path):
    try:
        with urllib.request.urlopen(server.address + path, timeout=20) as answer:
            told = answer.read()
    except urllib.error.HTTPError as error:
        told = error.read()
    assert b"root:" not in told and b"import " not in told


@pytest.mark.trust(24)
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks into /proc")
def test_only_this_machine_may_connect(server):
    port = int(server.address.rpartition(":")[2])
    rows = [
        line.split()
        for name in ("tcp", "tcp6")
        if Path(f"/proc/net/{name}").exists()
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    listening = [row[1] for row in rows if row[3] == "0A" and int(row[1][-4:], 16) == port]
    assert listening == [f"0100007F:{port:04X}"]


@pytest.mark.trust(24)
def test_fifty_at_once_and_an_endless_address_do_not_stop_the_server(server, figures: Counter[str]):
    address = f"{server.address}/?q=0581T"
    with ThreadPoolExecutor(50) as crowd:
        told = list(crowd.map(_status, [address] * 50))
    figures["requests at once, all answered"] += told.count(200)
    assert told == [200] * 50
    with contextlib.suppress(urllib.error.URLError, ConnectionError):  # it may hang up
        assert _status(f"{server.address}/?q={'a' * 1_000_000}") in (200, 400, 414, 431)
    assert _status(f"{server.address}/_stcore/health") == 200


@pytest.mark.trust(24)
@pytest.mark.browser
def test_a_question_without_end_is_cut(server, visit):
    page = visit(f"{server.address}/?q={'why+' * 1_500}")
    page.locator(".verdict, [data-testid=stAlert]").first.wait_for()
    assert len(page.get_by_label("Your question").input_value()) == 2_000
    assert page.errors == []
