"""The server as it is started: who may connect, what it answers to forgeries, what it takes."""

from __future__ import annotations

import contextlib
import re
import socket
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ui.state import own_library

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
def test_a_question_without_end_is_said_and_not_asked(server, visit):
    page = visit(f"{server.address}/?q={'why+' * 1_500}")
    page.get_by_text("a question has at most 2,000").wait_for()
    page.get_by_role("button", name="Ask the first 2,000 characters").wait_for()
    assert page.locator("article.card").count() == 0
    assert page.errors == []


@pytest.mark.trust(18)
@pytest.mark.browser
@pytest.mark.slow  # more than 200 MB go through the browser
def test_what_is_no_document_too_large_or_too_many_is_refused(own_server, visit):
    """By the bytes of the file, whatever its name and type say."""
    page = visit(own_server.address + "/library?view=add")
    puts = []
    page.on("request", lambda sent: puts.append(sent) if sent.method == "PUT" else None)
    before = _resident(own_server)
    chooser = page.locator("input[type=file]")
    pdf = {"mimeType": "application/pdf"}
    chooser.set_input_files(
        [
            {"name": "program.pdf", "buffer": b"MZ\0\0 This program cannot be run", **pdf},
            {"name": "page.pdf", "buffer": b"<!doctype html><script>alert(1)</script>", **pdf},
        ]
    )
    page.get_by_text(re.compile("but it is a program")).wait_for()
    page.get_by_text(re.compile("but it is HTML")).wait_for()
    headers = {k: v for k, v in puts[0].headers.items() if k.lower() in ("x-xsrftoken", "origin")}
    too_large = page.context.request.put(
        puts[0].url, headers=headers, multipart={"file": _part("large.pdf", bytes(54_000_000))}
    )
    assert too_large.status == 413
    small = page.context.request.put(
        puts[0].url, headers=headers, multipart={"file": _part("small.pdf", b"%PDF-1.7")}
    )
    assert small.ok  # so it was the size that was refused
    chooser.set_input_files(
        [{"name": f"{n}.md", "mimeType": "text/markdown", "buffer": b"# A"} for n in range(60)]
    )
    page.get_by_text(re.compile("more than the page takes at once")).wait_for()
    expect(page.get_by_role("button", name=re.compile("and sync"))).to_have_count(0)
    assert _resident(own_server) - before < 200


@pytest.mark.trust(17)
@pytest.mark.browser
def test_an_uploads_name_cannot_lead_out_of_the_library(own_server, visit):
    page = visit(own_server.address + "/library?view=add")
    names = ("../../evil.md", "CON.md", "a\u202edm.md", "x" * 300 + ".md", "..\\up.md")
    before = {path for path in own_server.home.parent.rglob("*") if path.is_file()}
    page.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "text/markdown", "buffer": f"# Rule {n}\n\nText.".encode()}
            for n, name in enumerate(names)
        ]
    )
    page.get_by_role("button", name=re.compile(f"Add {len(names)} and sync")).click()
    page.get_by_text(re.compile("5 documents put into the library")).wait_for(timeout=60_000)
    library = own_library.own_folder(own_server.home)
    after = {path for path in own_server.home.parent.rglob("*") if path.is_file()}
    texts = {path for path in after - before if path.suffix == ".md"}
    assert len(texts) == len(names)
    assert all(path.parent == library for path in texts)
    assert all(path.name.isprintable() and path.stem.upper() != "CON" for path in texts)


def _part(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": data}


def _resident(server) -> float:
    """The server's memory in megabytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1000
